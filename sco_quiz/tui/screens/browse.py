"""Browse: every card there is, found as one types, looked at and changed."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from sco_quiz.commands.actions import BROWSE
from sco_quiz.insight.browsing import Browser
from sco_quiz.insight.card_columns import COLUMNS
from sco_quiz.learning.search import parse
from sco_quiz.numbers_and_times import plural
from sco_quiz.text import plain
from sco_quiz.tui.card_sheet import sheet
from sco_quiz.tui.card_steps import CardSteps
from sco_quiz.tui.messages import OpenBrowse, OpenCardPage, OpenChoosing
from sco_quiz.tui.widgets.card_columns import CardHeading
from sco_quiz.tui.widgets.card_list import PAGE, CardList
from sco_quiz.tui.widgets.search_line import SearchLine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from textual.app import ComposeResult
    from textual.timer import Timer

    from sco_quiz.commands.actions import Action
    from sco_quiz.insight.card_columns import ListedCard
    from sco_quiz.learning.search import Search, SearchProblem
    from sco_quiz.workspace.workspace import Workspace

REST_SECONDS = 0.08
"""How long the cursor rests before the card under it is looked up."""
CALM_SECONDS = 0.15
"""How long what is not urgent waits, so that what is drawn and typed meanwhile goes first."""
Result = TypeVar("Result")

HINT = 'words "a phrase" is:due tag:x deck:y -kind:z rated:7 added:30 flag:1'


class Browse(CardSteps):
    """One list for any number of cards, with the card under the cursor beside or below it."""

    CSS_PATH = "browse.tcss"
    ACTIONS = BROWSE
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-normal"), (130, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (28, "-tall")]  # noqa: RUF012
    AUTO_FOCUS = "#cards"

    def __init__(self, asked: OpenBrowse) -> None:
        """Show all cards."""
        super().__init__()
        self._search_first = asked.search
        self._search = parse("")
        self._browser: Browser | None = None
        self._troubles: Sequence[SearchProblem] = ()
        self._order, self._descending = "", False
        self._hurry = asyncio.Event()
        self._waiting: list[Callable[[], None]] = []
        self._timer: Timer | None = None
        self._told = Content()
        self._is_stale = False
        # Kept by name: what was asked elsewhere may come back while the screen is taken apart.
        self._line, self._heading = SearchLine(), CardHeading()
        if asked.search:
            self._line.open()
        self._message, self._sheet = Static(id="message", markup=False), Static(markup=False)
        self._details = VerticalScroll(self._sheet, id="details", can_focus=False)

    def compose(self) -> ComposeResult:
        """The search, the list, the card."""
        yield self.top_bar
        with Horizontal(id="line"):
            yield Static("/ ", id="sign", markup=False)
            yield self._line
        yield self._message
        with Container(id="both"):
            with Vertical(id="left"):
                yield self._heading
                yield self._cards
            yield self._details
        yield self.key_bar

    def on_mount(self) -> None:
        """Show the first cards at once; all of them follow."""
        browser = Browser(self._workspace)
        keys = browser.find(self._search, most=PAGE)
        self._cards.put(browser.rows(keys))
        self._cards.show_cards(keys)
        if self._search_first:
            self._search = parse(self._line.value)
            self.action_search()
        self._show()
        self._find(CALM_SECONDS)
        self._start("prepare", self._prepare)

    def on_resize(self) -> None:
        """There may be room for the card, or none."""
        self.call_after_refresh(self._look_soon)

    @property
    def _typing(self) -> bool:
        return isinstance(self.focused, SearchLine)

    @property
    def is_looking_up(self) -> bool:
        """Tell whether the list, which has the keys, is about to show what the search finds."""
        return self._is_stale and not self._typing

    # Finding

    def on_input_changed(self, event: SearchLine.Changed) -> None:
        """Find what is typed."""
        event.stop()
        self._waiting.clear()
        self._search = parse(event.value)
        self._troubles = self._search.troubles
        self._is_stale = True
        self._find()

    def on_search_line_search_left(self) -> None:
        """From the search to the list."""
        self._cards.focus()

    def on_descendant_focus(self) -> None:
        """Other keys act in the search than in the list."""
        self._show()

    def on_outdated(self) -> None:
        """Deck files were read anew."""
        self._list_anew()

    def _list_anew(self) -> None:
        self._cards.forget_rows()
        self._find()
        self._start("prepare", self._prepare, exclusive=True)

    def _find(self, wait: float = 0) -> None:
        self._cards.complete = False
        self._hurry.clear()
        search, order, descending = self._search, self._order, self._descending
        find = partial(self._find_cards, search, order, descending=descending, wait=wait)
        self._start("find", find, exclusive=True)

    async def _find_cards(
        self, search: Search, order: str, *, descending: bool, wait: float
    ) -> None:
        """Show the first cards that fit, then all, then what is wrong with the search.

        Between the first and all there is time to draw, and for the next letter: none is held up.
        """
        await asyncio.sleep(wait)

        def first(browser: Browser) -> tuple[list[str], list[ListedCard]]:
            keys = browser.find(search, order, descending=descending, most=PAGE)
            return keys, browser.rows(keys[:in_view])

        def rest(browser: Browser) -> tuple[list[str], list[ListedCard], list[SearchProblem]]:
            every = len(keys) < PAGE
            found = keys if every else browser.find(search, order, descending=descending)
            return found, browser.rows(keys[in_view:]), browser.troubles(search)

        before, in_view = self._cards.key, self._cards.size.height
        keys, rows = await self._ask(first)
        if not self.is_attached:
            return
        self._cards.put(rows)
        self._show_found(keys, before)
        self._is_stale = False
        with suppress(TimeoutError):
            await asyncio.wait_for(self._hurry.wait(), CALM_SECONDS)
        found, rows, troubles = await self._ask(rest)
        if self.is_attached:
            self._cards.put(rows)
            self._cards.complete, self._troubles = True, troubles
            self._show_found(found, self._cards.key)
            while self._waiting:
                self._waiting.pop(0)()

    async def _ask(self, work: Callable[[Browser], Result]) -> Result:
        """Have something found out in the thread, by the one browser there: it keeps texts."""

        def run(workspace: Workspace) -> Result:
            if self._browser is None:
                self._browser = Browser(workspace)
            return work(self._browser)

        return await self._elsewhere.look(run)

    def _once_complete(self, act: Callable[[], None]) -> None:
        """Do something with all cards that fit, as soon as they are known."""
        if self._cards.complete:
            act()
        else:
            self._waiting.append(act)
            self._hurry.set()

    def _once_marked(self, act: Callable[[], None]) -> None:
        if self._waiting:
            self._waiting.append(act)
        else:
            act()

    def _show_found(self, keys: list[str], under_cursor: str | None) -> None:
        """Show cards; the cursor stays on its card where that is in view, else it is the first."""
        cursor = 0
        if under_cursor in keys[:PAGE] or under_cursor in self._cards.marks:
            cursor = keys.index(under_cursor) if under_cursor in keys else 0
        elif list(self._cards.keys[: len(keys)]) == keys[: len(self._cards.keys)]:
            cursor = self._cards.cursor
        self._cards.show_cards(keys, cursor)
        self._show()
        self._look_soon()

    async def _prepare(self) -> None:
        """Make cards ready for searching, a few at a time: nobody is to wait for it."""
        await asyncio.sleep(2 * CALM_SECONDS)
        while await self._ask(lambda browser: browser.prepare()):
            pass

    async def on_card_list_wanted(self, event: CardList.Wanted) -> None:
        """Fetch rows that came into view."""
        self._start("rows", partial(self._fetch, event.keys))

    async def _fetch(self, keys: list[str]) -> None:
        rows = await self._ask(lambda browser: browser.rows(keys))
        if self.is_attached:
            self._cards.put(rows)

    # The card under the cursor

    def on_row_list_row_reached(self) -> None:
        """Look up the card once the cursor rests."""
        self._look_soon()

    def _look_soon(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self._details.display:
            self._timer = self.set_timer(REST_SECONDS, self._look)

    def _look(self) -> None:
        self._timer = None
        key = self._cards.key
        self._start("details", partial(self._show_details, key), exclusive=True)

    async def _show_details(self, key: str | None) -> None:
        details = None
        if key is not None:
            details = await self._ask(lambda browser: browser.details(key))
        if not self.is_attached:
            return
        width = self._sheet.content_size.width
        brief = not self.has_class("-wide")
        shown = sheet(details, width, brief=brief) if details else Content()
        self._sheet.update(shown)
        self._details.scroll_home(animate=False)

    # What stands in the bars

    def _show(self) -> None:
        cards = self._cards
        count = f"{cards.count:,}{'' if cards.complete or cards.count < PAGE else '+'}"
        told = [f"{count} {plural(cards.count, 'card')}"]
        if cards.marks:
            told.insert(0, f"{len(cards.marks):,} marked")
        self.show_title(Content.styled("Browse", "bold $foreground"), " · ".join(told))
        self._heading.show(self._order, descending=self._descending)
        message = self._remark()
        if not message.is_same(self._told):  # another text costs a layout of the screen
            self._told = message
            self._message.update(message)
        self.show_keys(actions=self._now())

    def _remark(self) -> Content:
        if self._troubles:
            return Content.styled(plain(self._troubles[0].message), "$warning")
        if self._cards.complete and not self._cards.count:
            way = "^u empties" if self._typing else f"{self.key_of('browse.search')} changes"
            return Content.styled(f"No card fits: {way} the search.", "$muted")
        return Content.styled(HINT if self._typing else "", "$muted")

    def _now(self) -> Iterator[Action]:
        for action in BROWSE:
            if not self._typing:
                yield action
            elif action.name == "open":
                yield action._replace(label="List")
            elif action.name in ("leave", "app.help"):
                yield action.while_typing()

    # Moving and marking

    def action_search(self) -> None:
        """Write what to find."""
        self._line.open()
        self._line.focus()

    def names_of_digits(self) -> Sequence[str]:
        """The flags."""
        return [f"Flag {number}" for number in range(1, 8)]

    def type_ahead(self, character: str) -> bool:
        """Give the search what was typed behind the key that opens it; whether it takes it."""
        return self._line.type_ahead(character)

    def action_open(self) -> None:
        """Show all that is known of the card under the cursor."""
        key = self._cards.key
        if key is not None:
            self._start("open", partial(self._open, key), exclusive=True)

    async def _open(self, key: str) -> None:
        details = await self._ask(lambda browser: browser.details(key))
        if details is not None and self.is_current:
            self.app.open(OpenCardPage(details))

    def on_row_list_row_chosen(self) -> None:
        """A second click opens the card."""
        self.action_open()

    def action_mark(self) -> None:
        """Mark the card under the cursor, or not any more."""
        self._cards.toggle_mark()
        self._show()

    def action_mark_all(self) -> None:
        """Mark all that were found, or none."""
        self._once_complete(self._mark_all)

    def _mark_all(self) -> None:
        self._cards.toggle_all()
        self._show()

    def on_card_list_end_wanted(self) -> None:
        """Go to the last card, once it is known which it is."""
        self._once_complete(lambda: self._cards.action_jump(-1))

    def action_sort(self) -> None:
        """Choose the column to sort by."""

        def chosen(number: int | None) -> None:
            self._sort(None if number is None else list(COLUMNS)[number])

        now = list(COLUMNS).index(self._order) if self._order else 0
        names = [f"{name:<12}{column.meaning}" for name, column in COLUMNS.items()]
        self.app.open(OpenChoosing("Sort by", names, now), chosen)

    def on_card_heading_clicked(self, event: CardHeading.Clicked) -> None:
        """Sort by the column that was clicked."""
        self._sort(event.column)

    def _sort(self, column: str | None) -> None:
        if column is not None:
            self._descending = column == self._order and not self._descending
            self._order = self._cards.order = column
            self._find()
