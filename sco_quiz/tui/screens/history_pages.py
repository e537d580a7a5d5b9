"""The pages that the history opens: a session with its answers, and a confused pair."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from sco_quiz.commands.actions import PAIR, SESSION
from sco_quiz.errors import SCOQuizError
from sco_quiz.insight.history import SessionHistory
from sco_quiz.learning.study_day import local_time
from sco_quiz.numbers_and_times import many, percent, spent, undoable
from sco_quiz.reports.words import about, note_on, short
from sco_quiz.studying.quizzes import Practice
from sco_quiz.tui.bars import bar
from sco_quiz.tui.base import Screen
from sco_quiz.tui.markup import inline, with_margin
from sco_quiz.tui.outcome import marked_differences
from sco_quiz.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.app import ComposeResult

    from sco_quiz.insight.history import Session, SessionAnswer
    from sco_quiz.learning.cards import Card
    from sco_quiz.learning.quiz import Quiz
    from sco_quiz.tui.messages import OpenPair, OpenSessionPage

LONGEST = 76
"""Cells of the longest line."""
RATINGS = ("", "Again", "Hard", "Good", "Easy")


class SessionLinesMade(Message):
    """The lines of a session are made."""

    def __init__(self, lines: list[Content], width: int) -> None:
        """Tell them, and for what width they are."""
        super().__init__()
        self.lines = lines
        self.width = width


class SessionPage(Screen["Quiz"]):
    """Dismissed with a quiz of what was missed, or None. The lines are made in a thread."""

    DEFAULT_CSS = """
    SessionPage {
        #page { height: 1fr; align-horizontal: center; padding: 1 2 0 2; }
        LineView { width: 100%; max-width: 80; }
    }
    """
    ACTIONS = SESSION

    def __init__(self, asked: OpenSessionPage) -> None:
        """Show a session."""
        super().__init__()
        self._session = asked.session
        self._width = 0

    def compose(self) -> ComposeResult:
        """The answers between the bars."""
        yield self.top_bar
        with Container(id="page"):
            yield LineView()
        yield self.key_bar

    def on_mount(self) -> None:
        """Say which session it is."""
        session = self._session
        started = local_time(session.started, session.tz)
        when = f"{started:%a} {started.day} {started:%b %Y, %H:%M}"
        history = SessionHistory(self._workspace)
        name = about(session, history.titles, history.decks_in_use)
        title = f"{session.kind.capitalize()} · {name}"
        self.show_title(title, when)
        self.show_keys()

    def on_resize(self) -> None:
        """Lines are as wide as there is room."""
        width = min(LONGEST, self.size.width - 5)
        if width != self._width:
            self._width = width
            self.run_worker(partial(self._make, width), thread=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Allow to retry and to study only after a quiz with wrong answers."""
        missed = self._session.kind == "quiz" and self._session.correct < self._session.asked
        return missed or action not in ("retry", "bring")

    def why_not(self, action: str) -> str:  # noqa: ARG002 -- both for one reason
        """Say that there is nothing to repeat."""
        return "Only what was missed in a quiz is asked again from here."

    def _make(self, width: int) -> None:
        try:
            with self._workspace.elsewhere(read_only=True) as other:
                answers = SessionHistory(other).answers(self._session.id)
                best = note_on(self._session, [each.id for each in SessionHistory(other).bests()])
        except SCOQuizError as error:
            lines = [Content(f"{error.message}\n{error.help}")]
        else:
            lines = _head(self._session, best)
            for answer in answers:
                lines += [Content(), *_answer(answer, width)]
        self.post_message(SessionLinesMade(lines, width))

    def on_session_lines_made(self, event: SessionLinesMade) -> None:
        """Show them."""
        if event.width == self._width:
            self.query_one(LineView).show(event.lines)

    def action_retry(self) -> None:
        """Ask again what was missed."""
        with self.app.telling_errors():
            quiz: Quiz = Practice(self._workspace).retry(self._session)
            self.dismiss(quiz)

    def action_bring(self) -> None:
        """Bring what was missed into today's study."""
        with self.app.telling_errors():
            cards = many(Practice(self._workspace).bring(self._session), "card")
            self.tell(undoable(f"{cards} to study today", "undo, on the decks,"))


def _head(session: Session, note: str) -> list[Content]:
    words = {"left": "left half-way", "best": "the best on these decks", "retry": "a retry"}
    return [
        Content.assemble(
            (percent(session.score), "bold $primary"),
            (f"   {session.correct} of {session.asked:,}", "bold"),
            (f"   {spent(session.milliseconds)}", "$muted"),
            (f"   {words[note]}" if note in words else "", "$secondary"),
        ),
        bar(session.correct, session.asked, 40),
    ]


def _answer(answer: SessionAnswer, width: int) -> Iterator[Content]:
    """The question; then what was said, and what is right, where they differ."""
    sign, style = ("✓", "$success") if answer.correct else ("✗", "$error")
    yield from _hanging(Content.styled(f"{sign} ", style), inline(answer.question), width)
    given = answer.given if isinstance(answer.given, str) else ", ".join(answer.given)
    right = answer.right.replace("\n", ", ")
    if answer.verdict is not None and (not answer.correct or answer.verdict != "correct"):
        said, wanted = marked_differences(given, right)
        nothing = Content.styled("nothing", "$muted")
        yield from _hanging(
            Content.styled("  said   ", "$muted"), said if given else nothing, width
        )
        yield from _hanging(Content.styled("  right  ", "$muted"), wanted, width)
    elif not answer.correct:
        yield from _hanging(Content.styled("  right  ", "$muted"), inline(right), width)
    facts = [RATINGS[answer.rating or 0], "with the hint" if answer.hinted else ""]
    facts.append(spent(answer.milliseconds))
    yield Content.styled(f"  {', '.join(filter(None, facts))}", "$muted")


def _hanging(head: Content, text: Content, width: int) -> Iterator[Content]:
    """A text behind its head, its further lines indented as far."""
    for line in with_margin(text).wrap(max(width - head.cell_length, 10)):
        yield head + line
        head = Content(" " * head.cell_length)


class PairPage(Screen["Quiz"]):
    """Dismissed with a quiz of the pair, or None."""

    CSS_PATH = "pair.tcss"
    ACTIONS = PAIR
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (76, "-normal")]  # noqa: RUF012
    AUTO_FOCUS = "#both"

    def __init__(self, asked: OpenPair) -> None:
        """Show a pair."""
        super().__init__()
        self._confusion = asked.confusion
        self._cards = Practice(self._workspace).questions(asked.confusion)

    def compose(self) -> ComposeResult:
        """Two columns between the bars."""
        yield self.top_bar
        yield Static(self._told(), id="told", markup=False)
        with VerticalScroll(id="both"), Container(id="columns"):
            sides = zip(self._confusion.answers, self._cards, ("first", "second"), strict=True)
            for answer, cards, name in sides:
                with Vertical(classes=f"side {name}"):
                    yield Static(self._side(answer, cards), markup=False)
        yield self.key_bar

    def on_mount(self) -> None:
        """Name the pair."""
        names = " or ".join(short(answer, 30) for answer in self._confusion.answers)
        self.show_title(f"{names}?")
        self.show_keys()

    def _told(self) -> Content:
        first, second = (short(answer, 40) for answer in self._confusion.answers)
        times, back = self._confusion.times
        told = f"You said {first} for {second} {many(times, 'time')}"
        if back:
            told += f", and {second} for {first} {many(back, 'time')}"
        return Content.styled(f"{told}.", "$muted")

    def _side(self, answer: str, cards: Sequence[Card]) -> Content:
        lines = [inline(answer, "bold $primary")]
        if not cards:
            lines += [Content(), Content.styled("No card of yours asks for it.", "$muted")]
        for card in cards:
            lines += [Content(), inline(card.prompt)]
            if card.explain:
                lines.append(inline(card.explain, "$muted"))
        return with_margin(Content("\n").join(lines))

    def action_begin(self) -> None:
        """Ask which of the two is right, in turn."""
        with self.app.telling_errors():
            quiz: Quiz = Practice(self._workspace).pair(self._confusion)
            self.dismiss(quiz)
