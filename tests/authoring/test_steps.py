"""Notes and decks added, deleted and renamed, and what becomes of their files and histories."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from sco_quiz.authoring import deck_files, steps
from sco_quiz.authoring.notes import Authoring
from sco_quiz.cli.main import run
from sco_quiz.errors import DeckError
from sco_quiz.learning.cards import Rating
from sco_quiz.learning.kinds import Kind
from sco_quiz.studying.sessions import begin_study
from sco_quiz.studying.undo import undo
from sco_quiz.workspace.cards import cards_of_deck
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sco_quiz.learning.cards import Card
    from tests.conftest import FakeClock

RIVERS = """\
deck: Rivers  # of Asia
cards:
  - question: 'Longest river of Asia?'
    answer: Yangtze

  # in two parts
  - question: Which river flows through Baghdad?
    answer: Tigris
    tags: [iraq]

  - {front: Lena, back: Laptev Sea}
"""
FEW = "deck: Few\ncards:\n- {front: a, back: b}\n"


@pytest.fixture
def rivers(decks_folder: Path) -> Path:
    path = decks_folder / "rivers.yaml"
    path.write_text(RIVERS, encoding="utf-8")
    return path


@pytest.fixture
def workspace(rivers: Path, clock: FakeClock) -> Iterator[Workspace]:
    assert rivers.exists()
    with Workspace(clock=clock) as opened:
        opened.refresh()
        yield opened


def cards(workspace: Workspace, deck: str = "rivers") -> list[Card]:
    return cards_of_deck(workspace.progress.connection, deck)


def answer_all(workspace: Workspace, deck: str = "rivers") -> None:
    session = begin_study(workspace, [deck], most_new=99)
    while session.question is not None:
        session.answer("")
        session.rate(Rating.EASY)


def words_of_undo(workspace: Workspace) -> str:
    undone = undo(workspace)
    assert undone is not None
    return undone.words


# Deleting


def test_deleted_notes_leave_their_neighbours_as_they_are(
    workspace: Workspace, rivers: Path
) -> None:
    assert steps.delete_notes(workspace, cards(workspace)[::2]) == 2
    assert rivers.read_text(encoding="utf-8") == (
        "deck: Rivers  # of Asia\ncards:\n  # in two parts\n"
        "  - question: Which river flows through Baghdad?\n    answer: Tigris\n"
        "    tags: [iraq]\n"
    )
    assert words_of_undo(workspace) == "the deletion of 2 notes"
    assert rivers.read_text(encoding="utf-8") == RIVERS


def test_deleted_notes_come_back_as_they_stood_into_a_file_that_was_changed_since(
    workspace: Workspace, rivers: Path
) -> None:
    steps.delete_notes(workspace, cards(workspace)[1:2])
    steps.delete_notes(workspace, cards(workspace)[:1])
    left = rivers.read_text(encoding="utf-8")
    assert "Baghdad" not in left
    rivers.write_text(left.replace("Laptev", "Arctic"), encoding="utf-8")
    assert words_of_undo(workspace) == "the deletion of “Longest river of Asia?”"
    assert words_of_undo(workspace) == "the deletion of “Which river flows through Baghdad?”"
    assert rivers.read_text(encoding="utf-8") == RIVERS.replace("Laptev", "Arctic")


def test_the_history_of_a_deleted_note_stays_and_comes_back_with_it(workspace: Workspace) -> None:
    answer_all(workspace)
    states = {card.key: workspace.progress.state(card.key) for card in cards(workspace)}
    steps.delete_notes(workspace, cards(workspace)[:1])
    assert {key: workspace.progress.state(key) for key in states} == states
    assert words_of_undo(workspace) == "the deletion of “Longest river of Asia?”"
    assert {card.key: workspace.progress.state(card.key) for card in cards(workspace)} == states
    assert begin_study(workspace, ["rivers"]).question is None  # none of them is new


def test_a_new_card_is_not_taken_for_a_deleted_one_that_is_like_it(workspace: Workspace) -> None:
    answer_all(workspace)
    old = cards(workspace)[0]
    steps.delete_notes(workspace, [old])
    fields = {"question": "The longest river of Asia?", "answer": "Yangtze"}
    Authoring(workspace).add("rivers", Kind.TYPED, fields)
    new = cards(workspace)[-1]
    assert workspace.progress.state(new.key).reps == 0
    assert workspace.progress.state(old.key).reps == 1
    assert workspace.relinker.doubtful() == []
    assert old.key in {face.key for face in workspace.relinker.orphans()}  # to be joined by hand


def test_a_note_reworded_by_hand_keeps_its_history(workspace: Workspace, rivers: Path) -> None:
    answer_all(workspace)
    old = cards(workspace)[0]
    text = RIVERS.replace("'Longest river of Asia?'", "The longest river of Asia?")
    rivers.write_text(text, encoding="utf-8")
    workspace.refresh()
    assert workspace.progress.state(cards(workspace)[0].key).reps == 1
    assert workspace.progress.state(old.key).reps == 0


def test_a_deleted_deck_has_its_schedule_again_after_undo(
    workspace: Workspace, rivers: Path
) -> None:
    answer_all(workspace)
    states = {card.key: workspace.progress.state(card.key) for card in cards(workspace)}
    steps.delete_deck(workspace, "rivers")
    assert not rivers.exists()
    assert "rivers" not in workspace.catalogue.decks
    assert words_of_undo(workspace) == "the deletion of the deck “Rivers”"
    assert rivers.read_text(encoding="utf-8") == RIVERS
    assert {card.key: workspace.progress.state(card.key) for card in cards(workspace)} == states


def test_undo_restores_a_deck_file_byte_for_byte(workspace: Workspace, rivers: Path) -> None:
    data = b"\xef\xbb\xbf" + RIVERS.replace("\n", "\r\n").encode()
    rivers.write_bytes(data)
    workspace.refresh()
    for step in (
        lambda: steps.delete_notes(workspace, cards(workspace)[1:2]),
        lambda: steps.rename_deck(workspace, "rivers", "Streams"),
        lambda: steps.delete_deck(workspace, "rivers"),
    ):
        step()
        assert not rivers.exists() or rivers.read_bytes() != data
        undo(workspace)
        assert rivers.read_bytes() == data


def test_undo_of_a_deletion_does_not_overwrite_a_new_file_of_that_name(
    workspace: Workspace, rivers: Path
) -> None:
    steps.delete_deck(workspace, "rivers")
    rivers.write_text(FEW, encoding="utf-8")
    with pytest.raises(DeckError, match=r"rivers.yaml was changed since, so this is not taken"):
        undo(workspace)
    assert rivers.read_text(encoding="utf-8") == FEW


def test_undo_says_that_the_text_of_a_deleted_deck_is_lost(
    workspace: Workspace, home: Path
) -> None:
    steps.delete_deck(workspace, "rivers")
    for note in (home / "data" / "imports").iterdir():
        note.unlink()
    with pytest.raises(DeckError, match="is not known any more"):
        undo(workspace)


@pytest.mark.parametrize("is_linked", ["the file", "its folder"])
def test_a_deck_that_is_only_linked_into_the_decks_folder_is_not_deleted(
    workspace: Workspace, home: Path, decks_folder: Path, is_linked: str
) -> None:
    elsewhere = home / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "few.yaml").write_text(FEW, encoding="utf-8")
    if is_linked == "the file":
        (decks_folder / "few.yaml").symlink_to(elsewhere / "few.yaml")
    else:
        (decks_folder / "linked").symlink_to(elsewhere)
    workspace.refresh()
    with pytest.raises(DeckError, match="leads out of your decks folders"):
        steps.delete_deck(workspace, "few")
    assert steps.delete_notes(workspace, cards(workspace, "few")) == 1  # which edits do too
    undo(workspace)
    assert (elsewhere / "few.yaml").read_text(encoding="utf-8") == FEW


def test_a_deck_of_a_decks_folder_of_the_settings_is_deleted_there(
    workspace: Workspace, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("cards")
    (folder / "few.yaml").write_text(FEW, encoding="utf-8")
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "config.toml").write_text(f'decks = ["{folder}"]\n', encoding="utf-8")
    workspace.reread_settings()
    workspace.refresh()
    steps.delete_deck(workspace, "few")
    assert list(folder.iterdir()) == []
    undo(workspace)
    assert (folder / "few.yaml").read_text(encoding="utf-8") == FEW


# Renaming


def test_a_renamed_deck_keeps_its_id_and_its_file_follows(
    workspace: Workspace, rivers: Path
) -> None:
    answer_all(workspace)
    keys = [card.key for card in cards(workspace)]
    steps.rename_deck(workspace, "rivers", "  Streams:  of Asia ")
    renamed = rivers.with_name("streams-of-asia.yaml")
    assert renamed.read_text(encoding="utf-8").startswith(
        'deck: "Streams: of Asia"  # of Asia\nid: rivers\ncards:\n'
    )
    assert not rivers.exists()
    assert workspace.catalogue.title("rivers") == "Streams: of Asia"
    assert [card.key for card in cards(workspace)] == keys
    assert workspace.progress.state(keys[0]).reps == 1
    assert words_of_undo(workspace) == "the new name “Streams: of Asia” of a deck"
    assert rivers.read_text(encoding="utf-8") == RIVERS


def test_the_decks_below_a_renamed_one_follow(workspace: Workspace, decks_folder: Path) -> None:
    below = decks_folder / "b.yaml"
    below.write_text(FEW.replace("Few", "Rivers::Small"), encoding="utf-8")
    other = decks_folder / "c.yaml"
    other.write_text(FEW.replace("Few", "Rivers of Europe"), encoding="utf-8")
    workspace.refresh()
    steps.rename_deck(workspace, "rivers", "World::Streams")
    titles = workspace.catalogue.titles
    assert (titles["b"], titles["c"]) == ("World::Streams::Small", "Rivers of Europe")
    assert workspace.catalogue.tree.nodes["b"].parent == "rivers"
    assert (decks_folder / "streams.yaml").exists()
    undo(workspace)
    assert below.read_text(encoding="utf-8") == FEW.replace("Few", "Rivers::Small")


@pytest.mark.parametrize(
    ("name", "header"), [("my-own-name.yaml", "deck: Rivers"), ("streams.yaml", "deck: Rivers")]
)
def test_a_file_that_was_not_named_by_the_title_keeps_its_name(
    workspace: Workspace, rivers: Path, name: str, header: str
) -> None:
    path = rivers.rename(rivers.with_name(name))
    workspace.refresh()
    steps.rename_deck(workspace, path.stem, "Streams")
    text = path.read_text(encoding="utf-8")
    assert text == RIVERS.replace(header, "deck: Streams")


def test_a_file_is_not_renamed_over_another(workspace: Workspace, rivers: Path) -> None:
    other = rivers.with_name("streams.yaml")
    other.write_text(FEW, encoding="utf-8")
    workspace.refresh()
    steps.rename_deck(workspace, "rivers", "Streams")
    assert rivers.read_text(encoding="utf-8") == RIVERS.replace("Rivers", "Streams")
    assert other.read_text(encoding="utf-8") == FEW


@pytest.mark.parametrize(("title", "why"), [(" ", "needs a title"), ("Few", "called 'Few'")])
def test_an_empty_or_taken_title_is_refused(
    workspace: Workspace, rivers: Path, title: str, why: str
) -> None:
    rivers.with_name("few.yaml").write_text(FEW, encoding="utf-8")
    workspace.refresh()
    with pytest.raises(DeckError, match=why):
        steps.rename_deck(workspace, "rivers", title)
    assert rivers.read_text(encoding="utf-8") == RIVERS


def test_a_new_name_is_taken_back_in_a_deck_that_was_changed_since(
    workspace: Workspace, rivers: Path
) -> None:
    steps.rename_deck(workspace, "rivers", "Streams")
    renamed = rivers.with_name("streams.yaml")
    text = renamed.read_text(encoding="utf-8").replace("Laptev", "Arctic")
    renamed.write_text(text, encoding="utf-8")
    undo(workspace)
    assert workspace.catalogue.title("rivers") == "Rivers"
    assert renamed.read_text(encoding="utf-8") == text.replace("Streams", "Rivers")


def test_a_name_that_was_changed_since_is_not_taken_back(
    workspace: Workspace, rivers: Path
) -> None:
    steps.rename_deck(workspace, "rivers", "Streams")
    renamed = rivers.with_name("streams.yaml")
    text = renamed.read_text(encoding="utf-8").replace("deck: Streams", "deck: Brooks")
    renamed.write_text(text, encoding="utf-8")
    with pytest.raises(DeckError, match="is not called 'Streams' any more"):
        undo(workspace)
    assert renamed.read_text(encoding="utf-8") == text


@pytest.mark.skipif(sys.platform == "win32", reason="files have no such permissions there")
def test_a_deck_keeps_its_permissions_when_it_is_renamed_or_deleted_and_restored(
    workspace: Workspace, rivers: Path
) -> None:
    rivers.chmod(0o640)
    workspace.refresh()
    steps.rename_deck(workspace, "rivers", "Streams")
    assert rivers.with_name("streams.yaml").stat().st_mode & 0o777 == 0o640
    undo(workspace)
    steps.delete_deck(workspace, "rivers")
    undo(workspace)
    assert rivers.stat().st_mode & 0o777 == 0o640


# Adding


def test_undo_removes_an_added_note_even_after_it_moved(workspace: Workspace, rivers: Path) -> None:
    Authoring(workspace).add("rivers", Kind.TYPED, {"question": "Where is Ob?", "answer": "Asia"})
    note = rivers.read_text(encoding="utf-8").removeprefix(RIVERS).lstrip()
    more = "  - {front: Ural, back: Caspian Sea}\n"
    rivers.write_text(RIVERS.replace("cards:\n", f"cards:\n  {note}{more}"), encoding="utf-8")
    assert words_of_undo(workspace) == "the new card “Where is Ob?”"
    assert rivers.read_text(encoding="utf-8") == RIVERS.replace("cards:\n", f"cards:\n{more}")


def test_undo_leaves_an_added_note_that_was_changed_since(
    workspace: Workspace, rivers: Path
) -> None:
    Authoring(workspace).add("rivers", Kind.TYPED, {"question": "Where is Ob?", "answer": "Asia"})
    text = rivers.read_text(encoding="utf-8").replace("answer: Asia}", "answer: in Asia}")
    rivers.write_text(text, encoding="utf-8")
    with pytest.raises(DeckError, match="the note was changed since"):
        undo(workspace)
    assert rivers.read_text(encoding="utf-8") == text


def test_undo_leaves_a_new_deck_that_has_a_card_since(workspace: Workspace) -> None:
    Authoring(workspace).new_deck("Lakes")
    path, _ = workspace.catalogue.file_of("lakes")
    path.write_text("deck: Lakes\ncards:\n- {front: a, back: b}\n", encoding="utf-8")
    with pytest.raises(DeckError, match="was changed since"):
        undo(workspace)
    assert path.exists()


def test_decks_made_on_the_command_line_can_be_undone(
    workspace: Workspace, home: Path, decks_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "few.yaml").write_text(FEW.replace("b}", "b, image: map.png}"), encoding="utf-8")
    (home / "map.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (home / "more.yaml").write_text(FEW.replace("Few", "More"), encoding="utf-8")
    deck_files.create(workspace, "Lakes")
    assert run(["add", str(home / "few.yaml"), str(home / "more.yaml")]) == 0
    assert len(list(decks_folder.iterdir())) == 5
    assert run(["cards", "--undo"]) == 0
    assert "Taken back: 2 new decks." in capsys.readouterr().out
    assert sorted(path.name for path in decks_folder.iterdir()) == ["lakes.yaml", "rivers.yaml"]
    assert run(["cards", "--undo"]) == 0
    assert "Taken back: the new deck “Lakes”." in capsys.readouterr().out
    assert [path.name for path in decks_folder.iterdir()] == ["rivers.yaml"]


# Notes of what files held


def test_a_small_change_keeps_a_small_undo_note(workspace: Workspace, home: Path) -> None:
    many = "".join(f"- {{front: Card {number}, back: x}}\n" for number in range(5_000))
    path = home / "data" / "decks" / "many.yaml"
    path.write_text(f"deck: Many\ncards:\n{many}", encoding="utf-8")
    workspace.refresh()
    steps.delete_notes(workspace, cards(workspace, "many")[2_000:2_001])
    (note,) = (home / "data" / "imports").iterdir()
    assert note.stat().st_size < 1_000
    assert json.loads(note.read_text())["files"][0]["before"] == "- {front: Card 2000, back: x}\n"
    undo(workspace)
    assert path.read_text(encoding="utf-8") == f"deck: Many\ncards:\n{many}"
