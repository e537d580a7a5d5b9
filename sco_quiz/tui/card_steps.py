"""Actions on the cards of a list: suspend, bury and the like, with undo, and editing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sco_quiz.authoring.notes import Authoring
from sco_quiz.insight.browsing import Browser
from sco_quiz.numbers_and_times import many, plural, undoable
from sco_quiz.studying.undo import undo
from sco_quiz.text import plain
from sco_quiz.tui.base import Screen
from sco_quiz.tui.messages import OpenChoosing, OpenNoteForm, OpenRetag, StepsDone
from sco_quiz.tui.widgets.card_list import CardList
from sco_quiz.tui.workspace_thread import WorkspaceThread
from sco_quiz.workspace.cards import logged_prompt

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sco_quiz.insight.card_columns import ListedCard
    from sco_quiz.learning.cards import Card, KeyedFace
    from sco_quiz.learning.journal import UndoneStep
    from sco_quiz.workspace.workspace import Workspace

MANY = 500
"""Cards from which on a step is announced before it is taken."""


class CardSteps(Screen[None]):
    """A screen with a list of cards: the marked ones, or the one under the cursor, are changed."""

    def __init__(self) -> None:
        """Make an empty list."""
        super().__init__()
        self._elsewhere = WorkspaceThread(self._workspace)
        self._cards = CardList(self._workspace.now)

    def on_unmount(self) -> None:
        """Let go of the other workspaces; the last steps may end after the next screen came."""
        self._elsewhere.close(partial(self.app.post_message, StepsDone()))

    def _start(
        self, group: str, work: Callable[[], Awaitable[None]], *, exclusive: bool = False
    ) -> None:
        """Do work beside the screen; `exclusive` gives up what else of its group is under way."""
        self.run_worker(work, group=group, exclusive=exclusive)

    def _show(self) -> None:
        """Show what was marked or changed."""

    def _look_soon(self) -> None:
        """Show the card under the cursor anew."""

    def _list_anew(self) -> None:
        """List what there is, where cards may have come or gone."""

    def _once_marked(self, act: Callable[[], None]) -> None:
        """Do something; if all cards are being marked, once they are."""
        act()

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
        self._take(lambda browser, keys: _many(browser.reset(keys), "to be learned again"))

    def action_retag(self) -> None:
        """Add tags to the notes of the marked cards, and take others away."""
        self._once_marked(self._retag)

    def _retag(self) -> None:
        def chosen(tags: tuple[list[str], list[str]] | None) -> None:
            if tags is not None:
                self._take(
                    lambda it, keys: _many(it.retag(keys, *tags), "with changed tags", "note")
                )

        keys = self._cards.targets
        rows = [row for row in map(self._cards.row_of, keys) if row is not None]
        if rows:
            self.app.open(OpenRetag(len(keys), rows), chosen)

    def action_join(self) -> None:
        """Choose a history that no deck has for the card under the cursor."""
        row = self._cards.row_of(self._cards.key)
        if row is not None:
            self._start("join", partial(self._choose_history, row), exclusive=True)

    async def _choose_history(self, row: ListedCard) -> None:
        key = row.card.key
        with self.app.telling_errors():
            orphans = await self._elsewhere.look(lambda workspace: Browser(workspace).orphans(key))
            if not self.is_current:  # left meanwhile
                return
            if not orphans:
                self.tell("There is no history without a card.")
                return

            def chosen(number: int | None) -> None:
                if number is not None:
                    old = orphans[number].key
                    self._start("step", partial(self._step, lambda it, _: _join(it, old, key), []))

            own = " Its own counts too." if row.state.reps else ""
            names = list(map(_on_one_line, orphans))
            self.app.open(OpenChoosing(f"Which history is this card's?{own}", names, None), chosen)

    def action_undo(self) -> None:
        """Take back the last step, whatever it was."""
        self._start("step", self._undo)

    def _take(self, step: Callable[[Browser, list[str]], str]) -> None:
        def take() -> None:
            if keys := self._cards.targets:
                if len(keys) > MANY:
                    self.tell(f"{len(keys):,} cards: this may take a moment.")
                self._start("step", partial(self._step, step, keys))

        self._once_marked(take)

    async def _step(self, step: Callable[[Browser, list[str]], str], keys: list[str]) -> None:
        with self.app.telling_errors():
            self.tell(await self._elsewhere.do(lambda workspace: step(Browser(workspace), keys)))
            self._follow()

    async def _undo(self) -> None:
        def take_back(workspace: Workspace) -> tuple[UndoneStep | None, str]:
            undone = undo(workspace)
            return undone, logged_prompt(workspace.progress, undone.card) if undone else ""

        with self.app.telling_errors():
            undone, prompt = await self._elsewhere.do(take_back)
            self.tell_undone(undone, prompt)
            self._follow(anew=undone is not None and not undone.card)

    def _follow(self, *, anew: bool = False) -> None:
        """Show what a step changed. Cards stay in the list, though they may fit no longer.

        Args:
            anew: Find anew what there is, since cards came or went.
        """
        self._workspace.see_changes()
        if not self.is_attached:
            return
        self._cards.forget_rows()
        self._look_soon()
        self._show()
        if anew:
            self._list_anew()

    # Deleting and duplicating

    def action_delete(self) -> None:
        """Delete the notes of the marked cards, once that is confirmed."""
        self._once_marked(self._delete)

    def _delete(self) -> None:
        keys = self._cards.targets
        rows = [row for row in map(self._cards.row_of, keys) if row is not None]
        decks = {row.card.deck for row in rows}

        def chosen(number: int | None) -> None:
            if number == 1:
                self._start("step", partial(self._delete_notes, keys))

        def ask() -> None:
            asked = f"the notes of {len(keys):,} cards"
            if len(keys) == 1:
                asked = f"the note of “{' '.join(plain(rows[0].card.prompt).split())}”"
            undo = self.key_of("browse.undo")
            undoes = f", and {undo} undoes it" * bool(undo)
            answers = [
                f"No, keep {plural(len(keys), 'it', 'them')}",
                f"Yes; what you learned stays{undoes}",
            ]
            self.app.open(OpenChoosing(f"Delete {asked}?", answers, None), chosen)

        if len(decks) == 1:
            self.once_own(decks.pop(), ask)
        elif decks:
            ask()

    async def _delete_notes(self, keys: list[str]) -> None:
        with self.app.telling_errors():
            count = await self._elsewhere.do(lambda workspace: Browser(workspace).delete(keys))
            told = f"{many(count, 'note')} deleted"
            self.tell(undoable(told, self.key_of("browse.undo")) if count else "Nothing to change.")
            self._cards.marks.difference_update(keys)
            self._follow(anew=True)

    def action_duplicate(self) -> None:
        """Write another card that begins as the one under the cursor."""
        row = self._cards.row_of(self._cards.key)
        if row is None:
            return
        own = [deck for deck in self._workspace.agenda.decks() if not deck.shipped]
        own.sort(key=lambda deck: deck.id != row.card.deck)
        if not own:
            self.tell("It would go into a deck of your own: begin one, on the decks.")
            return
        with self.app.telling_errors():
            like = Authoring(self._workspace).pattern_of(row.card)
            self.app.open(OpenNoteForm(own, like=like), lambda _: self._duplicated())

    def _duplicated(self) -> None:
        self._follow(anew=True)

    # Editing

    def action_edit(self) -> None:
        """Edit the card under the cursor in a form."""
        if row := self._cards.row_of(self._cards.key):
            self.once_own(row.card.deck, partial(self._edit, row.card))

    def _edit(self, card: Card) -> None:
        with self.app.telling_errors():
            note = Authoring(self._workspace).note_of(card)
            self.app.open(OpenNoteForm(note=note), self._edited)

    def action_editor(self) -> None:
        """Open the file of the card under the cursor in the learner's editor, at its line."""
        if row := self._cards.row_of(self._cards.key):
            self.once_own(row.card.deck, partial(self._edit_by_hand, row.card))

    def _edit_by_hand(self, card: Card) -> None:
        with self.app.telling_errors():
            self._edited(Authoring(self._workspace).edit_by_hand(card, self.run_editor))

    def _edited(self, keys: dict[str, str] | None) -> None:
        if keys is not None:
            self._cards.rename(keys)
            self._follow()


def _join(browser: Browser, old: str, key: str) -> str:
    if browser.join(old, key):
        return "The card has that history now."
    return "Nothing was changed: the history has a card by now, or the card is gone."


def _on_one_line(face: KeyedFace) -> str:
    answer = face.answer.replace("\n", ", ")
    return " ".join(plain(f"{face.prompt} → {answer} ({face.deck})").split())


def _many(count: int, words: str, what: str = "card") -> str:
    """Say in a sentence how many cards were changed, and to what."""
    return f"{many(count, what)} {words}." if count else "Nothing to change."
