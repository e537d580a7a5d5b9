"""`--info` and `--debug`: what helps to find a mistake, and nothing that is the learner's own."""

from __future__ import annotations

import getpass
import json
import logging
import os
import platform
import re
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz import debug
from sco_quiz.cli import crash_report
from sco_quiz.cli.main import COMMANDS
from sco_quiz.paths import HOME_VARIABLE, find_paths
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Call = "Callable[..., tuple[int, str, str]]"
SECRETS = ("zwetschgenmus", "Quastenflosser", "tannenhäher", "Wiedehopf", "Sumpfschrecke")
"""Names of the home, the user, the machine, a deck and a folder."""


def everything_in(folder: Path) -> dict[str, bytes]:
    """All files below a folder, with what they hold."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def lines_of(out: str) -> dict[str, str]:
    """The lines of `--info`, by their names."""
    return {line[:9].rstrip(): line[10:] for line in out.splitlines()}


@pytest.fixture
def logged(home: Path) -> Iterator[Path]:
    """The log; it is closed once the test is over."""
    yield home / "cache" / "log" / "debug.log"
    debug.end()


# --info


def test_info_tells_versions_sizes_counts_and_names_of_settings(
    call: Callable[..., tuple[int, str, str]], home: Path, kinds: Path
) -> None:
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text('new_per_day = 3\ndecks = ["~/x"]\nbogus = 1\n')
    with Workspace() as workspace:
        workspace.refresh()
    code, out, err = call("--info")
    assert (code, err) == (0, "")
    told = lines_of(out)
    assert told["Python"].startswith(platform.python_version())
    assert told["SQLite"] == sqlite3.sqlite_version
    assert re.search(r"textual \d", told["packages"])
    assert told["changed"] == "new_per_day, decks, 1 cannot be used"
    size = (home / "data" / "progress.db").stat().st_size
    assert told["progress"] == f"$SCO_QUIZ_HOME/data/progress.db, {size:,} bytes"
    assert told["holds"] == "0 events, 0 devices, 0 sessions"
    assert re.fullmatch(r"9 decks, \d+ notes, \d+ cards", told["decks"])
    assert "stdin no, stdout no" in told["terminal"]


@pytest.mark.parametrize("broken", ["progress", "settings", "index", "folders", "all"])
def test_info_reports_broken_files_and_changes_nothing(
    call: Callable[..., tuple[int, str, str]], empty_home: Path, broken: str
) -> None:
    home = empty_home
    for folder in ("config", "data", "cache"):
        (home / folder).mkdir()
    files = {
        "progress": home / "data" / "progress.db",
        "settings": home / "config" / "config.toml",
        "index": home / "cache" / "index.db",
    }
    for name, path in files.items():
        if broken in (name, "all"):
            path.write_bytes(b"neither = SQLite, nor [TOML")
    if broken == "folders":
        for folder in ("config", "data", "cache"):
            (home / folder).rmdir()
            (home / folder).write_bytes(b"")
    before = everything_in(home)
    code, out, err = call("--info")
    assert (code, err) == (0, "")
    assert everything_in(home) == before
    told = lines_of(out)
    wrong = {"progress": "holds", "settings": "changed", "index": "decks"}
    for name, line in wrong.items():
        if broken in (name, "all"):
            assert told[line].startswith("cannot be ")
    assert list(told) == list(lines_of(call("--info")[1]))


def test_info_creates_no_files(call: Callable[..., tuple[int, str, str]], empty_home: Path) -> None:
    code, out, _ = call("--info")
    assert code == 0
    assert lines_of(out)["progress"].endswith("not there")
    assert list(empty_home.iterdir()) == []


def test_info_leaves_an_interrupted_write_as_it_is(
    call: Callable[..., tuple[int, str, str]], home: Path
) -> None:
    with Workspace() as workspace:
        workspace.refresh()
    path = home / "data" / "progress.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA cache_size = 1")
        db.execute("BEGIN IMMEDIATE")
        db.execute("CREATE TABLE junk AS SELECT randomblob(500000) AS x")
        kept = everything_in(home / "data")
        db.execute("ROLLBACK")
    for name, content in kept.items():
        (home / "data" / name).write_bytes(content)
    assert "progress.db-journal" in kept
    code, _, _ = call("--info")
    assert code == 0
    assert everything_in(home / "data") == kept


PYTHON = ("PATH", "PYTHONPATH", "PYTHONPYCACHEPREFIX")
"""The variables that a Python needs to find what it runs, compiled or not."""


@pytest.mark.parametrize("layout", ["the platform's", "one home", "XDG", "elsewhere"])
@pytest.mark.skipif(sys.platform == "win32", reason="its folders follow from the registry")
def test_info_names_no_user_machine_deck_or_folder(tmp_path: Path, layout: str) -> None:
    home, user, machine, deck, folder = SECRETS
    root = tmp_path / home
    environment = {
        **{name: os.environ[name] for name in PYTHON if name in os.environ},
        "HOME": str(root), "USER": user, "LOGNAME": user, "HOSTNAME": machine,
    }  # fmt: skip
    if layout == "one home":
        environment[HOME_VARIABLE] = str(root / folder)
    elif layout == "XDG":
        for name in ("CONFIG", "DATA", "CACHE"):
            environment[f"XDG_{name}_HOME"] = str(tmp_path / folder / name)
    elif layout == "elsewhere":
        environment["HOME"] = str(tmp_path / f"{user}-{home}")
        environment[HOME_VARIABLE] = str(tmp_path / folder / home)
    program = [sys.executable, "-m", "sco_quiz"]
    given = subprocess.run(
        [*program, "paths"], env=environment, capture_output=True, text=True, check=True
    )
    decks = Path(given.stdout.splitlines()[0][15:])
    decks.mkdir(parents=True)
    (decks / f"{deck}.yaml").write_text(f"deck: {deck}\ncards: [{{front: {user}, back: {deck}}}]\n")
    settings = Path(given.stdout.splitlines()[2][15:])
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(
        f'decks = ["{tmp_path}/{folder}"]\n{user} = 1\n[deck]\n{deck}.retention = 0.9\n'
    )
    subprocess.run([*program, "decks"], env=environment, capture_output=True, check=True)
    code = (
        f"import platform, socket; platform.node = socket.gethostname = lambda: {machine!r}\n"
        "import sys; sys.argv = ['sco-quiz', '--info']\n"
        "from sco_quiz.__main__ import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    out = done.stdout.casefold()
    assert "9 decks" in out
    for secret in (*SECRETS, getpass.getuser(), socket.gethostname(), str(tmp_path)):
        if len(secret) > 4:
            assert secret.casefold() not in out
    for word in re.split(r"[\s,]+", done.stdout):
        assert not word.startswith("/"), word


def test_info_loads_nothing_heavy(home: Path) -> None:
    code = (
        "import json, sys\nfrom sco_quiz.cli.main import run\nassert run(['--info']) == 0\n"
        "print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in json.loads(done.stderr)}
    assert loaded & {"textual", "rich", "yaml", "fsrs", "msgspec", "asyncio", "logging"} == set()


# --debug


@pytest.mark.parametrize(
    "arguments",
    [["--debug", "decks"], ["decks", "--debug"], ["--debug", "decks", "--debug", "--json"]],
    ids=" ".join,
)
def test_debug_writes_a_log_that_its_owner_alone_can_read(
    call: Callable[..., tuple[int, str, str]], logged: Path, kinds: Path, arguments: list[str]
) -> None:
    code, _, err = call(*arguments)
    assert (code, err) == (0, "")
    text = logged.read_text(encoding="utf-8")
    for said in ("sco-quiz 0.", "opened in", "decks looked at in", "ended with 0"):
        assert text.count(said) == 1, said
    if os.name != "nt":
        assert logged.stat().st_mode & 0o777 == 0o600
        assert logged.parent.stat().st_mode & 0o777 == 0o700


def test_the_log_notes_a_session_but_no_card_and_no_answer(
    call: Callable[..., tuple[int, str, str]], logged: Path, kinds: Path
) -> None:
    call("--debug", "study", "--plain", "kinds", "--tag", "typed", lines="Samarkand\n3\n:q\n")
    call("--debug", "cards", "Samarkand")
    call("--debug", "study", "no-such-deck")
    text = logged.read_text(encoding="utf-8")
    assert "a session begins: study" in text
    assert "the session ends" in text
    assert "told: UsageError" in text
    for word in ("Samarkand", "Uzbekistan", "kinds", "typed", "no-such-deck"):
        assert word not in text


def test_the_log_notes_that_another_program_held_the_file(
    call: Callable[..., tuple[int, str, str]],
    logged: Path,
    kinds: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    call("decks")
    monkeypatch.setattr("sco_quiz.progress.database.BUSY_SECONDS", 0.1)
    path = find_paths().progress_file
    with Workspace():
        pass
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        code, _, err = call("--debug", "cards", "deck:kinds", "--flag", "1")
    assert code == 3
    assert "held by another program" in err
    assert "SQLite: SQLITE_BUSY\n" in logged.read_text(encoding="utf-8")


def test_a_log_that_is_full_becomes_an_older_one_and_few_are_kept(
    logged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(debug, "LARGEST", 2000)
    debug.begin(logged)
    for number in range(200):
        debug.note("line %d of many, one after the other", number)
    names = sorted(path.name for path in logged.parent.iterdir())
    assert names == ["debug.log", "debug.log.1", "debug.log.2"]
    for path in logged.parent.iterdir():
        assert path.stat().st_size <= 2000
        assert os.name == "nt" or path.stat().st_mode & 0o777 == 0o600
    assert logged.read_text().splitlines()[-1].endswith("line 199 of many, one after the other")


def test_an_unwritable_log_is_reported_and_a_full_disk_ends_no_session(
    call: Callable[..., tuple[int, str, str]],
    logged: Path,
    kinds: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    logged.parent.write_text("a file in the way")
    code, _, err = call("--debug", "decks")
    assert code == 2
    assert "the log cannot be written" in err
    logged.parent.unlink()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(logging.StreamHandler, "flush", full)
        code, out, err = call("--debug", "decks")
    assert (code, err) == (0, "")
    assert "kinds" in out


def test_without_debug_no_log_is_written_and_logging_is_not_loaded(home: Path) -> None:
    code = (
        "import sys\nfrom sco_quiz.cli.main import run\nassert run(['decks']) == 0\n"
        "assert 'logging' not in sys.modules and 'traceback' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert not find_paths().log_folder.exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_debug_behind_its_name_and_only_the_first_help_says_so(
    call: Callable[..., tuple[int, str, str]], home: Path, command: str
) -> None:
    code, out, _ = call(command, "--debug", "--help")
    debug.end()
    assert code == 0
    assert "--debug" not in out
    assert "--debug" in call("--help")[1]


@pytest.mark.parametrize(
    ("words", "completed"),
    [("sco-quiz --", "--debug"), ("sco-quiz --", "--info"), ("sco-quiz --debug sta", "stats")],
)
def test_the_options_are_completed_and_completing_writes_no_log(
    home: Path, words: str, completed: str
) -> None:
    environment = {
        **os.environ,
        "_SCO_QUIZ_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    program = [sys.executable, "-m", "sco_quiz"]
    done = subprocess.run(program, env=environment, capture_output=True, text=True, check=True)
    assert f"plain,{completed}" in done.stdout.split()
    assert not find_paths().log_folder.exists()


# Reports


def mistake_with(message: str) -> Exception:
    """An error from a place that is not in this file."""
    try:
        json.loads(message)
    except ValueError as error:
        return error
    raise AssertionError


def test_only_the_last_reports_are_kept(home: Path) -> None:
    paths = [crash_report.write_report(mistake_with("{")) for _ in range(13)]
    left = sorted(find_paths().log_folder.iterdir())
    assert left == paths[-crash_report.KEPT :]


def test_the_report_just_written_is_kept_though_the_clock_was_set_back(home: Path) -> None:
    later = [crash_report.write_report(mistake_with("{")) for _ in range(crash_report.KEPT)]
    for path in later:
        path.rename(path.with_name(path.name.replace("report-", "report-9")))
    path = crash_report.write_report(mistake_with("{"))
    left = sorted(find_paths().log_folder.iterdir())
    assert len(left) == crash_report.KEPT
    assert path in left


@given(word=st.text("abcdefghijklmnopqrstuvwxyz ", min_size=6).map(lambda word: f"xq{word}qx"))
def test_a_crash_report_quotes_no_text_of_an_error_or_its_causes(word: str) -> None:
    secret = {"answer": word}

    def fail(*_: object) -> object:
        try:
            return secret[word]
        except KeyError as error:
            error.add_note(word)
            raise ValueError(word) from error

    for act in (
        fail,
        lambda: json.loads(word),
        lambda: int(word),
        (Path(word) / "x").stat,
    ):
        with pytest.raises((ValueError, OSError, TypeError)) as failed:
            act()
        text = crash_report.describe(failed.value)
        assert word not in text
        assert type(failed.value).__name__ in text
    group = ExceptionGroup(word, [ValueError(word), TypeError(f"no attribute in /home/{word}/x")])
    assert f"home/{word.split(maxsplit=1)[0]}" not in crash_report.describe(group)


def test_a_crash_report_leaves_paths_out(tmp_path: Path) -> None:
    module = tmp_path / "kowalski.py"
    module.write_text(
        "def fail():\n    raise ImportError('cannot import x (/home/me/kowalski.py)')\n"
    )
    names: dict[str, Callable[[], None]] = {}
    exec(compile(module.read_text(), str(module), "exec"), names)
    with pytest.raises(ImportError) as failed:
        names["fail"]()
    text = crash_report.describe(failed.value)
    assert "ImportError: cannot import x (…" in text
    assert "/home/me" not in text
    assert str(tmp_path) not in text
