"""Decks are written from within the app, and no edit costs a card its history."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from sco_quiz.authoring.notes import Authoring
from sco_quiz.errors import DeckError
from sco_quiz.learning.cards import Card, Rating
from sco_quiz.learning.journal import UndoneStep
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.study_day import Moment, study_day
from sco_quiz.studying.sessions import begin_study
from sco_quiz.studying.undo import undo
from sco_quiz.workspace.cards import cards_of_deck
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOON = int(datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp() * 1000)
NOTES: dict[Kind, dict[str, str]] = {
    Kind.BASIC: {"front": "Astana", "back": "Capital of Kazakhstan", "reverse": "true"},
    Kind.TYPED: {"question": "Capital of Kyrgyzstan?", "answer": "Bishkek", "accept": "Frunze\nPishpek"},  # noqa: E501
    Kind.CLOZE: {"text": "{{Dushanbe}} is the capital of {{Tajikistan}}."},
    Kind.CHOICE: {"question": "Doubly landlocked?", "answer": "Uzbekistan", "choices": "Iran\nChina"},  # noqa: E501
    Kind.MULTI: {"question": "On the Caspian Sea?", "answers": "Iran\nRussia", "choices": "China"},
    Kind.TRUE_FALSE: {"statement": "Bishkek lies in Uzbekistan.", "answer": "false"},
    Kind.ORDER: {"question": "By area, largest first", "order": "Russia\nChina\nIndia"},
    Kind.LIST: {"question": "Name three", "list": "a: b\n#c\n'd'", "explain": "Odd: but true"},
}  # fmt: skip


@pytest.fixture
def workspace(home: Path) -> Iterator[Workspace]:
    moment = Moment(NOON, 0, study_day(NOON, 0, 4))
    with Workspace(clock=lambda: moment) as opened:
        opened.refresh()
        yield opened


def text_of(workspace: Workspace, deck: str) -> str:
    return workspace.catalogue.file_of(deck)[0].read_text(encoding="utf-8")


def first_card(workspace: Workspace, deck: str) -> Card:
    session = begin_study(workspace, [deck])
    assert session.question is not None
    return session.question.card


def answer_all(workspace: Workspace, deck: str) -> int:
    session = begin_study(workspace, [deck], most_new=99)
    answered = 0
    while session.question is not None:
        session.answer("")
        session.rate(Rating.EASY)
        answered += 1
    return answered


@pytest.fixture
def capitals(workspace: Workspace) -> str:
    deck = Authoring(workspace).new_deck("Capitals: all of them", "  Of Asia  ")
    Authoring(workspace).add(deck, Kind.TYPED, NOTES[Kind.TYPED])
    return deck


def test_a_new_deck_is_a_file_that_its_author_could_have_written(
    workspace: Workspace, capitals: str
) -> None:
    assert capitals == "capitals-all-of-them"
    assert text_of(workspace, capitals) == (
        'deck: "Capitals: all of them"\n'
        "description: Of Asia\n"
        "cards:\n"
        "  - question: Capital of Kyrgyzstan?\n"
        "    answer: Bishkek\n"
        "    accept: [Frunze, Pishpek]\n"
    )


@pytest.mark.parametrize("kind", NOTES)
def test_every_kind_can_be_added_and_is_asked_as_it_was_shown(
    workspace: Workspace, kind: Kind
) -> None:
    deck = Authoring(workspace).new_deck("Other")
    look = Authoring(workspace).look(deck, kind, NOTES[kind])
    assert look.mistakes == {}
    Authoring(workspace).add(deck, kind, NOTES[kind])
    assert [each for each in workspace.catalogue.problems() if each.severity == "error"] == []
    session = begin_study(workspace, [deck], most_new=99)
    prompts = []
    while session.question is not None:
        prompts.append(session.question.card.prompt)
        session.bury()
    assert look.cards[0].prompt in prompts


def test_an_unfinished_form_lists_the_missing_fields(workspace: Workspace, capitals: str) -> None:
    look = Authoring(workspace).look(capitals, Kind.CHOICE, {"question": "Which?"})
    assert look.cards == ()
    assert list(look.mistakes) == ["answer", "choices"]


@pytest.mark.parametrize(
    ("kind", "changed", "field"),
    [
        (Kind.CLOZE, {"text": "no gaps"}, "text"),
        (Kind.CHOICE, {"choices": "Iran\nIran"}, "choices"),
        (Kind.CHOICE, {"choices": "Uzbekistan"}, "choices"),
        (Kind.TYPED, {"as_of": "yesterday"}, "as_of"),
        (Kind.TYPED, {"id": "two words"}, "id"),
        (Kind.LIST, {"list": "only one"}, "list"),
    ],
)
def test_a_mistake_is_shown_at_its_field_and_nothing_is_written(
    workspace: Workspace, capitals: str, kind: Kind, changed: dict[str, str], field: str
) -> None:
    before = text_of(workspace, capitals)
    values = NOTES[kind] | changed
    assert list(Authoring(workspace).look(capitals, kind, values).mistakes) == [field]
    with pytest.raises(DeckError, match=field):
        Authoring(workspace).add(capitals, kind, values)
    assert text_of(workspace, capitals) == before


def test_a_duplicate_prompt_is_pointed_out(workspace: Workspace, capitals: str) -> None:
    same = {"question": "capital of  KYRGYZSTAN", "answer": "x"}
    assert "already" in Authoring(workspace).look(capitals, Kind.TYPED, same).remark
    note = Authoring(workspace).note_of(first_card(workspace, capitals))
    assert Authoring(workspace).look(capitals, Kind.TYPED, note.values, note).remark == ""


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, "same prompt and answer"),
        ({"hint": "In the Chüy valley"}, "same prompt and answer"),
        ({"question": "capital of  Kyrgyzstan"}, "same prompt and answer"),
        ({"id": "osh", "question": "Where?"}, "the same id"),
    ],
)
def test_a_note_that_repeats_another_is_not_written(
    workspace: Workspace, capitals: str, changed: dict[str, str], why: str
) -> None:
    authoring = Authoring(workspace)
    authoring.add(capitals, Kind.TYPED, {"id": "osh", "question": "South?", "answer": "Osh"})
    authoring.add(capitals, Kind.TYPED, {"question": "Lake?", "answer": "Issyk-Kul"})
    before = text_of(workspace, capitals)
    lake = next(
        card
        for card in cards_of_deck(workspace.progress.connection, capitals)
        if card.prompt == "Lake?"
    )
    with pytest.raises(DeckError, match=why):
        authoring.add(capitals, Kind.TYPED, NOTES[Kind.TYPED] | changed)
    with pytest.raises(DeckError, match=why):
        authoring.save(authoring.note_of(lake), Kind.TYPED, NOTES[Kind.TYPED] | changed)
    assert text_of(workspace, capitals) == before
    named = NOTES[Kind.TYPED] | {"id": "again"}
    authoring.add(capitals, Kind.TYPED, named)
    assert len(cards_of_deck(workspace.progress.connection, capitals)) == 4


def test_a_note_comes_back_into_the_form_as_it_was_written(
    workspace: Workspace, capitals: str
) -> None:
    note = Authoring(workspace).note_of(first_card(workspace, capitals))
    assert (note.kind, note.values) == (Kind.TYPED, NOTES[Kind.TYPED])


@pytest.mark.parametrize("kind", [Kind.BASIC, Kind.CLOZE, Kind.ORDER])
def test_a_card_keeps_its_history_whatever_is_changed_in_the_form(
    workspace: Workspace, kind: Kind
) -> None:
    authoring = Authoring(workspace)
    deck = authoring.new_deck("Other")
    authoring.add(deck, kind, NOTES[kind])
    card = first_card(workspace, deck)
    answer_all(workspace, deck)
    learned = workspace.progress.state(card.key)
    note = authoring.note_of(card)
    keys = authoring.save(note, Kind.TYPED, {"question": "Quite another thing", "answer": "yes"})
    assert workspace.progress.state(keys[card.key]) == learned
    assert learned.reps == 1
    assert workspace.agenda.today([deck]).new == ()


def test_undo_takes_an_edit_back_in_the_file_and_in_the_log(
    workspace: Workspace, capitals: str
) -> None:
    before = text_of(workspace, capitals)
    card = first_card(workspace, capitals)
    answer_all(workspace, capitals)
    note = Authoring(workspace).note_of(card)
    Authoring(workspace).save(note, Kind.TYPED, {"question": "What?", "answer": "Osh"})
    assert "Osh" in text_of(workspace, capitals)
    assert undo(workspace) == UndoneStep(card.key)
    assert text_of(workspace, capitals) == before
    assert workspace.progress.state(card.key).reps == 1
    assert undo(workspace) == UndoneStep(card.key)  # now the answer before it
    assert workspace.progress.state(card.key).reps == 0


def test_an_edit_cannot_be_undone_over_a_later_one_by_hand(
    workspace: Workspace, capitals: str
) -> None:
    note = Authoring(workspace).note_of(first_card(workspace, capitals))
    Authoring(workspace).save(note, Kind.TYPED, {"question": "What?", "answer": "Osh"})
    path = workspace.catalogue.file_of(capitals)[0]
    path.write_text(text_of(workspace, capitals).replace("Osh", "Naryn"), encoding="utf-8")
    workspace.refresh()
    with pytest.raises(DeckError, match="changed since"):
        undo(workspace)
    assert "Naryn" in text_of(workspace, capitals)


def test_an_accepted_answer_is_right_from_then_on_until_it_is_taken_back(
    workspace: Workspace, capitals: str
) -> None:
    before = text_of(workspace, capitals)
    session = begin_study(workspace, [capitals])
    judgement = session.answer("Bischkek an der Alaartscha")
    assert judgement is not None
    assert judgement.verdict == "wrong"
    assert session.question is not None
    Authoring(workspace).accept(session.question.card, "Bischkek an der Alaartscha")
    session.refresh()
    assert session.judgement is not None
    assert session.judgement.verdict == "correct"
    assert "accept: [Frunze, Pishpek, Bischkek an der Alaartscha]" in text_of(workspace, capitals)
    assert session.undo()
    assert text_of(workspace, capitals) == before


def test_a_file_that_changed_since_it_was_read_is_not_overwritten(
    workspace: Workspace, capitals: str
) -> None:
    note = Authoring(workspace).note_of(first_card(workspace, capitals))
    path = workspace.catalogue.file_of(capitals)[0]
    path.write_text("# mine\n" + text_of(workspace, capitals), encoding="utf-8")
    with pytest.raises(DeckError, match="changed meanwhile"):
        Authoring(workspace).save(note, Kind.TYPED, {"question": "What?", "answer": "Osh"})
    assert text_of(workspace, capitals).startswith("# mine\n")


def test_an_answer_is_written_to_its_note_wherever_that_was_moved(
    workspace: Workspace, capitals: str
) -> None:
    card = first_card(workspace, capitals)
    path = workspace.catalogue.file_of(capitals)[0]
    other = "cards:\n  - question: Capital of Tajikistan?\n    answer: Dushanbe\n"
    path.write_text(text_of(workspace, capitals).replace("cards:\n", other), encoding="utf-8")
    Authoring(workspace).accept(card, "Pischpek")
    assert "answer: Dushanbe\n  - question: Capital of Kyrgyzstan?" in text_of(workspace, capitals)
    assert "accept: [Frunze, Pishpek, Pischpek]" in text_of(workspace, capitals)


def test_shipped_decks_stay_as_they_are(workspace: Workspace) -> None:
    card = first_card(workspace, "sco-essentials")
    for change in (
        lambda: Authoring(workspace).note_of(card),
        lambda: Authoring(workspace).accept(card, "x"),
        lambda: Authoring(workspace).add("sco-essentials", Kind.TYPED, NOTES[Kind.TYPED]),
    ):
        with pytest.raises(DeckError, match="came with the app"):
            change()


def test_a_deck_needs_a_title_and_never_replaces_another(
    workspace: Workspace, capitals: str
) -> None:
    with pytest.raises(DeckError, match="title"):
        Authoring(workspace).new_deck("  ")
    with pytest.raises(DeckError, match="already"):
        Authoring(workspace).new_deck("CAPITALS all of them")


def test_a_card_edited_by_hand_is_found_under_its_new_key(
    workspace: Workspace, capitals: str
) -> None:
    card = first_card(workspace, capitals)

    def edit(path: Path, line: int) -> None:
        text = path.read_text(encoding="utf-8")
        assert text.splitlines()[line - 1] == "  - question: Capital of Kyrgyzstan?"
        path.write_text(text.replace("Capital of K", "The capital city of K"), encoding="utf-8")

    keys = Authoring(workspace).edit_by_hand(card, edit)
    assert list(keys) == [card.key]
    session = begin_study(workspace, [capitals])
    assert session.question is not None
    assert session.question.card.key == keys[card.key]
