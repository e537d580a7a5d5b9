"""Programs of the system are started with a list of words, on a file, when asked to."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sco_quiz import programs
from sco_quiz.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="programs are shell scripts")
PATIENCE = 20.0


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the only programs there are."""
    made = tmp_path / "bin"
    made.mkdir()
    monkeypatch.setenv("PATH", str(made))
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(sys, "platform", "linux")
    yield made
    programs.stop()
    for each in programs._viewing:
        each.wait(PATIENCE)


def install(folder: Path, name: str, then: str = "") -> Path:
    """A program that writes its arguments to a file, one a line."""
    said = folder / f"{name}.said"
    program = folder / name
    program.write_text(
        f'#!/bin/sh\nfor word in "$@"; do echo "$word"; done > "{said}.new"\n'
        f'/bin/mv "{said}.new" "{said}"\n{then}\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    return said


def heard(said: Path) -> list[str]:
    end = time.monotonic() + PATIENCE
    while not said.exists():
        assert time.monotonic() < end, "the program was not started"
        time.sleep(0.01)
    return said.read_text(encoding="utf-8").splitlines()


def test_an_image_is_given_to_the_viewer(folder: Path, tmp_path: Path) -> None:
    said = install(folder, "xdg-open")
    programs.view(tmp_path / "a.png")
    assert heard(said) == [str(tmp_path / "a.png")]


def test_a_name_is_never_read_by_a_shell(folder: Path, tmp_path: Path) -> None:
    said = install(folder, "mpv")
    name = f"$(touch {tmp_path}/pwned); `id` & -x 'y\".mp3"
    programs.play(tmp_path / name)
    assert heard(said)[-2:] == ["--", str(tmp_path / name)]
    assert not (tmp_path / "pwned").exists()


def test_a_relative_path_cannot_pass_for_an_option(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = install(folder, "pw-play")
    monkeypatch.chdir(tmp_path)
    programs.play(Path("-v.mp3"))
    assert heard(said) == [str(tmp_path / "-v.mp3")]


def test_the_first_installed_player_plays(folder: Path, tmp_path: Path) -> None:
    said = [install(folder, name) for name in ("ffplay", "aplay")]
    programs.play(tmp_path / "a.wav")
    assert heard(said[0])[-1] == str(tmp_path / "a.wav")
    assert not said[1].exists()


def test_only_wave_files_are_given_to_a_player_of_wave_files(folder: Path, tmp_path: Path) -> None:
    said = install(folder, "aplay")
    with pytest.raises(UsageError, match="no player"):
        programs.play(tmp_path / "a.mp3")
    programs.play(tmp_path / "a.WAV")
    assert heard(said)[-1] == str(tmp_path / "a.WAV")


@pytest.mark.parametrize("program", ["open", "afplay"])
def test_a_mac_has_programs_of_its_own(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    said = install(folder, program)
    (programs.view if program == "open" else programs.play)(tmp_path / "a.mp3")
    assert heard(said) == [str(tmp_path / "a.mp3")]


def test_a_second_recording_stops_the_first(folder: Path, tmp_path: Path) -> None:
    said = install(folder, "mpv", then="exec /bin/sleep 1000")
    programs.play(tmp_path / "a.mp3")
    heard(said)
    (first,) = programs._playing
    said.unlink()
    programs.play(tmp_path / "b.mp3")
    assert heard(said)[-1] == str(tmp_path / "b.mp3")
    assert first.returncode is not None
    assert programs._playing != [first]
    programs.stop()
    assert programs._playing == []


@pytest.mark.usefixtures("folder")
def test_a_missing_viewer_or_player_is_reported_with_advice(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no viewer") as error:
        programs.view(tmp_path / "a.png")
    assert "xdg-open" in error.value.help
    with pytest.raises(UsageError, match="no player") as error:
        programs.play(tmp_path / "a.mp3")
    assert "mpv" in error.value.help


def test_a_program_that_cannot_be_started_is_skipped(folder: Path, tmp_path: Path) -> None:
    (folder / "mpv").write_bytes(b"\x7fELF is no program")
    os.chmod(folder / "mpv", 0o755)  # noqa: PTH101
    said = install(folder, "paplay")
    programs.play(tmp_path / "a.mp3")
    assert heard(said) == [str(tmp_path / "a.mp3")]


def test_without_a_display_the_path_of_the_image_is_named(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = install(folder, "xdg-open")
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(UsageError, match="no display") as error:
        programs.view(tmp_path / "a.png")
    assert str(tmp_path / "a.png") in error.value.help
    assert not said.exists()
