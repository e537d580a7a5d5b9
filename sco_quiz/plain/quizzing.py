"""Quizzes in line mode."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from sco_quiz.learning.checking import Verdict
from sco_quiz.learning.quiz import QuizPhase
from sco_quiz.learning.results import Feedback
from sco_quiz.numbers_and_times import many, plural, spent
from sco_quiz.plain.lines import (
    TYPED,
    LineDialogue,
    UnclearInput,
    given_of,
    go_through,
    obey,
    show_question,
    tell_outcome,
)
from sco_quiz.text import plain

if TYPE_CHECKING:
    from typing import TextIO

    from sco_quiz.learning.quiz import Quiz
    from sco_quiz.learning.results import QuestionResult
    from sco_quiz.workspace.workspace import Workspace

HELP = """\
An empty line leaves the question unanswered, or reveals what cannot be checked.
Choices are answered by number or text, an order by numbers (3 1 2), a list by commas.
Choices that are numbers have none: type the one you mean, or for an order all of them.
:+ my last answer was right   :i open the image   :a play the recording
:q end    :? this help
An answer that begins with a colon is typed with one more: ::q"""


def take_quiz(
    quiz: Quiz,
    workspace: Workspace,
    *,
    source: TextIO | None = None,
    target: TextIO | None = None,
) -> None:
    """Ask until the end of the quiz, `:q`, or the end of input; the last line is the score.

    An answer that cannot be kept is told, and can be given again.

    Args:
        quiz: What to ask.
        workspace: Knows the titles of decks.
        source: Where lines come from; stdin by default.
        target: Where lines go; stdout by default.

    Raises:
        ProgressError: The last answer could not be kept, or that the quiz was left not be noted.
    """
    lines = LineDialogue(source or sys.stdin, target or sys.stdout)
    if quiz.total < quiz.options.number:
        there = plural(quiz.total, "There is", "There are")
        lines.say(f"{there} only {many(quiz.total, 'card')} to ask, not {quiz.options.number}.")
    lines.say(TYPED)

    def step() -> bool:
        workspace.refresh()
        quiz.follow()
        notice = quiz.take_notice()
        if notice:
            lines.say(notice)
        if quiz.phase is not QuizPhase.OVER:
            _step(quiz, workspace, lines)
        return True

    go_through(lines, step, lambda: quiz.phase is QuizPhase.OVER)
    quiz.leave()
    _sum_up(quiz, lines)


def _step(quiz: Quiz, workspace: Workspace, lines: LineDialogue) -> None:
    if quiz.phase is QuizPhase.REVEALED:
        _report(quiz, workspace, lines)
        return
    question, before = quiz.question, len(quiz.results)
    assert question is not None  # noqa: S101 -- the quiz is not over
    title = workspace.catalogue.title(question.card.deck)
    show_question(f"[{quiz.place} of {quiz.total}] {title}{_limit(quiz)}", question, lines)
    while quiz.question is question and quiz.phase is QuizPhase.ASKED:
        text = lines.ask("answer> ")
        workspace.refresh()
        if _obey(text, quiz, workspace, lines):
            continue
        try:
            quiz.answer(given_of(question, text))
        except UnclearInput as unclear:
            if not quiz.tick():
                lines.say(str(unclear))
    if len(quiz.results) == before:
        judgement = quiz.judgement
        if judgement is None:
            return  # the card is gone, or asks something else by now
        tell_outcome(question.card, judgement, f"answer: {judgement.expected}", lines)
        return
    result = quiz.results[before]
    if quiz.options.feedback is Feedback.ONCE:
        tell_outcome(question.card, result.judgement, _verdict(result), lines)
    elif result.late:
        lines.say("time is up")
    _go_on(quiz, lines)
    while quiz.phase is QuizPhase.OVER and quiz.disputable:
        text = lines.ask("`:+` if you were right, else Enter> ")
        if not _obey(text, quiz, workspace, lines):
            break


def _report(quiz: Quiz, workspace: Workspace, lines: LineDialogue) -> None:
    """Ask whether the learner knew what was revealed."""
    text = lines.ask("knew it? y/n> ").casefold()
    if _obey(text, quiz, workspace, lines):
        return
    if text in ("y", "yes", "n", "no"):
        if quiz.report(knew=text.startswith("y")):
            _go_on(quiz, lines)
    else:
        lines.say("Answer y if you knew it, n if not.")


def _go_on(quiz: Quiz, lines: LineDialogue) -> None:
    if quiz.phase is QuizPhase.TOLD:
        quiz.go_on()
    lines.say()


def _obey(text: str, quiz: Quiz, workspace: Workspace, lines: LineDialogue) -> bool:
    """Carry out a command; whether it was one."""
    if text == ":+":
        _count_as_right(quiz, lines)
        return True
    card = quiz.question.card if quiz.question else None
    return obey(
        text, lines, workspace, card,
        told=quiz.phase is QuizPhase.REVEALED, commands=HELP, where=" in a quiz",
    )  # fmt: skip


def _count_as_right(quiz: Quiz, lines: LineDialogue) -> None:
    last = quiz.disputable
    if last is None:
        lines.say("There is no rejected answer to accept.")
        return
    notice = quiz.was_right()
    given = last.given if isinstance(last.given, str) else ", ".join(last.given)
    lines.say(notice or f"correct: {plain(given)}")


def _limit(quiz: Quiz) -> str:
    left = quiz.left()
    return "" if left is None else f" ({spent(left)})"


def _verdict(result: QuestionResult) -> str:
    if result.late:
        return f"time is up: {result.judgement.expected}"
    if result.judgement.verdict is Verdict.CORRECT:
        return "correct"
    return f"{result.judgement.verdict or Verdict.WRONG}: {result.judgement.expected}"


def _sum_up(quiz: Quiz, lines: LineDialogue) -> None:
    if quiz.options.feedback is Feedback.END:
        for result in quiz.missed:
            given = result.given if isinstance(result.given, str) else ", ".join(result.given)
            lines.say(plain(result.question.card.prompt))
            lines.say(f"  said: {plain(given) or 'nothing'}")
            lines.say(f"  right: {result.judgement.expected}")
    if not quiz.finished:
        lines.say(f"Left half-way, with {len(quiz.results)} answered.")
    if quiz.missed:
        it = plural(len(quiz.missed), "it", "them")
        lines.say(f"{len(quiz.missed)} missed. `sco-quiz quiz --retry` asks {it} again;")
        lines.say(f"`sco-quiz quiz --bring` brings {it} into today's study.")
    best, last = quiz.earlier
    if best and last:
        lines.say(f"Earlier on these decks: best {best}, last {last}.")
    lines.say(f"score {quiz.score}")
