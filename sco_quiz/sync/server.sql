-- What PostgreSQL keeps for learners. Whoever may connect to the database is one: a role that can
-- log in. A learner reads and appends own rows, and nobody changes any.
CREATE SCHEMA sco_quiz;

CREATE TABLE sco_quiz.version (version integer NOT NULL);
INSERT INTO sco_quiz.version VALUES (1);

CREATE TABLE sco_quiz.learner (
  id    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  role  name NOT NULL UNIQUE DEFAULT session_user,
  since timestamptz NOT NULL DEFAULT now()
);

-- The rows of the log, as in the progress file.
CREATE TABLE sco_quiz.event (
  learner integer NOT NULL REFERENCES sco_quiz.learner,
  device  text COLLATE "C" NOT NULL CHECK (device ~ '^[0-9a-z][0-9a-z-]{0,63}$'),
  seq     bigint NOT NULL CHECK (seq > 0),
  stamp   bigint NOT NULL,
  at      bigint NOT NULL,
  tz      integer NOT NULL,
  day     integer NOT NULL,
  kind    text NOT NULL,
  card    text,
  session text,
  data    text NOT NULL,
  sum     bytea NOT NULL CHECK (octet_length(sum) = 16),
  PRIMARY KEY (learner, device, seq)
);

CREATE FUNCTION sco_quiz.refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$;
CREATE TRIGGER event_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON sco_quiz.event
FOR EACH STATEMENT EXECUTE FUNCTION sco_quiz.refuse();
CREATE TRIGGER learner_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON sco_quiz.learner
FOR EACH STATEMENT EXECUTE FUNCTION sco_quiz.refuse();

-- By who logged in: SET ROLE makes nobody another learner. The owner of the tables is held to it.
ALTER TABLE sco_quiz.learner ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE sco_quiz.event ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON sco_quiz.learner
USING (role = session_user) WITH CHECK (role = session_user);
CREATE POLICY own ON sco_quiz.event
USING (learner = (SELECT id FROM sco_quiz.learner WHERE role = session_user))
WITH CHECK (learner = (SELECT id FROM sco_quiz.learner WHERE role = session_user));

GRANT USAGE ON SCHEMA sco_quiz TO PUBLIC;
GRANT SELECT ON sco_quiz.version TO PUBLIC;
GRANT SELECT ON sco_quiz.learner TO PUBLIC;
GRANT INSERT (role) ON sco_quiz.learner TO PUBLIC;
GRANT SELECT, INSERT ON sco_quiz.event TO PUBLIC;
