"""What is read is a plain file of a sensible size: nothing else is waited for, or read for long."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sco_quiz.files import keep_note, read_note, read_plain
from sco_quiz.plain.lines import LONGEST

if sys.platform != "linux":
    pytest.skip("other systems have other files that are none", allow_module_level=True)

import resource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Call = Callable[..., tuple[int, str, str]]

SECONDS = 20
ROOM = 400 << 20
"""Bytes that a command may take besides what the tests have."""

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
DECK = "deck: Many\ncards:\n  - {front: a, back: b, image: m.png}\n  - {front: c, back: d}\n"


def pipe(path: Path) -> None:
    os.mkfifo(path)


def its_socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the path of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def endless_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(ROOM + (100 << 20))


def folder(path: Path) -> None:
    path.mkdir()


ODD = (pipe, its_socket, endless_device, loop, huge, folder)

PLACES = {
    "data/decks/x.yaml": ["due", "fmt", "check", "fmt {}", "check {}", "add {}", "edit {}",
                          "study --plain {}", "export {} {}.csv"],
    "elsewhere.yaml": ["add {}", "check {}", "fmt {}", "study --plain {}", "due --short {}"],
    "data/decks/m.png": ["check", "study --plain many", "export many o.csv", "export many o.apkg",
                         "add spare.yaml"],
    "config/config.toml": ["due", "config", "config theme paper", "--info"],
    "data/imports/pending.json": ["study --plain", "import two.csv", "doctor"],
    "data/imports/NOTE": ["import --undo"],
    "data/decks/two.yaml": ["import --undo", "import two.csv"],
    "data/decks/shown.png": ["import --undo"],
    "data/backups/.reach.json": ["study --plain", "backup"],
    "data/backups/progress-2026-01-01.db": ["study --plain", "backup", "restore", "doctor"],
    "data/progress.db": ["due", "due --short", "study --plain", "doctor", "backup", "--info"],
    "copy.db": ["restore {}", "backup {}"],
    "cache/index.db": ["due", "--info"],
    "cache/index-state": ["due"],
    "cache/due-short": ["due --short"],
    "cache/log/debug.log": ["--debug due"],
    "table.csv": ["import {}", "export many {}"],
    "package.apkg": ["import {}", "export many {}"],
    "package.cards": ["import {}"],
    "notes.md": ["import {}"],
    "notes.json": ["import {}"],
    "notes.gift": ["import {}"],
    "notes.xml": ["import {}"],
}  # fmt: skip


@contextmanager
def held_to_limits() -> Iterator[None]:
    """End what waits for long, or takes much memory."""

    def waited(*_: object) -> None:
        pytest.fail(f"it took more than {SECONDS} s")

    before = signal.signal(signal.SIGALRM, waited)
    limits = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    room = pages * os.sysconf("SC_PAGE_SIZE") + ROOM
    resource.setrlimit(resource.RLIMIT_AS, (room, limits[1]))
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        resource.setrlimit(resource.RLIMIT_AS, limits)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture
def used(decks_folder: Path, home: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home in which something was studied and imported, and from which nothing is missing."""
    monkeypatch.chdir(home)
    for deck in (decks_folder / "many.yaml", home / "spare.yaml"):
        deck.write_text(DECK)
        (deck.parent / "m.png").write_bytes(PNG)
    (home / "two.csv").write_text("question,answer,image\na,b,shown.png\nc,d,\n")
    (home / "shown.png").write_bytes(PNG + b"\1")
    assert call("study", "--plain", "many", lines="\n3\n")[0] == 0
    assert call("import", "two.csv")[0] == 0
    return home


def put(make: Callable[[Path], None], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    remove(path)
    make(path)


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@pytest.mark.parametrize("place", PLACES)
def test_pipes_folders_and_devices_are_refused_or_ignored_at_once(
    used: Path, tmp_path_factory: pytest.TempPathFactory, call: Call, place: str
) -> None:
    (note,) = (used / "data" / "imports").iterdir()
    path = used / place.replace("NOTE", note.name)
    kept = tmp_path_factory.mktemp("kept") / "home"
    shutil.copytree(used, kept)
    for make in ODD:
        for words in PLACES[place]:
            for each in ("data", "cache", "config"):
                remove(used / each)
            shutil.copytree(kept, used, dirs_exist_ok=True)
            put(make, path)
            with held_to_limits():
                code, out, err = call(*words.replace("{}", str(path)).split())
            assert code in {0, 1, 2, 3}, (make, words, err)
            assert code == 0 or out + err, (make, words)
            remove(path)


@pytest.mark.parametrize("make", ODD)
def test_a_refused_file_is_reported_with_the_reason(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "x")
    with held_to_limits(), pytest.raises(OSError, match=r"not a file|1,000 bytes|levels of sym"):
        read_plain(tmp_path / "x", 1000)
    assert read_note(tmp_path / "x") == ""


@pytest.mark.parametrize("make", ODD)
def test_a_kept_file_replaces_anything_but_a_folder(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "x")
    with held_to_limits():
        keep_note(tmp_path / "x", "kept")
    assert read_note(tmp_path / "x") == ("" if make is folder else "kept")
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


@pytest.mark.parametrize("size", [LONGEST + 1, 3 * LONGEST])
@pytest.mark.parametrize("words", [("study", "--plain", "kinds"), ("quiz", "--plain", "kinds")])
def test_a_line_without_end_is_refused(
    kinds: Path, call: Call, words: tuple[str, ...], size: int
) -> None:
    code, _, err = call(*words, lines="x" * size)
    assert (code, err.splitlines()[0]) == (2, f"error: a line has more than {LONGEST:,} characters")


def test_a_stream_without_end_is_refused(kinds: Path) -> None:
    with Path("/dev/zero").open("rb") as zeros:
        done = subprocess.run(
            [sys.executable, "-m", "sco_quiz", "study", "--plain", "kinds"],
            stdin=zeros,
            capture_output=True,
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stderr[:6]) == (2, b"error:")
