"""History: scores, how answers went, and how well the cards are known."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from sco_quiz.commands.actions import HISTORY
from sco_quiz.insight.browsing import Browser
from sco_quiz.insight.figures import CardFigures
from sco_quiz.insight.history import Session
from sco_quiz.numbers_and_times import many
from sco_quiz.reports.cards import cards, workload
from sco_quiz.reports.lines import Point
from sco_quiz.reports.reviews import reviews
from sco_quiz.reports.words import in_words, within
from sco_quiz.tui.base import Screen
from sco_quiz.tui.history_counting import (
    CountingFailed,
    HistoryCounted,
    HistorySelection,
    WorkloadSimulated,
    count,
    weigh,
)
from sco_quiz.tui.messages import (
    OpenCardPage,
    OpenChoosing,
    OpenPair,
    OpenSessionPage,
    StartQuiz,
)
from sco_quiz.tui.widgets.report_view import ReportView
from sco_quiz.tui.widgets.score_list import KINDS, SORTS, ScoreList
from sco_quiz.tui.workspace_thread import WorkspaceThread

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sco_quiz.learning.confusions import Confusion
    from sco_quiz.learning.quiz import Quiz

TABS = ("Scores", "Reviews", "Cards")
BESIDE = len("   ".join(TABS)) + 6
"""The cells of the top bar that the tabs take, with both margins and a gap."""
LISTED = 10
"""How much of each list of cards is shown."""
PATIENCE = 0.2
"""Seconds after which it is said that figures are still being counted."""


class History(Screen[None]):
    """Three tabs: sessions with their scores, figures of answers, figures of cards.

    What they show is counted in a thread.
    """

    CSS_PATH = "history.tcss"
    ACTIONS = HISTORY
    AUTO_FOCUS = ""

    def __init__(self) -> None:
        """Show the history from the first tab on."""
        super().__init__()
        self._tab = 0
        self._view = HistorySelection()
        self._counted: HistoryCounted | None = None
        self._weighed: WorkloadSimulated | None = None
        self._weighing: HistorySelection | None = None
        self._elsewhere = WorkspaceThread(self._workspace)
        self._late = False
        self._shown_tab: int | None = None
        self._choosing = False

    def compose(self) -> ComposeResult:
        """One tab is shown at a time."""
        yield self.top_bar
        yield ScoreList(id="scores")
        with Vertical(id="figures"):
            yield ReportView(id="lines")
            yield Static(id="point", markup=False)
        yield Static("Counting…", id="waiting", markup=False)
        yield self.key_bar

    def on_mount(self) -> None:
        """Show the scores once they are counted."""
        self._count()

    def on_screen_resume(self) -> None:
        """Back from a session or a pair: there may be a new quiz to count."""
        if self._counted is not None and not self._choosing:
            self._count()
        self._choosing = False

    def on_unmount(self) -> None:
        """Let go of the second workspace."""
        self._elsewhere.close()

    def on_resize(self) -> None:
        """Charts are as wide as there is room."""
        self.call_after_refresh(self._show, anew=False)

    # Counting

    def _count(self) -> None:
        self._late = False
        self.set_timer(PATIENCE, self._tell_late)
        self.run_worker(
            partial(count, self._workspace, self._view, lambda: self._tab, self.post_message),
            thread=True, group="history",
        )  # fmt: skip
        self._show(anew=False)

    def _tell_late(self) -> None:
        self._late = True
        self._show(anew=False)

    def on_history_counted(self, event: HistoryCounted) -> None:
        """Show what is known by now, unless something else is asked for meanwhile."""
        before = self._counted
        if before is not None and before.view == event.view:
            if self._tab in before.ready - event.ready:
                return  # counted anew, and what is in view is still to come
            self._counted = event
            self._show(anew=False)
        elif event.view == self._view:
            self._counted = event
            self._show()

    def on_workload_simulated(self, event: WorkloadSimulated) -> None:
        """Show the workload below the figures of cards."""
        if event.view == self._view:
            self._weighed = event
            self._show(anew=False)

    def on_counting_failed(self, event: CountingFailed) -> None:
        """Say why there is nothing to show."""
        self.tell(event.error)

    # What is on the screen

    def _show(self, *, anew: bool = True) -> None:
        if not self.is_mounted:
            return
        counted = self._counted if self._counted and self._counted.view == self._view else None
        ready = counted is not None and self._tab in counted.ready
        if not ready and not self._late and self._tab == self._shown_tab:
            self._show_bars()
            return  # what is in view stays for the moment that counting takes
        shown = self._tab if ready else None
        if shown != self._shown_tab:
            self.set_focus(None)  # what is hidden would pass it on to what stands beside it
        self._shown_tab = shown
        scores, lines = self.query_one(ScoreList), self.query_one("#lines", ReportView)
        scores.display = self._tab == 0 and ready
        self.query_one("#figures").display = self._tab > 0 and ready
        waiting = self.query_one("#waiting")
        waiting.display = not ready
        waiting.visible = self._late
        if ready and counted is not None:
            if self._tab == 0:
                scores.show(counted.scores, counted.view, anew=anew)
                scores.take_keys()
            else:
                self._show_lines(lines, counted, anew=anew)
                lines.focus()
        self._show_bars()

    def _show_lines(self, view: ReportView, counted: HistoryCounted, *, anew: bool) -> None:
        width = self.size.width - 5  # both margins, and the scroll bar
        if self._tab == 1:
            view.show_report(reviews(counted.figures, width), anew=anew)
            return
        weighed = self._weighed if self._weighed and self._weighed.view == counted.view else None
        more = [partial(workload, weighed.workload, counted.figures.target)] if weighed else []
        view.show_report(cards(counted.figures, width, LISTED, *more), anew=anew)
        if weighed is None:
            self.call_after_refresh(self._weigh, counted.view)  # else it would slow the painting

    def _weigh(self, view: HistorySelection) -> None:
        """Start the simulation of the workload, once for what is looked at."""
        if self._weighing != view:
            self._weighing = view
            work = partial(weigh, self._workspace, view, self.post_message)
            self.run_worker(work, thread=True, group="history")

    def _show_bars(self) -> None:
        tabs = Content("   ").join(
            Content.styled(name, "bold $foreground" if number == self._tab else "$muted").stylize(
                Style.from_meta({"action": f"show_tab({number})"})
            )
            for number, name in enumerate(TABS)
        )
        self.show_title(tabs, Content(self._told()))
        chosen = self._chosen()
        labels = {"leave": "All decks"} if self._view.decks else {}
        if isinstance(chosen, CardFigures):
            labels["open"] = "Card"
        elif self._tab:
            labels["open"] = "Side by side"
        elif isinstance(chosen, Point):
            labels["open"] = "Answers" if len(self._view.decks) == 1 else "One deck"
        self.show_keys(labels)
        if self._tab:
            self._tell_point()

    def _tell_point(self) -> None:
        """Tell the point of a chart under the cursor."""
        spot = self.query_one("#lines", ReportView).in_view
        point = spot.pick if spot and isinstance(spot.pick, Point) else None
        told = Content(point.told if point else "")
        chart = f"{point.chart} · " if point else ""
        if len(chart) + told.cell_length <= self.size.width - 4:
            told = Content.styled(chart, "$muted") + told
        self.query_one("#point", Static).update(told)

    def _told(self) -> str:
        """Return the decks and sessions that are shown, in words."""
        decks, parent, kind = self._view
        titles = self._counted.scores.titles if self._counted else {}
        name = in_words([parent] if parent else decks, titles) if decks else "all decks"
        parts = [within(name, self.size.width // 3)]  # the tabs need the rest
        if self._tab == 0:
            parts += [KINDS[kind]] if kind else []
            if self._counted and self.size.width >= 80:
                number = many(len(self._counted.scores.sessions), "session")
                more = [number, SORTS[self.query_one(ScoreList).order]]
                while more and len(" · ".join(parts + more)) > self.size.width - BESIDE:
                    del more[0]
                parts += more
        return " · ".join(parts)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Kinds and orders are those of sessions; a session, a pair or a card can be opened."""
        match action:
            case "kind" | "sort":
                return self._tab == 0
            case "open" if self.is_mounted:
                return self._chosen() is not None
            case _:
                return True

    def why_not(self, action: str) -> str:
        """Say where it can be done."""
        match action:
            case "kind" | "sort":
                return "Only scores are sorted; the first tab has them."
            case "open":
                return "There is nothing to open under the cursor."
        return super().why_not(action)

    def _chosen(self) -> Session | Point | Confusion | CardFigures | None:
        """The row that Enter opens."""
        if self._tab == 0:
            return self.query_one(ScoreList).chosen
        spot = self.query_one("#lines", ReportView).in_view
        return None if spot is None or isinstance(spot.pick, Point) else spot.pick

    def on_report_view_cursor_moved(self) -> None:
        """A point, a pair or a card may have come under the cursor."""
        self._show_bars()

    def on_descendant_focus(self) -> None:
        """Charts and sessions are opened otherwise."""
        self._show_bars()

    # Actions

    def on_row_list_row_chosen(self) -> None:
        """A second click opens."""
        self.action_open()

    def on_report_view_spot_chosen(self) -> None:
        """A second click opens."""
        self.action_open()

    def action_open(self) -> None:
        """Show a session, the scores of a deck, a pair side by side, or a card."""
        chosen = self._chosen()
        if isinstance(chosen, Session):
            self.app.open(OpenSessionPage(chosen), self._take)
        elif isinstance(chosen, Point):
            self._open_point(chosen)
        elif isinstance(chosen, CardFigures):
            self.run_worker(self._open_card(chosen.key), group="card", exclusive=True)
        elif chosen is not None:
            self.app.open(OpenPair(chosen), self._take)

    def _take(self, quiz: Quiz | None) -> None:
        if quiz is not None:
            self.app.post_message(StartQuiz(quiz))

    def _open_point(self, point: Point) -> None:
        """Show the deck of a score alone and larger; or there, the session of the score."""
        if len(self._view.decks) != 1:
            self._look_at(HistorySelection((point.deck,), kind=self._view.kind))
        elif session := self.query_one(ScoreList).session(point.session):
            self.app.open(OpenSessionPage(session), self._take)

    async def _open_card(self, key: str) -> None:
        details = await self._elsewhere.look(lambda it: Browser(it).details(key))
        if details is not None and self.is_current:
            self._choosing = True
            self.app.open(OpenCardPage(details))

    def action_deck(self) -> None:
        """Choose the deck that is looked at."""
        if self._counted is None:
            return
        titles = self._counted.scores.titles
        studied = set(self._counted.scores.decks)
        tree = self._workspace.catalogue.tree
        choices: list[tuple[str, HistorySelection]] = [("All decks", HistorySelection())]
        for name, node in tree.nodes.items():
            decks = tuple(filter(studied.__contains__, tree.decks(name)))
            if decks:
                shown = "  " * len(tree.above(name)) + node.name
                choices.append(
                    (shown, HistorySelection(decks, name if tree.is_parent(name) else ""))
                )
        gone = [
            (in_words([deck], titles), HistorySelection((deck,)))
            for deck in studied - tree.nodes.keys()
        ]
        choices += sorted(gone, key=lambda choice: choice[0].casefold())
        views = [view._replace(kind=self._view.kind) for _, view in choices]
        now = views.index(self._view) if self._view in views else 0

        self._choosing = True

        def chosen(index: int | None) -> None:
            if index is not None:
                self._look_at(views[index])

        self.app.open(OpenChoosing("Which deck?", [name for name, _ in choices], now), chosen)

    def action_kind(self) -> None:
        """Look at the next kind of session."""
        kinds: list[str | None] = [None, *KINDS]
        following = kinds[(kinds.index(self._view.kind) + 1) % len(kinds)]
        self._look_at(self._view._replace(kind=following))

    def _look_at(self, view: HistorySelection) -> None:
        if view != self._view:
            self._view = view
            self._count()

    def action_sort(self) -> None:
        """Sort by the next thing."""
        self.query_one(ScoreList).sort_by_next()
        self._show_bars()

    def action_show_tab(self, tab: int) -> None:
        """Go to a tab."""
        self._tab = tab % len(TABS)
        self._show()

    def action_next_tab(self) -> None:
        """Go to the next tab."""
        self.action_show_tab(self._tab + 1)

    def action_previous_tab(self) -> None:
        """Go to the tab before."""
        self.action_show_tab(self._tab - 1)

    def action_earlier(self) -> None:
        """Go to the point at the left."""
        self._walk(-1)

    def action_later(self) -> None:
        """Go to the point at the right."""
        self._walk(1)

    def _walk(self, by: int) -> None:
        if self._tab == 0:
            self.query_one(ScoreList).walk(by)
        else:
            self.query_one("#lines", ReportView).step(by)

    def action_leave(self) -> None:
        """Go back from one deck to all of them, then to where the learner came from."""
        if self._view.decks:
            self._look_at(HistorySelection(kind=self._view.kind))
        else:
            super().action_leave()
