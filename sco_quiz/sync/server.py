"""PostgreSQL as a carrier: one table, in which a learner reads and appends own rows only.

The tables, and what a role may do with them, are in `server.sql`.
"""

from __future__ import annotations

import re
from contextlib import contextmanager, nullcontext
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from sco_quiz.errors import UsageError
from sco_quiz.progress.log import Event
from sco_quiz.sync.carrier import CarriedRows, Segment, SyncError
from sco_quiz.sync.rows import RowError, check_event, event_of, line_of
from sco_quiz.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from psycopg import Connection, Error

    from sco_quiz.sync.sharing import SharedLog

    Ask = Callable[[str], str]
    """Asks the learner for a password, with words that say for what."""

VERSION = 1
"""Of the tables."""
OLDEST = 150_000
"""The oldest PostgreSQL that is tried: 15."""
_CONNECT_SECONDS = 5
_SILENT_MS = 20_000
"""The longest that a server may take to answer, in milliseconds."""
_AT_ONCE = 50_000

_COLUMNS = "device, seq, stamp, at, tz, day, kind, card, session, data, sum"
_SELECT_HEADS = """
WITH RECURSIVE own (device) AS (
  SELECT min(device) FROM sco_quiz.event WHERE learner = %(me)s
  UNION ALL
  SELECT (SELECT min(device) FROM sco_quiz.event WHERE learner = %(me)s AND device > own.device)
  FROM own WHERE own.device IS NOT NULL
), head AS (
  SELECT own.device, last.seq FROM own CROSS JOIN LATERAL (
    SELECT seq FROM sco_quiz.event WHERE learner = %(me)s AND event.device = own.device
    ORDER BY seq DESC LIMIT 1
  ) AS last
)
SELECT head.device, found.seq, found.sum FROM head
CROSS JOIN LATERAL (
  SELECT generate_series(%(step)s, head.seq - 1, %(step)s) UNION ALL SELECT head.seq
) AS mark (seq)
CROSS JOIN LATERAL (
  SELECT seq, sum FROM sco_quiz.event
  WHERE learner = %(me)s AND event.device = head.device AND event.seq = mark.seq LIMIT 1
) AS found
ORDER BY 1, 2"""
"""Each row is looked up by the key: the limits keep the planner from reading all of a learner."""
_SELECT_ROWS = f"""
SELECT {_COLUMNS} FROM sco_quiz.event
WHERE learner = %s AND device = %s AND seq BETWEEN %s AND %s ORDER BY seq"""  # noqa: S608
_MAKE_ROOM = """
CREATE TEMPORARY TABLE IF NOT EXISTS arriving (
  device text COLLATE "C", seq bigint, stamp bigint, at bigint, tz integer, day integer, kind text,
  card text, session text, data text, sum bytea
) ON COMMIT DELETE ROWS"""
_TAKE_OVER = f"""
INSERT INTO sco_quiz.event (learner, {_COLUMNS})
SELECT %s, {_COLUMNS} FROM pg_temp.arriving ORDER BY device, seq ON CONFLICT DO NOTHING"""  # noqa: S608
_SELECT_RIVALS = """
SELECT count(*) FROM pg_temp.arriving CROSS JOIN LATERAL (
  SELECT sum FROM sco_quiz.event
  WHERE learner = %s AND event.device = arriving.device AND event.seq = arriving.seq LIMIT 1
) AS found
WHERE found.sum <> arriving.sum"""


class Server:
    """A database as a carrier; see `Carrier`."""

    keeps_first = True
    gathers = False

    def __init__(self, where: str, ask: Ask | None = None) -> None:
        """Connect, and begin as a learner if need be.

        Args:
            where: The address, without a password: that is libpq's affair (`PGPASSFILE`), or asked.
            ask: Asks for a password; None where nobody can be asked.

        Raises:
            SyncError: It cannot be used.
            UsageError: The address cannot be one.
        """
        self._where = where
        self._db = _connect(where, ask)
        try:
            with self._explained():
                self._db.execute("SET jit = off")  # to compile takes longer than any query here
                self._check()
                self._me = self._introduce()
        except BaseException:
            self._db.close()
            raise

    def _check(self) -> None:
        ((version,),) = self._rows("SELECT version FROM sco_quiz.version")
        if version > VERSION:
            raise SyncError(
                f"{clean(self._where)}: its tables are of a newer version of sco-quiz",
                "update sco-quiz on this device; nothing was changed",
            )

    def _introduce(self) -> int:
        found = self._rows("SELECT id FROM sco_quiz.learner WHERE role = session_user")
        if not found:
            self._db.execute(
                "INSERT INTO sco_quiz.learner (role) VALUES (session_user) ON CONFLICT DO NOTHING"
            )
            found = self._rows("SELECT id FROM sco_quiz.learner WHERE role = session_user")
        return int(found[0][0])

    def read_notes(self, log: SharedLog) -> None:
        """Read nothing: there are no notes."""

    def survey(self) -> dict[str, list[Segment]]:
        """Return how far each device's rows go, in parts of some ten thousand."""
        found: dict[str, list[Segment]] = {}
        with self._explained():
            marks = self._rows(_SELECT_HEADS, {"me": self._me, "step": _AT_ONCE})
        for device, last, proof in marks:
            before = found.setdefault(device, [])
            first = before[-1].last + 1 if before else 1
            before.append(Segment(device, first, last, bytes(proof)[8:]))
        return found

    def troubles(self) -> list[str]:
        """Return nothing: nobody else puts anything there."""
        return []

    def ahead(self, segments: Sequence[Segment]) -> AbstractContextManager[None]:  # noqa: ARG002 -- as declared
        """Do nothing: rows come as fast as they are asked for."""
        return nullcontext()

    def read(self, segment: Segment, after: int) -> CarriedRows:
        """Read the rows of a part that lie behind a number."""
        first = max(segment.first, after + 1)
        with self._explained():
            found = self._rows(_SELECT_ROWS, (self._me, segment.device, first, segment.last))
        rows: list[Event] = []
        before: bytes | None = b"" if first == 1 else None
        for seq, columns in enumerate(found, first):
            try:
                event = event_of(line_of(Event._make([*columns[:10], bytes(columns[10])])))
                check_event(event, before)
            except RowError as error:
                return CarriedRows(rows, f"row {seq:,} {error.message}")
            if event.seq != seq:
                return CarriedRows(rows, f"row {seq:,} is missing")
            rows.append(event)
            before = event.sum
        return CarriedRows(rows)

    def holds(self, segment: Segment, rows: Sequence[Event]) -> bool:  # noqa: ARG002 -- as declared
        """Return True: no row there is ever changed."""
        return True

    def put(self, rows: Sequence[Event]) -> None:
        """Append rows in one transaction; those that are there already are passed over."""
        with self._explained(), self._db.transaction(), self._db.cursor() as cursor:
            cursor.execute(_MAKE_ROOM)
            with cursor.copy(f"COPY pg_temp.arriving ({_COLUMNS}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(_TAKE_OVER, (self._me,))
            ((rivals,),) = cursor.execute(_SELECT_RIVALS, (self._me,)).fetchall()
            if rivals:
                raise SyncError(
                    "another computer sent rows under the same id meanwhile",
                    "sync once more: the two are then told apart",
                )

    def note(self, segment: Segment, trouble: str = "") -> None:
        """Note nothing: heads tell what is new."""

    def keep_notes(self, log: SharedLog) -> None:
        """Keep nothing: there are no notes."""

    def drop(self, segments: Sequence[Segment]) -> None:
        """Leave everything there."""

    def close(self) -> None:
        """Disconnect."""
        self._db.close()

    def _rows(self, sql: str, values: Any = None) -> list[Any]:  # noqa: ANN401 -- as psycopg has it
        return self._db.execute(sql, values).fetchall()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        with errors_in_words(self._where):
            yield


def initialise(where: str, ask: Ask | None = None) -> bool:
    """Make the tables, as their owner; return False where they are there.

    Raises:
        SyncError: It cannot be done.
        UsageError: The address cannot be one.
    """
    with _connect(where, ask) as db, errors_in_words(where):
        if db.info.server_version < OLDEST:
            raise SyncError(
                f"{clean(where)}: PostgreSQL {db.info.server_version // 10_000} is too old",
                f"use PostgreSQL {OLDEST // 10_000} or newer",
            )
        ((encoding,),) = db.execute("SHOW server_encoding").fetchall()
        if encoding != "UTF8":
            raise SyncError(
                f"{clean(where)}: the database keeps texts as {encoding}",
                "make one with `createdb --encoding UTF8 --template template0`",
            )
        found = db.execute("SELECT to_regclass('sco_quiz.version')").fetchall()
        if found != [(None,)]:
            return False
        with db.transaction():
            db.execute(files("sco_quiz.sync").joinpath("server.sql").read_bytes())
    return True


def _connect(where: str, ask: Ask | None) -> Connection[Any]:
    try:
        from psycopg import Error, OperationalError, connect, conninfo
    except ImportError:
        raise SyncError(
            "syncing with PostgreSQL needs the extra `postgres`",
            "install it: `pip install 'sco-quiz[postgres]'`",
        ) from None
    try:
        said = conninfo.conninfo_to_dict(where)
    except Error as error:
        raise UsageError(
            f"this is not the address of a database: {clean(str(error).strip(), multiline=False)}",
            "it is like postgresql://anna@host/quiz",
        ) from None
    if said.get("password"):
        raise UsageError(
            "an address with a password is not kept, since others may read it",
            "take it out, and put it into ~/.pgpass or the variable PGPASSWORD",
        )
    usual = {
        "connect_timeout": _CONNECT_SECONDS,
        "tcp_user_timeout": _SILENT_MS,
        "application_name": "sco-quiz",
    }
    options: dict[str, Any] = {name: value for name, value in usual.items() if name not in said}
    with errors_in_words(where):
        try:
            return connect(where, autocommit=True, **options)
        except OperationalError as error:
            if ask is None or error.pgconn is None or not error.pgconn.needs_password:
                raise
        return connect(where, autocommit=True, password=ask(where), **options)


@contextmanager
def errors_in_words(where: str) -> Iterator[None]:
    """Tell errors of the server, and of the way to it, as `SyncError`."""
    from psycopg import Error

    try:
        yield
    except Error as error:
        raise _explanation_of(error, clean(where, multiline=False)) from error


def _explanation_of(error: Error, where: str) -> SyncError:
    later = "what is not sent goes with the next sync"
    said = clean(str(error).strip().partition("\n")[0], multiline=False)
    connection = error.pgconn
    match error.sqlstate:
        case "3F000" | "42P01":  # no such schema or table
            return SyncError(
                f"{where} is not prepared yet",
                f"its owner does that: `sco-quiz sync --init {where}`",
            )
        case "42501":
            return SyncError(
                f"{where}: you are not allowed to do that ({said})",
                "ask the owner of the database; docs/syncing.md says what a learner needs",
            )
        case "57P01" | "57P02" | "57P03":  # it was stopped, it failed, it is starting
            return SyncError(f"{where} cannot be reached ({said})", f"see that it runs; {later}")
        case "25006":
            return SyncError(f"{where} can only be read now", later)
        case "53100":
            return SyncError(f"{where}: its disk is full", f"free some space there; {later}")
        case "3D000":
            return SyncError(f"{where}: there is no such database", "make it: `createdb`")
        case str():
            return SyncError(f"{where} refused ({said})", later)
    if re.search("SSL|certificate", said):
        return SyncError(
            f"{where} cannot be reached by TLS ({said})",
            "look at `sslmode` and `sslrootcert`, in the address or the environment",
        )
    if connection is not None and connection.needs_password:
        return SyncError(
            f"{where} wants a password",
            "put it into ~/.pgpass or the variable PGPASSWORD, or type it: `sco-quiz sync`",
        )
    if connection is not None and connection.used_password:
        return SyncError(
            f"{where}: the user or the password is wrong, or it cannot be reached ({said})",
            "check ~/.pgpass or PGPASSWORD",
        )
    return SyncError(f"{where} cannot be reached ({said})", f"see that it runs; {later}")
