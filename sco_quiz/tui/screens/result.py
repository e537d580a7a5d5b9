"""The result of a quiz: the score large, and every question that was missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from sco_quiz.commands.actions import RESULT
from sco_quiz.learning.kinds import Input
from sco_quiz.numbers_and_times import many, percent, spent, taken_back, undoable
from sco_quiz.tui.bars import bar
from sco_quiz.tui.markup import inline, with_margin
from sco_quiz.tui.outcome import marked_differences, right_answer
from sco_quiz.tui.pages import Page

if TYPE_CHECKING:
    from sco_quiz.learning.quiz import Quiz
    from sco_quiz.learning.results import QuestionResult as Missed
    from sco_quiz.learning.results import Score

_DIGITS = {
    "0": ("█▀█", "█ █", "▀▀▀"),
    "1": ("▀█ ", " █ ", "▀▀▀"),
    "2": ("▀▀█", "█▀▀", "▀▀▀"),
    "3": ("▀▀█", " ▀█", "▀▀▀"),
    "4": ("█ █", "▀▀█", "  ▀"),
    "5": ("█▀▀", "▀▀█", "▀▀▀"),
    "6": ("█▀▀", "█▀█", "▀▀▀"),
    "7": ("▀▀█", "  █", "  ▀"),
    "8": ("█▀█", "█▀█", "▀▀▀"),
    "9": ("█▀█", "▀▀█", "▀▀▀"),
}
_HEIGHT = 3
"""Of a large number, in lines."""


class QuizResult(Page["Quiz"]):
    """Dismissed with a quiz of what was missed, or None."""

    ACTIONS = RESULT

    def __init__(self, quiz: Quiz) -> None:
        """Show what a quiz came to."""
        super().__init__("Result" if quiz.finished else "Result so far")
        self._quiz = quiz

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """There is something to retry and to study when something was missed."""
        return bool(self._quiz.missed) or action not in ("retry", "bring")

    def why_not(self, action: str) -> str:  # noqa: ARG002
        """Say that there is nothing to repeat."""
        return "Nothing was missed."

    def text(self) -> Content:
        """Score, time, earlier scores; then each missed question with what was said and right."""
        score, earlier = self._quiz.score, self._quiz.earlier
        large = _large(score.correct)
        beside = [
            Content.styled(f"of {score.of}", "$muted"),
            Content.styled(percent(score.share), "bold") + _change(score, earlier.last),
            Content.styled(spent(self._quiz.milliseconds), "$muted"),
        ]
        lines = [
            Content.styled(f"{digits}  ", "$primary") + words
            for digits, words in zip(large, beside, strict=True)
        ]
        lines += [Content(), bar(score.correct, score.of, 40)]
        if earlier.best is not None and earlier.last is not None:
            best = earlier.best if earlier.best.share > score.share else score
            record = "a personal best" if best is score else f"best {percent(best.share)}"
            lines.append(
                Content.styled(
                    f"last on these decks {percent(earlier.last.share)}, {record}", "$muted"
                )
            )
        if not self._quiz.finished:
            lines.append(Content.styled("left half-way; what you answered is kept", "$warning"))
        if self._quiz.missed:
            lines += [Content(), Content.styled("Missed", "$muted")]
            for missed in self._quiz.missed:
                lines += [Content(), *_missed(missed)]
        elif score.of:
            lines += [Content(), Content("Nothing was missed.")]
        return with_margin(Content("\n").join(lines))

    def action_retry(self) -> None:
        """Ask the missed questions again."""
        self.dismiss(self._quiz.retry())

    def action_bring(self) -> None:
        """Bring the missed into today's study, or take that back."""
        with self.app.telling_errors():
            if self._quiz.brought:
                self._quiz.take_back()
                self.tell(taken_back(""))
            else:
                cards = many(self._quiz.bring_missed(), "card")
                self.tell(undoable(f"{cards} to study today", self.key_of("result.bring")))


def _missed(missed: Missed) -> list[Content]:
    card = missed.question.card
    given = missed.given if isinstance(missed.given, str) else ", ".join(missed.given)
    said = "time was up" if missed.late else given or "no answer"
    lines = [inline(card.prompt)]
    right = right_answer(missed.judgement)
    if given and not missed.late and card.kind.input is Input.TEXT:
        wrong, right = marked_differences(given, missed.judgement.expected)
    else:
        wrong = Content.styled(said, "$error" if given else "$muted")
    if card.kind.input is not Input.REVEAL or missed.late:
        lines.append(Content.styled("   ✗ ", "$error") + wrong)
    lines.append(Content.styled("   ✓ ", "$success") + right)
    return lines


def _change(score: Score, last: Score | None) -> Content:
    if last is None:
        return Content()
    change = round(100 * score.share) - round(100 * last.share)
    if not change:
        return Content.styled("   as last time", "$muted")
    sign, style = ("▲", "$success") if change > 0 else ("▼", "$warning")
    return Content.assemble((f"   {sign} {abs(change)}", style), (" since last time", "$muted"))


def _large(number: int) -> list[str]:
    """Return the lines of a large number, all of the same width."""
    digits = [_DIGITS[digit] for digit in str(number)]
    return [" ".join(digit[line] for digit in digits) for line in range(_HEIGHT)]
