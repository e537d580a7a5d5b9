"""Undo, a full disk, a restore and a damaged file, at the app's and line mode's own surfaces."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from typing import IO, TYPE_CHECKING

import pytest

from sco_quiz.progress.doctor import examine
from sco_quiz.progress.store import Progress

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.conftest import Terminal

PLAIN = (sys.executable, "-m", "sco_quiz", "study", "--plain", "kinds")


def counted(home: Path) -> dict[str, int]:
    """How many events of each kind count."""
    with Progress.open(home / "data" / "progress.db", read_only=True) as progress:
        rows = progress.query(
            "SELECT kind, count(*) FROM event WHERE (device, seq) NOT IN undone GROUP BY kind"
        )
    return {kind: number for kind, number in rows if not kind.startswith("session")}


def plain(*lines: str) -> str:
    """One run of line mode."""
    run = subprocess.run(
        PLAIN, input="".join(f"{line}\n" for line in lines), capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert run.stderr == ""
    return run.stdout


# Undo


def test_line_mode_undoes_steps_one_by_one_after_a_restart(home: Path, kinds: Path) -> None:
    said = plain("", "4", ":s", ":b", "1", "3")
    asked = [line for line in said.splitlines() if line.endswith("?") or "[…]" in line]
    assert counted(home) == {"review": 2, "suspend": 1, "bury": 1}
    said = plain(":u", ":q")
    assert counted(home) == {"review": 1, "suspend": 1, "bury": 1, "undo": 1}
    assert asked[3] in said  # the card of the step is asked again
    plain(":u", ":u")
    assert counted(home) == {"review": 1, "undo": 3}
    said = plain(":u", ":u")
    assert counted(home) == {"undo": 4}
    assert "There is nothing to undo." in said
    assert asked[0] in said


def test_the_app_undoes_steps_one_by_one_after_a_restart(
    launch: Callable[..., Terminal], home: Path, kinds: Path
) -> None:
    terminal = launch("study", "kinds")
    terminal.wait_for("Astana")
    terminal.press("enter", "4")
    terminal.wait_for("capital of Uzbekistan")
    terminal.press("f9")
    terminal.wait_for("[…] is the capital")
    terminal.press("ctrl+o")
    terminal.wait_for("doubly landlocked")
    terminal.press("1")
    terminal.wait_for("1 Again")
    terminal.press("4")
    terminal.wait_for("Caspian")
    terminal.press("ctrl+c")
    assert terminal.wait_until_gone() == 0
    assert counted(home) == {"review": 2, "suspend": 1, "bury": 1}

    terminal = launch("study", "kinds")
    terminal.wait_for("Caspian")
    terminal.press("ctrl+underscore")
    terminal.wait_for("doubly landlocked")
    assert counted(home) == {"review": 1, "suspend": 1, "bury": 1, "undo": 1}
    terminal.press("ctrl+underscore")
    terminal.wait_for("[…] is the capital")
    terminal.press("ctrl+underscore")
    terminal.wait_for("capital of Uzbekistan")
    terminal.press("ctrl+c")
    assert terminal.wait_until_gone() == 0
    assert counted(home) == {"review": 1, "undo": 3}

    terminal = launch("study", "kinds")
    terminal.wait_for("capital of Uzbekistan")
    terminal.press("ctrl+underscore")
    terminal.wait_for("Astana")
    terminal.press("ctrl+underscore")
    terminal.wait_for("nothing to undo")
    assert counted(home) == {"undo": 4}


SIX = {"review": 1, "flag": 1, "accept": 1, "edit": 1, "suspend": 1, "bury": 1}


@pytest.mark.parametrize("front", ["app", "plain"])
def test_steps_of_every_kind_are_undone_one_by_one_each_after_a_restart(
    launch: Callable[..., Terminal], home: Path, kinds: Path, front: str
) -> None:
    files = [kinds.read_text(encoding="utf-8")]
    terminal = launch("study", "kinds")
    terminal.wait_for("Astana")
    terminal.press("enter", "4")
    terminal.wait_for("capital of Uzbekistan")
    terminal.press("ctrl+t")
    terminal.wait_for("⚑")
    terminal.type("Chirchik\r")
    terminal.wait_for("wrong", "I was right")
    terminal.press("+")
    terminal.wait_for("correct")
    files.append(kinds.read_text(encoding="utf-8"))
    terminal.press("e")
    terminal.wait_for("Edit card", "As it will be asked")
    terminal.type(" Say!")
    terminal.wait_for("Uzbekistan? Say!", "Edit card")
    terminal.press("ctrl+s")
    terminal.wait_for("capital of Uzbekistan? Say!", "correct", "1 Again")
    assert "⚑" in terminal.text
    files.append(kinds.read_text(encoding="utf-8"))
    terminal.press("!")
    terminal.wait_for("[…] is the capital")
    terminal.press("ctrl+o")
    terminal.wait_for("doubly landlocked")
    terminal.press("ctrl+c")
    assert terminal.wait_until_gone() == 0
    assert len(set(files)) == 3
    counts = dict(SIX)
    assert counted(home) == counts

    last_first = ("bury", "suspend", "edit", "accept", "flag", "review")
    for number, kind in enumerate(last_first, 1):
        if front == "plain":
            assert "Taken back" in plain(":u", ":q")
        else:
            terminal = launch("study", "kinds")
            terminal.wait_for(" of ")
            terminal.press("ctrl+underscore")
            terminal.wait_for(lambda _, n=number: counted(home).get("undo") == n)  # type: ignore[misc]
            terminal.press("ctrl+c")
            assert terminal.wait_until_gone() == 0
        del counts[kind]
        assert counted(home) == {**counts, "undo": number}
        edits = ("edit" in counts) + ("accept" in counts)
        assert kinds.read_text(encoding="utf-8") == files[edits]


# A full disk


def limit_files(process: subprocess.Popen[bytes], size: int) -> None:
    """Let a program write no file beyond a size, as if the disk were full there; -1 for any."""
    if sys.platform != "linux":
        pytest.skip("only Linux sets the limits of another process")
    import resource

    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, -1))


def converse(lines: IO[bytes], said: IO[bytes], line: str, until: str) -> str:
    """Say a line, and listen until a prompt."""
    lines.write(f"{line}\n".encode())
    lines.flush()
    text = b""
    while not text.endswith(until.encode()):
        byte = said.read(1)
        assert byte, text
        text += byte
    return text.decode()


@pytest.mark.parametrize("size", [0, 700, 40_000])
def test_line_mode_reports_a_full_disk_and_keeps_the_answer_once_there_is_room(
    home: Path, kinds: Path, size: int
) -> None:
    with subprocess.Popen(PLAIN, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        lines, said = process.stdin, process.stdout
        assert lines is not None
        assert said is not None
        converse(lines, said, "", "rating [3]> ")
        converse(lines, said, "4", "answer> ")
        limit_files(process, size)
        converse(lines, said, "Tashkent", "rating [3]> ")
        assert "so this was not saved" in converse(lines, said, "4", "rating [3]> ")
        limit_files(process, -1)
        converse(lines, said, "4", "answer> ")
        lines.close()
        assert b"2 answered, 2 recalled." in said.read()
    assert process.returncode == 0
    assert counted(home) == {"review": 2}
    assert not any(examine(home / "data" / "progress.db")[1:])


def test_the_app_reports_a_full_disk_and_stays_on_the_card(
    launch: Callable[..., Terminal], home: Path, kinds: Path
) -> None:
    terminal = launch("study", "kinds")
    terminal.wait_for("Astana")
    terminal.press("enter", "4")
    terminal.wait_for("capital of Uzbekistan")
    limit_files(terminal.process, 0)
    terminal.type("Tashkent\r")
    terminal.wait_for("4 Easy")
    terminal.press("4")
    terminal.wait_for("not saved")
    assert "capital of Uzbekistan" in terminal.text
    assert counted(home) == {"review": 1}
    limit_files(terminal.process, -1)
    terminal.press("4")
    terminal.wait_for("[…] is the capital")
    terminal.press("ctrl+c")
    assert terminal.wait_until_gone() == 0
    assert counted(home) == {"review": 2}
    assert not any(examine(home / "data" / "progress.db")[1:])


@pytest.mark.parametrize("arguments", [(), ("study",), ("study", "--plain")])
def test_an_unwritable_folder_is_reported_before_anything_is_asked(
    launch: Callable[..., Terminal], monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    if sys.platform != "linux":
        pytest.skip("there is no folder here that nobody can write in")
    monkeypatch.setenv("SCO_QUIZ_HOME", "/proc/sco-quiz")
    terminal = launch(*arguments)
    assert terminal.wait_until_gone() == 3
    assert (
        "error: /proc/sco-quiz/data: the folder for your progress cannot be made" in terminal.text
    )
    assert "Traceback" not in terminal.text


# A damaged file


def test_a_restore_asks_first(
    launch: Callable[..., Terminal], home: Path, kinds: Path, tmp_path: Path
) -> None:
    plain("", "4")
    (backup,) = (home / "data" / "backups").glob("*.db")
    plain("Tashkent", "4")
    for reply, reviews in (("n", 2), ("y", 1)):
        terminal = launch("restore", str(backup), columns=200)
        terminal.wait_for("Put the backup in its place? [y/N]")
        assert "events" in terminal.text
        terminal.type(f"{reply}\r")
        assert terminal.wait_until_gone() == (0 if reply == "y" else 1)
        assert counted(home) == {"review": reviews}


def test_the_app_mends_a_damaged_file_and_counts_the_saved_events(
    launch: Callable[..., Terminal], home: Path, kinds: Path
) -> None:
    plain("", "4", "Tashkent", "4")
    path = home / "data" / "progress.db"
    damaged = path.read_bytes()[:-4096]
    path.write_bytes(damaged)
    terminal = launch()
    terminal.wait_for("Your progress file was damaged")
    terminal.wait_for("Decks  ")
    terminal.press("ctrl+c")
    assert terminal.wait_until_gone() == 0
    assert counted(home) == {"review": 2}
    (aside,) = (home / "data" / "backups").glob("damaged-*")
    assert aside.read_bytes() == damaged


def test_damage_under_a_running_app_ends_it_with_a_message(
    launch: Callable[..., Terminal], home: Path, kinds: Path
) -> None:
    plain("", "4", "Tashkent", "4")
    path = home / "data" / "progress.db"
    terminal = launch()
    terminal.wait_for("All kinds")
    with path.open("r+b") as file:
        file.seek(24)
        file.write(b"\xff" * 4)  # another program wrote: what was read before counts no more
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))
    terminal.press("end", "enter")
    assert terminal.wait_until_gone() == 3
    assert terminal.is_restored
    assert "Traceback" not in terminal.text
    told = "".join(terminal.text.split())  # a line may end within a word, or at a space
    assert "isdamaged" in told
    assert "sco-quizdoctor--rebuild" in told


def test_the_last_step_is_undone_from_home_when_nothing_is_left_to_study(
    launch: Callable[..., Terminal], home: Path, decks_folder: Path
) -> None:
    (decks_folder / "one.yaml").write_text("deck: One\ncards: [{front: Lonely, back: x}]\n")
    terminal = launch("study", "one")
    terminal.wait_for("Lonely")
    terminal.press("!")
    terminal.wait_for("All decks")
    terminal.press("ctrl+c")
    assert terminal.wait_until_gone() == 0
    terminal = launch()
    terminal.wait_for("All decks")
    terminal.press("u")
    terminal.wait_for("Taken back, of this card: Lonely")
    assert counted(home) == {"undo": 1}
    terminal.press("end", "enter")
    terminal.wait_for("Lonely", "Reveal")
    terminal.press("ctrl+c")
    assert terminal.wait_until_gone() == 0


def test_the_app_makes_a_backup_of_the_day(
    launch: Callable[..., Terminal], home: Path, kinds: Path
) -> None:
    plain("", "4", ":q")
    (backup,) = (home / "data" / "backups").glob("*.db")
    backup.unlink()
    terminal = launch()
    terminal.wait_for("Decks  ")
    terminal.wait_for(lambda _: backup.exists())
    terminal.press("ctrl+c")
    assert terminal.wait_until_gone() == 0
    with closing(Progress.open(backup, read_only=True)) as progress:
        assert len(list(progress.events())) == 3
