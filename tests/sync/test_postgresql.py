"""Syncing by a real PostgreSQL, started here."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from sco_quiz.progress import log
from sco_quiz.progress.backup import write_copy
from sco_quiz.progress.restoring import restore
from sco_quiz.sync.carrier import SyncError
from sco_quiz.sync.syncing import synchronise
from tests.progress.test_replay import Step
from tests.sync.conftest import Device
from tests.sync.test_exchange import STEPS, check_alike, play

if sys.platform == "win32":
    pytest.skip("the cluster of the tests is made for Unix", allow_module_level=True)

import psycopg
from psycopg import errors, sql

from sco_quiz.errors import UsageError
from sco_quiz.sync.server import Server, initialise
from tests.sync.cluster import OWNER, PASSWORD, Cluster, find_programs, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sco_quiz.learning.cards import Card

NEEDED = "SCO_QUIZ_TESTS_NEED_POSTGRESQL"
"""Set where these tests must not be skipped."""
LEARNERS = 100
NUMBERS = count()


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    programs = find_programs()
    if programs is None:
        reason = "PostgreSQL's server is not installed"
        if os.environ.get(NEEDED):
            pytest.fail(reason)
        pytest.skip(reason)
    with running(programs) as cluster, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGPASSFILE", str(cluster.passfile))
        cluster.make_database("quiz")
        assert initialise(cluster.address(OWNER))
        assert not initialise(cluster.address(OWNER))
        yield cluster


@pytest.fixture
def address(cluster: Cluster) -> str:
    return cluster.add_learner(f"learner{next(NUMBERS)}")


def devices_at(address: str, root: Path, number: int = 2) -> list[Device]:
    return [Device(root / f"{each}", root / f"copy-{each}", address) for each in range(number)]


def answer(device: Device, cards: list[Card], number: int = 1) -> None:
    for each in range(number):
        device.at += 60_000
        play(device, each, Step(0, "review", each % 4, each, 0), cards)


@settings(max_examples=10)
@given(steps=STEPS)
def test_all_devices_end_with_the_same_log(
    cluster: Cluster, cards: list[Card], steps: list[Step]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        devices = devices_at(cluster.add_learner(f"learner{next(NUMBERS)}"), Path(name), 3)
        for number, step in enumerate(steps):
            device = devices[step.device]
            device.at += step.passed
            if step.act == "sync":
                device.sync(quietly=step.number % 2 == 0)
            else:
                play(device, number, step, cards)
        for device in [*devices, *devices]:
            device.sync()
        check_alike(devices)
        assert {device.sync().in_words() for device in devices} == {"Nothing new."}


def test_the_first_of_two_homes_with_one_device_id_keeps_it_and_nothing_is_lost(
    address: str, cards: list[Card], tmp_path: Path
) -> None:
    first = devices_at(address, tmp_path, 1)[0]
    answer(first, cards, 5)
    first.sync()
    second = first.clone(tmp_path / "clone", tmp_path)
    answer(first, cards, 3)
    second.at += 1
    answer(second, cards, 4)
    second.sync()
    with pytest.raises(SyncError, match="wrote under the id of this one"):
        first.sync(quietly=True)
    assert "have another id now" in first.sync().told[0]
    second.sync()
    first.sync()
    second.sync()
    check_alike([first, second])
    with first.open() as progress:
        assert progress.query("SELECT count(*) FROM review") == [(12,)]


def test_a_device_restored_from_an_image_gets_its_lost_answers_back(
    address: str, cards: list[Card], tmp_path: Path
) -> None:
    device, other = devices_at(address, tmp_path)
    answer(device, cards, 3)
    old = device.clone(tmp_path / "old", tmp_path)
    answer(device, cards, 4)
    device.sync()
    old.at += 1
    answer(old, cards, 2)
    old.sync()
    other.sync()
    old.sync()
    check_alike([old, other])
    with other.open() as progress:
        assert progress.query("SELECT count(*) FROM review") == [(9,)]


def test_each_of_a_hundred_learners_at_once_sees_only_their_own_rows(
    cluster: Cluster, cards: list[Card], tmp_path: Path
) -> None:
    names = [f"one-of-many-{number}" for number in range(LEARNERS)]
    addresses = [cluster.add_learner(name) for name in names]
    devices = [
        devices_at(address, tmp_path / name, 1)[0]
        for name, address in zip(names, addresses, strict=True)
    ]
    for number, device in enumerate(devices):
        with device.open() as progress:
            progress.append(
                *(log.flag(device.now(), cards[0], number % 8) for _ in range(number + 1))
            )
    with ThreadPoolExecutor(LEARNERS) as threads:
        done = list(threads.map(Device.sync, devices))
    assert [each.went.rows for each in done] == [number + 2 for number in range(LEARNERS)]
    for number, address in enumerate(addresses):
        server = Server(address)
        assert [part.last for parts in server.survey().values() for part in parts] == [number + 2]
        server.close()


ATTEMPTS = {
    "reading": "SELECT count(*) FROM sco_quiz.event WHERE learner <> %(me)s",
    "reading by a join": (
        "SELECT count(*) FROM sco_quiz.learner JOIN sco_quiz.event ON true WHERE learner <> %(me)s"
    ),
    "copying": "COPY (SELECT 1 FROM sco_quiz.event WHERE learner <> 0 LIMIT 0) TO PROGRAM 'cat'",
    "changing": "UPDATE sco_quiz.event SET data = '{}'",
    "deleting": "DELETE FROM sco_quiz.event",
    "emptying": "TRUNCATE sco_quiz.event",
    "locking": "DO 'BEGIN LOCK TABLE sco_quiz.event IN ACCESS EXCLUSIVE MODE; END'",
    "dropping": "DROP TABLE sco_quiz.event",
    "taking the policy away": "ALTER TABLE sco_quiz.event DISABLE ROW LEVEL SECURITY",
    "another policy": "CREATE POLICY all_of_it ON sco_quiz.event USING (true)",
    "dropping the trigger": "DROP TRIGGER event_is_never_changed ON sco_quiz.event",
    "being another": "SET SESSION AUTHORIZATION %(other)s",
    "taking a role": "SET ROLE %(other)s",
    "a second self": "INSERT INTO sco_quiz.learner (role) VALUES (%(other)s)",
    "another's number": "INSERT INTO sco_quiz.learner (id, role) VALUES (1, session_user)",
    "renaming itself": "UPDATE sco_quiz.learner SET role = %(other)s",
    "going without": "SET row_security = off",
    "writing under another": (
        "INSERT INTO sco_quiz.event SELECT id, 'a', 1, 1, 1, 0, 1, 'flag', NULL, NULL, '{}',"
        " decode(repeat('00', 16), 'hex') FROM generate_series(1, 100) AS id WHERE id <> %(me)s"
    ),
    "replacing": (
        "INSERT INTO sco_quiz.event SELECT * FROM sco_quiz.event"
        " ON CONFLICT (learner, device, seq) DO UPDATE SET data = '{}'"
    ),
    "a function that sees more": (
        "CREATE FUNCTION sco_quiz.peek() RETURNS bigint SECURITY DEFINER LANGUAGE sql AS"
        " 'SELECT count(*) FROM sco_quiz.event'"
    ),
}
"""Statements by which a learner tries to reach or change the rows of others."""


REFUSALS = (errors.InsufficientPrivilege, errors.RaiseException, errors.GeneratedAlways)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_no_sql_of_a_learner_reads_changes_or_deletes_the_rows_of_another(
    cluster: Cluster, cards: list[Card], tmp_path: Path, attempt: str
) -> None:
    role, other = (f"learner{next(NUMBERS)}" for _ in range(2))
    mine, theirs = (
        devices_at(cluster.add_learner(each), tmp_path / each, 1)[0] for each in (role, other)
    )
    for device in (mine, theirs):
        answer(device, cards, 3)
        device.sync()
    with cluster.connect(role) as db:
        ((me,),) = db.execute("SELECT id FROM sco_quiz.learner").fetchall()
        text = ATTEMPTS[attempt]
        for name, value in (("me", str(me)), ("other", f"'{other}'")):
            text = text.replace(f"%({name})s", value)
        try:
            found = db.execute(text)
            rows = found.fetchall() if found.description else []
            if attempt == "going without":
                with pytest.raises(errors.InsufficientPrivilege):
                    db.execute("SELECT * FROM sco_quiz.event")
                db.execute("SET row_security = on")
        except REFUSALS:
            rows = []
        assert rows in ([], [(0,)]), rows
        assert db.execute(
            "SELECT count(*), count(DISTINCT learner) FROM sco_quiz.event"
        ).fetchall() == [(4, 1)]
        assert db.execute("SELECT count(*) FROM sco_quiz.event WHERE data = '{}'").fetchall() == [
            (0,)
        ]
    for device in (mine, theirs):
        assert device.sync().in_words() == "Nothing new."


def test_not_even_the_owner_of_the_tables_changes_a_row(
    cluster: Cluster, address: str, cards: list[Card], tmp_path: Path
) -> None:
    device = devices_at(address, tmp_path, 1)[0]
    answer(device, cards)
    device.sync()
    with cluster.connect() as db:
        for text in (
            "UPDATE sco_quiz.event SET data = '{}'",
            "DELETE FROM sco_quiz.event",
            "TRUNCATE sco_quiz.event",
        ):
            with pytest.raises(psycopg.Error, match="append-only"):
                db.execute(text)


STEPS_OF_A_SYNC = ("_check", "_introduce", "survey", "read", "put", "close")


@pytest.mark.parametrize("step", ["connect", *STEPS_OF_A_SYNC, "amid a copy", "before the commit"])
def test_a_server_killed_at_any_step_is_reported_and_loses_nothing(
    cluster: Cluster, address: str, cards: list[Card], tmp_path: Path, step: str
) -> None:
    first, second = devices_at(address, tmp_path)
    if step != "_introduce":
        answer(first, cards, 3)
        first.sync()
    answer(second, cards, 3)
    killed: list[str] = []

    def kill() -> None:
        if not killed:
            killed.append(step)
            cluster.kill()

    with pytest.MonkeyPatch.context() as patch:
        if step == "connect":
            kill()
        elif step in STEPS_OF_A_SYNC:
            patch.setattr(Server, step, first_of_all(kill, getattr(Server, step)))
        elif step == "amid a copy":
            patch.setattr(psycopg.Copy, "write_row", first_of_all(kill, psycopg.Copy.write_row))
        else:
            patch.setattr(
                psycopg.Transaction, "__exit__", first_of_all(kill, psycopg.Transaction.__exit__)
            )
        try:
            if step == "close":
                second.sync()
            else:
                with pytest.raises(SyncError, match="cannot be reached"):
                    second.sync()
        finally:
            assert killed
            cluster.start()
    for device in (second, first, second):
        device.sync()
    check_alike([first, second])
    assert second.sync().in_words() == "Nothing new."


def first_of_all(act: Callable[[], None], method: Callable[..., object]) -> Callable[..., object]:
    def acting(*arguments: object, **options: object) -> object:
        act()
        return method(*arguments, **options)

    return acting


def test_what_a_restored_or_deleted_progress_file_lost_comes_back_from_the_server(
    address: str, cards: list[Card], tmp_path: Path
) -> None:
    first, second = devices_at(address, tmp_path)
    answer(first, cards, 3)
    first.sync()
    write_copy(first.paths.progress_file, tmp_path / "older.db")
    for device in (second, first, second):
        answer(device, cards, 2)
        device.sync()
    restore(first.paths.progress_file, tmp_path / "older.db", first.now())
    answer(first, cards, 1)
    second.paths.progress_file.unlink()
    for device in (first, second, first):
        device.sync()
    check_alike([first, second])
    with first.open() as progress:
        assert progress.query("SELECT count(*) FROM review") == [(10,)]
    assert first.sync().in_words() == "Nothing new."


KILLED_AMID_A_COPY = """
import os, signal, sys
from itertools import count
from pathlib import Path
import psycopg
from sco_quiz.paths import Paths
from sco_quiz.sync.syncing import synchronise
from tests.sync.conftest import START, moment

rows, write_row = count(1), psycopg.Copy.write_row

def write_or_die(copy, row):
    write_row(copy, row)
    if next(rows) == 1500:
        os.kill(os.getpid(), signal.SIGKILL)

psycopg.Copy.write_row = write_or_die
home = Path(sys.argv[1])
paths = Paths(home / "config", home / "data", home / "cache")
synchronise(paths, lambda: moment(START), sys.argv[2])
"""


def test_a_sync_killed_while_sending_sends_nothing_and_the_next_sends_all(
    cluster: Cluster, address: str, cards: list[Card], tmp_path: Path
) -> None:
    first, second = devices_at(address, tmp_path)
    with first.open() as progress:
        progress.append(*(log.flag(first.now(), cards[0], number % 8) for number in range(2_000)))
    done = subprocess.run(
        [sys.executable, "-c", KILLED_AMID_A_COPY, str(first.home), address], check=False
    )
    assert done.returncode == -signal.SIGKILL
    server = Server(address)
    assert server.survey() == {}
    server.close()
    assert first.sync().went.rows == 2_001
    second.sync()
    first.sync()
    check_alike([first, second])


@pytest.fixture
def small_disk(cluster: Cluster) -> Iterator[Path]:
    """A disk of a few megabytes that has the tablespace `small`."""
    if os.getuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small disk")
    disk = cluster.folder / "small"
    disk.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=24m,mode=700", "none", str(disk)]
    if subprocess.run(mounting, check=False, capture_output=True).returncode:
        disk.rmdir()
        pytest.skip("no disk can be mounted here")
    shutil.chown(disk, "postgres")
    try:
        with cluster.connect() as db:
            db.execute(sql.SQL("CREATE TABLESPACE small LOCATION {}").format(str(disk)))
        yield disk
    finally:
        with cluster.connect(database="postgres") as db:
            db.execute("DROP DATABASE IF EXISTS crowded WITH (FORCE)")
            db.execute("DROP TABLESPACE IF EXISTS small")
        subprocess.run(["umount", str(disk)], check=True)


def test_a_full_server_disk_is_reported_and_the_rows_follow_once_there_is_room(
    cluster: Cluster, small_disk: Path, cards: list[Card], tmp_path: Path
) -> None:
    with cluster.connect(database="postgres") as db:
        db.execute("CREATE DATABASE crowded TABLESPACE small")
    assert initialise(cluster.address(OWNER, "crowded"))
    role = f"learner{next(NUMBERS)}"
    cluster.add_learner(role)
    first, second = devices_at(cluster.address(role, "crowded"), tmp_path)
    answer(first, cards, 3)
    first.sync()
    filler = small_disk / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(small_disk).free))
    with first.open() as progress:
        progress.append(*(log.flag(first.now(), cards[0], each % 8) for each in range(2_000)))
    with pytest.raises(SyncError, match="its disk is full"):
        first.sync()
    filler.unlink()
    assert first.sync().went.rows == 2_000
    second.sync()
    first.sync()
    check_alike([first, second])


def test_every_reason_that_prevents_a_sync_is_reported_in_words(
    cluster: Cluster, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = devices_at(address, tmp_path, 1)[0]

    def told(where: str) -> str:
        with pytest.raises(SyncError) as caught:
            synchronise(device.paths, device.now, where)
        return f"{caught.value.message}\n{caught.value.help}"

    cluster.make_database("bare")
    role = address.partition("//")[2].partition("@")[0]
    assert "is not prepared yet" in told(cluster.address(role, "bare"))
    assert "there is no such database" in told(cluster.address(role, "none")) or (
        "does not exist" in told(cluster.address(role, "none"))
    )
    with cluster.connect() as db:
        db.execute("ALTER DATABASE quiz SET default_transaction_read_only = on")
    assert "can only be read now" in told(address)
    with cluster.connect() as db:
        db.execute("SET default_transaction_read_only = off")
        db.execute("ALTER DATABASE quiz RESET default_transaction_read_only")
        db.execute("UPDATE sco_quiz.version SET version = 99")
    assert "newer version" in told(address)
    with cluster.connect() as db:
        db.execute("UPDATE sco_quiz.version SET version = 1")
    with cluster.connect() as db:
        db.execute("REVOKE SELECT ON sco_quiz.event FROM PUBLIC")
    assert "you are not allowed to do that" in told(address)
    with cluster.connect() as db:
        db.execute("GRANT SELECT ON sco_quiz.event TO PUBLIC")
    assert "cannot be reached" in told(address.replace(f":{cluster.port}/", ":1/"))
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    assert "wants a password" in told(address)
    monkeypatch.setenv("PGPASSWORD", "wrong")
    assert "password is wrong" in told(address)
    with pytest.raises(UsageError, match="with a password is not kept"):
        synchronise(device.paths, device.now, address.replace("@", ":x@"))


def test_a_sync_by_tls_takes_no_server_whose_certificate_cannot_be_verified(
    cluster: Cluster, address: str, cards: list[Card], tmp_path: Path
) -> None:
    (tmp_path / "empty").touch()
    device = devices_at(address, tmp_path, 1)[0]
    answer(device, cards, 3)
    device.where = f"{address}?sslmode=verify-full&sslrootcert={tmp_path / 'empty'}"
    with pytest.raises(SyncError, match="certificate") as refused:
        device.sync()
    assert "sslrootcert" in refused.value.help
    device.where = f"{address}?sslmode=verify-full&sslrootcert={cluster.certificate}"
    assert device.sync().went.rows == 4
    other = devices_at(device.where.replace("127.0.0.1", "localhost"), tmp_path / "other", 1)[0]
    with pytest.raises(SyncError, match="does not match host name"):
        other.sync()


def test_a_password_that_is_asked_for_is_used(
    cluster: Cluster, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    device = devices_at(address, tmp_path, 1)[0]
    asked: list[str] = []

    def ask(where: str) -> str:
        asked.append(where)
        return PASSWORD

    assert synchronise(device.paths, device.now, address, ask=ask).went.rows == 1
    assert asked == [address]
