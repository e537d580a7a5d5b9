"""Files are read only if they are plain and not too large, by everything that reads them."""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sco_quiz.__main__ import main
from sco_quiz.files import read_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Run = Callable[..., tuple[int, str, str]]

MOST = 1000

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes")


SECONDS = 20


@pytest.fixture
def run(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Run]:
    """Run the program, without input; the test fails where it waits."""

    def waited(*_: object) -> None:
        pytest.fail(f"it took more than {SECONDS} s")

    def program(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["sco-quiz", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.StringIO())
        signal.alarm(SECONDS)
        with pytest.raises(SystemExit) as ended:
            main()
        signal.alarm(0)
        out, err = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, out, err

    before = signal.signal(signal.SIGALRM, waited)
    yield program
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
    gc.enable()  # as the program leaves it only where it opens an app


@pytest.mark.parametrize("size", [0, 1, MOST])
def test_a_plain_file_is_read_whole_up_to_the_most(tmp_path: Path, size: int) -> None:
    (tmp_path / "file").write_bytes(b"x" * size)
    (tmp_path / "link").symlink_to("file")
    assert read_plain(tmp_path / "link", MOST) == b"x" * size


def test_a_larger_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * (MOST + 1))
    with pytest.raises(OSError, match="more than 1,000 bytes"):
        read_plain(tmp_path / "file", MOST)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs such a file")
def test_a_file_that_says_nothing_of_its_size_is_read_no_further_than_the_most() -> None:
    with pytest.raises(OSError, match="more than 10 bytes"):
        read_plain(Path("/proc/self/status"), 10)


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def link_to_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def make_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("make", [make_pipe, link_to_device, make_folder])
class TestNoPlainFile:
    def test_a_pipe_device_or_folder_is_refused_at_once(
        self, tmp_path: Path, make: Callable[[Path], None]
    ) -> None:
        make(tmp_path / "odd")
        with pytest.raises(OSError, match="not a file"):
            read_plain(tmp_path / "odd", MOST)

    def test_a_pipe_device_or_folder_is_not_read_as_a_deck(
        self, decks_folder: Path, run: Run, make: Callable[[Path], None]
    ) -> None:
        make(decks_folder / "odd.yaml")
        (decks_folder / "mine.yaml").write_text("deck: Mine\ncards: [{front: a, back: b}]\n")
        assert "Mine" in run("due")[1]
        for words in (("fmt",), ("check",), ("check", decks_folder / "odd.yaml")):
            assert run(*words)[0] in {0, 1}
        for command in ("fmt", "add", "import"):
            code, _, err = run(command, decks_folder / "odd.yaml")
            assert code in {0, 1, 2}
            assert "Traceback" not in err

    def test_a_pipe_device_or_folder_is_not_read_as_settings(
        self, home: Path, run: Run, make: Callable[[Path], None]
    ) -> None:
        (home / "config").mkdir()
        make(home / "config" / "config.toml")
        for words in (("due",), ("due", "--short"), ("config", "theme", "paper")):
            code, _, err = run(*words)
            assert code == 2
            assert "config.toml: cannot be read (" in err

    def test_a_pipe_device_or_folder_in_the_cache_is_ignored(
        self, empty_home: Path, run: Run, make: Callable[[Path], None]
    ) -> None:
        (empty_home / "cache").mkdir()
        for name in ("index.db", "index-state", "whole-pages"):
            make(empty_home / "cache" / name)
        for words in (("due",), ("due", "--short"), ("study", "--plain")):
            assert run(*words)[0] == 0

    def test_a_pipe_device_or_folder_is_not_opened_as_a_progress_file(
        self, home: Path, run: Run, make: Callable[[Path], None]
    ) -> None:
        (home / "data").mkdir()
        make(home / "data" / "progress.db")
        for words in (("due",), ("study", "--plain"), ("doctor",)):
            code, _, err = run(*words)
            assert code == 3
            assert "is not a progress file" in err


def test_fmt_does_not_read_a_deck_that_is_too_large(decks_folder: Path, run: Run) -> None:
    with (decks_folder / "large.yaml").open("wb") as file:
        file.truncate(1 << 30)
    code, _, err = run("fmt")
    assert code == 1
    assert "large.yaml cannot be read (it has more than 67,108,864 bytes)" in err
