"""What to choose from, to mark, or to put in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.style import Style
from textual.widget import Widget

from sco_quiz.learning.cards import Kind
from sco_quiz.tui.markup import inline

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.app import RenderResult
    from textual.geometry import Size

    from sco_quiz.learning.cards import Card

ROOMY = 24
"""Rows of terminal from which on options stand apart."""


class Options(Widget, can_focus=True):
    """The options of one question; keys 1-9, arrows and mouse act on them.

    For choice and true_false picking one is the answer; for multi options are marked; for order
    each gets the next place.
    """

    DEFAULT_CSS = """
    Options { height: auto; }
    """
    BINDINGS = [  # noqa: RUF012 -- Textual's declaration
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
    ]

    def __init__(self, settled: Callable[[], None]) -> None:
        """Make an empty list.

        Args:
            settled: Told at once, before the next key is looked at, that an option was picked,
                marked or placed.
        """
        super().__init__()
        self._settled = settled
        self._kind = Kind.CHOICE
        self._options: tuple[str, ...] = ()
        self._right: tuple[str, ...] = ()
        self._cursor = 0
        self._picked: list[int] = []
        self._answered = False

    def ask(self, card: Card, options: tuple[str, ...]) -> None:
        """Show the options of a card, none picked."""
        self._kind = card.kind
        self._options = options
        self._right = card.answers
        self._cursor, self._picked, self._answered = 0, [], False
        self.refresh(layout=True)

    def show_outcome(self) -> None:
        """Mark which options were right."""
        self._answered = True
        self.refresh(layout=True)

    @property
    def options(self) -> tuple[str, ...]:
        """What there is to pick, in the order shown."""
        return self._options

    @property
    def picks_one(self) -> bool:
        """Whether picking one option is the whole answer."""
        return self._kind in (Kind.CHOICE, Kind.TRUE_FALSE)

    @property
    def complete(self) -> bool:
        """Whether nothing is left to pick: one for choice, all for order."""
        if self._kind is Kind.ORDER:
            return len(self._picked) == len(self._options)
        return bool(self._picked)

    @property
    def picked(self) -> tuple[str, ...]:
        """What the learner picked: in the order of picking for order, else as shown."""
        order = self._picked if self._kind is Kind.ORDER else sorted(self._picked)
        return tuple(self._options[index] for index in order)

    @property
    def _solved(self) -> bool:
        """Whether an order is shown as it is right."""
        return self._answered and self._kind is Kind.ORDER

    def pick(self, index: int) -> None:
        """Pick, mark, unmark or place an option, whatever the kind asks for."""
        if self._answered or not 0 <= index < len(self._options):
            return
        self._cursor = index
        if self.picks_one:
            self._picked = [index]
        elif index not in self._picked:
            self._picked.append(index)
        elif self._kind is Kind.MULTI:
            self._picked.remove(index)
        self.refresh(layout=True)
        self._settled()

    def pick_under_cursor(self) -> None:
        """Pick the option under the cursor."""
        self.pick(self._cursor)

    def pick_text(self, text: str) -> None:
        """Pick the option with this text, if there is one."""
        if text in self._options:
            self.pick(self._options.index(text))

    def take_back(self) -> None:
        """Undo the last pick."""
        if self._picked and not self._answered:
            self._picked.pop()
            self.refresh(layout=True)

    def action_move(self, by: int) -> None:
        """Move the cursor, around the ends."""
        if self._options and not self._answered:
            self._cursor = (self._cursor + by) % len(self._options)
            self.refresh()
            self._reveal_cursor()

    def _reveal_cursor(self) -> None:
        """Scroll to the option under the cursor, where the options do not all fit."""
        width = self.size.width
        above = sum(len(self._option(index, width)) for index in range(self._cursor))
        gaps = self._cursor if self._is_roomy else 0
        lines = len(self._option(self._cursor, width))
        column = self.query_ancestor(Vertical)
        top = self.virtual_region.y + column.virtual_region.y + above + gaps
        region = Region(0, top, width, lines)
        self.query_ancestor(VerticalScroll).scroll_to_region(region, animate=False)

    @property
    def _is_roomy(self) -> bool:
        """Whether options stand apart."""
        return self.app.size.height >= ROOMY and len(self._options) <= 6

    def on_click(self, event: events.Click) -> None:
        """A click picks."""
        index = event.style.meta.get("option")
        if index is not None:
            event.stop()
            self.pick(index)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many lines as the options take at this width."""
        return len(self._lines(width))

    def render(self) -> RenderResult:
        """The options, one below the other."""
        return Content("\n").join(self._lines(self.size.width))

    def _lines(self, width: int) -> list[Content]:
        lines: list[Content] = []
        order = list(range(len(self._options)))
        if self._solved:
            order.sort(key=lambda index: self._right.index(self._options[index]))
        for index in order:
            if self._is_roomy and lines:
                lines.append(Content())
            lines += self._option(index, width)
        return lines

    def _option(self, index: int, width: int) -> list[Content]:
        option = self._options[index]
        text = inline(option.capitalize() if self._kind is Kind.TRUE_FALSE else option)
        number = f"{index + 1:>3}  " if index < 9 and not self._solved else "     "
        sign, colour = self._sign(index)
        if self._answered and colour == "$muted":
            text = text.stylize("$muted")
        if self._solved and colour == "$error":
            text += Content.styled(f"  you: {self._picked.index(index) + 1}", "$muted")
        head = Content.assemble(
            (number, "$muted" if self._answered else "$primary"), (f"{sign} ", colour)
        )
        indent = head.cell_length
        lines = []
        for part in text.wrap(max(width - indent, 8)):
            line = (head + part).pad_right(max(0, width - indent - part.cell_length))
            if index == self._cursor and not self._answered:
                line = line.stylize_before("on $panel")
            lines.append(line.stylize(Style.from_meta({"option": index})))
            head = Content(" " * indent)
        return lines

    def _sign(self, index: int) -> tuple[str, str]:
        option, picked = self._options[index], index in self._picked
        if self._kind is Kind.ORDER:
            place = self._picked.index(index) + 1 if picked else 0
            if not self._answered:
                return (f"{place}.", "$success") if picked else (" ·", "$muted")
            right = self._right.index(option) + 1
            if not place:
                return f"{right}.  ", ""
            return (f"{right}. ✓", "$success") if place == right else (f"{right}. ✗", "$error")
        if self._answered:
            if option in self._right:
                return ("✓" if picked else "○"), "$success"
            return ("✗", "$error") if picked else (" ", "$muted")
        if self._kind is Kind.MULTI:
            return ("■", "$success") if picked else ("□", "$muted")
        return ("●", "$success") if picked else ("○", "$muted")
