"""Nothing odd around the program ends in a traceback: folders, links, names, streams, clocks."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sco_quiz import paths
from sco_quiz.cli.main import COMMANDS
from sco_quiz.learning import simulating
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    Call = Callable[..., tuple[int, str, str]]

SHIPPED_DECK = Path(__file__).parents[2] / "decks" / "3-sco-organs.yaml"

needs_odd_names = pytest.mark.skipif(
    sys.platform in {"darwin", "win32"}, reason="only some systems have names that are not UTF-8"
)


def run(
    *words: str | bytes, redirected: str = "", lines: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the program as a shell does, with lines on stdin, or streams closed or led elsewhere."""
    command = [sys.executable.encode(), b"-m", b"sco_quiz"]
    command += [word if isinstance(word, bytes) else word.encode() for word in words]
    return subprocess.run(
        ["sh", "-c", f'"$@" {redirected}', "sh", *command],
        env={**os.environ, **environment},
        capture_output=True,
        input=lines,
        timeout=60,
        check=False,
    )


def answer(call: Call) -> None:
    assert call("study", "--plain", "kinds", lines="\n3\n")[0] == 0


# Folders and links


def test_a_deck_in_an_unreadable_folder_is_reported_and_stays_in_the_index(
    kinds: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert call("due")[0] == 0
    stat = os.stat

    def refused(path: Any, *arguments: Any, **named: Any) -> os.stat_result:
        if str(path) == str(kinds):
            raise PermissionError(13, "Permission denied", str(path))
        return stat(path, *arguments, **named)

    with monkeypatch.context() as patched:
        patched.setattr(os, "stat", refused)
        code, _, err = call("due")
        assert (code, "kinds.yaml: cannot be read (Permission denied)" in err) == (0, True)
    with Workspace() as workspace:
        assert str(kinds) in workspace.index.stamps()


@pytest.mark.parametrize("words", [("fmt",), ("check",), ("due",), ("fmt", "loop.yaml")])
def test_a_link_to_itself_is_reported(
    decks_folder: Path, call: Call, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(decks_folder)
    (decks_folder / "loop.yaml").symlink_to("loop.yaml")
    code, out, err = call(*words)
    assert code in {0, 1}
    assert "loop.yaml" in out + err


def test_a_home_that_is_a_link_to_itself_is_reported(
    home: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "loop").symlink_to("loop")
    monkeypatch.setenv("SCO_QUIZ_HOME", str(home / "loop"))
    code, _, err = call("due")
    assert code in {1, 2, 3}
    assert err.startswith("error: ")


# Names


@needs_odd_names
@pytest.mark.parametrize("words", [("cards",), ("study", "--plain"), ("edit",), ("stats",), ()])
def test_an_argument_that_is_not_utf8_is_reported(home: Path, words: tuple[str, ...]) -> None:
    done = run(*words, b"\xff")
    assert done.returncode in {1, 2}
    assert done.stderr.startswith(b"error: ")


def test_an_argument_outside_the_locale_causes_no_traceback(home: Path) -> None:
    done = run("cards", "İ", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode in {0, 2}
    assert b"Traceback" not in done.stderr


@needs_odd_names
def test_progress_is_kept_in_a_home_whose_name_is_not_utf8(home: Path) -> None:
    odd = os.fsdecode(os.fsencode(home) + b"/\xff")
    studied = run("study", "--plain", "sco-pakistan", lines=b"\n3\n", SCO_QUIZ_HOME=odd)
    assert studied.returncode == 0
    assert b"100 %" in run("history", SCO_QUIZ_HOME=odd).stdout
    for command in ("doctor", "backup"):
        assert run(command, SCO_QUIZ_HOME=odd).returncode == 0


def test_the_home_of_nobody_is_a_folder_of_that_name(
    home: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    monkeypatch.setenv("SCO_QUIZ_HOME", "~nobody-is-called-that/x")
    code, out, err = call("paths")
    assert (code, err) == (0, "")
    assert "~nobody-is-called-that" in out


def test_impossible_folders_are_skipped_and_the_others_are_searched(home: Path, call: Call) -> None:
    (home / "config").mkdir()
    (home / "more").mkdir()
    (home / "more" / "mine.yaml").write_text("deck: Mine\ncards: [{front: a, back: b}]\n")
    (home / "config" / "config.toml").write_text(
        f'decks = ["\\u0000", "~nobody-is-called-that/x", 3, "{(home / "more").as_posix()}"]\n'
    )
    code, out, err = call("due")
    assert code == 0
    assert "Mine" in out
    assert "no path has a zero byte" in err
    assert "expected a text, not 3; it is left out" in err


# Streams


@pytest.mark.parametrize("redirected", [">&-", "<&-", "2>&-", ">&- <&- 2>&-"])
@pytest.mark.parametrize("words", [("due",), ("due", "--short"), ("cards",), ("study", "--plain")])
def test_commands_run_with_closed_streams(
    kinds: Path, redirected: str, words: tuple[str, ...]
) -> None:
    done = run(*words, redirected=redirected)
    assert (done.returncode, b"rror" in done.stderr) == (0, False)


def test_output_to_a_closed_stream_never_lands_in_a_database(kinds: Path, home: Path) -> None:
    for _ in range(2):
        assert run("study", "--plain", redirected=">&- <&- 2>&-").returncode == 0
    for name in ("data/progress.db", "cache/index.db"):
        with closing(sqlite3.connect(home / name)) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device without room")
@pytest.mark.parametrize("words", [("due",), ("due", "--short"), ("cards",)])
def test_a_full_output_device_is_reported(kinds: Path, words: tuple[str, ...]) -> None:
    run("due")
    done = run(*words, redirected=">/dev/full")
    assert done.returncode == 1
    assert done.stderr.startswith(b"error: what is to be shown cannot be written (No space left")


# Clocks


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def set_zone(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    return set_zone


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone cannot be set")
@pytest.mark.parametrize("name", ["XXX+24:59:59", "XXX-24:59:59"])
def test_a_time_zone_a_day_off_causes_no_error_then_or_later(
    kinds: Path, call: Call, zone: Callable[[str], None], name: str
) -> None:
    try:
        zone(name)
        answer(call)
        assert call("history")[0] == call("cards")[0] == call("stats")[0] == 0
        zone("UTC")
        assert call("history")[0] == call("doctor")[0] == 0
    finally:
        zone("UTC")


@pytest.mark.parametrize("words", [("due",), ("due", "--short"), ("study", "--plain"), ("backup",)])
def test_a_clock_after_the_last_possible_moment_is_reported(
    kinds: Path, call: Call, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    def beyond() -> int:
        raise OverflowError("timestamp too large to convert to C _PyTime_t")

    answer(call)
    monkeypatch.setattr(time, "time_ns", beyond)
    code, _, err = call(*words)
    assert code == 1
    assert err.startswith("error: the clock of this computer is at a date after 2261")


def test_a_deck_changed_after_the_last_possible_moment_is_read(kinds: Path, call: Call) -> None:
    seconds = 2**34  # the year 2514
    os.utime(kinds, (seconds, seconds))
    for _ in range(2):
        assert call("due")[0] == call("cards", "added:7")[0] == 0


# Every command

EVERY = {
    "study": ["--plain"],
    "quiz": ["--plain", "-n", "2"],
    "decks": [],
    "due": [],
    "new": ["A title"],
    "add": ["extra.yaml"],
    "edit": ["kinds"],
    "import": ["two.csv"],
    "export": ["kinds", "--to", "csv", "-o", "out.csv"],
    "check": [],
    "fmt": [],
    "schema": [],
    "cards": [],
    "history": [],
    "stats": [],
    "optimize": [],
    "backup": [],
    "restore": ["--yes"],
    "doctor": [],
    "config": ["theme", "paper"],
    "paths": [],
    "completion": ["bash"],
    "sync": ["shared"],
    "help": ["due"],
}
"""A call of each."""
BESIDES = [
    ["--info"], ["due", "--short"], ["due", "--json"], ["import", "--undo"], ["config"],
    ["doctor", "--rebuild"], ["fmt", "--ids"], ["stats", "--workload"], ["backup", "copy.db"],
    ["--debug", "due"],
]  # fmt: skip
CALLS = [[name, *words] for name, words in EVERY.items()] + BESIDES


def test_the_tests_of_surroundings_try_every_command() -> None:
    assert EVERY.keys() == COMMANDS.keys()


@pytest.fixture
def used(kinds: Path, home: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home in which something was studied and set, and the current folder with files to use."""
    monkeypatch.chdir(home)
    monkeypatch.setenv("VISUAL", "true")
    monkeypatch.setattr(simulating, "SAMPLE", 1)  # the simulation took most of the time
    (home / "shipped").mkdir()  # eight decks took a third of the rest
    shutil.copy(SHIPPED_DECK, home / "shipped")
    shipped = {"decks": home / "shipped", "docs": paths.shipped("docs")}
    monkeypatch.setattr(paths, "shipped", shipped.__getitem__)
    (home / "two.csv").write_text("question,answer\na,b\n")
    (home / "extra.yaml").write_text("deck: Extra\ncards: [{front: a, back: b}]\n")
    answer(call)
    assert call("config", "rollover", "3")[0] == 0
    return home


def assert_all_told(call: Call, *calls: list[str]) -> None:
    for words in calls or CALLS:
        code, out, err = call(*words, lines="\n3\n")
        assert code in {0, 1, 2, 3}, (words, err)
        assert code == 0 or (out + err).strip(), words
        assert "Traceback" not in err, words


def dead_link(path: Path) -> None:
    path.symlink_to(path.parent / "nowhere" / "at all")


def link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


def file(path: Path) -> None:
    path.write_text("no folder")


def link_to_its_parent(path: Path) -> None:
    path.symlink_to(path.parent)


@pytest.mark.parametrize("make", [dead_link, link_to_itself, file, link_to_its_parent])
@pytest.mark.parametrize(
    "name", ["config", "data", "data/decks", "data/backups", "data/imports", "cache", "cache/log"]
)
def test_no_command_fails_where_a_folder_is_replaced_by_something_else(
    used: Path, call: Call, name: str, make: Callable[[Path], None]
) -> None:
    (used / "cache" / "log").mkdir(exist_ok=True)
    if (used / name).exists():
        shutil.rmtree(used / name)
    make(used / name)
    assert_all_told(call)


@pytest.mark.parametrize("below", ["data", "data/decks", "data/backups", "config", "cache"])
def test_no_command_fails_where_a_folder_is_unreadable(
    used: Path, call: Call, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    def refusing(real: Callable[..., Any]) -> Callable[..., Any]:
        def refused(path: Any = ".", *arguments: Any, **named: Any) -> Any:
            is_path = isinstance(path, str | os.PathLike)
            if is_path and (used / below) in (Path(path), *Path(path).parents):
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, *arguments, **named)

        return refused

    for words in CALLS:
        with monkeypatch.context() as patched:
            for name in ("stat", "lstat", "open", "scandir", "listdir", "mkdir"):
                patched.setattr(os, name, refusing(getattr(os, name)))
            assert_all_told(call, words)


@needs_odd_names
def test_no_command_fails_in_a_home_whose_name_is_not_utf8(
    used: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = used / os.fsdecode(b"\xff")
    odd.mkdir()
    for name in ("data", "config", "cache"):
        shutil.move(used / name, odd / name)
    monkeypatch.setenv("SCO_QUIZ_HOME", str(odd))
    assert_all_told(call)


def test_no_command_fails_in_the_home_of_nobody(
    used: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCO_QUIZ_HOME", "~nobody-is-called-that/x")
    (used / "~nobody-is-called-that" / "x" / "config").mkdir(parents=True)
    assert_all_told(call)


@pytest.mark.parametrize(
    "settings",
    [
        'decks = ["\\u0000", "~nobody-is-called-that/x", "loop", "/dev/zero", "\\ud7ff", ""]',
        'theme = "\\u0000"',
        '[keys]\n"app.quit" = "\\u0000"',
        '[deck."\\u0000"]\nnew_per_day = 1',
        "rollover = 1e400",
        "rollover = 99999999999999999999999999",
        "new_per_day = nan",
        "decks = 1979-05-27",
        "\0",
    ],
)
def test_no_command_fails_whatever_the_settings_say(used: Path, call: Call, settings: str) -> None:
    link_to_itself(used / "loop")
    (used / "config" / "config.toml").write_text(settings + "\n")
    assert_all_told(call)


@needs_odd_names
@pytest.mark.parametrize("word", ["\udcff", "x\udcff.yaml", "", "-", "~nobody/x", "x" * 5000])
def test_no_command_fails_on_odd_arguments(used: Path, call: Call, word: str) -> None:
    for name in EVERY:
        for before in ([], ["--plain"] if name in {"study", "quiz"} else ["kinds"]):
            assert_all_told(call, [name, *before, word])
    for words in (
        ["export", "kinds", "--to", "csv", "-o"],
        ["config", "theme"],
        ["config", "decks"],
    ):
        assert_all_told(call, [*words, word])


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone cannot be set")
@pytest.mark.parametrize("name", ["XXX+24:59:59", "XXX-24:59:59", "nonsense", ":/dev/zero", ""])
def test_no_command_fails_in_an_odd_time_zone(
    used: Path, call: Call, zone: Callable[[str], None], name: str
) -> None:
    assert call("export", "kinds", "--to", "anki", "-o", "kinds.apkg")[0] == 0
    try:
        zone(name)
        assert_all_told(call, *CALLS, ["import", "kinds.apkg"])
    finally:
        zone("UTC")
    assert_all_told(call)


def test_no_command_fails_after_the_last_possible_moment(
    used: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def beyond() -> int:
        raise OverflowError("timestamp too large to convert to C _PyTime_t")

    monkeypatch.setattr(time, "time_ns", beyond)
    monkeypatch.setattr(time, "time", lambda: 9_300_000_000.0)
    assert_all_told(call)
    monkeypatch.undo()


@pytest.mark.parametrize("name", EVERY)
def test_no_command_fails_with_closed_streams(used: Path, name: str) -> None:
    done = run(name, *EVERY[name], redirected=">&- <&-")
    assert done.returncode in {0, 1, 2, 3}, done.stderr
    assert b"Traceback" not in done.stderr
