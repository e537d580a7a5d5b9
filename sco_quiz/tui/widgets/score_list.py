"""How scores developed, and below it every session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import getters
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from sco_quiz.insight.history import ORDERS
from sco_quiz.learning.study_day import local_time
from sco_quiz.reports.scores import WHAT, of_deck, of_decks
from sco_quiz.reports.words import about, note_on, short
from sco_quiz.tui.base import App
from sco_quiz.tui.widgets.line_view import styled
from sco_quiz.tui.widgets.row_list import RowList
from sco_quiz.vocabulary import iso_minute, percent, plural, spent

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sco_quiz.insight.history import Session
    from sco_quiz.tui.history_counting import Scores, View

KINDS = {"quiz": "quizzes", "study": "study"}
SORTS = {
    "started": "newest first",
    "score": "best first",
    "asked": "most answers first",
    "seconds": "longest first",
}
GOOD = 0.8
"""From this score on a session is shown as a success."""
COLUMNS = (("right", 10), ("score", 7), ("time", 14), ("", 7))
NARROW = 76
"""Cells below which the year, the time a session took and what is special about it are left out."""


class ScoreList(Vertical):
    """A chart for each deck, or of one; then the sessions.

    Attributes:
        order: What sessions are sorted by; a key of `ORDERS`.
    """

    DEFAULT_CSS = """
    ScoreList {
        padding: 1 2 0 2;
        height: 1fr;
        #chart { height: auto; margin-bottom: 1; }
        #heads { height: 1; color: $muted; }
    }
    """

    app = getters.app(App)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.order = "started"
        self._scores: Scores | None = None
        self._sessions: list[Session] = []

    def compose(self) -> ComposeResult:
        """The chart above the list."""
        yield Static(id="chart", markup=False)
        yield Static(id="heads", markup=False)
        yield RowList(self._row, id="sessions")

    def show(self, scores: Scores, view: View, *, anew: bool) -> None:
        """Show what there is.

        Args:
            scores: What is known.
            view: What is looked at.
            anew: Begin at the top; else only the width is another.
        """
        self._scores = scores
        rows = self.query_one(RowList)
        self.query_one("#chart", Static).update(self._chart(scores, view))
        cursor = 0 if anew else rows.cursor
        self._sort()
        rows.show(len(self._sessions), cursor=cursor)
        heads = self.query_one("#heads", Static)
        heads.display = bool(self._sessions)
        heads.update(self._heads(rows.size.width or self.app.size.width - 4))

    def focus_list(self) -> None:
        """Give the sessions the keys."""
        self.query_one(RowList).focus()

    @property
    def chosen(self) -> Session | None:
        """The session under the cursor."""
        return self._sessions[self.query_one(RowList).cursor] if self._sessions else None

    def sort_by_next(self) -> None:
        """Sort by the next thing there is."""
        orders = list(ORDERS)
        self.order = orders[(orders.index(self.order) + 1) % len(orders)]
        self._sort()
        self.query_one(RowList).show(len(self._sessions))

    def _sort(self) -> None:
        if self._scores is not None:
            key = ORDERS[self.order]
            self._sessions = sorted(self._scores.sessions, key=key, reverse=True)

    def _chart(self, scores: Scores, view: View) -> Content:
        width = self.app.size.width - 4
        kind, titles = scores.kind, scores.titles
        if scores.by_deck is None:
            return Content.styled(WHAT[kind], "bold $foreground")
        if view.deck is None:
            lines = list(of_decks(kind, scores.by_deck, titles, width))
            room = max(3, self.app.size.height // 3 - 1)
            more = len(lines) - room
            if more > 0:
                lines = lines[:room]
        else:
            more = 0
            title = titles.get(view.deck, view.deck)
            lines = list(of_deck(kind, scores.by_deck.get(view.deck, ()), title, width))
        shown = [styled(line, colourless=self.app.no_color) for line in lines]
        if more > 0:
            decks = f"{more} more {plural(more, 'deck')}"
            key = self.app.preferences.key("history.deck")
            shown.append(Content.styled(f"and {decks}: {key} looks at one", "$muted"))
        return Content("\n").join(shown)

    def _columns(self, width: int) -> list[tuple[str, int]]:
        return [each for each in COLUMNS if width >= NARROW or each[0] not in ("time", "")]

    def _heads(self, width: int) -> Content:
        figures = "".join(f"{name:>{wide}}" for name, wide in self._columns(width))
        left = f"  {'started':<{18 if width >= NARROW else 13}}{'kind':<7}decks"
        return Content(left + figures.rjust(width - len(left) - 1))

    def _row(self, index: int, width: int) -> Content:
        session = self._sessions[index]
        scores = self._scores
        assert scores is not None  # noqa: S101 -- there are no rows before
        started = local_time(session.started, session.tz)
        edge = "▌ " if index == self.query_one(RowList).cursor else "  "
        words = {
            "right": (f"{session.correct}/{session.asked}", "$foreground"),
            "score": (percent(session.score), "$success" if session.score >= GOOD else "$accent"),
            "time": (spent(session.milliseconds), "$muted"),
            "": (note_on(session, scores.bests), "$secondary"),
        }
        figures = Content.assemble(
            *((f"{words[name][0]:>{wide}}", words[name][1]) for name, wide in self._columns(width))
        )
        began = iso_minute(started)[0 if width >= NARROW else len("2026-") :]
        when = f"{began}  {session.kind:<5}  "
        room = max(4, width - 2 - len(when) - figures.cell_length - 2)
        decks = short(about(session, scores.titles, room), room)
        left = Content.assemble((edge, "$primary"), (when, "$muted"), decks)
        gap = " " * max(1, width - left.cell_length - figures.cell_length - 1)
        return left + gap + figures
