-- The views of the log. All of them are dropped and replayed when their version changes.

-- A card that has an event that counts; fields as in `CardState`. A card that is not here is new.
CREATE TABLE card_state (
  key          TEXT NOT NULL PRIMARY KEY,
  state        INTEGER NOT NULL,
  step         INTEGER NOT NULL,
  due_day      INTEGER NOT NULL,
  due_at       INTEGER NOT NULL,
  stability    REAL NOT NULL,
  difficulty   REAL NOT NULL,
  reps         INTEGER NOT NULL,
  lapses       INTEGER NOT NULL,
  first_day    INTEGER NOT NULL,
  last_day     INTEGER NOT NULL,
  suspended    INTEGER NOT NULL,
  buried_until INTEGER NOT NULL,
  flag         INTEGER NOT NULL,
  brought      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Has all columns that queries for due cards read, so that thousands are found at once.
CREATE INDEX card_due
ON card_state (state, due_day, due_at, suspended, buried_until, brought, last_day, stability);
CREATE INDEX card_brought ON card_state (brought) WHERE brought > 0;

-- The last look of each card in the log, for cards whose deck is gone or edited.
CREATE TABLE face (
  key    TEXT NOT NULL PRIMARY KEY,
  deck   TEXT NOT NULL,
  kind   TEXT NOT NULL,
  prompt TEXT NOT NULL,
  answer TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX face_deck ON face (deck);

-- The reviews that count, each with the card for which it counts.
CREATE TABLE review (
  device       TEXT NOT NULL,     -- with seq: its event
  seq          INTEGER NOT NULL,
  card         TEXT NOT NULL,     -- after relinks; the event may name a former key
  session      TEXT,
  at           INTEGER NOT NULL,  -- UTC milliseconds
  tz           INTEGER NOT NULL,  -- minutes east of UTC
  day          INTEGER NOT NULL,  -- study day
  rating       INTEGER NOT NULL,  -- 1 Again, 2 Hard, 3 Good, 4 Easy
  verdict      TEXT,              -- correct, close, wrong; NULL if nothing was checked
  asked        TEXT NOT NULL,     -- the kind as which it was asked
  was          INTEGER NOT NULL,  -- the card's state before: 0 new, 1 learning, 2 review, 3 relearning
  milliseconds INTEGER NOT NULL,  -- from question to answer
  interval     INTEGER NOT NULL,  -- days the card had been put off for; 0 unless it was in review
  predicted    REAL,              -- the chance of recall that FSRS gave it; NULL unless it was in
                                  -- review and a study day had passed since the answer before
  mistake      TEXT,              -- a wrong answer, if one answer was asked for
  PRIMARY KEY (device, seq)
) STRICT, WITHOUT ROWID;

-- Has all columns that figures by day need: twice as fast as reading the table. The first and the
-- last answer of a day are found at once.
CREATE INDEX review_day ON review (day, at, rating, was, milliseconds, interval, predicted, card);
-- As above, for the sums of a session. Answers that were given elsewhere are in none.
CREATE INDEX review_session ON review (session, rating, milliseconds) WHERE session IS NOT NULL;
-- As above, for confusions.
CREATE INDEX review_mistake ON review (mistake COLLATE NOCASE, card, asked)
  WHERE mistake IS NOT NULL;

-- The study days with reviews that count, and their number: Home would go through all reviews.
CREATE TABLE study_day (
  day     INTEGER PRIMARY KEY,
  reviews INTEGER NOT NULL
) STRICT;

INSERT INTO study_day SELECT day, count(*) FROM review GROUP BY day;
CREATE TRIGGER review_added AFTER INSERT ON review BEGIN
  INSERT INTO study_day VALUES (new.day, 1) ON CONFLICT DO UPDATE SET reviews = reviews + 1;
END;
CREATE TRIGGER review_removed AFTER DELETE ON review BEGIN
  UPDATE study_day SET reviews = reviews - 1 WHERE day = old.day;
  DELETE FROM study_day WHERE day = old.day AND reviews = 0;
END;
CREATE TRIGGER review_moved AFTER UPDATE OF day ON review WHEN new.day <> old.day BEGIN
  INSERT INTO study_day VALUES (new.day, 1) ON CONFLICT DO UPDATE SET reviews = reviews + 1;
  UPDATE study_day SET reviews = reviews - 1 WHERE day = old.day;
  DELETE FROM study_day WHERE day = old.day AND reviews = 0;
END;

-- The answers given in quizzes that count, each under the card that it counts for.
CREATE TABLE answer (
  device       TEXT NOT NULL,     -- with seq: its event
  seq          INTEGER NOT NULL,
  card         TEXT NOT NULL,     -- after relinks; the event may name a former key
  session      TEXT,              -- the quiz
  at           INTEGER NOT NULL,  -- UTC milliseconds
  tz           INTEGER NOT NULL,  -- minutes east of UTC
  day          INTEGER NOT NULL,  -- study day
  correct      INTEGER NOT NULL,  -- 1 if it counts as right
  verdict      TEXT,              -- correct, close, wrong; NULL if nothing was checked
  asked        TEXT NOT NULL,     -- the kind as which it was asked
  late         INTEGER NOT NULL,  -- 1 if the time was up first
  milliseconds INTEGER NOT NULL,  -- from question to answer
  mistake      TEXT,              -- a wrong answer, if one answer was asked for
  PRIMARY KEY (device, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX answer_session ON answer (session);
CREATE INDEX answer_mistake ON answer (mistake COLLATE NOCASE, card, asked)
  WHERE mistake IS NOT NULL;

-- Events that were undone: they do not count.
CREATE TABLE undone (
  device TEXT NOT NULL,
  seq    INTEGER NOT NULL,
  PRIMARY KEY (device, seq)
) STRICT, WITHOUT ROWID;

-- Which cards relinks tie together, undone or not: only together can they be replayed.
CREATE TABLE kin (
  card TEXT NOT NULL,
  old  TEXT NOT NULL,
  PRIMARY KEY (card, old)
) STRICT, WITHOUT ROWID;

CREATE INDEX kin_old ON kin (old);

CREATE TABLE session (
  id           TEXT NOT NULL PRIMARY KEY,
  kind         TEXT NOT NULL,     -- study, quiz
  decks        TEXT NOT NULL,     -- JSON: a list of deck ids
  started      INTEGER NOT NULL,  -- UTC milliseconds
  ended        INTEGER,           -- UTC milliseconds; NULL if it was broken off
  tz           INTEGER NOT NULL,  -- minutes east of UTC at its start
  ended_tz     INTEGER,           -- and at its end
  day          INTEGER NOT NULL,  -- study day of its start
  asked        INTEGER NOT NULL,  -- reviews, or answers of a quiz, that count
  correct      INTEGER NOT NULL,  -- those not rated Again, or right
  milliseconds INTEGER NOT NULL,  -- from question to answer, summed
  finished     INTEGER NOT NULL,  -- 0 if it was broken off, or a quiz left half-way
  number       INTEGER,           -- the questions of a quiz, asked or not; NULL for study
  tag          TEXT,              -- the tag that the notes of a quiz had to have
  retry_of     TEXT,              -- the quiz whose missed questions it asked again
  pair         TEXT,              -- JSON: the two answers that it asked to tell apart
  part         TEXT,              -- the parent that had these decks; '' for all decks, NULL for none
  whole        INTEGER AS (retry_of IS NULL AND pair IS NULL),  -- 1 if its score stands with others
  score        REAL AS (CASE WHEN asked > 0 THEN 1.0 * correct / asked END)
) STRICT, WITHOUT ROWID;

CREATE INDEX session_started ON session (started);

-- What each deck that was studied was last called.
CREATE TABLE deck_title (
  deck  TEXT NOT NULL PRIMARY KEY,
  title TEXT NOT NULL
) STRICT, WITHOUT ROWID;
