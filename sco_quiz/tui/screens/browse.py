"""Browse: every card there is, found as one types, looked at and changed."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from sco_quiz.errors import SCOQuizError
from sco_quiz.learning.search import parse
from sco_quiz.text import plain
from sco_quiz.tui.actions import BROWSE, bindings
from sco_quiz.tui.card_sheet import sheet
from sco_quiz.tui.elsewhere import Elsewhere
from sco_quiz.tui.widgets.bars import KeyBar, TopBar
from sco_quiz.tui.widgets.card_list import MEANINGS, PAGE, CardHeading, CardList
from sco_quiz.tui.widgets.search_line import SearchLine
from sco_quiz.workspace.browsing import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence
    from pathlib import Path

    from textual.app import ComposeResult
    from textual.timer import Timer

    from sco_quiz.learning.search import Search, Trouble
    from sco_quiz.tui.actions import Action
    from sco_quiz.workspace import Workspace
    from sco_quiz.workspace.authoring import NoteText
    from sco_quiz.workspace.browsing import Browser, Row

REST_SECONDS = 0.08
"""How long the cursor rests before the card under it is looked up."""
CALM_SECONDS = 0.15
"""How long what is not urgent waits, so that what is drawn and typed meanwhile goes first."""
MANY = 500
"""Cards from which on a step is announced before it is taken."""
HINT = 'words "a phrase" is:due tag:x deck:y -kind:z rated:7 added:30 flag:1'


class Browse(Screen[None]):
    """One list for any number of cards, with the card under the cursor beside or below it."""

    CSS_PATH = "browse.tcss"
    BINDINGS = bindings(BROWSE)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-normal"), (130, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (28, "-tall")]  # noqa: RUF012
    AUTO_FOCUS = "#cards"

    def __init__(self, workspace: Workspace, *, search: bool = False) -> None:
        """Show the cards of a workspace.

        Args:
            workspace: The app's own; what takes long is done on another like it.
            search: Whether to begin with the search.
        """
        super().__init__()
        self._workspace = workspace
        self._elsewhere = Elsewhere(workspace)
        self._search_first = search
        self._search = parse("")
        self._troubles: Sequence[Trouble] = ()
        self._order, self._descending = "", False
        self._complete = False
        self._timer: Timer | None = None
        self._told = Content()
        # Kept by name: what was asked elsewhere may come back while the screen is taken apart.
        self._bar, self._keys = TopBar(), KeyBar()
        self._line, self._heading = SearchLine(), CardHeading()
        self._cards = CardList(workspace.now)
        self._message, self._sheet = Static(id="message", markup=False), Static(markup=False)
        self._details = VerticalScroll(self._sheet, id="details", can_focus=False)

    def compose(self) -> ComposeResult:
        """The search, the list, the card."""
        yield self._bar
        with Horizontal(id="line"):
            yield Static("/ ", id="sign", markup=False)
            yield self._line
        yield self._message
        with Container(id="both"):
            with Vertical(id="left"):
                yield self._heading
                yield self._cards
            yield self._details
        yield self._keys

    def on_mount(self) -> None:
        """Show the first cards at once; all of them follow."""
        browser = self._workspace.browser
        keys = browser.find(self._search, most=PAGE)
        self._cards.put(browser.rows(keys))
        self._cards.show_cards(keys)
        if self._search_first:
            self._line.focus()
        self._show()
        self._find(CALM_SECONDS)
        self._start("prepare", self._prepare)

    def on_unmount(self) -> None:
        """Let go of the second workspace."""
        self._elsewhere.close()

    def on_resize(self) -> None:
        """There may be room for the card, or none."""
        self.call_after_refresh(self._look_soon)

    @property
    def _typing(self) -> bool:
        return isinstance(self.focused, SearchLine)

    def _start(
        self, group: str, work: Callable[[], Awaitable[None]], *, exclusive: bool = False
    ) -> None:
        """Do work beside the screen; `exclusive` gives up what else of its group is under way."""
        self.run_worker(work, group=group, exclusive=exclusive)

    # Finding

    def on_input_changed(self, event: SearchLine.Changed) -> None:
        """Find what is typed."""
        event.stop()
        self._search = parse(event.value)
        self._troubles = self._search.troubles
        self._find()

    def on_search_line_left(self) -> None:
        """From the search to the list."""
        self._cards.focus()

    def on_descendant_focus(self) -> None:
        """Other keys act in the search than in the list."""
        self._show()

    def on_decks_changed(self) -> None:
        """Deck files were read anew."""
        self._cards.forget_rows()
        self._find()

    def _find(self, wait: float = 0) -> None:
        self._complete = False
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

        def first(workspace: Workspace) -> tuple[list[str], list[Row]]:
            keys = workspace.browser.find(search, order, descending=descending, most=PAGE)
            return keys, workspace.browser.rows(keys)

        def every(workspace: Workspace) -> list[str]:
            return workspace.browser.find(search, order, descending=descending)

        before = self._cards.key
        keys, rows = await self._elsewhere.look(first)
        if not self.is_attached:
            return
        self._cards.put(rows)
        self._show_found(keys, before)
        await asyncio.sleep(CALM_SECONDS)
        if len(keys) == PAGE:
            keys = await self._elsewhere.look(every)
        troubles = await self._elsewhere.look(lambda it: it.browser.troubles(search))
        if self.is_attached:
            self._complete, self._troubles = True, troubles
            self._show_found(keys, self._cards.key)

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
        while await self._elsewhere.look(lambda workspace: workspace.browser.prepare()):
            pass

    async def on_card_list_wanted(self, event: CardList.Wanted) -> None:
        """Fetch rows that came into view."""
        self._start("rows", partial(self._fetch, event.keys))

    async def _fetch(self, keys: list[str]) -> None:
        rows = await self._elsewhere.look(lambda it: it.browser.rows(keys))
        if self.is_attached:
            self._cards.put(rows)

    # The card under the cursor

    def on_row_list_moved(self) -> None:
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
            details = await self._elsewhere.look(lambda it: it.browser.details(key))
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
        count = f"{cards.count:,}{'' if self._complete or cards.count < PAGE else '+'}"
        told = [f"{count} card{'s' * (cards.count != 1)}"]
        if cards.marks:
            told.insert(0, f"{len(cards.marks):,} marked")
        self._bar.show(Content.styled("Browse", "bold $foreground"), Content(" · ".join(told)))
        self._heading.show(self._order, descending=self._descending)
        message = self._remark()
        if not message.is_same(self._told):  # another text costs a layout of the screen
            self._told = message
            self._message.update(message)
        self._keys.show(self._now())

    def _remark(self) -> Content:
        if self._troubles:
            return Content.styled(plain(self._troubles[0].message), "$warning")
        if self._complete and not self._cards.count:
            return Content.styled("No card fits.", "$muted")
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
        self._line.focus()

    def action_leave(self) -> None:
        """Back to the decks."""
        self.dismiss()

    def action_open(self) -> None:
        """Show all that is known of the card under the cursor."""
        key = self._cards.key
        if key is not None:
            self._start("open", partial(self._open, key), exclusive=True)

    async def _open(self, key: str) -> None:
        from sco_quiz.tui.screens.card_page import CardPage

        details = await self._elsewhere.look(lambda it: it.browser.details(key))
        if details is not None:
            self.app.push_screen(CardPage(details))

    def on_row_list_chosen(self) -> None:
        """A second click opens the card."""
        self.action_open()

    def action_mark(self) -> None:
        """Mark the card under the cursor, or not any more."""
        self._cards.toggle_mark()
        self._show()

    def action_mark_all(self) -> None:
        """Mark all that were found, or none."""
        self._cards.toggle_all()
        self._show()

    def action_sort(self) -> None:
        """Choose the column to sort by."""
        from sco_quiz.tui.screens.choosing import Choosing

        def chosen(number: int | None) -> None:
            self._sort(None if number is None else COLUMNS[number])

        now = COLUMNS.index(self._order) if self._order else 0
        names = [f"{name:<12}{MEANINGS[name]}" for name in COLUMNS]
        self.app.push_screen(Choosing("Sort by", names, now), chosen)

    def on_card_heading_clicked(self, event: CardHeading.Clicked) -> None:
        """Sort by the column that was clicked."""
        self._sort(event.column)

    def _sort(self, column: str | None) -> None:
        if column is not None:
            self._descending = column == self._order and not self._descending
            self._order = self._cards.order = column
            self._find()

    # Steps

    def action_suspend(self) -> None:
        """Set the marked cards aside; or take them back, when all are."""

        def step(browser: Browser, keys: list[str]) -> str:
            if changed := browser.suspend(keys):
                return _many(changed, "suspended")
            return _many(browser.unsuspend(keys), "asked again")

        self._take(step)

    def action_bury(self) -> None:
        """Put the marked cards off until tomorrow."""
        self._take(lambda browser, keys: _many(browser.bury(keys), "put off until tomorrow"))

    def action_digit(self, digit: int) -> None:
        """Give the marked cards a flag."""
        self._take(lambda browser, keys: _many(browser.flag(keys, digit), f"flagged {digit}"))

    def action_unflag(self) -> None:
        """Take the flags of the marked cards away."""
        self._take(lambda browser, keys: _many(browser.flag(keys, 0), "without a flag"))

    def action_reset(self) -> None:
        """Have the marked cards learned anew."""
        self._take(lambda browser, keys: _many(browser.reset(keys), "to be learned anew"))

    def action_retag(self) -> None:
        """Add tags to the notes of the marked cards, and take others away."""
        from sco_quiz.tui.screens.retag import Retag

        def chosen(tags: tuple[list[str], list[str]] | None) -> None:
            if tags is not None:
                self._take(lambda it, keys: _many(it.retag(keys, *tags), "tagged anew", "note"))

        keys = self._cards.targets
        rows = [row for row in map(self._cards.row_of, keys) if row is not None]
        if rows:
            self.app.push_screen(Retag(len(keys), rows), chosen)

    def action_undo(self) -> None:
        """Take back the last step, whatever it was."""
        self._start("step", self._undo)

    def _take(self, step: Callable[[Browser, list[str]], str]) -> None:
        if keys := self._cards.targets:
            if len(keys) > MANY:
                self.notify(f"{len(keys):,} cards: this may take a moment.")
            self._start("step", partial(self._step, step, keys))

    async def _step(self, step: Callable[[Browser, list[str]], str], keys: list[str]) -> None:
        try:
            told = await self._elsewhere.do(lambda workspace: step(workspace.browser, keys))
        except SCOQuizError as error:
            self._tell(error)
            return
        self.notify(told)
        self._follow()

    async def _undo(self) -> None:
        def undo(workspace: Workspace) -> str:
            undone = workspace.undo()
            if undone is None:
                return "There is nothing to undo."
            prompt = plain(workspace.prompt_of(undone.card))[:200]
            return (
                f"Taken back{f': {undone.words}.' if undone.words else f', of this card: {prompt}'}"
            )

        try:
            told = await self._elsewhere.do(undo)
        except SCOQuizError as error:
            self._tell(error)
            return
        self.notify(told, markup=False)
        self._follow()

    def _follow(self) -> None:
        """Show what a step changed. Cards stay in the list, though they may fit no longer."""
        self._workspace.reload()
        if not self.is_attached:
            return
        self._cards.forget_rows()
        self._look_soon()
        self._show()

    def _tell(self, error: SCOQuizError) -> None:
        self.notify(f"{error.message}\n{error.help}", severity="error", markup=False)

    # Editing

    def action_edit(self) -> None:
        """Edit the card under the cursor in a form."""
        row = self._cards.row_of(self._cards.key)
        if row is None:
            return
        notes: list[NoteText] = []
        try:
            notes.append(self._workspace.authoring.note_of(row.card))
        except SCOQuizError as error:
            self._tell(error)
            return
        from sco_quiz.tui.screens.note_form import NoteForm

        self.app.push_screen(NoteForm(self._workspace, [], notes[0]), self._edited)

    def action_editor(self) -> None:
        """Open the file of the card under the cursor in the learner's editor, at its line."""
        row = self._cards.row_of(self._cards.key)
        if row is not None:
            try:
                keys = self._workspace.authoring.edit_by_hand(row.card, self._run_editor)
            except SCOQuizError as error:
                self._tell(error)
            else:
                self._edited(keys)

    def _run_editor(self, path: Path, line: int) -> None:
        from sco_quiz.editor import open_in_editor

        with self.app.suspend():
            open_in_editor(path, line)

    def _edited(self, keys: dict[str, str] | None) -> None:
        if keys is not None:
            self._cards.rename(keys)
            self._follow()


def _many(count: int, words: str, what: str = "card") -> str:
    """What became of cards, as a sentence."""
    return f"{count:,} {what}{'s' * (count != 1)} {words}." if count else "Nothing to change."
