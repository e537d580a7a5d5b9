"""Deck files are written wholly or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sco_quiz.errors import DeckError
from sco_quiz.files import put_over, sweep
from sco_quiz.library.editing import add_note, remove_notes, set_in_many
from sco_quiz.library.files import edit_file, write_new
from sco_quiz.library.folders import Stamp
from sco_quiz.paths import shipped_decks

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = "deck: A\ncards:\n  - question: Capital?\n    answer: Astana\n"


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    path = tmp_path / "deck.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def correct(text: str) -> str:
    return set_in_many(text, "answer", {3: "Almaty"})


def only_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_an_edit_changes_the_file_and_returns_true(deck: Path) -> None:
    assert edit_file(deck, correct)
    assert deck.read_text(encoding="utf-8") == TEXT.replace("Astana", "Almaty")
    assert not edit_file(deck, correct)
    assert only_file(deck.parent) == deck


def test_mode_link_byte_order_mark_and_line_ends_survive(deck: Path, tmp_path: Path) -> None:
    deck.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    deck.chmod(0o640)
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    link = folder / "link.yaml"
    link.symlink_to(deck)
    edit_file(link, correct)
    assert link.is_symlink()
    assert deck.stat().st_mode & 0o777 == 0o640
    wanted = TEXT.replace("Astana", "Almaty").replace("\n", "\r\n")
    assert deck.read_bytes() == b"\xef\xbb\xbf" + wanted.encode()


def test_a_file_that_changes_during_the_edit_is_left_alone(deck: Path) -> None:
    def meddle(text: str) -> str:
        deck.write_text(TEXT + "# mine\n", encoding="utf-8")
        return correct(text)

    with pytest.raises(DeckError, match="changed by another program"):
        edit_file(deck, meddle)
    assert deck.read_text(encoding="utf-8") == TEXT + "# mine\n"
    assert only_file(deck.parent) == deck


def test_every_edit_gives_the_file_a_new_stamp(deck: Path) -> None:
    stamps = set()
    for number in range(10):
        edit_file(deck, lambda text, number=number: set_in_many(text, "answer", {3: f"{number}"}))  # type: ignore[misc]
        stamps.add(Stamp.of(deck.stat()))
    assert len(stamps) == 10


def test_an_edit_that_causes_an_error_is_refused(deck: Path) -> None:
    with pytest.raises(DeckError, match="is the right answer") as caught:
        edit_file(deck, lambda text: set_in_many(text, "choices", {3: ["Astana"]}))
    assert "delete it there" in caught.value.help
    with pytest.raises(DeckError, match="not closed"):
        edit_file(deck, lambda text: text + 'id: "a\n')
    assert deck.read_text(encoding="utf-8") == TEXT


def test_earlier_errors_of_a_deck_do_not_prevent_an_edit(deck: Path) -> None:
    deck.write_text(TEXT + "  - question: Lost?\n    anwser: x\n", encoding="utf-8")
    assert edit_file(deck, correct)


def test_the_last_card_can_be_removed(deck: Path) -> None:
    assert edit_file(deck, lambda text: remove_notes(text, [3]))
    assert edit_file(deck, lambda text: add_note(text, {"front": "a", "back": "b"}))


def test_shipped_decks_are_never_changed() -> None:
    folder = shipped_decks()
    assert isinstance(folder, Path)
    path = next(folder.glob("*.yaml"))
    before = path.read_bytes()
    with pytest.raises(DeckError, match="came with the app") as caught:
        edit_file(path, lambda text: text + "# x\n")
    assert "sco-quiz add" in caught.value.help
    assert path.read_bytes() == before


def test_a_missing_or_binary_file_is_named(deck: Path) -> None:
    with pytest.raises(DeckError, match=r"missing\.yaml cannot be read"):
        edit_file(deck.with_name("missing.yaml"), correct)
    with pytest.raises(DeckError, match="cannot be read"):
        edit_file(deck.parent, correct)
    deck.write_bytes(b"deck: \xff\n")
    with pytest.raises(DeckError, match="not UTF-8"):
        edit_file(deck, correct)


def test_a_refused_edit_names_the_file(deck: Path) -> None:
    with pytest.raises(DeckError, match=r"deck\.yaml: no note starts on line 9"):
        edit_file(deck, lambda text: set_in_many(text, "answer", {9: "x"}))


def test_a_full_disk_leaves_the_file_as_it_was(deck: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sco_quiz.files.os.fsync", full)
    with pytest.raises(DeckError, match="No space left"):
        edit_file(deck, correct)
    assert deck.read_text(encoding="utf-8") == TEXT
    assert only_file(deck.parent) == deck
    with pytest.raises(DeckError, match="No space left"):
        write_new(deck.with_name("new.yaml"), b"deck: B\n")
    assert only_file(deck.parent) == deck


def test_a_deck_that_is_saved_while_its_edit_reaches_the_disk_is_left_alone(
    deck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = os.fsync

    def save_meanwhile(handle: int) -> None:
        sync(handle)
        deck.write_text(TEXT + "# mine\n", encoding="utf-8")

    monkeypatch.setattr("sco_quiz.files.os.fsync", save_meanwhile)
    with pytest.raises(DeckError, match="another program changed it meanwhile"):
        edit_file(deck, correct)
    assert deck.read_text(encoding="utf-8") == TEXT + "# mine\n"
    assert only_file(deck.parent) == deck


def test_a_write_protected_file_stays_as_it_is(deck: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sco_quiz.library.files.os.access", lambda *_: False)
    with pytest.raises(DeckError, match="write-protected"):
        edit_file(deck, correct)
    assert deck.read_text(encoding="utf-8") == TEXT


def test_a_new_file_never_replaces_another(deck: Path) -> None:
    with pytest.raises(DeckError, match="already there"):
        write_new(deck, b"deck: B\n")
    assert deck.read_text(encoding="utf-8") == TEXT
    path = deck.parent / "a" / "b.yaml"
    write_new(path, b"deck: B\n")
    assert path.read_bytes() == b"deck: B\n"
    umask = os.umask(0)
    os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask


@pytest.mark.parametrize("links", [True, False], ids=["with links", "without links"])
def test_a_name_taken_meanwhile_by_another_program_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    path = tmp_path / "new.yaml"

    def parts() -> Iterator[bytes]:
        yield b"deck: B\n"
        assert not path.exists()  # no name without content
        path.write_bytes(b"mine")

    if not links:
        monkeypatch.setattr(os, "link", refuse_links)
    with pytest.raises(DeckError, match="already there"):
        write_new(path, parts())
    assert path.read_bytes() == b"mine"
    assert only_file(tmp_path) == path


def refuse_links(*_: object, **__: object) -> None:
    raise PermissionError(1, "Operation not permitted")


def test_a_new_file_is_whole_on_a_file_system_without_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", refuse_links)
    write_new(tmp_path / "new.yaml", b"deck: B\n")
    assert only_file(tmp_path).read_bytes() == b"deck: B\n"


def test_a_link_that_leads_nowhere_is_not_written_through(tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DeckError, match="already there"):
        write_new(path, b"deck: B\n")
    assert only_file(tmp_path) == path


def test_a_pipe_is_never_replaced_by_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    for name in ("pipe", "link"):
        with pytest.raises(OSError, match="it is not a file"):
            put_over(tmp_path / name, b"x")
    assert (tmp_path / "pipe").is_fifo()


LEFT = ".sco-quiz-0123456789abcdef.tmp"


def test_the_next_write_sweeps_the_leftovers_of_a_killed_program(deck: Path) -> None:
    (deck.parent / LEFT).write_bytes(b"half")
    (deck.parent / ".mine.tmp").write_bytes(b"not ours")
    edit_file(deck, correct)
    assert {path.name for path in deck.parent.iterdir()} == {"deck.yaml", ".mine.tmp"}


def test_a_file_that_another_program_is_making_is_not_swept(tmp_path: Path) -> None:
    make = f"""
import sys
from pathlib import Path
from sco_quiz.files import put
def parts():
    yield b"first"
    print("begun", flush=True)
    yield sys.stdin.buffer.read()
put(Path({str(tmp_path / "new")!r}), parts())
"""
    with subprocess.Popen(
        [sys.executable, "-c", make], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert sweep(tmp_path) == 0
        process.communicate(b" and last")
    assert process.returncode == 0
    assert only_file(tmp_path).read_bytes() == b"first and last"


def test_without_file_locks_only_old_leftovers_are_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sco_quiz.files._lock", lambda _: None)
    (tmp_path / LEFT).write_bytes(b"half")
    assert sweep(tmp_path) == 0
    os.utime(tmp_path / LEFT, (0, 0))
    assert sweep(tmp_path) == 1


def test_links_pipes_and_folders_that_are_named_like_leftovers_stay(tmp_path: Path) -> None:
    names = [LEFT.replace("0", each) for each in "abc"]
    (tmp_path / "mine").write_bytes(b"mine")
    (tmp_path / names[0]).symlink_to(tmp_path / "mine")
    os.mkfifo(tmp_path / names[1])
    (tmp_path / names[2]).mkdir()
    assert sweep(tmp_path, below=True) == 0
    assert len(list(tmp_path.iterdir())) == 4
