"""`backup`, `restore`, `doctor`, and what a damaged progress file makes of the other commands."""

from __future__ import annotations

import re
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from sco_quiz.cli import main
from sco_quiz.learning.study_day import DAY_MS
from sco_quiz.library import index

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Call = Callable[..., tuple[int, str, str]]

TEN = "\n4\n" * 10


@pytest.fixture
def progress_file(home: Path, call: Call, kinds: Path) -> Path:
    """The progress file of a learner who answered ten cards; there is a backup of today."""
    assert call("study", "--plain", "kinds", lines=TEN)[0] == 0
    return home / "data" / "progress.db"


def backups(path: Path, name: str = "*.db") -> list[Path]:
    return sorted((path.parent / "backups").glob(name))


def spoil_an_event(path: Path) -> None:
    data = path.read_bytes()
    spoiled = data.replace(b'"rating":4', b'"rating":5', 1)
    assert spoiled != data
    path.write_bytes(spoiled)


def spoil_a_page(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:-8192] + b"\xff" * 4096 + data[-4096:])


def days_later(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    real = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: real() + days * DAY_MS * 1_000_000)


# Backups


def test_studying_leaves_one_backup_a_day(
    progress_file: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first,) = backups(progress_file)
    before = first.read_bytes()
    assert call("study", "--plain", "sco-timeline", lines="\n4\n:q\n")[0] == 0
    assert backups(progress_file) == [first]
    assert first.read_bytes() == before
    days_later(monkeypatch, 1)
    assert call("study", "--plain", "sco-timeline", lines="\n4\n:q\n")[0] == 0
    assert len(backups(progress_file)) == 2


def test_commands_that_only_read_make_no_backup(home: Path, call: Call) -> None:
    for command in ("due", "decks", "doctor", "history"):
        call(command)
    assert not (home / "data" / "backups").exists()


def test_a_failed_backup_is_reported_and_the_session_is_kept(
    home: Path, kinds: Path, call: Call
) -> None:
    (home / "data" / "backups").write_text("in the way")
    code, out, err = call("study", "--plain", "kinds", lines=TEN)
    assert code == 0
    assert "10 answered" in out
    assert err.startswith("warning: no backup was made: ")
    assert call("due", "--short", "kinds")[1] == "0\n"


def test_a_backup_can_be_made_at_any_time(progress_file: Path, call: Call, tmp_path: Path) -> None:
    call("study", "--plain", "sco-timeline", lines="\n4\n:q\n")
    (made,) = backups(progress_file)
    before = made.read_bytes()
    assert call("backup") == (0, f"{made}\n", "")
    assert made.read_bytes() != before
    own = tmp_path / "own.db"
    assert call("backup", str(own)) == (0, f"{own}\n", "")
    folder = tmp_path / "folder"
    folder.mkdir()
    assert call("backup", str(folder)) == (0, f"{folder / made.name}\n", "")
    before = own.read_bytes()
    code, out, err = call("backup", str(own))
    assert (code, out) == (2, "")
    assert "is there already" in err
    assert own.read_bytes() == before


def test_a_backup_goes_into_no_folder_that_is_not_there(
    progress_file: Path, call: Call, tmp_path: Path
) -> None:
    code, out, err = call("backup", str(tmp_path / "stick" / "own.db"))
    assert (code, out) == (2, "")
    assert f"there is no folder {tmp_path / 'stick'}" in err
    assert not (tmp_path / "stick").exists()


def test_before_the_first_answer_there_is_nothing_to_back_up(call: Call) -> None:
    code, out, err = call("backup")
    assert (code, out) == (2, "")
    assert "there is nothing to back up yet" in err


# Restoring


def test_a_restore_compares_both_files_and_names_the_kept_old_one(
    progress_file: Path, call: Call
) -> None:
    (made,) = backups(progress_file)
    call("study", "--plain", "sco-timeline", lines="\n4\n:q\n")
    before = progress_file.read_bytes()
    code, out, err = call("restore", "--yes", str(made))
    assert (code, out) == (0, f"Restored: {progress_file}\n")
    lines = [line.split() for line in err.splitlines()]
    assert lines[:4] == [
        ["here", "backup"], ["events", "15", "12"], ["reviews", "11", "10"], ["cards", "11", "10"],
    ]  # fmt: skip
    assert "3 events here are not in the backup." in err
    (aside,) = backups(progress_file, "before-restore-*")
    assert err.endswith(f"What it replaced is kept as {aside}\n")
    assert aside.read_bytes() == before
    assert call("doctor")[0] == 0
    assert call("restore", "--yes", str(aside))[0] == 0
    assert "15 events" in call("doctor")[1]


def test_without_a_terminal_a_restore_needs_the_option_yes(progress_file: Path, call: Call) -> None:
    (made,) = backups(progress_file)
    before = progress_file.read_bytes()
    code, out, err = call("restore", str(made), lines="y\n")
    assert (code, out) == (2, "")
    assert "--yes" in err
    assert progress_file.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "source.db is not there\n  name the file of a backup"),
        (b"x" * 9000, "is not a progress file of sco-quiz\n  name the file of a backup"),
        (b"a,b\n", "is not a progress file of sco-quiz\n  name the file of a backup"),
    ],
)
def test_a_file_that_is_not_a_backup_is_not_restored(
    progress_file: Path, call: Call, tmp_path: Path, content: bytes | None, says: str
) -> None:
    source = tmp_path / "source.db"
    if content:
        source.write_bytes(content)
    before = progress_file.read_bytes()
    code, out, err = call("restore", "--yes", str(source))
    assert (code, out) == (2, "")
    assert says in err
    assert progress_file.read_bytes() == before
    assert f"{tmp_path} is a folder" in call("restore", str(tmp_path))[2]


@pytest.mark.parametrize("content", [b"x" * 9000, b""])
def test_a_backup_can_replace_an_unusable_progress_file(
    progress_file: Path, call: Call, content: bytes
) -> None:
    (made,) = backups(progress_file)
    progress_file.write_bytes(content)
    assert call("restore", "--yes", str(made))[0] == 0
    assert "12 events" in call("doctor")[1]
    (aside,) = backups(progress_file, "before-restore-*")
    assert aside.read_bytes() == content


@pytest.fixture(params=["emptied", "removed", "older"])
def behind(progress_file: Path, call: Call, request: pytest.FixtureRequest) -> Path:
    """A progress file that knows less than the backup beside it."""
    if request.param == "emptied":
        progress_file.write_bytes(b"")
    elif request.param == "removed":
        progress_file.unlink()
    else:
        older = progress_file.read_bytes()
        call("study", "--plain", "sco-timeline", lines="\n4\n:q\n")
        call("backup")
        progress_file.write_bytes(older)
    return progress_file


def state_of(path: Path) -> dict[Path, bytes]:
    """What is in the folder of a progress file."""
    return {each: each.read_bytes() for each in path.parent.rglob("*") if each.is_file()}


@pytest.mark.parametrize(
    "command",
    [
        ("study", "--plain"),
        ("quiz", "--plain"),
        ("backup",),
        ("import", "cards.csv"),
        ("import", "--undo"),
        ("cards", "--suspend", "kinds"),
        ("decks", "--relink"),
        ("optimize", "--undo"),
    ],
)
def test_writing_commands_stop_while_backups_hold_more_than_the_file(
    behind: Path, call: Call, command: tuple[str, ...]
) -> None:
    before = state_of(behind)
    code, out, err = call(*command, lines=TEN)
    assert (code, out) == (3, "")
    assert f"{behind} knows less than a backup of it: " in err
    assert "`sco-quiz restore` brings back what is missing" in err
    assert "`sco-quiz restore --set-aside` leaves it behind" in err
    assert state_of(behind) == before


def test_reading_commands_warn_while_backups_hold_more_than_the_file(
    behind: Path, call: Call
) -> None:
    before = state_of(behind)
    assert "knows less than a backup of it" in call("decks")[2]
    code, out, _ = call("doctor")
    assert code == 1
    assert "knows less than a backup of it" in out
    assert "`sco-quiz restore` brings back" in out
    assert state_of(behind) == before


def test_restore_brings_back_the_events_of_the_backups(behind: Path, call: Call) -> None:
    code, out, err = call("restore")
    assert (code, err) == (0, "")
    assert re.fullmatch(r"Brought back: \d+ events?\.\n", out)
    assert call("doctor")[0] == 0
    assert call("study", "--plain", "kinds")[0] == 0
    assert call("restore") == (0, "The backups hold nothing that the progress file does not.\n", "")


def test_restore_set_aside_leaves_the_events_of_the_backups_behind(
    behind: Path, call: Call
) -> None:
    (made,) = backups(behind)
    before = made.read_bytes()
    assert call("restore", "--set-aside") == (
        0,
        f"{made}\n",
        "They are in the folder `set-aside` there now.\n",
    )
    assert call("study", "--plain", "sco-timeline", lines="\n4\n:q\n")[0] == 0
    assert call("backup")[0] == call("doctor")[0] == 0
    (apart,) = (behind.parent / "backups" / "set-aside").iterdir()
    assert apart.read_bytes() == before


@pytest.mark.parametrize(("key", "code"), [("b", 0), ("l", 0), ("q", 3)])
def test_at_a_terminal_one_key_chooses_to_restore_or_to_leave_behind(
    behind: Path, call: Call, monkeypatch: pytest.MonkeyPatch, key: str, code: int
) -> None:
    before = state_of(behind)
    monkeypatch.setattr(main, "is_terminal", lambda: True)
    monkeypatch.setattr("click.getchar", lambda: key)
    found = call("study", "--plain", "sco-timeline", lines="\n4\n:q\n")
    assert found[0] == code
    assert "b brings it back" in found[2]
    assert (state_of(behind) == before) == (key == "q")
    assert call("doctor")[0] == (1 if key == "q" else 0)


def test_restore_brings_events_back_into_a_damaged_file(progress_file: Path, call: Call) -> None:
    progress_file.write_bytes(progress_file.read_bytes()[:9000])
    assert call("restore")[0] == 0
    assert "12 events" in call("doctor")[1]


# The doctor


def test_the_doctor_finds_nothing_wrong_with_a_whole_file(progress_file: Path, call: Call) -> None:
    assert call("doctor") == (
        0,
        "Nothing is wrong: every page, 12 events and all views are sound.\n",
        "",
    )


def test_the_doctor_names_a_changed_event_and_saves_it_from_the_backup(
    progress_file: Path, call: Call
) -> None:
    spoil_an_event(progress_file)
    damaged = progress_file.read_bytes()
    code, out, err = call("doctor")
    assert (code, err) == (1, "")
    assert "an event is not as it was written: number" in out
    assert "sco-quiz doctor --rebuild" in out
    assert progress_file.read_bytes() == damaged
    code, out, err = call("doctor", "--rebuild")
    assert (code, err) == (0, "")
    assert re.search(
        r"12 events were saved into a new one, up to \d+ \w+ \d{4}, \d\d:\d\d,"
        r" 1 of them from the backup of \d{4}-\d\d-\d\d;",
        out,
    )
    assert "none is known to be lost" in out
    assert "Nothing is wrong" in out
    (aside,) = backups(progress_file, "damaged-*")
    assert aside.read_bytes() == damaged


def test_the_doctor_says_of_a_truncated_file_that_it_is_damaged(
    progress_file: Path, call: Call
) -> None:
    progress_file.write_bytes(progress_file.read_bytes()[:9000])
    code, out, err = call("doctor")
    assert code in (1, 3)
    assert "damaged" in out + err
    code, out, err = call("doctor", "--rebuild")
    assert (code, err) == (0, "")
    assert "12 events were saved" in out


@pytest.mark.parametrize("database", [False, True])
def test_a_foreign_file_is_not_taken_for_a_damaged_one_and_is_left_alone(
    home: Path, call: Call, database: bool
) -> None:
    path = home / "data" / "progress.db"
    path.parent.mkdir()
    if database:
        with closing(sqlite3.connect(path)) as db:
            db.execute("CREATE TABLE event (device TEXT)")
    else:
        path.write_text("A shopping list: " + "bread, " * 2000)
    before = path.read_bytes()
    commands = (("doctor",), ("doctor", "--rebuild"), ("due",), ("study", "--plain"), ("backup",))
    for command in commands:
        code, out, err = call(*command)
        assert (code, out) == (3, "")
        assert "is not a progress file of sco-quiz" in err
        assert "nothing was changed" in err
    assert path.read_bytes() == before
    assert not (path.parent / "backups").exists()


def test_the_doctor_does_not_create_a_progress_file(home: Path, call: Call) -> None:
    assert call("doctor") == (0, "Nothing is wrong, and nothing was done yet.\n", "")
    assert "There is no progress file yet" in call("doctor", "--rebuild")[1]
    assert not (home / "data").exists()


def test_the_doctor_rebuilds_wrong_views(progress_file: Path, call: Call) -> None:
    with sqlite3.connect(progress_file) as db:
        db.execute("UPDATE card_state SET reps = 7")
    db.close()
    code, out, _ = call("doctor")
    assert code == 1
    assert "In the view card_state, 20 rows are not what a replay of the log gives." in out
    assert call("doctor", "--rebuild")[0] == call("doctor")[0] == 0


def test_a_missing_view_is_reported_and_rebuilt(progress_file: Path, call: Call) -> None:
    with closing(sqlite3.connect(progress_file)) as db, db:
        db.execute("DROP TABLE card_state")
    code, _, err = call("study", "--plain", "kinds")
    assert code == 3
    assert "its views do not follow from its log (no such table: card_state)" in err
    assert "`sco-quiz doctor --rebuild` rebuilds them; no answer is lost" in err
    assert call("doctor", "--rebuild")[0] == 0
    assert call("study", "--plain", "kinds")[0] == 0


def test_a_disk_without_room_for_the_index_is_reported(
    empty_home: Path, kinds: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = index._connect

    def small(path: Path, patience: float) -> sqlite3.Connection:
        db = real(path, patience)
        db.execute("PRAGMA max_page_count = 1")  # as many as it has
        return db

    monkeypatch.setattr(index, "_connect", small)
    code, out, err = call("due")
    assert (code, out) == (1, "")
    assert err.startswith("error: ")
    assert "disk is full" in err
    assert "progress.db" not in err


# A damaged file


def test_studying_mends_a_damaged_file_and_counts_the_saved_events(
    progress_file: Path, call: Call
) -> None:
    spoil_a_page(progress_file)
    damaged = progress_file.read_bytes()
    code, out, err = call("study", "--plain", "kinds")
    assert code == 0
    assert "Your progress file was damaged. 12 events were saved into a new one" in err
    assert "Nothing is due." in out
    (aside,) = backups(progress_file, "damaged-*")
    assert aside.read_bytes() == damaged
    assert call("study", "--plain", "kinds")[2] == ""


@pytest.mark.parametrize("command", [("due",), ("decks",), ("history",), ("stats",), ("backup",)])
def test_commands_that_only_look_leave_a_damaged_file_as_it_is(
    progress_file: Path, call: Call, command: tuple[str, ...]
) -> None:
    progress_file.write_bytes(progress_file.read_bytes()[:9000])
    before = progress_file.read_bytes()
    code, _, err = call(*command)
    assert code == 3
    assert err.startswith("error: ")
    assert "is damaged" in err
    assert "sco-quiz doctor --rebuild" in err
    assert progress_file.read_bytes() == before
    assert not backups(progress_file, "damaged-*")


def test_a_backup_of_a_damaged_file_is_refused(progress_file: Path, call: Call) -> None:
    (made,) = backups(progress_file)
    before = made.read_bytes()
    spoil_an_event(progress_file)
    code, out, err = call("backup")
    assert (code, out) == (3, "")
    assert "is damaged" in err
    assert made.read_bytes() == before


def test_a_changed_event_is_reported_when_its_card_is_answered_again(
    progress_file: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    days_later(monkeypatch, 1)
    data = progress_file.read_bytes()
    progress_file.write_bytes(data.replace(b'"rating":4', b'"ratinG":4'))
    code, out, err = call("study", "--plain", "--ahead", "kinds", lines=":s\n")
    assert code == 3
    assert "is damaged" in out
    assert "sco-quiz doctor --rebuild" in err


def test_after_an_import_that_failed_the_doctor_finds_nothing_wrong(
    home: Path, call: Call, tmp_path: Path
) -> None:
    table = tmp_path / "two.csv"
    table.write_text("question,answer\na,b\n")
    decks = home / "data" / "decks"
    decks.mkdir(parents=True, exist_ok=True)
    (decks / "two.yaml").symlink_to(tmp_path / "nowhere" / "two.yaml")
    assert call("import", str(table))[0] == 1
    assert call("doctor") == (0, "Nothing is wrong, and nothing was done yet.\n", "")
