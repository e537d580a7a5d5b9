"""Practising what went wrong: the missed of an earlier quiz, and answers taken for one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sco_quiz.errors import UsageError
from sco_quiz.insight.figures import Figures
from sco_quiz.insight.history import SessionHistory
from sco_quiz.learning.cards import Rating
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.quiz import Quiz, QuizPhase
from sco_quiz.learning.results import Feedback, QuizOptions, Score
from sco_quiz.studying.quizzes import Practice, begin_quiz
from sco_quiz.studying.sessions import begin_study
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sco_quiz.learning.confusions import Confusion
    from tests.conftest import FakeClock

CAPITALS = """\
deck: Capitals
id: capitals
cards:
  - {id: k, question: "Capital of Kazakhstan?", answer: Astana}
  - {id: g, question: "Capital of Kyrgyzstan?", answer: Bishkek}
  - {id: t, question: "Capital of Tajikistan?", answer: Dushanbe}
  - {id: c, text: "{{Bishkek}} was once called Frunze."}
  - {id: m, question: Which city?, answer: Osh, choices: [Astana, Samarkand]}
"""
AT_END = QuizOptions(20, feedback=Feedback.END)


@pytest.fixture
def workspace(decks_folder: Path, clock: FakeClock) -> Iterator[Workspace]:
    (decks_folder / "capitals.yaml").write_text(CAPITALS)
    with Workspace(clock=clock) as opened:
        opened.refresh()
        yield opened


def take(quiz: Quiz, clock: FakeClock, **said: str) -> None:
    """Answer rightly but where the right answer is a key of `said`: then that."""
    while quiz.question is not None:
        clock.at += 1_000
        (right, *_) = quiz.question.card.answers
        quiz.answer(said.get(right, right))
        if quiz.phase is QuizPhase.TOLD:
            quiz.go_on()


def confuse(workspace: Workspace, clock: FakeClock) -> Confusion:
    """Take Bishkek for Dushanbe, once."""
    take(begin_quiz(workspace, ["capitals"], AT_END), clock, Dushanbe="Bishkek")
    (found,) = Figures(workspace).confusions
    return found


def due(workspace: Workspace) -> dict[str, Any]:
    return {deck.id: deck.counts for deck in workspace.agenda.decks() if deck.id == "capitals"}


# The missed


def test_cards_missed_in_a_quiz_can_be_retried_on_another_day(
    workspace: Workspace, clock: FakeClock
) -> None:
    take(begin_quiz(workspace, ["capitals"], AT_END), clock, Astana="?", Osh="Samarkand")
    clock.at += 3 * 86_400_000
    retry = Practice(workspace).retry(Practice(workspace).last_quiz(), AT_END)
    take(retry, clock, Astana="?")
    assert retry.score == Score(1, 2)
    again = Practice(workspace).retry(Practice(workspace).last_quiz(), AT_END)
    assert again.total == 1
    take(again, clock)
    with pytest.raises(UsageError, match="nothing was missed"):
        Practice(workspace).retry(Practice(workspace).last_quiz())
    first = SessionHistory(workspace).sessions()[-1]
    assert [each.retry_of for each in SessionHistory(workspace).sessions()][1:] == [first.id, None]
    assert [best.id for best in SessionHistory(workspace).bests()] == [first.id]


def test_without_a_quiz_there_is_nothing_to_retry(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="no quiz yet"):
        Practice(workspace).last_quiz()


def test_removed_or_suspended_cards_are_not_retried(
    workspace: Workspace, clock: FakeClock, decks_folder: Path
) -> None:
    take(begin_quiz(workspace, ["capitals"], AT_END), clock, Astana="?", Osh="?")
    session = begin_study(workspace, ["capitals"])
    while session.question and session.question.card.answers != ("Astana",):
        session.bury()
    session.suspend()
    last = Practice(workspace).last_quiz()
    assert Practice(workspace).retry(last).total == 1
    (decks_folder / "capitals.yaml").unlink()
    workspace.refresh()
    with pytest.raises(UsageError, match="in no deck any more"):
        Practice(workspace).retry(last)
    with pytest.raises(UsageError, match="in no deck any more"):
        Practice(workspace).bring(last)


def test_missed_cards_of_an_earlier_quiz_can_be_brought_into_todays_study_and_out_again(
    workspace: Workspace, clock: FakeClock
) -> None:
    session = begin_study(workspace, ["capitals"])
    while session.question is not None:
        session.answer()
        session.rate(Rating.EASY)
    before = due(workspace)
    take(begin_quiz(workspace, ["capitals"], AT_END), clock, Astana="?", Dushanbe="?")
    assert Practice(workspace).bring(Practice(workspace).last_quiz()) == 2
    assert due(workspace)["capitals"].review == 2
    session = begin_study(workspace, ["capitals"])
    assert session.total == 2
    undone = session.undo()
    assert undone is not None
    assert undone.words == "what you brought into today's study"
    assert (session.question, session.total) == (None, 0)
    assert due(workspace) == before


def test_undoing_a_brought_card_leaves_the_open_question_if_it_is_due_anyway(
    workspace: Workspace, clock: FakeClock
) -> None:
    study = begin_study(workspace, ["capitals"])
    study.answer()
    study.rate(Rating.EASY)
    take(begin_quiz(workspace, ["capitals"], AT_END), clock, Astana="?")
    Practice(workspace).bring(Practice(workspace).last_quiz())
    session = begin_study(workspace, ["capitals"])
    assert session.question is not None
    assert session.question.card.answers == ("Astana",)
    session.bury()
    here = session.question
    assert session.undo() is not None  # the bury: its card is asked
    session.bury()
    session.answer("Bishkek")
    assert session.undo() is not None
    assert session.question.card.answers == ("Astana",)
    assert here is not None
    total = session.total
    undone = session.undo()
    assert undone is not None
    assert undone.words
    assert session.question.card.key == here.card.key
    assert session.total == total - 1


# Pairs


def test_a_confused_pair_is_asked_as_a_choice_between_the_two_in_turn(
    workspace: Workspace, clock: FakeClock
) -> None:
    confusion = confuse(workspace, clock)
    assert confusion.answers == ("Bishkek", "Dushanbe")
    quiz = Practice(workspace).pair(confusion, AT_END, seed=3)
    assert quiz.total == 6  # three cards, twice
    sides = []
    while quiz.question is not None:
        assert quiz.question.options == ("Bishkek", "Dushanbe")
        assert quiz.question.card.kind is Kind.CHOICE
        sides.append(quiz.question.card.answers[0])
        quiz.answer(quiz.question.card.answers[0])
    assert quiz.score == Score(6, 6)
    assert sorted(sides[:2]) == sorted(sides[3:5]) == ["Bishkek", "Dushanbe"]


def test_a_quiz_of_a_confused_pair_moves_no_due_date_and_gives_its_decks_no_score(
    workspace: Workspace, clock: FakeClock
) -> None:
    confusion = confuse(workspace, clock)
    before = due(workspace)
    quiz = Practice(workspace).pair(confusion, AT_END)
    take(quiz, clock, Dushanbe="Bishkek")
    assert due(workspace) == before
    newest, first = SessionHistory(workspace).sessions()
    assert (newest.kind, newest.pair, newest.finished) == ("quiz", ("Bishkek", "Dushanbe"), True)
    assert [best.id for best in SessionHistory(workspace).bests()] == [first.id]
    assert [len(scores) for scores in SessionHistory(workspace).scores("quiz").values()] == [1]
    assert Figures(workspace).confusions[0].times == (3, 0)
    retry = Practice(workspace).retry(newest, AT_END)
    assert retry.question is not None
    assert retry.question.options == ("Bishkek", "Dushanbe")
    assert retry.total == 1  # however often it was missed
    workspace.progress.rebuild()
    assert SessionHistory(workspace).sessions()[0] == newest


def test_a_confused_pair_with_one_real_answer_asks_the_cards_of_that_answer(
    workspace: Workspace, clock: FakeClock
) -> None:
    take(begin_quiz(workspace, ["capitals"], AT_END), clock, Osh="Samarkand")
    (confusion,) = Figures(workspace).confusions
    quiz = Practice(workspace).pair(confusion, AT_END)
    assert quiz.question is not None
    assert quiz.question.options == ("Samarkand", "Osh")
    first, second = Practice(workspace).questions(confusion)
    assert (first, [card.prompt for card in second]) == ([], ["Which city?"])


def test_a_quiz_of_a_confused_pair_has_at_most_ten_questions(
    workspace: Workspace, clock: FakeClock, decks_folder: Path
) -> None:
    many = "".join(f"  - {{id: x{n}, question: 'Who? {n}', answer: Bishkek}}\n" for n in range(30))
    (decks_folder / "capitals.yaml").write_text(CAPITALS + many)
    workspace.refresh()
    take(begin_quiz(workspace, ["capitals"], QuizOptions(99, feedback=Feedback.END)), clock,
         Dushanbe="Bishkek")  # fmt: skip
    (confusion,) = Figures(workspace).confusions
    quiz = Practice(workspace).pair(confusion, AT_END)
    assert quiz.total == 10
    assert all(len(side) <= 10 for side in Practice(workspace).questions(confusion))


def test_a_confused_pair_of_a_removed_deck_cannot_be_asked(
    workspace: Workspace, clock: FakeClock, decks_folder: Path
) -> None:
    confusion = confuse(workspace, clock)
    (decks_folder / "capitals.yaml").unlink()
    workspace.refresh()
    with pytest.raises(UsageError, match="no deck has these cards"):
        Practice(workspace).pair(confusion)


def test_a_confusion_is_found_by_its_answers_in_any_order_and_case(
    workspace: Workspace, clock: FakeClock
) -> None:
    confusion = confuse(workspace, clock)
    figures = Figures(workspace)
    assert figures.find_confusion("  dushanbe", "BISHKEK") == confusion
    with pytest.raises(UsageError, match="never took"):
        figures.find_confusion("Bishkek", "Astana")


def test_every_question_of_a_confusion_has_one_of_its_answers(
    workspace: Workspace, clock: FakeClock
) -> None:
    sides = Practice(workspace).questions(confuse(workspace, clock))
    assert [[card.answers for card in side] for side in sides] == [
        [("Bishkek",), ("Bishkek",)], [("Dushanbe",)],
    ]  # fmt: skip
