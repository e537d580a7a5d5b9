"""A session: what was asked, said, and right."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.screen import Screen

from sco_quiz.errors import SCOQuizError
from sco_quiz.insight.history import SessionHistory
from sco_quiz.learning.study_day import local_time
from sco_quiz.reports.words import about, duration, many, note_on, percent
from sco_quiz.studying.quizzes import Practice
from sco_quiz.tui.actions import SESSION, bindings
from sco_quiz.tui.markup import inline
from sco_quiz.tui.outcome import compared
from sco_quiz.tui.widgets.bars import KeyBar, TopBar, bar
from sco_quiz.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.app import ComposeResult

    from sco_quiz.insight.history import Answered, Session
    from sco_quiz.learning.quiz import Quiz
    from sco_quiz.workspace.workspace import Workspace

LONGEST = 76
"""Cells of the longest line."""
RATINGS = ("", "Again", "Hard", "Good", "Easy")


class Told(Message):
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
    BINDINGS = bindings(SESSION)

    def __init__(self, workspace: Workspace, session: Session) -> None:
        """Show a session."""
        super().__init__()
        self._workspace = workspace
        self._session = session
        self._width = 0

    def compose(self) -> ComposeResult:
        """The answers between the bars."""
        yield TopBar()
        with Container(id="page"):
            yield LineView()
        yield KeyBar()

    def on_mount(self) -> None:
        """Say which session it is."""
        session = self._session
        started = local_time(session.started, session.tz)
        when = f"{started:%a} {started.day} {started:%b %Y, %H:%M}"
        name = about(session, SessionHistory(self._workspace).titles)
        title = f"{session.kind.capitalize()} · {name}"
        self.query_one(TopBar).show(Content.styled(title, "$foreground"), Content(when))
        self.query_one(KeyBar).show(
            action for action in SESSION if self.check_action(action.name, ())
        )

    def on_resize(self) -> None:
        """Lines are as wide as there is room."""
        width = min(LONGEST, self.size.width - 5)
        if width != self._width:
            self._width = width
            self.run_worker(partial(self._make, width), thread=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What was missed in a quiz can be retried, and studied."""
        missed = self._session.kind == "quiz" and self._session.correct < self._session.asked
        return missed or action not in ("retry", "bring")

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
        self.post_message(Told(lines, width))

    def on_told(self, event: Told) -> None:
        """Show them."""
        if event.width == self._width:
            self.query_one(LineView).show(event.lines)

    def action_retry(self) -> None:
        """Ask again what was missed."""
        quizzes: list[Quiz] = []
        practice = Practice(self._workspace)
        if self._try(lambda: quizzes.append(practice.retry(self._session))):
            self.dismiss(quizzes[0])

    def action_bring(self) -> None:
        """Bring what was missed into today's study."""
        counts: list[int] = []
        practice = Practice(self._workspace)
        if self._try(lambda: counts.append(practice.bring(self._session))):
            cards = many(counts[0], "card")
            self.notify(f"{cards} to study today; undo, on the decks, takes it back.")

    def _try(self, step: Callable[[], object]) -> bool:
        try:
            step()
        except SCOQuizError as error:
            self.notify(f"{error.message}\n{error.help}", severity="error", markup=False)
            return False
        return True

    def action_leave(self) -> None:
        """Back to the history."""
        self.dismiss(None)


def _head(session: Session, note: str) -> list[Content]:
    words = {"left": "left half-way", "best": "the best on these decks", "retry": "a retry"}
    return [
        Content.assemble(
            (percent(session.score), "bold $primary"),
            (f"   {session.correct} of {session.asked:,}", "bold"),
            (f"   {duration(session.milliseconds)}", "$muted"),
            (f"   {words[note]}" if note in words else "", "$secondary"),
        ),
        bar(session.correct, session.asked, 40),
    ]


def _answer(answer: Answered, width: int) -> Iterator[Content]:
    """The question; then what was said, and what is right, where they differ."""
    sign, style = ("✓", "$success") if answer.correct else ("✗", "$error")
    yield from _hanging(Content.styled(f"{sign} ", style), inline(answer.question), width)
    given = answer.given if isinstance(answer.given, str) else ", ".join(answer.given)
    right = answer.right.replace("\n", ", ")
    if answer.verdict is not None and (not answer.correct or answer.verdict != "correct"):
        said, wanted = compared(given, right)
        nothing = Content.styled("nothing", "$muted")
        yield from _hanging(
            Content.styled("  said   ", "$muted"), said if given else nothing, width
        )
        yield from _hanging(Content.styled("  right  ", "$muted"), wanted, width)
    elif not answer.correct:
        yield from _hanging(Content.styled("  right  ", "$muted"), inline(right), width)
    facts = [RATINGS[answer.rating or 0], "with the hint" if answer.hinted else ""]
    facts.append(duration(answer.milliseconds))
    yield Content.styled(f"  {', '.join(filter(None, facts))}", "$muted")


def _hanging(head: Content, text: Content, width: int) -> Iterator[Content]:
    """A text behind its head, its further lines indented as far."""
    for line in text.wrap(max(width - head.cell_length, 10)):
        yield head + line
        head = Content(" " * head.cell_length)
