"""The first screen as it is kept: painted only if all that it depends on is still so."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sco_quiz import first_frame
from sco_quiz.first_frame import Frame, Start, state_of
from sco_quiz.paths import HOME_VARIABLE, find_paths

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no frame is kept on Windows")

PAINTING = "\x1b[1;1H\x1b[1;38;2;1;2;3mDecks\x1b[0m\n\x1b[2;1H漢字"
HOUR_MS = 3_600_000


@pytest.fixture
def now() -> Start:
    return Start((), first_frame._environment(), (100, 30))


@pytest.fixture
def keep(home: Path, now: Start) -> Callable[..., Path]:
    """Keep a frame, of which parts may be others; return its file."""

    def write(**other: object) -> Path:
        (home / "cache").mkdir(exist_ok=True)
        (home / "decks" / "below").mkdir(parents=True, exist_ok=True)
        for name in ("file", "decks/deck.yaml", "decks/below/other.yml"):
            (home / name).write_text("as it was")
        files = [str(home / "file"), str(home / "missing")]
        folders = [str(home / "decks")]
        at = time.time_ns() // 1_000_000
        state = state_of(files, folders)
        frame = Frame(
            now, at - HOUR_MS, at + HOUR_MS, tuple(files), tuple(folders), state, PAINTING
        )
        data = first_frame._encoded(frame._replace(**other))  # type: ignore[arg-type]
        file = Path(first_frame.file_of(()))
        file.write_bytes(data)
        file.chmod(0o600)
        return file

    return write


def known(start: Start) -> str:
    return first_frame._known_painting(start)


def test_a_frame_is_painted_while_nothing_changed(keep: Callable[..., Path], now: Start) -> None:
    keep()
    assert known(now) == PAINTING


@pytest.mark.parametrize(
    "change",
    [
        lambda home: (home / "file").write_text("another"),
        lambda home: (home / "file").chmod(0o640),
        lambda home: (home / "file").unlink(),
        lambda home: (home / "missing").write_text("there"),
        lambda home: (home / "decks/deck.yaml").write_text("another"),
        lambda home: (home / "file").replace(home / "decks/deck.yaml"),
        lambda home: (home / "decks/below/new.yaml").write_text("new"),
        lambda home: (home / "decks/below").rename(home / "decks/elsewhere"),
        lambda home: (home / "decks/link").symlink_to(home / "nowhere"),
    ],
    ids=[
        "a file is another", "its permissions", "it is gone", "a missing one is there",
        "a deck is another", "a deck is replaced", "a deck is new", "a folder is renamed", "a link",
    ],
)  # fmt: skip
def test_no_frame_is_painted_once_a_file_is_another(
    keep: Callable[..., Path], now: Start, home: Path, change: Callable[[Path], object]
) -> None:
    keep()
    time.sleep(0.02)  # or the file system's clock shows the same time
    change(home)
    assert known(now) == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TERM", "vt220"), ("COLORTERM", ""), ("NO_COLOR", "1"), ("LC_ALL", "de_DE.UTF-8"),
        ("TEXTUAL_THEME", "nord"), ("XDG_DATA_HOME", "/elsewhere"), ("TZ", "Asia/Tashkent"),
        ("PYTHONPATH", "/elsewhere"),
    ],
)  # fmt: skip
def test_no_frame_is_painted_in_another_environment(
    keep: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    keep()
    monkeypatch.setenv(name, value)
    assert known(Start((), first_frame._environment(), (100, 30))) == ""


def test_no_frame_is_painted_for_another_size_or_command_line_or_time(
    keep: Callable[..., Path], now: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep()
    assert known(now._replace(size=(100, 31))) == ""
    assert known(now._replace(words=("study",))) == ""
    for hours in (-2, 2):
        at = time.time_ns() + hours * HOUR_MS * 1_000_000
        with monkeypatch.context() as patch:
            patch.setattr(time, "time_ns", lambda at=at: at)
            assert known(now) == ""


@pytest.mark.parametrize(
    "painting",
    ["\x1b]52;c;MzEzMzc=\x07", "\x1b[2J", "\x1b[?1049l", "\x07", "\x9b31m", "a\rb", "\x1bP1\x1b\\"],
)
def test_nothing_but_colours_places_and_texts_is_painted(
    keep: Callable[..., Path], now: Start, painting: str
) -> None:
    keep(painting=painting)
    assert known(now) == ""


def test_a_frame_file_that_another_user_could_write_is_not_painted(
    keep: Callable[..., Path], now: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = keep()
    file.chmod(0o620)
    assert known(now) == ""
    file.chmod(0o600)
    elsewhere = file.rename(file.with_name("elsewhere"))
    file.symlink_to(elsewhere)
    assert known(now) == ""
    file.unlink()
    elsewhere.rename(file)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert known(now) == ""


def test_a_damaged_frame_file_is_not_painted(keep: Callable[..., Path], now: Start) -> None:
    file = keep()
    data = file.read_bytes()
    for place in range(0, len(data), 7):
        file.write_bytes(data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :])
        assert known(now) == ""
        file.write_bytes(data[:place])
        assert known(now) == ""
    file.write_bytes(data + b"\0" * 5_000_000)
    assert known(now) == ""


def test_a_file_changed_just_now_is_not_trusted_yet(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("new")
    assert not first_frame.is_settled(state_of([str(file)], []))
    time.sleep(0.06)
    assert first_frame.is_settled(state_of([str(file)], []))


@pytest.mark.parametrize("variable", [HOME_VARIABLE, "XDG_CACHE_HOME", "HOME"])
def test_the_guessed_cache_folder_is_the_real_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    for name in (HOME_VARIABLE, "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, str(tmp_path / "a home"))
    assert Path(first_frame.likely_cache()) == find_paths().cache
