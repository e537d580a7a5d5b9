"""History: scores, how answers went, and how well the cards are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from sco_quiz import charts, reports
from sco_quiz.learning.study_day import local_time
from sco_quiz.tui.actions import HISTORY, bindings
from sco_quiz.tui.markup import inline
from sco_quiz.tui.screens.page import Page
from sco_quiz.tui.widgets.bars import KeyBar, TopBar
from sco_quiz.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult

    from sco_quiz.workspace import Workspace
    from sco_quiz.workspace.history import Answered, Session

TABS = ("Scores", "Answers", "Cards")
SCORES = 60
"""Sessions that the line of scores shows."""


class History(Screen[None]):
    """Three tabs: sessions with their scores, figures of answers, figures of cards."""

    CSS_PATH = "history.tcss"
    BINDINGS = bindings(HISTORY)
    AUTO_FOCUS = "#sessions"

    def __init__(self, workspace: Workspace) -> None:
        """Show the history of a workspace."""
        super().__init__()
        self._workspace = workspace
        self._history = workspace.history
        self._sessions = self._history.sessions()
        self._titles = self._history.titles
        self._figures = workspace.figures()
        self._tab = 0

    def compose(self) -> ComposeResult:
        """One tab is shown at a time."""
        yield TopBar()
        with Vertical(id="scores"):
            yield Static(id="line", markup=False)
            yield RowList(self._row, id="sessions")
        with VerticalScroll(id="figures"):
            yield Static(id="text", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the scores."""
        self.query_one(RowList).show(len(self._sessions))
        self._show()

    def on_resize(self) -> None:
        """The line of scores and the calendar are as wide as there is room."""
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        tabs = Content("   ").join(
            Content.styled(name, "bold $foreground" if number == self._tab else "$muted")
            for number, name in enumerate(TABS)
        )
        count = len(self._sessions)
        told = f"{count} session{'s' * (count != 1)}"
        self.query_one(TopBar).show(tabs, Content(told))
        self.query_one(KeyBar).show(
            action
            for action in HISTORY
            if action.name != "open" or (self._tab == 0 and self._sessions)
        )
        self.query_one("#scores").display = self._tab == 0
        self.query_one("#figures").display = self._tab != 0
        if self._tab == 0:
            self.query_one("#line", Static).update(self._line())
            self.query_one(RowList).focus()
            return
        figures = self._figures  # counted when a tab first shows them
        weeks = max(4, min(53, self.size.width - 12))
        lines = reports.answers_of(figures, weeks) if self._tab == 1 else reports.cards_of(figures)
        self.query_one("#text", Static).update(_styled(lines))
        self.query_one("#figures").focus()

    def _line(self) -> Content:
        """The scores of the last sessions, the newest on the right."""
        if not self._sessions:
            return Content("No session yet. Study or take a quiz, and it stands here.")
        last = [session.score for session in self._sessions[:SCORES]][::-1]
        best = max(self._sessions, key=lambda session: (session.score, session.asked))
        return Content.assemble(
            (charts.sparkline(last, 1), "$secondary"),
            (f"  {last[-1]:.0%} last", "bold $foreground"),
            (f", best {best.score:.0%} of {best.asked}", "$muted"),
        )

    def _row(self, index: int, width: int) -> Content:
        session = self._sessions[index]
        started = local_time(session.started, session.tz)
        edge = "▌ " if index == self.query_one(RowList).cursor else "  "
        right = f"{session.correct}/{session.asked}"
        figures = Content.assemble(
            (f"{right:>8}", "$foreground"),
            (f"{session.score:>6.0%}", "$success" if session.score >= 0.8 else "$accent"),
            (f"{reports.duration(session.milliseconds):>14}", "$muted"),
        )
        when = f"{started:%Y-%m-%d %H:%M}  {session.kind:<5}  "
        room = max(4, width - 2 - len(when) - figures.cell_length - 2)
        decks = reports.short(reports.in_words(session.decks, self._titles), room)
        left = Content.assemble((edge, "$primary"), (when, "$muted"), decks)
        gap = " " * max(1, width - left.cell_length - figures.cell_length - 1)
        return left + gap + figures

    def on_row_list_chosen(self) -> None:
        """A second click opens a session."""
        self.action_open()

    def action_open(self) -> None:
        """Show the answers of the session under the cursor."""
        if self._tab == 0 and self._sessions:
            session = self._sessions[self.query_one(RowList).cursor]
            answers = self._history.answers(session.id)
            title = reports.in_words(session.decks, self._titles)
            self.app.push_screen(SessionPage(session, answers, title))

    def action_tab(self, by: int) -> None:
        """Go to the next tab or the one before."""
        self._tab = (self._tab + by) % len(TABS)
        self._show()

    def action_next_tab(self) -> None:
        """Go to the next tab."""
        self.action_tab(1)

    def action_previous_tab(self) -> None:
        """Go to the tab before."""
        self.action_tab(-1)

    def action_leave(self) -> None:
        """Back to the decks."""
        self.dismiss()


class SessionPage(Page[None]):
    """Every answer of a session: what was asked, said, and right."""

    def __init__(self, session: Session, answers: list[Answered], title: str) -> None:
        """Show a session under a title."""
        started = local_time(session.started, session.tz)
        super().__init__(f"{title}, {started:%a} {started.day} {started:%b %Y, %H:%M}")
        self._session = session
        self._answers = answers

    def text(self) -> Content:
        """The score, then a paragraph an answer."""
        session = self._session
        parts = [
            Content.assemble(
                (f"{session.correct} of {session.asked}", "bold $primary"),
                (f"   {session.score:.0%}", "bold"),
                (f"   {reports.duration(session.milliseconds)}", "$muted"),
            )
        ]
        for answer in self._answers:
            right = answer.correct
            given = answer.given if isinstance(answer.given, str) else ", ".join(answer.given)
            lines = [
                Content.styled("✓ " if right else "✗ ", "$success" if right else "$error")
                + inline(answer.question)
            ]
            if given and (not right or answer.verdict == "close"):
                lines.append(Content.assemble(("  you: ", "$muted"), given))
            if not right or answer.verdict == "close":
                lines.append(
                    Content.assemble(("  right: ", "$muted"), answer.right.replace("\n", ", "))
                )
            parts.append(Content("\n").join(lines))
        return Content("\n\n").join(parts)


def _styled(lines: Iterable[str]) -> Content:
    """The lines of a report in the theme's colours; see `reports.answers_of`."""
    styled = []
    title = True
    for line in lines:
        if title and line:
            styled.append(Content.styled(line, "bold $foreground"))
        elif line.startswith("  ") and line[2:3].isalpha():
            styled.append(Content.styled(line, "$muted"))
        else:
            styled.append(Content.styled(line, "$secondary"))
        title = not line
    return Content("\n").join(styled)
