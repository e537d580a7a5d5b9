"""Quizzes through the whole path: decks, questions, the log, and today's study."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from sco_quiz.errors import UsageError
from sco_quiz.insight.history import SessionHistory
from sco_quiz.learning.card_queue import Counts
from sco_quiz.learning.cards import Rating
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.quiz import Quiz, QuizPhase
from sco_quiz.learning.results import EarlierScores, Feedback, QuizOptions, Score
from sco_quiz.learning.study_day import DAY_MS
from sco_quiz.studying.quizzes import Practice, begin_quiz
from sco_quiz.studying.sessions import begin_study
from sco_quiz.studying.undo import undo
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import FakeClock

CAPITALS = """\
deck: Capitals
id: capitals
cards:
  - {id: k, question: "Capital of Kazakhstan?", answer: Astana, category: city, tags: [big]}
  - {id: g, question: "Capital of Kyrgyzstan?", answer: Bishkek, category: city}
  - {id: t, question: "Capital of Tajikistan?", answer: Dushanbe, category: city}
  - {id: u, front: Uzbekistan, back: Tashkent, reverse: true, category: city}
"""
RIVERS = """\
deck: Rivers
id: rivers
cards:
  - {id: oxus, question: Whom did the Greeks call Oxus?, answer: Amu Darya}
"""
TWO = ["capitals", "rivers"]
VIEWS = ["answer", "session", "undone", "card_state", "face"]
AT_END = QuizOptions(20, feedback=Feedback.END)


@pytest.fixture
def workspace(decks_folder: Path, clock: FakeClock) -> Iterator[Workspace]:
    (decks_folder / "capitals.yaml").write_text(CAPITALS)
    (decks_folder / "rivers.yaml").write_text(RIVERS)
    with Workspace(clock=clock) as opened:
        opened.refresh()
        yield opened


def study_all(workspace: Workspace, clock: FakeClock) -> None:
    session = begin_study(workspace, TWO)
    while session.question is not None:
        session.answer()
        session.rate(Rating.EASY)
        clock.at += 2_000
    session.end()


def take(quiz: Quiz, clock: FakeClock, *wrong: str) -> None:
    """Answer everything rightly but the questions whose right answer is named."""
    while quiz.question is not None:
        clock.at += 1_500
        (right, *_) = quiz.question.card.answers
        quiz.answer("nonsense" if right in wrong else right)
        if quiz.phase is QuizPhase.TOLD:
            quiz.go_on()


def states(workspace: Workspace) -> list[Any]:
    return workspace.progress.query("SELECT * FROM card_state ORDER BY key")


def sessions(workspace: Workspace, columns: str) -> list[Any]:
    return workspace.progress.query(
        f"SELECT {columns} FROM session WHERE kind = 'quiz' ORDER BY started, id"
    )


def test_a_quiz_asks_every_card_due_or_not_and_moves_no_due_date(
    workspace: Workspace, clock: FakeClock
) -> None:
    study_all(workspace, clock)
    before, due = states(workspace), workspace.agenda.today()
    quiz = begin_quiz(workspace, TWO, AT_END)
    assert quiz.total == 6
    take(quiz, clock, "Bishkek")
    assert quiz.score == Score(5, 6)
    assert states(workspace) == before
    assert workspace.agenda.today() == due
    workspace.progress.rebuild()
    assert states(workspace) == before


def test_a_quiz_is_in_the_log_with_its_score_its_decks_and_their_titles(
    workspace: Workspace, clock: FakeClock
) -> None:
    take(begin_quiz(workspace, TWO, AT_END, tag=None), clock, "Bishkek", "Amu Darya")
    columns = "decks, asked, correct, milliseconds, finished, number, tag, retry_of"
    (row,) = sessions(workspace, columns)
    assert row == ('["capitals","rivers"]', 6, 4, 9_000, 1, 20, None, None)
    assert sessions(workspace, "round(score, 3), ended IS NOT NULL") == [(0.667, 1)]
    titles = dict(workspace.progress.query("SELECT * FROM deck_title"))
    assert titles == {"capitals": "Capitals", "rivers": "Rivers"}
    wrong = "SELECT mistake, asked, verdict FROM answer WHERE NOT correct ORDER BY at"
    assert workspace.progress.query(wrong) == [("nonsense", "typed", "wrong")] * 2


def test_the_questions_are_balanced_over_decks(workspace: Workspace) -> None:
    for seed in range(5):
        quiz = begin_quiz(workspace, TWO, QuizOptions(2, feedback=Feedback.END), seed=seed)
        decks = set()
        while quiz.question is not None:
            decks.add(quiz.question.card.deck)
            quiz.answer()
        assert decks == set(TWO)


def test_two_sides_of_a_note_do_not_follow_each_other(
    workspace: Workspace, clock: FakeClock
) -> None:
    for seed in range(10):
        quiz = begin_quiz(workspace, ["capitals"], AT_END, seed=seed)
        take(quiz, clock)
        notes = [result.question.original.note for result in quiz.results]
        assert len(notes) == 5
        assert all(a != b for a, b in pairwise(notes))


def test_the_same_seed_gives_the_same_quiz(workspace: Workspace) -> None:
    first, second = (begin_quiz(workspace, TWO, seed=7) for _ in range(2))
    assert first.question == second.question


def test_a_basic_card_is_asked_with_wrong_choices_the_learner_has_confused(
    workspace: Workspace, clock: FakeClock
) -> None:
    session = begin_study(workspace, ["capitals"])
    while session.question is not None:
        mixed_up = "Kyrgyzstan" in session.question.card.prompt
        session.answer("tashkent" if mixed_up else "")
        session.rate(Rating.EASY)
    for seed in range(6):
        quiz = begin_quiz(workspace, ["capitals"], AT_END, seed=seed)
        take(quiz, clock)
        (asked,) = (
            result.question
            for result in quiz.results
            if result.question.card.answers == ("Tashkent",)
        )
        assert asked.card.kind is Kind.CHOICE
        assert "Bishkek" in asked.options
        assert not {"Kazakhstan", "Uzbekistan"} & set(asked.options)


def test_a_quiz_left_half_way_is_kept_as_unfinished(workspace: Workspace) -> None:
    quiz = begin_quiz(workspace, TWO, AT_END)
    quiz.answer()
    quiz.answer()
    quiz.leave()
    assert sessions(workspace, "asked, finished, ended IS NOT NULL, number") == [(2, 0, 1, 20)]
    assert begin_quiz(workspace, TWO).earlier == EarlierScores()


def test_a_quiz_ended_by_a_crash_is_unfinished(workspace: Workspace) -> None:
    begin_quiz(workspace, TWO, AT_END).answer()
    assert sessions(workspace, "asked, finished, ended") == [(1, 0, None)]


def test_earlier_scores_are_those_of_finished_quizzes_on_the_same_decks(
    workspace: Workspace, clock: FakeClock
) -> None:
    assert begin_quiz(workspace, TWO).earlier == EarlierScores()
    take(begin_quiz(workspace, TWO, AT_END), clock, "Bishkek")
    take(begin_quiz(workspace, ["rivers"], AT_END), clock)
    quiz = begin_quiz(workspace, ["rivers", "capitals"], AT_END)
    assert quiz.earlier == EarlierScores(Score(5, 6), Score(5, 6))
    take(quiz, clock, "Bishkek", "Astana")
    retry = quiz.retry()
    assert retry.total == 2
    take(retry, clock)
    assert retry.score == Score(2, 2)
    assert begin_quiz(workspace, TWO).earlier == EarlierScores(Score(5, 6), Score(4, 6))
    assert begin_quiz(workspace, TWO, tag="big").earlier == EarlierScores()
    ids = [row[0] for row in sessions(workspace, "id")]
    assert sessions(workspace, "retry_of")[-1] == (ids[2],)


def test_missed_cards_come_first_in_todays_study_and_keep_their_memory(
    workspace: Workspace, clock: FakeClock
) -> None:
    study_all(workspace, clock)
    clock.at += DAY_MS
    resting = workspace.agenda.today(TWO).counts()
    quiz = begin_quiz(workspace, TWO, AT_END)
    take(quiz, clock, "Amu Darya", "Bishkek")
    before = {row[:-1] for row in states(workspace)}
    assert quiz.bring_missed() == 2
    assert {row[:-1] for row in states(workspace)} == before
    assert workspace.agenda.today(TWO).counts()["rivers"] == Counts(review=1)
    session = begin_study(workspace, TWO)
    assert session.question is not None
    assert session.question.card.answers == ("Bishkek",)
    session.answer("Bishkek")
    session.rate()
    assert session.question.card.answers == ("Amu Darya",)
    session.answer("Amu Darya")
    session.rate()
    assert workspace.agenda.today(TWO).counts() == resting


def test_buried_and_already_answered_cards_can_be_brought_in_again(
    workspace: Workspace, clock: FakeClock
) -> None:
    session = begin_study(workspace, ["rivers"])
    session.bury()
    assert workspace.agenda.today(["rivers"]).counts() == {}
    quiz = begin_quiz(workspace, ["rivers"], AT_END)
    take(quiz, clock, "Amu Darya")
    quiz.bring_missed()
    session = begin_study(workspace, ["rivers"])
    session.answer()
    session.rate(Rating.EASY)
    assert workspace.agenda.today(["rivers"]).counts() == {}
    quiz = begin_quiz(workspace, ["rivers"], AT_END)
    take(quiz, clock, "Amu Darya")
    quiz.bring_missed()
    assert workspace.agenda.today(["rivers"]).counts() == {"rivers": Counts(review=1)}


def test_cards_brought_in_but_not_studied_are_not_asked_tomorrow(
    workspace: Workspace, clock: FakeClock
) -> None:
    study_all(workspace, clock)
    quiz = begin_quiz(workspace, ["rivers"], AT_END)
    take(quiz, clock, "Amu Darya")
    quiz.bring_missed()
    clock.at += DAY_MS
    assert not workspace.agenda.today(["rivers"]).brought


def test_bringing_missed_cards_in_is_undone_in_one_step(
    workspace: Workspace, clock: FakeClock
) -> None:
    study_all(workspace, clock)
    before = states(workspace)
    quiz = begin_quiz(workspace, TWO, AT_END)
    take(quiz, clock, "Amu Darya", "Bishkek", "Astana")
    quiz.bring_missed()
    assert len(workspace.agenda.today().brought) == 3
    quiz.take_back()
    assert states(workspace) == before
    quiz.bring_missed()
    clock.at -= DAY_MS  # whatever the clock says
    assert undo(workspace) is not None
    assert states(workspace) == before
    workspace.progress.rebuild()
    assert states(workspace) == before


def test_undo_in_study_steps_over_the_answers_of_a_quiz(
    workspace: Workspace, clock: FakeClock
) -> None:
    study_all(workspace, clock)
    take(begin_quiz(workspace, TWO, AT_END), clock)
    reviewed = workspace.progress.query("SELECT card FROM review ORDER BY at DESC LIMIT 1")
    undone = undo(workspace)
    assert undone is not None
    assert [(undone.card,)] == reviewed


def test_suspended_cards_are_not_asked(workspace: Workspace) -> None:
    begin_study(workspace, ["rivers"]).suspend()
    with pytest.raises(UsageError, match="no card to ask"):
        begin_quiz(workspace, ["rivers"])


def test_a_deck_with_one_card_makes_a_quiz_of_one(workspace: Workspace, clock: FakeClock) -> None:
    quiz = begin_quiz(workspace, ["rivers"], QuizOptions(50, feedback=Feedback.END))
    assert quiz.total == 1
    take(quiz, clock)
    assert quiz.score == Score(1, 1)


def test_removed_or_empty_decks_leave_nothing_to_ask(
    workspace: Workspace, decks_folder: Path
) -> None:
    (decks_folder / "empty.yaml").write_text("deck: Empty\ncards: []\n")
    workspace.refresh()
    for decks, tag in ((["gone"], None), (["empty"], None), (TWO, "unheard of")):
        with pytest.raises(UsageError, match="no card to ask"):
            begin_quiz(workspace, decks, tag=tag)
    assert begin_quiz(workspace, ["gone", "rivers"]).total == 1
    assert begin_quiz(workspace, TWO, tag="big").total == 1


def test_a_deck_that_vanishes_in_the_middle_shortens_the_quiz(
    workspace: Workspace, clock: FakeClock, decks_folder: Path
) -> None:
    quiz = begin_quiz(workspace, TWO, AT_END, seed=3)
    quiz.answer()
    (decks_folder / "capitals.yaml").unlink()
    workspace.refresh()
    take(quiz, clock)
    assert quiz.finished
    assert quiz.total == len(quiz.results) < 6
    ((decks,),) = sessions(workspace, "decks")
    assert json.loads(decks) == TWO


def test_a_quiz_over_midnight_is_one_session_of_the_day_it_began(
    workspace: Workspace, clock: FakeClock
) -> None:
    quiz = begin_quiz(workspace, TWO, AT_END)
    quiz.answer()
    began = clock().day
    clock.at += DAY_MS
    take(quiz, clock)
    assert sessions(workspace, "day, asked, finished") == [(began, 6, 1)]


def test_an_answer_counted_as_right_counts_everywhere_without_rewriting_the_log(
    workspace: Workspace, decks_folder: Path
) -> None:
    quiz = begin_quiz(workspace, ["rivers"])
    quiz.answer("Oxus (river)")
    log_before = workspace.progress.query("SELECT * FROM event ORDER BY device, seq")
    assert sessions(workspace, "correct, asked, finished") == [(0, 1, 1)]
    assert quiz.was_right() == ""
    log = workspace.progress.query("SELECT * FROM event ORDER BY device, seq")
    assert log[: len(log_before)] == log_before
    assert [row[6] for row in log[len(log_before) :]] == ["undo", "answer", "accept"]
    assert sessions(workspace, "correct, asked, finished") == [(1, 1, 1)]
    assert r"accept: [Oxus \(river\)]" in (decks_folder / "rivers.yaml").read_text()
    (answered,) = SessionHistory(workspace).answers(SessionHistory(workspace).sessions()[0].id)
    assert (answered.given, answered.verdict, answered.correct) == ("Oxus (river)", "correct", True)
    with pytest.raises(UsageError, match="nothing was missed"):
        Practice(workspace).retry(SessionHistory(workspace).sessions()[0])
    views = {table: workspace.progress.query(f"SELECT * FROM {table}") for table in VIEWS}
    workspace.progress.rebuild()
    assert views == {table: workspace.progress.query(f"SELECT * FROM {table}") for table in VIEWS}
    again = begin_quiz(workspace, ["rivers"])
    again.answer("Oxus (river)")
    assert again.score == Score(1, 1)


def test_an_answer_counted_as_right_is_not_retried(workspace: Workspace) -> None:
    quiz = begin_quiz(workspace, ["capitals", "rivers"], seed=3)
    claimed: list[str] = []
    while quiz.question is not None:
        key = quiz.question.original.key
        quiz.answer("nonsense")
        if quiz.disputable and not claimed:
            quiz.was_right()
            claimed.append(key)
        quiz.go_on()
    assert claimed
    (session,) = SessionHistory(workspace).sessions(kind="quiz")
    assert session.correct == 1
    keys = {result.question.original.key for result in quiz.missed}
    retried = Practice(workspace).retry(session)
    assert retried.total == len(keys)
    assert claimed[0] not in keys


def test_undoing_an_accepted_answer_of_a_quiz_takes_its_point_back(
    workspace: Workspace, decks_folder: Path
) -> None:
    before = (decks_folder / "rivers.yaml").read_bytes()
    quiz = begin_quiz(workspace, ["rivers"])
    quiz.answer("Oxus")
    quiz.was_right()
    assert (decks_folder / "rivers.yaml").read_bytes() != before
    assert undo(workspace) is not None
    assert (decks_folder / "rivers.yaml").read_bytes() == before
    assert sessions(workspace, "correct, asked") == [(0, 1)]
    (session,) = SessionHistory(workspace).sessions(kind="quiz")
    assert Practice(workspace).retry(session).total == 1
    (answered,) = SessionHistory(workspace).answers(session.id)
    assert (answered.given, answered.verdict, answered.correct) == ("Oxus", "wrong", False)
    views = {table: workspace.progress.query(f"SELECT * FROM {table}") for table in VIEWS}
    workspace.progress.rebuild()
    assert views == {table: workspace.progress.query(f"SELECT * FROM {table}") for table in VIEWS}


def test_an_answer_counted_as_right_raises_the_score_even_for_a_shipped_deck(
    workspace: Workspace,
) -> None:
    quiz = begin_quiz(workspace, ["sco-timeline"], seed=1)
    while not quiz.disputable:
        quiz.answer("nonsense")
        if not quiz.disputable:
            quiz.go_on()
    notice = quiz.was_right()
    assert notice.startswith("It counts, but the deck 'sco-timeline' came with the app")
    assert quiz.score.correct == 1
    assert sessions(workspace, "correct") == [(1,)]
