"""Shipped decks in copies of the learner's own: made, corrected, kept up to date, taken back."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from sco_quiz.authoring import steps
from sco_quiz.authoring.notes import Authoring
from sco_quiz.errors import DeckError, UsageError
from sco_quiz.learning.cards import Rating
from sco_quiz.library import files
from sco_quiz.library.contents import notes_of
from sco_quiz.library.files import edit_file
from sco_quiz.library.media import MediaSort, find
from sco_quiz.studying.sessions import begin_study
from sco_quiz.studying.undo import undo
from sco_quiz.transfer.importing import undo_last
from sco_quiz.transfer.shipped import copy_to_own, follow_shipped
from sco_quiz.workspace import opening
from sco_quiz.workspace.cards import cards_of_deck
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sco_quiz.learning.cards import Card

STANS = """\
# Capitals, and nothing else
deck: Stans
id: stans
description: Capitals
sources:
  map:
    title: A map
cards:
  # The first one
  - id: kz
    question: Capital of Kazakhstan?
    answer: Astana
    explain: >-
      It was called
      Nur-Sultan for a while
    source: map
  - id: kg
    question: Capital of Kyrgyzstan?
    answer: Bishkek
  - id: flag
    front: Whose flag?
    back: Uzbekistan's
    image: [flag.png, arms.png]
"""
TAJIKISTAN = """\
  - id: tj
    question: Capital of Tajikistan?
    answer: Dushanbe
    source: atlas
"""
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "shipped"
    folder.mkdir()
    for module in (opening, files):
        monkeypatch.setattr(module, "shipped_decks", lambda: folder)
    (folder / "1-stans.yaml").write_text(STANS)
    (folder / "flag.png").write_bytes(PNG)
    (folder / "arms.png").write_bytes(PNG + b"arms")
    (folder / "2-seas.yaml").write_text(
        "deck: Seas\nid: seas\ncards:\n  - {id: aral, front: a, back: b}\n"
    )
    return folder


@pytest.fixture
def workspace(shipped: Path, home: Path) -> Iterator[Workspace]:
    del shipped, home
    with Workspace() as opened:
        opened.refresh()
        yield opened


def own(home: Path) -> Path:
    return home / "data" / "decks" / "1-stans.yaml"


def note(workspace: Workspace, name: str) -> Card:
    cards = cards_of_deck(workspace.progress.connection, "stans")
    prompts = {"kz": "Kazakhstan", "kg": "Kyrgyzstan", "flag": "flag", "tj": "Tajikistan"}
    return next(card for card in cards if prompts[name] in card.prompt)


def edit(workspace: Workspace, name: str, **values: str) -> None:
    authoring = Authoring(workspace)
    text = authoring.note_of(note(workspace, name))
    authoring.save(text, text.kind, text.values | values)


def publish(workspace: Workspace, shipped: Path, *changes: tuple[str, str]) -> str:
    """Have a newer version of the deck come with the app; return what is told of it."""
    path = shipped / "1-stans.yaml"
    text = path.read_text()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path.write_text(text)
    workspace.refresh()
    return follow_shipped(workspace)


def said(path: Path) -> dict[str, dict[str, str | list[str]]]:
    return {str(each.fields["id"]): each.fields for each in notes_of(path.read_text())}


def test_a_copy_equals_the_shipped_deck_and_replaces_it(workspace: Workspace, home: Path) -> None:
    session = begin_study(workspace, ["stans"])
    session.answer("Astana")
    session.rate(Rating.GOOD)
    assert session.question is not None
    state = workspace.progress.state(note(workspace, "kz").key)
    before = [(deck.id, deck.cards) for deck in workspace.agenda.decks()]
    path = copy_to_own(workspace, "stans")
    assert (path, path.read_text()) == (own(home), STANS)
    assert find(path, "flag.png", MediaSort.IMAGE).read_bytes() == PNG
    assert [(deck.id, deck.cards) for deck in workspace.agenda.decks()] == before
    assert [deck.shipped for deck in workspace.agenda.decks()] == [False, True]
    assert all(deck.stands_for_shipped for deck in workspace.agenda.decks())
    assert workspace.progress.state(note(workspace, "kz").key) == state
    assert workspace.catalogue.problems() == []
    with pytest.raises(DeckError, match="your own already"):
        copy_to_own(workspace, "stans")


def test_a_correction_stays_in_the_copy_and_the_shipped_deck_as_it_is(
    workspace: Workspace, shipped: Path, home: Path
) -> None:
    copy_to_own(workspace, "stans")
    edit(workspace, "kg", answer="Bishkek / Pishpek")
    assert said(own(home))["kg"]["answer"] == "Bishkek / Pishpek"
    assert (shipped / "1-stans.yaml").read_text() == STANS


def test_undo_takes_back_the_edit_and_then_the_copy_with_its_files(
    workspace: Workspace, home: Path
) -> None:
    copy_to_own(workspace, "stans")
    edit(workspace, "kz", explain="")
    undone = [undo(workspace), undo(workspace)]
    assert undone[0] is not None
    assert undone[0].card == note(workspace, "kz").key
    assert undone[1] is not None
    assert undone[1].words == "your copy of Stans"
    assert [path for path in own(home).parent.rglob("*") if path.is_file()] == []
    assert workspace.catalogue.is_shipped("stans")
    assert undo(workspace) is None


def test_a_copy_with_a_change_of_the_learners_is_not_taken_back(
    workspace: Workspace, home: Path
) -> None:
    copy_to_own(workspace, "stans")
    edit_file(own(home), lambda text: text.replace("Bishkek", "Osh"))
    with pytest.raises(DeckError, match="was changed since"):
        undo(workspace)
    assert "Osh" in own(home).read_text()
    steps.delete_deck(workspace, "stans")
    assert workspace.catalogue.is_shipped("stans")


def test_a_newer_version_updates_a_copy_except_where_the_learner_changed_it(
    workspace: Workspace, shipped: Path, home: Path
) -> None:
    copy_to_own(workspace, "stans")
    edit(workspace, "kg", answer="Pishpek")
    assert follow_shipped(workspace) == ""
    told = publish(
        workspace,
        shipped,
        ("answer: Astana\n", "answer: Astana\n    accept: [Nur-Sultan]\n"),
        ("answer: Bishkek\n", "answer: Bishkek (since 1991)\n    hint: B\n"),
        ("    title: A map\n", "    title: A map\n  atlas:\n    title: An atlas\n"),
        ("  - id: flag\n", f"{TAJIKISTAN}  - id: flag\n"),
    )
    assert told == (
        "A newer version of Stans is here: 2 notes changed, 1 note came, "
        "1 note stayed as you changed it."
    )
    notes = said(own(home))
    assert notes["kz"]["accept"] == ["Nur-Sultan"]
    assert (notes["kg"]["answer"], notes["kg"]["hint"]) == ("Pishpek", "B")
    assert notes["tj"]["answer"] == "Dushanbe"
    assert "An atlas" in own(home).read_text()
    assert note(workspace, "tj").source == "An atlas"
    assert workspace.catalogue.problems() == []
    assert follow_shipped(workspace) == ""


def test_a_newer_version_that_was_taken_back_does_not_come_again(
    workspace: Workspace, shipped: Path, home: Path
) -> None:
    copy_to_own(workspace, "stans")
    publish(workspace, shipped, ("answer: Astana\n", "answer: Almaty\n"))
    undone = undo(workspace)
    assert undone is not None
    assert undone.words == "the changes of a newer version of Stans"
    assert own(home).read_text() == STANS
    assert follow_shipped(workspace) == ""
    publish(workspace, shipped, ("answer: Almaty\n", "answer: Astana / Akmola\n"))
    assert said(own(home))["kz"]["answer"] == "Astana / Akmola"


def test_a_header_that_the_learner_changed_stays(
    workspace: Workspace, shipped: Path, home: Path
) -> None:
    copy_to_own(workspace, "stans")
    edit_file(own(home), lambda text: text.replace("description: Capitals", "description: Mine"))
    publish(
        workspace,
        shipped,
        ("description: Capitals", "description: Theirs"),
        ("answer: Bishkek", "answer: Frunze"),
    )
    assert "description: Mine" in own(home).read_text()
    assert said(own(home))["kg"]["answer"] == "Frunze"


def test_a_note_that_the_learner_removed_stays_away(
    workspace: Workspace, shipped: Path, home: Path
) -> None:
    copy_to_own(workspace, "stans")
    removed = "  - id: kg\n    question: Capital of Kyrgyzstan?\n    answer: Bishkek\n"
    edit_file(own(home), lambda text: text.replace(removed, ""))
    publish(workspace, shipped, ("answer: Bishkek", "answer: Frunze"))
    assert "kg" not in said(own(home))


def test_a_deck_that_was_copied_by_hand_is_left_alone(
    workspace: Workspace, shipped: Path, home: Path
) -> None:
    own(home).parent.mkdir(parents=True)
    shutil.copy(shipped / "1-stans.yaml", own(home))
    assert publish(workspace, shipped, ("answer: Bishkek", "answer: Frunze")) == ""
    assert own(home).read_text() == STANS


def test_import_undo_does_not_take_back_a_copy_of_a_shipped_deck(workspace: Workspace) -> None:
    copy_to_own(workspace, "stans")
    with pytest.raises(UsageError, match="something else was done"):
        undo_last(workspace)


def test_a_copy_whose_file_name_is_taken_is_named_after_its_id(
    workspace: Workspace, home: Path
) -> None:
    own(home).parent.mkdir(parents=True)
    own(home).write_text("deck: Mine\nid: mine\ncards: [{front: a, back: b}]\n")
    workspace.refresh()
    assert copy_to_own(workspace, "stans") == own(home).with_name("stans.yaml")
    own(home).with_name("2-seas.yaml").write_text("x")
    own(home).with_name("seas.yaml").write_text("x")
    with pytest.raises(DeckError, match="is there, with another deck"):
        copy_to_own(workspace, "seas")
