"""Options to choose from, to mark, or to put in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.style import Style
from textual.widget import Widget

from sco_quiz.learning.kinds import Input
from sco_quiz.text import clean, plain
from sco_quiz.tui.base import Screen
from sco_quiz.tui.markup import inline

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.app import RenderResult
    from textual.geometry import Size

    from sco_quiz.learning.cards import Card
    from sco_quiz.learning.question import Answering

NUMBERED = 9
"""Options that a digit picks; what stands behind them has none."""
ROOMY = 24
"""Rows of terminal from which on options stand apart."""


class Options(Widget, can_focus=True):
    """The options of one question; digits, arrows, their text and the mouse act on them.

    What is typed moves the cursor to the option that begins so, and Enter picks it. Where all
    options are numbers, digits are typed too; statements are only true or false, so that letters
    stay commands there.

    Picking one is the answer, or it is marked, or gets the next place: `Answering` knows.
    """

    DEFAULT_CSS = """
    Options { height: auto; }
    """
    BINDINGS = [  # noqa: RUF012 -- Textual's declaration
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
    ]

    class TextTyped(Message):
        """Something else is typed now."""

    def __init__(self, settled: Callable[[], None]) -> None:
        """Make an empty list.

        Args:
            settled: Told at once, before the next key is looked at, that an option was picked,
                marked or placed.
        """
        super().__init__()
        self._settled = settled
        self._answering: Answering | None = None
        self._options: tuple[str, ...] = ()
        self._right: tuple[str, ...] = ()
        self._are_words = True
        self._cursor = 0
        self._answered = False
        self._typed, self._is_unknown = "", False

    def ask(self, card: Card, answering: Answering) -> None:
        """Show the options of a card; what is picked goes into the answer under way."""
        self._answering = answering
        self._options = answering.options
        self._right = card.answers
        self._are_words = card.kind.spec.has_telling_answers
        self._cursor, self._answered = 0, False
        self._typed, self._is_unknown = "", False
        self.refresh(layout=True)

    def show_outcome(self) -> None:
        """Mark which options were right."""
        self._answered = True
        self._typed, self._is_unknown = "", False
        self.refresh(layout=True)

    @property
    def _input(self) -> Input | None:
        return self._answering.input if self._answering else None

    @property
    def _picked(self) -> list[int]:
        return self._answering.picked if self._answering else []

    @property
    def are_numbers(self) -> bool:
        """Tell whether the options are numbers, so that digits type."""
        return self._answering is not None and self._answering.are_numbers

    @property
    def _missed(self) -> str:
        """Return the words behind a right option that was not picked."""
        if self._input is Input.ORDER:
            return ""
        return "  right answer, missed" if self._input is Input.SEVERAL else "  right answer"

    @property
    def _solved(self) -> bool:
        """Tell whether an order is shown with its solution."""
        return self._answered and self._input is Input.ORDER

    def pick(self, index: int) -> None:
        """Pick, mark, unmark or place an option, whatever the kind asks for."""
        if self._answering is None or self._answered or not 0 <= index < len(self._options):
            return
        self._cursor = index
        self._type("")
        self._answering.pick(index)
        self.refresh(layout=True)
        self._settled()

    def pick_under_cursor(self) -> None:
        """Pick the option under the cursor."""
        self.pick(self._cursor)

    @property
    def is_placed(self) -> bool:
        """Tell whether the option under the cursor has its place in an order."""
        return self._input is Input.ORDER and self._cursor in self._picked

    def pick_text(self, text: str) -> None:
        """Pick the option with this text, if there is one."""
        if text in self._options:
            self.pick(self._options.index(text))

    def action_move(self, by: int) -> None:
        """Move the cursor, around the ends."""
        if self._options and not self._answered:
            self._type("")
            self._cursor = (self._cursor + by) % len(self._options)
            self.refresh()
            self._reveal_cursor()

    # Typing

    @property
    def typed(self) -> str:
        """The beginning of an option, as far as it is typed."""
        return self._typed

    @property
    def _typed_shown(self) -> str:
        return clean(self._typed, multiline=False)

    @property
    def is_unknown(self) -> bool:
        """Tell whether no option begins as what is typed, so that nothing can be picked by it."""
        return self._is_unknown

    @property
    def takes_text(self) -> bool:
        """Tell whether letters are a part of an answer, and no commands."""
        return self._are_words and not self._answered

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Return whether a key types something: a digit only where it does not pick.

        Behind letters that are no beginning of any option, pressed by mistake, it still picks.
        """
        if not self.takes_text or character is None or not character.isprintable():
            return False
        if key == "space" or key in self._picking_keys:
            return bool(self._typed) and not self._is_stray
        return True

    @property
    def _is_stray(self) -> bool:
        """Tell whether no option begins even with the first letter that is typed."""
        return self._is_unknown and not self._begun(self._typed.strip()[:1])

    @property
    def _picking_keys(self) -> tuple[str, ...]:
        screen = self.screen
        if self.are_numbers or not isinstance(screen, Screen):
            return ()
        chosen = screen.app.preferences.keys
        return next(each.on(chosen).keys for each in screen.ACTIONS if each.name == "digit")

    def on_key(self, event: events.Key) -> None:
        """Type, and pick what is typed, before the next key is looked at."""
        if self.check_consume_key(event.key, event.character):
            self._type(self._typed + (event.character or ""))
        elif self._typed and event.key == "backspace":
            self._type(self._typed[:-1])
        elif self._typed and event.key == "enter":
            self._pick_typed()
        elif self.takes_text and event.key == "space" and self._input is not Input.ONE:
            self.pick_under_cursor()
        elif self.takes_text and event.key in self._picking_keys:
            self.pick(self._picking_keys.index(event.key))
        else:
            return
        event.stop()
        event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """Type what is pasted."""
        event.stop()
        if self.takes_text:
            self._type(self._typed + " ".join(event.text.split()))

    def _type(self, text: str) -> None:
        if text == self._typed:
            return
        self._typed, self._is_unknown = text, False
        found = self._begun(text) if text.strip() else []
        if found:
            self._cursor = found[0]
        self._is_unknown = bool(text.strip()) and not found
        self.refresh(layout=True)
        self.call_after_refresh(self._reveal_cursor)  # which may stand on a new line
        self.post_message(self.TextTyped())

    def _begun(self, text: str) -> list[int]:
        """Return the options that begin with a text, one that is the text as a whole first."""
        from sco_quiz.learning.values import value_of  # nothing asked needs it: 2 modules, 3 ms

        typed, value = _compared(text), value_of(text)
        same, begun = [], []
        for index, option in enumerate(self._options):
            if self._input is Input.ORDER and index in self._picked:
                continue
            shown = _compared(plain(option))
            if shown == typed or (value is not None and value_of(shown) == value):
                same.append(index)
            elif shown.startswith(typed):
                begun.append(index)
        return same + begun

    def _pick_typed(self) -> None:
        """Pick what is typed; of numbers only one that does not go on with more digits."""
        found = self._begun(self._typed) if self._typed.strip() else []
        if self.are_numbers:
            found = [index for index in found if self._is_whole(index)]
        if found:
            self.pick(found[0])
        else:
            self._is_unknown = True
            self.refresh(layout=True)
            self.post_message(self.TextTyped())
            if isinstance(self.screen, Screen):
                self.screen.tell(f"{self._typed_shown} is no choice; backspace deletes it.")

    def _is_whole(self, index: int) -> bool:
        """Return whether the number with which an option begins is typed to its end."""
        typed, text = _compared(self._typed), _compared(plain(self._options[index]))
        return not text.startswith(typed) or text[len(typed) :][:1] not in tuple("0123456789.,/")

    def reveal_right(self) -> None:
        """Scroll to the right option, where the options do not all fit."""
        if not self._solved and self._right:
            right = (at for at, option in enumerate(self._options) if option in self._right)
            self._reveal(next(right, 0))

    def _reveal_cursor(self) -> None:
        """Scroll to the option under the cursor, or what is no choice, where not all fits."""
        self._reveal(len(self._options) if self._is_unknown else self._cursor)

    def _reveal(self, place: int) -> None:
        width = self.size.width
        above = sum(len(self._option(index, width)) for index in range(place))
        gaps = place if self._is_roomy else 0
        lines = len(self._option(place, width)) if place < len(self._options) else 1
        column = self.query_ancestor(Vertical)
        top = self.virtual_region.y + column.virtual_region.y + above + gaps
        region = Region(0, top, width, lines)
        self.query_ancestor(VerticalScroll).scroll_to_region(region, animate=False)

    @property
    def _is_roomy(self) -> bool:
        """Tell whether there is room for blank lines between options."""
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
        if self._is_unknown:
            lines += [Content()] * self._is_roomy
            told = f"     › {self._typed_shown} is no choice"
            lines.append(Content.styled(told, "$warning").truncate(width, ellipsis=True))
        return lines

    def _option(self, index: int, width: int) -> list[Content]:
        option = self._options[index]
        text = inline(option if self._are_words else option.capitalize())
        has_index = index < NUMBERED and not self._solved and not self.are_numbers
        number = f"{index + 1:>3}  " if has_index else "     "
        sign, colour = self._sign(index)
        if self._answered and colour == "$muted":
            text = text.stylize("$muted")
        if self._typed and index == self._cursor and not self._is_unknown:
            text += Content.styled(f"  › {self._typed_shown}", "$primary")
        if self._answered and option in self._right and index not in self._picked:
            text += Content.styled(self._missed, "$success")
        if self._answered and sign == "✗" and not self._solved:
            text += Content.styled("  you", "$muted")
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
        if self._input is Input.ORDER:
            place = self._picked.index(index) + 1 if picked else 0
            if not self._answered:
                return (f"{place}.", "$success") if picked else (" ·", "$muted")
            right = self._right.index(option) + 1
            if not place:
                return f"{right}.  ", ""
            return (f"{right}. ✓", "$success") if place == right else (f"{right}. ✗", "$error")
        if self._answered:
            if option in self._right:
                return "✓", "$success"
            return ("✗", "$error") if picked else (" ", "$muted")
        if self._input is Input.SEVERAL:
            return ("■", "$success") if picked else ("□", "$muted")
        return ("●", "$success") if picked else ("○", "$muted")


def _compared(text: str) -> str:
    """Return a text without what may differ between an option and what is typed for it."""
    from sco_quiz.learning.folding import fold, without_accents  # as above

    return without_accents(fold(text))
