-- The log: the only truth in the file. Rows are added, never changed. All else can be replayed.
CREATE TABLE event (
  device  TEXT NOT NULL,     -- who wrote it: an id from `device`, here or in another copy
  seq     INTEGER NOT NULL,  -- 1, 2, 3… for each device
  stamp   INTEGER NOT NULL,  -- `at`, or one more than the highest stamp known when it was written
  at      INTEGER NOT NULL,  -- UTC milliseconds
  tz      INTEGER NOT NULL,  -- minutes east of UTC then in force
  day     INTEGER NOT NULL,  -- study day, days since 0001-01-01 counted from 1
  kind    TEXT NOT NULL,     -- review, undo, suspend…
  card    TEXT,              -- the key of the card it is about
  session TEXT,              -- the session it belongs to
  data    TEXT NOT NULL,     -- JSON, by kind
  sum     BLOB NOT NULL,     -- 8 bytes of a hash of this row, 8 of a running one over the device's
  PRIMARY KEY (device, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX event_order ON event (stamp);  -- with the key behind it: the total order
CREATE INDEX event_card ON event (card, stamp);
CREATE INDEX event_session ON event (session) WHERE card IS NULL;  -- starts and ends

CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN SELECT raise(ABORT, 'the log is append-only'); END;

CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT raise(ABORT, 'the log is append-only'); END;

-- The ids under which this file was written, one for each place it stood in. In a copy the places
-- are made void, since it may come to stand in one of them: were two copies written under one id,
-- their events could not be told apart.
CREATE TABLE device (
  place TEXT NOT NULL PRIMARY KEY,  -- a hash of the machine's name and the file's inode
  id    TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

-- views: the version of views.sql that they were made with; parameters: of FSRS, now in force;
-- withdrawn: the devices whose events don't count, since the import that wrote them was undone;
-- corrections: the times that count for events of a wrong clock, as JSON;
-- lost: what `sums` finds wrong with a log that was saved from a damaged file, as JSON.
CREATE TABLE meta (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
