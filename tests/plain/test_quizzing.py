"""A quiz in line mode: what it asks, what it says, and the score on its last line."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from sco_quiz.errors import ProgressError
from sco_quiz.learning.kinds import Input
from sco_quiz.learning.results import Feedback, QuizOptions
from sco_quiz.learning.study_day import Moment
from sco_quiz.plain.quizzing import take_quiz
from sco_quiz.studying.quizzes import QuizLogJournal, begin_quiz
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from sco_quiz.learning.quiz import Quiz
    from sco_quiz.learning.results import QuestionResult

    Call = Callable[..., tuple[int, str, str]]

AT_END = QuizOptions(20, feedback=Feedback.END)


class SlowClock:
    """A clock that moves by so much with every look at it."""

    def __init__(self) -> None:
        self.at, self.step = 1_700_000_000_000, 0

    def __call__(self) -> Moment:
        self.at += self.step
        return Moment(self.at, 0, 739_000)


@pytest.fixture
def clock() -> SlowClock:
    return SlowClock()


@pytest.fixture
def workspace(home: Path, kinds: Path, clock: SlowClock) -> Iterator[Workspace]:
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
        yield workspace


def talk(quiz: Quiz, workspace: Workspace, *lines: str) -> str:
    source, target = io.StringIO("".join(f"{line}\n" for line in lines)), io.StringIO()
    take_quiz(quiz, workspace, source=source, target=target)
    return target.getvalue()


def test_a_question_its_verdict_and_the_score_have_this_form(workspace: Workspace) -> None:
    quiz = begin_quiz(workspace, ["kinds"], QuizOptions(1), tag="typed")
    assert talk(quiz, workspace, "Samarkand") == (
        """\
:? lists what can be typed besides answers.
[1 of 1] All kinds
Which city is the capital of Uzbekistan?
answer>\x20
wrong: Tashkent
the answer to another card: Samarkand
The name means stone city.
source: A World Atlas, p. 14, as of 2024-10

`:+` if you were right, else Enter>\x20

1 missed. `sco-quiz quiz --retry` asks it again;
`sco-quiz quiz --bring` brings it into today's study.
score 0/1
"""
    )


@pytest.mark.parametrize(
    ("given", "verdict", "score"),
    [
        ("tashkent", "correct", "1/1"),
        ("Tashkend", "close: Tashkent", "1/1"),
        ("", "wrong: Tashkent", "0/1"),
    ],
)
def test_right_and_close_answers_count(
    workspace: Workspace, given: str, verdict: str, score: str
) -> None:
    said = talk(begin_quiz(workspace, ["kinds"], QuizOptions(1), tag="typed"), workspace, given)
    assert f"\n{verdict}\n" in said
    assert said.splitlines()[-1] == f"score {score}"


def test_every_kind_can_be_answered(workspace: Workspace) -> None:
    quiz = begin_quiz(workspace, ["kinds"], AT_END, seed=1)
    lines = []
    probe = begin_quiz(workspace, ["kinds"], AT_END, seed=1)
    while probe.question is not None:
        card, options = probe.question.card, probe.question.options
        if card.kind.input is Input.REVEAL:
            probe.answer()
            probe.report(knew=True)
            lines += ["", "maybe", "y"]
            continue
        probe.answer()
        if card.kind.input.is_picked:
            lines += ["no such", " ".join(str(options.index(each) + 1) for each in card.answers)]
        else:
            lines.append(", ".join(card.answers))
    probe.leave()
    said = talk(quiz, workspace, *lines)
    assert f"score {quiz.total}/{quiz.total}" == said.splitlines()[-1], said
    assert "Answer y if you knew it, n if not." in said
    asked = {result.question.original.kind.input for result in quiz.results}
    assert asked == set(Input)


def test_at_the_end_each_missed_question_is_shown_with_the_given_answer(
    workspace: Workspace,
) -> None:
    quiz = begin_quiz(workspace, ["kinds"], AT_END, tag="typed")
    said = talk(quiz, workspace, "Samarkand")
    assert "wrong" not in said
    assert (
        "Which city is the capital of Uzbekistan?\n  said: Samarkand\n  right: Tashkent\n" in said
    )
    assert said.endswith("score 0/1\n")


def test_a_quiz_with_too_few_cards_says_so(workspace: Workspace) -> None:
    said = talk(begin_quiz(workspace, ["kinds"], AT_END, tag="typed"), workspace)
    assert said.startswith("There is only 1 card to ask, not 20.\n")
    assert not talk(begin_quiz(workspace, ["kinds"], QuizOptions(2)), workspace).startswith("There")


def test_the_end_of_input_leaves_the_quiz_unfinished(workspace: Workspace) -> None:
    quiz = begin_quiz(workspace, ["kinds"], AT_END)
    said = talk(quiz, workspace, ":?", ":h", ":q")
    assert ":q end" in said
    assert "There is no command :h in a quiz" in said
    assert said.endswith("Left half-way, with 0 answered.\nscore 0/0\n")
    assert not workspace.progress.query("SELECT * FROM session")


def test_the_time_is_shown_and_a_late_answer_does_not_count(
    workspace: Workspace, clock: SlowClock
) -> None:
    quiz = begin_quiz(workspace, ["kinds"], QuizOptions(1, seconds=30), tag="typed")
    clock.step = 16_000
    said = talk(quiz, workspace, "Tashkent")
    assert "[1 of 1] All kinds (14 s)" in said
    assert "\ntime is up: Tashkent\n" in said
    assert said.endswith("score 0/1\n")


def test_the_quiz_ends_when_its_total_time_is_up(workspace: Workspace, clock: SlowClock) -> None:
    quiz = begin_quiz(workspace, ["kinds"], QuizOptions(5, total_seconds=30), seed=1)
    clock.step = 20_000
    said = talk(quiz, workspace, *["x"] * 5)
    assert said.count("answer> ") == 1
    assert said.endswith("score 0/5\n")


def test_a_deck_removed_during_a_quiz_ends_it_with_a_message(
    workspace: Workspace, kinds: Path
) -> None:
    quiz = begin_quiz(workspace, ["kinds"], AT_END, seed=1)
    kinds.unlink()
    workspace.refresh()
    count = quiz.total
    said = talk(quiz, workspace, *["", "n"] * 20)
    assert quiz.finished
    assert said.splitlines()[2:] == [f"{count} cards are in no deck any more.", "score 0/0"]


def test_earlier_scores_on_the_same_decks_are_shown(workspace: Workspace) -> None:
    talk(begin_quiz(workspace, ["kinds"], AT_END, tag="typed"), workspace, "Tashkent")
    talk(begin_quiz(workspace, ["kinds"], AT_END, tag="typed"), workspace, "Osh")
    said = talk(begin_quiz(workspace, ["kinds"], AT_END, tag="typed"), workspace, "Osh")
    assert "Earlier on these decks: best 1/1, last 0/1.\nscore 0/1" in said


def test_a_failed_write_is_reported_and_the_question_asked_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, failures = QuizLogJournal.record, iter([True])

    def fail_once(
        self: QuizLogJournal, results: Sequence[QuestionResult], *, finished: bool
    ) -> None:
        if next(failures, False):
            raise ProgressError("the disk is full", "make room")
        record(self, results, finished=finished)

    monkeypatch.setattr(QuizLogJournal, "record", fail_once)
    quiz = begin_quiz(workspace, ["kinds"], AT_END, tag="typed")
    said = talk(quiz, workspace, "Tashkent", "Tashkent")
    assert "error: the disk is full\nmake room" in said
    assert said.endswith("score 1/1\n")


@pytest.mark.usefixtures("kinds")
def test_a_quiz_leaves_the_due_cards_as_they_were(call: Call) -> None:
    before = call("due", "--json")
    quiz = ("quiz", "kinds", "-n", "3", "--feedback", "end", "--plain")
    code, out, err = call(*quiz, lines="\n\n\n\n\n\n")
    assert code == 0, err
    assert out.count("answer> ") >= 3 or "knew it?" in out
    assert out.splitlines()[-1].startswith("score 0/")
    assert call("due", "--json") == before


@pytest.mark.usefixtures("kinds")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["gone"], "there is no deck 'gone'"),
        (["kinds", "--tag", "unheard"], "there is no card to ask with the tag 'unheard'"),
        (["kinds", "-n", "0"], "0 is not in the range"),
        (["kinds", "--seconds", "-1"], "-1 is not in the range"),
        (["kinds", "--feedback", "never"], "never"),
    ],
)
def test_a_quiz_that_cannot_be_made_is_refused_with_the_reason(
    call: Call, arguments: list[str], said: str
) -> None:
    code, _, err = call("quiz", *arguments)
    assert code == 2
    assert said in err
    assert "Traceback" not in err


def test_the_last_answer_can_be_counted_as_right_and_is_accepted(
    workspace: Workspace, kinds: Path
) -> None:
    quiz = begin_quiz(workspace, ["kinds"], QuizOptions(1), tag="typed")
    said = talk(quiz, workspace, "Chirchik", ":+")
    assert "\ncorrect: Chirchik\n" in said
    assert "missed" not in said
    assert said.endswith("\nscore 1/1\n")
    assert "Chirchik" in kinds.read_text(encoding="utf-8")


def test_an_answer_can_be_counted_as_right_at_the_next_question(
    workspace: Workspace, kinds: Path
) -> None:
    deck = "deck: Two\ncards:\n" + "".join(
        f"  - {{question: Letter {letter}?, answer: {letter * 5}}}\n" for letter in "ab"
    )
    (kinds.parent / "two.yaml").write_text(deck, encoding="utf-8")
    workspace.refresh()
    quiz = begin_quiz(workspace, ["two"], QuizOptions(2), seed=1)
    said = talk(quiz, workspace, ":+", "nothing like it", ":+", ":+", "nor this", "")
    assert said.count("There is no rejected answer to accept.") == 2
    assert said.count("correct: nothing like it") == 1
    assert said.endswith("\nscore 1/2\n")


def test_with_feedback_at_the_end_no_answer_can_be_counted_as_right(workspace: Workspace) -> None:
    quiz = begin_quiz(workspace, ["kinds"], QuizOptions(1, feedback=Feedback.END), tag="typed")
    said = talk(quiz, workspace, "Chirchik", ":+")
    assert ":+" not in said
    assert said.endswith("\nscore 0/1\n")
