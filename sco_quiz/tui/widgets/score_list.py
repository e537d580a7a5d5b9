"""A chart of scores over time, and below it every session."""

from __future__ import annotations

from datetime import date
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from textual import getters
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from sco_quiz import charts
from sco_quiz.insight.history import ORDERS
from sco_quiz.learning.study_day import local_time
from sco_quiz.numbers_and_times import iso_minute, many, on_chart, percent, spent
from sco_quiz.reports.lines import TWO_COLUMNS, Point, arranged, titled, wrapped_sentence
from sco_quiz.reports.scores import (
    ROWS,
    SAYS,
    WHAT,
    WITH_ASIDE,
    by_latest,
    of_deck,
    of_decks,
)
from sco_quiz.reports.words import about, fitted, note_on
from sco_quiz.tui.bars import ByWidth
from sco_quiz.tui.base import App
from sco_quiz.tui.widgets.report_view import ReportView, styled
from sco_quiz.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from textual.app import ComposeResult
    from textual.geometry import Size

    from sco_quiz.insight.history import DeckScore, Session
    from sco_quiz.reports.lines import Line
    from sco_quiz.tui.history_counting import HistorySelection, Scores

KINDS = {"quiz": "quizzes", "study": "study"}
SORTS = {
    "started": "newest first",
    "score": "best first",
    "asked": "most answers first",
    "seconds": "longest first",
}
GOOD = 0.8
"""From this score on a session is shown as a success."""
LOW_SCREEN = 22
"""Lines of the terminal below which decks have sparklines rather than charts."""
LARGE = ((45, 9), (28, 7), (LOW_SCREEN, 5), (0, ROWS))
"""From how many lines on the chart of one deck has how many rows."""
PART = 0.6
"""Of the height, what charts take at most."""
DECK = ROWS + 3
"""Lines of a deck's chart: with its title, the dates, and the gap to the next."""
FIGURES = (("right", 8), ("score", 7))
MORE_FIGURES = (("time", 13), ("", 7))
NARROW = 70
"""Cells below which the time a session took and what is special about it are left out."""
BARS = 66
"""Cells from which on a bar shows the score."""
LEAST_ROOM = 18
"""Cells for decks and bar together below which the decks have them all."""
NARROWEST_BAR, WIDEST_BAR = 6, 40
DAY_NAMES = {0: "today", 1: "yesterday"}


class DayHeading(NamedTuple):
    """The heading of a day's sessions.

    Attributes:
        name: The day.
        told: How many there were, and how they went.
    """

    name: str
    told: str


class SessionColumns(NamedTuple):
    """The columns of sessions: the same for their headings and every row.

    Attributes:
        when: Cells of the time at which a session began.
        decks: Cells of what it was about.
        bar: Cells of the bar; 0 for none.
        figures: What stands at the right, and in how many cells each.
    """

    when: int
    decks: int
    bar: int
    figures: tuple[tuple[str, int], ...]

    @classmethod
    def of_width(cls, width: int, *, by_day: bool) -> SessionColumns:
        """Return the columns for a width in cells.

        Args:
            width: Of all.
            by_day: Whether the day stands above, so that a row needs only the time.
        """
        figures = FIGURES if width < NARROW else FIGURES + MORE_FIGURES
        when = len("18:32") if by_day else len("2026-11-23 18:32")
        room = width - len("  ") - when - len("  study  ") - sum(wide for _, wide in figures)
        room = max(room, 4)
        has_bar = width >= BARS and room >= LEAST_ROOM
        bar = max(NARROWEST_BAR, min(WIDEST_BAR, room * 2 // 5)) if has_bar else 0
        return cls(when, room - bar - (1 if bar else 0), bar, figures)


class ScoreList(Vertical):
    """A chart for each deck, or of one; then the sessions.

    Attributes:
        order: What sessions are sorted by; a key of `ORDERS`.
    """

    DEFAULT_CSS = """
    ScoreList {
        padding: 1 2 0 2;
        height: 1fr;
        #summary { height: auto; }
        #told { height: 1; margin-bottom: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        #heads { height: 1; padding-right: 1; color: $muted; }
        #sessions { scrollbar-gutter: stable; }
        #sessions > .row-list--cursor { background: $background; }
        #sessions:focus > .row-list--cursor { background: $panel; }
    }
    ScoreList.-low #told { margin-bottom: 0; }
    """

    app = getters.app(App)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.order = "started"
        self._scores: Scores | None = None
        self._place: tuple[HistorySelection, Size] | None = None
        self._rows: list[Session | DayHeading] = []
        self._at_charts = False

    def compose(self) -> ComposeResult:
        """The charts above the list."""
        yield Static(id="summary", markup=False)
        yield ReportView(id="charts")
        yield Static(id="told", markup=False)
        yield Static(ByWidth(self._heads), id="heads", markup=False)
        yield RowList(self._row, id="sessions")

    def show(self, scores: Scores, view: HistorySelection, *, anew: bool) -> None:
        """Show what there is.

        Args:
            scores: What is known.
            view: What is looked at.
            anew: Begin at the top; else only the width is another.
        """
        place = (view, self.app.size)
        if not anew and scores is self._scores and place == self._place:
            return  # only the other tabs were counted
        self._scores, self._place = scores, place
        self.set_class(self.app.size.height < LARGE[1][0], "-low")
        self._show_charts(scores, view)
        self._show_sessions(cursor=0 if anew else self._list.cursor)

    def take_keys(self) -> None:
        """Give the keys to the charts or to the sessions, whichever have them or had them last."""
        if (focused := self.screen.focused) is not None:  # a click that is not told yet
            self._at_charts = focused is self._charts
        charts = self._at_charts and self._charts.picked is not None
        self.screen.set_focus(self._charts if charts else self._list)

    def _go_to_charts(self) -> None:
        if self._charts.picked is not None:
            self.screen.set_focus(self._charts)

    def walk(self, by: int) -> None:
        """Go along a chart, to the left (-1) or to the right (1)."""
        if self._charts.has_focus:
            self._charts.step(by)
        else:
            self._go_to_charts()

    @property
    def chosen(self) -> Session | Point | None:
        """The point of a chart or the session under the cursor."""
        if self._charts.has_focus and self._charts.in_view is not None:
            pick = self._charts.in_view.pick
            return pick if isinstance(pick, Point) else None
        row = self._rows[self._list.cursor] if self._rows else None
        return None if isinstance(row, DayHeading) else row

    def session(self, name: str) -> Session | None:
        """The session with an id."""
        found = (row for row in self._rows if not isinstance(row, DayHeading) and row.id == name)
        return next(found, None)

    def sort_by_next(self) -> None:
        """Sort by the next thing there is."""
        orders = list(ORDERS)
        self.order = orders[(orders.index(self.order) + 1) % len(orders)]
        self._show_sessions()

    def on_report_view_edge_passed(self, event: ReportView.EdgePassed) -> None:
        """Below the last chart come the sessions."""
        if event.by > 0 and self._rows:
            self.screen.set_focus(self._list)

    def on_row_list_top_passed(self) -> None:
        """Above the first session stand the charts."""
        self._go_to_charts()

    def on_descendant_focus(self) -> None:
        """Tell the point or the session that has the keys."""
        if self.display:  # else the focus is only put elsewhere while it is hidden
            self._at_charts = self.screen.focused is self._charts
        self.tell()

    def on_report_view_cursor_moved(self) -> None:
        """Another point is to be told."""
        self.tell()

    def tell(self) -> None:
        """Tell the point of the charts under the cursor, or how to get there."""
        chosen = self.chosen
        if isinstance(chosen, Point):
            told = Content.styled(chosen.told, "$foreground")
        elif self._charts.picked is not None:
            keys = self.app.preferences.key("history.later")
            told = Content.styled(f"{keys} go along the charts, ↑↓ from deck to deck", "$muted")
        else:
            told = Content()
        self.query_one("#told", Static).update(told)

    @property
    def _charts(self) -> ReportView:
        return self.query_one(ReportView)

    @property
    def _list(self) -> RowList:
        return self.query_one(RowList)

    # Charts

    def _show_charts(self, scores: Scores, view: HistorySelection) -> None:
        width, height = self.app.size.width - 5, self.app.size.height - 3
        summary, lines, lines_shown = self._made(scores, view, width, height)
        colourless = self.app.no_color
        shown = (styled(line, colourless=colourless) for line in summary)
        self.query_one("#summary", Static).update(Content("\n").join(shown))
        self.query_one("#summary").display = bool(summary)
        self._charts.display = bool(lines)
        self._charts.styles.height = min(lines_shown, len(lines))
        self._charts.show_report(lines, anew=False)
        self.tell()

    def _made(
        self, scores: Scores, view: HistorySelection, width: int, height: int
    ) -> tuple[list[Line], list[Line], int]:
        """Return the lines above the charts, the charts, and the number of their lines in view."""
        kind, titles, by_deck = scores.kind, scores.titles, scores.by_deck
        if by_deck is None:
            return [titled(WHAT[kind], "", width)], [], 0
        if len(view.decks) == 1:
            (deck,) = view.decks
            rows = next(rows for least, rows in LARGE if self.app.size.height >= least)
            of_one = by_deck.get(deck, ())
            return [], list(of_deck(kind, deck, of_one, titles, width, rows=rows)), height
        if view.decks:
            by_deck = {deck: found for deck, found in by_deck.items() if deck in view.decks}
        if width < WITH_ASIDE or self.app.size.height < LOW_SCREEN or not by_deck:
            head, *lines = of_decks(kind, by_deck, titles, width)
            return [head], lines, max(2, height // 3 - 1)
        decks = by_latest(by_deck)
        across = 2 if width >= TWO_COLUMNS and len(decks) > 1 else 1
        down = min(max(1, int(height * PART) // DECK), -(-len(decks) // across))
        figures = [partial(_small, kind, deck, by_deck[deck], titles) for deck in decks]
        lines = arranged(figures, width)
        aside = many(len(decks), "deck")
        if len(decks) > down * across:
            aside += f", {down * across} in view; ↑↓ bring the others"
        summary = [
            titled(f"{WHAT[kind]} by deck", aside, width),
            *wrapped_sentence(SAYS[kind], width),
        ]
        return summary, lines[:-1], down * DECK - 1

    # Sessions

    def _show_sessions(self, cursor: int | None = None) -> None:
        scores = self._scores
        if scores is None:
            return
        sessions = sorted(scores.sessions, key=ORDERS[self.order], reverse=True)
        self._rows = list(_by_day(sessions, scores.today) if self._is_by_day else sessions)
        headings = frozenset(
            number for number, row in enumerate(self._rows) if isinstance(row, DayHeading)
        )
        self._list.show(len(self._rows), headings, cursor or int(self._is_by_day))
        heads = self.query_one("#heads", Static)
        heads.display = bool(self._rows)
        heads.update(ByWidth(self._heads))

    @property
    def _is_by_day(self) -> bool:
        return self.order == "started"

    def _heads(self, width: int) -> Content:
        columns = SessionColumns.of_width(width, by_day=self._is_by_day)
        figures = "".join(f"{name:>{wide}}" for name, wide in columns.figures)
        decks = f"{'decks':<{columns.decks + columns.bar + bool(columns.bar)}}"
        return Content(f"  {'started':<{columns.when}}  {'kind':<5}  {decks}{figures}"[-width:])

    def _row(self, index: int, width: int) -> Content:
        row, scores = self._rows[index], self._scores
        assert scores is not None  # noqa: S101 -- there are no rows before
        if isinstance(row, DayHeading):
            return Content.assemble((row.name, "$foreground"), (f"  {row.told}", "$muted"))
        columns = SessionColumns.of_width(width, by_day=self._is_by_day)
        is_marked = index == self._list.cursor and self._list.has_focus
        edge = "▌ " if is_marked else "  "
        began = iso_minute(local_time(row.started, row.tz))[-columns.when :]
        colour = "$success" if row.score >= GOOD else "$accent"
        words = {
            "right": (f"{row.correct}/{row.asked}", "$foreground"),
            "score": (percent(row.score), colour),
            "time": (spent(row.milliseconds), "$muted"),
            "": (note_on(row, scores.bests), "$secondary"),
        }
        decks = about(row, scores.titles, scores.in_use, columns.decks)
        parts = [
            (edge, "$primary"),
            (f"{began}  {row.kind:<5}  ", "$muted"),
            (fitted(decks, columns.decks), "$foreground"),
        ]
        if columns.bar:
            drawn = charts.slim_bar(row.correct, row.asked, columns.bar)
            parts.append((f" {drawn:<{columns.bar}}", colour))
        parts += [(f"{words[name][0]:>{wide}}", words[name][1]) for name, wide in columns.figures]
        return Content.assemble(*parts)


def _small(
    kind: str, deck: str, scores: Sequence[DeckScore], titles: Mapping[str, str], width: int
) -> Iterator[Line]:
    return of_deck(kind, deck, scores, titles, width, rows=ROWS, alone=False)


def _by_day(sessions: Sequence[Session], today: int) -> Iterator[Session | DayHeading]:
    """The sessions, the newest first, each day's behind its heading."""
    for day, group in groupby(sessions, key=lambda session: session.day):
        of_day = list(group)
        asked = sum(session.asked for session in of_day)
        right = sum(session.correct for session in of_day)
        name = DAY_NAMES.get(today - day) or on_chart(
            date.fromordinal(day), date.fromordinal(today), weekday=True
        )
        told = f"{many(len(of_day), 'session')}, {right:,} of {asked:,} right"
        yield DayHeading(name, told)
        yield from of_day
