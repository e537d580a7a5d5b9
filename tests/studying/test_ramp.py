"""Recognise, then recall: typed cards as choices while they are learned."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from sco_quiz.insight import fitting
from sco_quiz.insight.figures import Figures
from sco_quiz.learning.cards import Card, CardState, Rating, State
from sco_quiz.learning.distractors import Sources
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.posing import as_recognised
from sco_quiz.learning.study_day import DAY_MS, Moment
from sco_quiz.plain import studying
from sco_quiz.studying.sessions import begin_study
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sco_quiz.learning.session import StudySession
    from tests.conftest import FakeClock

DECK = """\
deck: Cities
id: cities
ramp: true
cards:
  - question: Capital of Uzbekistan?
    answer: Tashkent
    category: capital
  - {question: "Capital of Kyrgyzstan?", answer: Bishkek, category: capital}
  - {question: "Capital of Tajikistan?", answer: Dushanbe, category: capital}
  - {question: "Capital of Kazakhstan?", answer: Astana, category: capital}
  - question: Which river runs through Dushanbe?
    answer: Varzob
    wrong: [Vakhsh, Zeravshan, Panj, Murghab]
  - {question: What does a yurt stand on?, answer: Grass}
"""
OPTIONS = {"Tashkent", "Bishkek", "Dushanbe", "Astana"}


@pytest.fixture
def open_decks(home: Path, clock: FakeClock) -> Iterator[Callable[..., Workspace]]:
    """Opens a workspace on one deck, again after a restart too."""
    opened: list[Workspace] = []

    def open_on(deck: str = DECK, settings: str = "") -> Workspace:
        for name, text in (("data/decks/cities.yaml", deck), ("config/config.toml", settings)):
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text(text, encoding="utf-8")
        opened.append(Workspace(clock=clock))
        opened[-1].refresh()
        return opened[-1]

    yield open_on
    for workspace in opened:
        workspace.close()


def asked(workspace: Workspace) -> dict[str, tuple[Kind, tuple[str, ...]]]:
    """How each new card is asked first, by its prompt."""
    session, found = begin_study(workspace, ["cities"]), {}
    while session.question is not None and session.question.before.state is State.NEW:
        question = session.question
        found[question.card.prompt] = question.card.kind, question.options
        session.answer()
        session.rate(Rating.EASY)
    for _ in found:
        session.undo()
    return found


def rate(session: StudySession, rating: Rating, given: str = "") -> Kind:
    assert session.question is not None
    kind = session.question.card.kind
    session.answer(given)
    session.rate(rating)
    return kind


def test_a_ramp_asks_a_card_with_wrong_choices_as_a_choice_and_others_typed(
    open_decks: Callable[..., Workspace],
) -> None:
    found = asked(open_decks())
    kind, options = found["Capital of Uzbekistan?"]
    assert kind is Kind.CHOICE
    assert set(options) == OPTIONS
    kind, options = found["Which river runs through Dushanbe?"]
    assert kind is Kind.CHOICE
    assert "Varzob" in options
    assert len(options) == 4
    assert set(options) <= {"Varzob", "Vakhsh", "Zeravshan", "Panj", "Murghab"}
    assert found["What does a yurt stand on?"] == (Kind.TYPED, ())


def test_a_card_of_a_ramp_is_a_choice_while_learned_and_typed_ever_after(
    open_decks: Callable[..., Workspace], clock: FakeClock
) -> None:
    session = begin_study(open_decks(), ["cities"], most=1)
    kinds = [rate(session, rating) for rating in (Rating.AGAIN, Rating.GOOD, Rating.GOOD)]
    assert kinds == [Kind.CHOICE] * 3
    assert session.question is None
    clock.at += 30 * DAY_MS
    session = begin_study(open_decks(), ["cities"], most=1, most_new=0)
    assert [rate(session, Rating.AGAIN), rate(session, Rating.GOOD)] == [Kind.TYPED] * 2


@pytest.mark.parametrize(
    ("deck", "settings", "kind"),
    [
        ("ramp: true\n", "ramp = false", Kind.CHOICE),
        ("ramp: false\n", "ramp = true", Kind.TYPED),
        ("", "ramp = true", Kind.CHOICE),
        ("", "ramp = false", Kind.TYPED),
        ("", "", Kind.TYPED),
    ],
)
def test_the_deck_decides_on_the_ramp_before_the_setting(
    open_decks: Callable[..., Workspace], deck: str, settings: str, kind: Kind
) -> None:
    workspace = open_decks(DECK.replace("ramp: true\n", deck), settings)
    assert asked(workspace)["Capital of Uzbekistan?"][0] is kind


def test_a_ramp_changes_no_card_s_key(open_decks: Callable[..., Workspace]) -> None:
    with_ramp = [card.key for card in open_decks().agenda.today(["cities"]).new]
    wrong = "    wrong: [Vakhsh, Zeravshan, Panj, Murghab]\n"
    bare = DECK.replace("ramp: true\n", "").replace(wrong, "")
    assert [card.key for card in open_decks(bare).agenda.today(["cities"]).new] == with_ramp


def test_after_undo_and_after_a_restart_the_same_choices_stand_in_the_same_order(
    open_decks: Callable[..., Workspace],
) -> None:
    before = asked(open_decks())
    workspace = open_decks()
    assert asked(workspace) == before
    session = begin_study(workspace, ["cities"])
    assert session.question is not None
    first = session.question.options
    rate(session, Rating.AGAIN, next(each for each in first if each != "Tashkent"))
    assert session.undo()
    assert session.question.options == first


def test_the_log_notes_recognition_and_the_optimiser_leaves_it_out(
    open_decks: Callable[..., Workspace], clock: FakeClock
) -> None:
    workspace = open_decks()
    session = begin_study(workspace, ["cities"], most=1)
    rate(session, Rating.EASY, "Tashkent")
    clock.at += 30 * DAY_MS
    rate(begin_study(workspace, ["cities"], most=1, most_new=0), Rating.GOOD, "Tashkent")
    rows = workspace.progress.query("SELECT asked, was FROM review ORDER BY at")
    assert rows == [("choice", 0), ("typed", 2)]
    assert [each.rating for each in fitting.reviews(workspace.progress)] == [Rating.GOOD]
    figures = Figures(workspace)
    assert figures.totals.answers == 2
    assert figures.retention_ever.all == (1, 1)


def test_a_card_that_is_a_choice_by_itself_counts_for_the_optimiser(
    open_decks: Callable[..., Workspace],
) -> None:
    deck = "deck: Cities\nid: cities\ncards: [{question: Where?, answer: Here, choices: [There]}]\n"
    workspace = open_decks(deck)
    rate(begin_study(workspace, ["cities"]), Rating.EASY, "Here")
    assert len(fitting.reviews(workspace.progress)) == 1


def test_line_mode_asks_a_ramp_the_same_way(open_decks: Callable[..., Workspace]) -> None:
    workspace = open_decks()
    session = begin_study(workspace, ["cities"], most=1)
    assert session.question is not None
    number = session.question.options.index("Tashkent") + 1
    target = io.StringIO()
    studying.study(session, workspace, source=io.StringIO(f"{number}\n4\n"), target=target)
    said = target.getvalue()
    assert f"  {number}. Tashkent\n" in said
    assert "\ncorrect\n" in said


def test_a_wrong_choice_equal_to_the_right_answer_is_an_error(
    open_decks: Callable[..., Workspace],
) -> None:
    (problem,) = open_decks(DECK.replace("Murghab", "Varzob")).catalogue.problems()
    assert problem.message == "the choice `Varzob` is the right answer"


CARD = Card("k", "n", "d", Kind.TYPED, "?", ("Tashkent",), category="capital")
NOW = Moment(1_772_366_400_000, 0, 739_000)


def no_sources(_: Card) -> Sources:
    return Sources()


@pytest.mark.parametrize("state", list(State))
def test_only_new_and_learning_cards_are_asked_as_a_choice(state: State) -> None:
    card = Card("k", "n", "d", Kind.TYPED, "?", ("a",), choices=("b", "c"))
    posed = as_recognised(card, CardState(state=state), no_sources, NOW)
    is_choice = state in (State.NEW, State.LEARNING)
    assert posed.kind is (Kind.CHOICE if is_choice else Kind.TYPED)
    assert (posed.key, posed.answers) == (card.key, card.answers)


def test_a_card_without_wrong_choices_stays_as_it_is() -> None:
    assert as_recognised(CARD, CardState(), no_sources, NOW) is CARD


def test_a_card_with_enough_choices_of_its_own_needs_no_other_card() -> None:
    def fail(_: Card) -> Sources:
        raise AssertionError("looked")

    card = Card("k", "n", "d", Kind.TYPED, "?", ("a",), choices=("b", "c"), category="letter")
    assert set(as_recognised(card, CardState(), fail, NOW).choices) == {"b", "c"}
