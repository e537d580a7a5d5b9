"""Fields of a form: a text, several texts, one choice or several, each with its help below."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rich.style import Style
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea
from textual.widgets.text_area import TextAreaTheme

from sco_quiz.text import masked
from sco_quiz.tui.bars import ByWidth

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text
    from textual import events
    from textual.app import ComposeResult, RenderResult

    from sco_quiz.tui.widgets.marks import Marks


class Picker(Widget, can_focus=True):
    """One of a few words, on one line; arrows, space and mouse change it."""

    DEFAULT_CSS = """
    Picker { height: 1; width: 1fr; }
    Picker:focus { background: $panel; }
    """
    BINDINGS = [  # noqa: RUF012 -- Textual's declaration
        Binding("left", "turn(-1)", "Before", show=False),
        Binding("right,space", "turn(1)", "Next", show=False),
    ]
    index = reactive(0)

    class WordPicked(Message):
        """Another word was picked."""

    def __init__(self, words: Sequence[str], index: int = 0, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._words = words
        self.set_reactive(Picker.index, index)

    @property
    def words(self) -> Sequence[str]:
        """All there is to pick from."""
        return self._words

    @property
    def value(self) -> str:
        """The word that is picked."""
        return self._words[self.index]

    def action_turn(self, by: int) -> None:
        """Go to another word, around the ends."""
        self.index = (self.index + by) % len(self._words)

    def watch_index(self) -> None:
        """Tell the form."""
        self.post_message(self.WordPicked())

    def on_click(self) -> None:
        """The next word."""
        self.action_turn(1)

    def render(self) -> RenderResult:
        """The word between arrows, and which of how many it is where there is room for that."""
        word = self.value or "as the deck says"
        shown = Content.assemble(("‹ ", "$primary"), word, (" ›", "$primary"))
        place = Content.styled(f"   {self.index + 1} of {len(self._words)}", "$muted")
        fits = shown.cell_length + place.cell_length <= self.size.width
        return shown + place if fits else shown


_PLAIN = TextAreaTheme(
    "plain", gutter_style=Style(), cursor_line_style=Style(), cursor_line_gutter_style=Style()
)
"""Of an entry, which has neither a gutter nor a mark of its line."""


class Entry(TextArea):
    """A text that grows with what is written; Tab goes on.

    So does Enter in a text of one line, and on an empty last line of several texts; elsewhere it
    begins a line, as ctrl+j does anywhere.
    """

    DEFAULT_CSS = """
    Entry {
        width: 1fr;
        height: auto;
        min-height: 1;
        max-height: 6;
        border: none;
        padding: 0;
        background: $surface;
        scrollbar-size-vertical: 1;
        &:focus { border: none; background: $panel; }
    }
    """

    def __init__(self, text: str = "", *, several: bool = False) -> None:
        """Make an entry.

        Args:
            text: What is written already.
            several: Whether it takes several texts, one a line.
        """
        super().__init__(
            text, compact=True, soft_wrap=True, tab_behavior="focus", highlight_cursor_line=False
        )
        self.register_theme(_PLAIN)
        self.theme = _PLAIN.name
        self._several = several
        self.move_cursor(self.document.end)

    async def _on_key(self, event: events.Key) -> None:
        if event.key not in ("enter", "ctrl+j"):
            return
        event.stop()
        event.prevent_default()
        is_at_end = self._several and self.text.endswith("\n") and self.cursor_at_last_line
        if event.key == "enter" and (is_at_end or not self.text or self._is_of_one_line):
            if is_at_end:
                self.action_delete_left()
            self.screen.focus_next()
        else:
            self.insert("\n")

    @property
    def _is_of_one_line(self) -> bool:
        return not self._several and "\n" not in self.text

    @classmethod
    @cache
    def _get_component_classes(cls) -> frozenset[str]:
        """Return the parts that are ever seen: each is styled whenever the entry is."""
        names = ("cursor", "selection", "matching-bracket")
        return frozenset(f"text-area--{name}" for name in names)

    def get_line(self, line_index: int) -> Text:
        """A line as it is shown: nothing hidden in it reaches the terminal."""
        line = super().get_line(line_index)
        line.plain = masked(line.plain)
        return line


class Fold(Static, can_focus=True):
    """A line that folds fields in and out."""

    DEFAULT_CSS = """
    Fold { width: 1fr; height: auto; color: $muted; }
    Fold:focus { background: $panel; }
    """
    BINDINGS = [Binding("enter,space", "turn", "Fold", show=False)]  # noqa: RUF012

    class Toggled(Message):
        """The fields are to be shown, or hidden."""

    def __init__(self) -> None:
        super().__init__(markup=False)

    def show(self, names: Sequence[str], *, is_open: bool) -> None:
        """Say which fields are behind it: as many as fit, and how many more there are.

        Args:
            names: What they are called; at least one.
            is_open: Whether they are shown.
        """

        def draw(width: int) -> Content:
            if is_open:
                return Content.assemble(("▾ ", "$primary"), "all fields are shown")
            said = ", ".join(names)
            count = len(names)
            while len(said) + 2 > width and count > 1:
                count -= 1
                said = f"{', '.join(names[:count])} and {len(names) - count} more"
            return Content.assemble(("▸ ", "$primary"), said)

        self.update(ByWidth(draw))

    def action_turn(self) -> None:
        """Tell the form."""
        self.post_message(self.Toggled())

    def on_click(self) -> None:
        """A click does what a key does."""
        self.action_turn()


class FormField(Vertical):
    """A label, what is written beside it, and below what it is for, or what is wrong with it.

    The one that has the keys has a bar before it and its help below: a line that wraps, so that
    nothing of it is cut off. A mistake and the way to put it right take the place of the help.
    """

    DEFAULT_CSS = """
    FormField { height: auto; margin-bottom: 0; }
    FormField > Horizontal { height: auto; }
    FormField .label { width: 15; border-left: blank $muted; padding-left: 1; color: $muted; }
    FormField .label.-marked { border-left: outer $primary; }
    FormField .below { display: none; color: $muted; padding-left: 15; height: auto; }
    """

    def __init__(
        self,
        name: str,
        control: Entry | Picker | Marks | Input | Fold,
        *,
        label: str = "",
        required: bool = False,
        about: str | Content = "",
    ) -> None:
        """Make a field.

        Args:
            name: The key of the deck format that it stands for.
            control: What is written in.
            label: What it is called, if not by its name.
            required: Marked by a star.
            about: What it is for.
        """
        super().__init__()
        self.key = name
        self.control = control
        self._label = Static(
            f"{label or name}{' *' if required else ''}", classes="label", markup=False
        )
        self._below = Static(classes="below", markup=False)
        self._about, self._problem = about, Content()
        self._has_focus = False

    def compose(self) -> ComposeResult:
        """Label and control on a line, the rest below."""
        with Horizontal():
            yield self._label
            yield self.control
        yield self._below

    def on_descendant_focus(self) -> None:
        """Mark the field that has the keys: its colour alone would be too faint a sign."""
        self._show_focus(has=True)

    def on_descendant_blur(self) -> None:
        """Another field has them now."""
        self._show_focus(has=False)

    def _show_focus(self, *, has: bool) -> None:
        self._has_focus = has
        self._label.set_class(has, "-marked")
        self._show_below()

    def _show_below(self) -> None:
        shown = self._problem or (self._about if self._has_focus else "")
        self._below.display = bool(shown)
        self._below.update(shown)

    def on_resize(self) -> None:
        """Bring the help into view too."""
        if self._has_focus:
            self.scroll_visible(animate=False)

    @property
    def value(self) -> str:
        """The text in the field."""
        match self.control:
            case Entry():
                return self.control.text
            case Fold():
                return ""
            case control:
                return control.value

    def show_value(self, value: str) -> None:
        """Have something else written; of a picker, what it does not have stands for the first."""
        match self.control:
            case Entry() as entry if entry.text != value:
                entry.text = value
                entry.move_cursor(entry.document.end)
            case Picker() as picker:
                picker.index = picker.words.index(value) if value in picker.words else 0

    def show_about(self, about: str | Content) -> None:
        """Say what the field is for."""
        self._about = about
        self._show_below()

    def show_problem(self, problem: str, help: str = "") -> None:  # noqa: A002 -- as errors call it
        """Say what is wrong and how it is put right; nothing when empty."""
        lines = [Content.styled(problem, "$error")] + [Content.styled(help, "$muted")] * bool(help)
        self._problem = Content("\n").join(lines) if problem else Content()
        self._show_below()
