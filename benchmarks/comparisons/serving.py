"""PostgreSQL with 100 learners who append at once, over more and more rows."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from benchmarks.measuring import Series, quantile, seconds
from benchmarks.report import Figure
from sco_quiz.progress.log import Event
from sco_quiz.progress.sums import sum_of
from sco_quiz.sync.server import Server, initialise
from tests.sync.cluster import OWNER, Cluster, find_programs, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.material import Material

LEARNERS = 100
TOGETHER, TURNS = 50, 20
SIZES = (1_000_000, 10_000_000)
_KEY = "PRIMARY KEY (learner, device, seq)"
_FILL = """
INSERT INTO sco_quiz.event
SELECT learner.id, 'aaaaaaaaaaaa', n, 1700000000000 + n, 1700000000000 + n, 0, 739000, 'review',
  md5((n %% 20000)::text), (n / 50)::text, %s, decode(md5(n::text), 'hex')
FROM generate_series(%s::bigint + 1, %s) AS n, sco_quiz.learner"""
_DATA = (
    '{"rating":3,"verdict":"correct","answer":"Tashkent","ms":3120,"asked":"typed","was":2,'
    '"state":2,"step":0,"due_day":739012,"due_at":0}'
)


def compare(material: Material) -> Iterator[Figure | str]:  # noqa: ARG001 -- needs no decks
    """Rows a second, and how long one sync waits for its rows to be kept."""
    programs = find_programs()
    if programs is None:
        yield "PostgreSQL is not installed: nothing was measured of it"
        return
    with running(programs) as cluster:
        os.environ["PGPASSFILE"] = str(cluster.passfile)
        cluster.make_database("quiz")
        initialise(cluster.address(OWNER))
        addresses = [cluster.add_learner(f"learner{each}") for each in range(LEARNERS)]
        servers = [Server(address) for address in addresses]
        for number, (before, rows) in enumerate(pairwise((0, 0, *SIZES))):
            fill(cluster, before // LEARNERS, rows // LEARNERS)
            yield from append(servers, number, f"{rows:,} rows there")
            asked = Series(tuple(seconds(partial(look, each)) for each in addresses)).times(1000)
            yield Figure(f"connecting and asking for what is new, {rows:,} rows there", asked, "ms")
        for server in servers:
            server.close()
        with cluster.connect() as db:
            ((size,),) = db.execute("SELECT pg_total_relation_size('sco_quiz.event')").fetchall()
            ((rows,),) = db.execute(
                "SELECT reltuples FROM pg_class WHERE oid = 'sco_quiz.event'::regclass"
            ).fetchall()
            yield f"A row takes {size / rows:.0f} bytes of the server's disk, index included"


def look(address: str) -> None:
    """Connect, ask how far each device's rows go, and disconnect."""
    server = Server(address)
    server.survey()
    server.close()


def fill(cluster: Cluster, after: int, last: int) -> None:
    """Put rows of all learners into the table, by SQL: that they prove nothing is all the same.

    The key is made anew behind them, since to sort ten million rows takes far less than to put
    each in its place; then all is on disk, and no vacuum is due while something is measured.
    """
    with cluster.connect() as db:
        db.execute("SET session_replication_role = replica")  # no check of each row's learner
        db.execute("SET row_security = off")
        db.execute("SET maintenance_work_mem = '1GB'")
        db.execute("ALTER TABLE sco_quiz.event DROP CONSTRAINT event_pkey")
        db.execute(_FILL, (_DATA, after, last))
        db.execute(f"ALTER TABLE sco_quiz.event ADD {_KEY}")
        db.execute("VACUUM ANALYZE sco_quiz.event")
        db.execute("CHECKPOINT")


def append(servers: list[Server], number: int, there: str) -> Iterator[Figure]:
    """Have all learners append at once, some rows at a time."""
    batches = list(batches_of(f"{number:012x}"))

    def put_all(server: Server) -> list[float]:
        return [seconds_of(server, rows) for rows in batches]

    with ThreadPoolExecutor(LEARNERS) as threads:
        began = time.perf_counter()
        waits = [wait for each in threads.map(put_all, servers) for wait in each]
        taken = time.perf_counter() - began
    rows = LEARNERS * TURNS * TOGETHER
    yield Figure(f"rows a second, {there}", Series((rows / taken,)), "")
    for share in (0.5, 0.99):
        wait = Series((quantile(waits, share) * 1000,))
        yield Figure(f"{TOGETHER} rows kept, p{share * 100:.0f}, {there}", wait, "ms")


def seconds_of(server: Server, rows: list[Event]) -> float:
    """How long one learner waits."""
    began = time.perf_counter()
    server.put(rows)
    return time.perf_counter() - began


def batches_of(device: str) -> Iterator[list[Event]]:
    """Yield the rows of a device, as many as are sent at once."""
    before, seq = b"", 0
    for _ in range(TURNS):
        rows = []
        for _ in range(TOGETHER):
            seq += 1
            at = 1_700_000_000_000 + seq
            row = Event(
                device, seq, at, at, 0, 739_000, "review", f"{seq:024x}", "bench", _DATA, b""
            )
            before = sum_of(row, before)
            rows.append(row._replace(sum=before))
        yield rows
