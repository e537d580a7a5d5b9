"""Pages that are read: help, what is wrong with decks, a card, and which edited cards are new."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from sco_quiz.commands.actions import EVERYWHERE, GROUPS, HELP_PAGE, RELINK
from sco_quiz.text import clean
from sco_quiz.tui.bars import ByWidth
from sco_quiz.tui.card_sheet import sheet
from sco_quiz.tui.markup import inline
from sco_quiz.tui.pages import Page
from sco_quiz.tui.widgets.answer_line import OneLine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.app import ComposeResult

    from sco_quiz.commands.actions import Action
    from sco_quiz.tui.messages import OpenCardPage, OpenHelp, OpenProblems

KEYS = 18
"""Cells for the keys of an action."""
NOTE = (
    "Arrows and j, k move; the mouse works everywhere. At a choice letters type its text, and"
    " digits too where all choices are numbers."
)


class Help(Page[None]):
    """Every action with its keys: what can be done where the learner is, then all the rest."""

    CSS_PATH = "help.tcss"
    ACTIONS = HELP_PAGE

    def __init__(self, asked: OpenHelp) -> None:
        """Make the page."""
        super().__init__("Help")
        self._asked = asked
        self._search = OneLine(placeholder="What do you want to do?", id="search", compact=True)

    def compose(self) -> ComposeResult:
        """The search between the top bar and the page."""
        yield self.top_bar
        yield self._search
        yield VerticalScroll(Static(id="text", markup=False), id="page")
        yield self.key_bar

    def on_mount(self) -> None:
        """Show everything."""
        self._search.display = False
        self._find("")

    def _find(self, wanted: str) -> None:
        words = wanted.lower().split()
        self.query_one("#text", Static).update(ByWidth(partial(self._draw, words)))

    def _groups(self) -> Iterator[tuple[str, Sequence[Action]]]:
        """Yield what can be done now, then everything else by where it holds."""
        first, now = self._asked.first, self._asked.now
        here = [each.while_typing() if self._asked.typing else each for each in first]
        place = next((name for name, table in GROUPS.items() if table is first), "")
        if first:
            can = [each for each in here if each.name in now and each.all_keys]
            yield f"{place}: what you can do now", [*can, *EVERYWHERE]
            if rest := [each for each in here if each not in can]:
                yield f"{place}: at other times", rest
        for name, table in GROUPS.items():
            if table is not first:
                yield name, table

    def _draw(self, words: Sequence[str], width: int) -> Content:
        """A group a paragraph, keys and what they do side by side, as far as they fit the words."""
        chosen = self.app.preferences.keys
        lines: list[Content] = []
        for name, actions in self._groups():
            found = [each for each in actions if _fits(each, words)]
            if found:
                lines += [Content.styled(name, "bold $foreground")]
            for action in found:
                keys = Content.styled(action.on(chosen).all_keys, "$primary").pad_right(1)
                told = Content(action.help).wrap(max(16, width - KEYS - 2))
                head = Content("  ") + keys.pad_right(max(0, KEYS - keys.cell_length))
                lines += [head + told[0], *(Content(" " * (KEYS + 2)) + line for line in told[1:])]
            if found:
                lines.append(Content())
        if not lines:
            return Content.styled("No action has these words.", "$muted")
        return Content("\n").join([*lines, Content.styled(NOTE, "$muted")])

    def on_input_changed(self, event: OneLine.Changed) -> None:
        """Find while it is typed."""
        self._find(event.value)
        self.query_one("#page").scroll_home(animate=False)

    def on_input_submitted(self) -> None:
        """Go to what was found."""
        self.query_one("#page").focus()

    def action_search(self) -> None:
        """Find by words."""
        self._search.display = True
        self._search.focus()

    def action_leave(self) -> None:
        """Leave the search, then the page."""
        if self._search.display:
            self._search.value = ""
            self._search.display = False
            self.query_one("#page").focus()
        else:
            self.dismiss()


def _fits(action: Action, words: Sequence[str]) -> bool:
    told = action.words.lower()
    keys = action.all_keys.lower().split(", ")
    return all(word in told or word in keys for word in words)


class ProblemsPage(Page[None]):
    """One paragraph a problem, errors first."""

    def __init__(self, asked: OpenProblems) -> None:
        """Show problems of decks, and warnings about settings and folders."""
        super().__init__("Problems")
        self._problems, self._warnings = asked.problems, asked.warnings

    def text(self) -> Content:
        """Show each problem: its place, its words, and its remedy."""
        parts = [
            Content.styled(clean(warning, multiline=False), "$warning")
            for warning in self._warnings
        ]
        for each in self._problems:
            error = each.severity == "error"
            where = f"{clean(each.path, multiline=False)}:{each.line}:{each.column}"
            parts.append(
                Content.assemble(
                    (f"{where}\n", "$muted"),
                    ("✗ " if error else "! ", "$error" if error else "$warning"),
                    each.message,
                    (f"\n  {each.help}" if each.help else "", "$muted"),
                )
            )
        return Content("\n\n").join(parts) if parts else Content("Nothing is wrong.")


class CardPage(Page[None]):
    """Prompt, answer, memory, forgetting curve, history."""

    def __init__(self, asked: OpenCardPage) -> None:
        """Show a card."""
        super().__init__(clean(asked.details.row.title, multiline=False))
        self._details = asked.details

    def text(self) -> ByWidth:
        """The card, as wide as there is room."""
        return ByWidth(partial(sheet, self._details))


class RelinkPage(Page[None]):
    """One pair after another: the card that vanished, and the new one it may have become."""

    ACTIONS = RELINK

    def __init__(self) -> None:
        """Ask about the workspace's doubtful pairs."""
        super().__init__("Is it the same card?")
        self._pairs = self._workspace.relinker.doubtful()

    def text(self) -> Content:
        """The first pair that is left."""
        if not self._pairs:
            return Content("Every card has its history.")
        old, new = self._pairs[0]
        left = len(self._pairs)
        return Content("\n").join(
            [
                Content.styled("This card has a history, but is in no deck any more:", "$muted"),
                Content("  ") + inline(old.prompt),
                Content.assemble(("  → ", "$muted"), old.answer.replace("\n", ", ")),
                Content(),
                Content.styled("This one is new in its deck:", "$muted"),
                Content("  ") + inline(new.prompt),
                Content.assemble(("  → ", "$muted"), new.answer.replace("\n", ", ")),
                Content(),
                Content("If it is the same card in other words, it keeps the history."),
                Content.styled(f"{left} to decide" if left > 1 else "", "$muted"),
            ]
        )

    def action_same(self) -> None:
        """Keep the history for the new card."""
        self._decide(same=True)

    def action_apart(self) -> None:
        """Leave the new card new."""
        self._decide(same=False)

    def _decide(self, *, same: bool) -> None:
        with self.app.telling_errors():
            self._workspace.relinker.decide(self._pairs[0], same=same)
            del self._pairs[0]
            if self._pairs:
                self.query_one("#text", Static).update(self.text())
            else:
                self.dismiss()
