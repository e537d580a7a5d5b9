"""Fields of a form: a text, several texts, one choice or several, each with its problem below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from sco_quiz.text import masked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text
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

    class Changed(Message):
        """Another word was picked."""

    def __init__(self, words: Sequence[str], index: int = 0, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._words = words
        self.set_reactive(Picker.index, index)

    @property
    def value(self) -> str:
        """The word that is picked."""
        return self._words[self.index]

    def action_turn(self, by: int) -> None:
        """Go to another word, around the ends."""
        self.index = (self.index + by) % len(self._words)

    def watch_index(self) -> None:
        """Tell the form."""
        self.post_message(self.Changed())

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


class Entry(TextArea):
    """A text that grows with what is written; Tab goes on."""

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
        & .text-area--cursor-line { background: transparent; }
    }
    """

    def __init__(self, text: str = "") -> None:
        super().__init__(text, compact=True, soft_wrap=True, tab_behavior="focus")
        self.move_cursor(self.document.end)

    def get_line(self, line_index: int) -> Text:
        """A line as it is shown: nothing hidden in it reaches the terminal."""
        line = super().get_line(line_index)
        line.plain = masked(line.plain)
        return line


class FormField(Vertical):
    """A label, what is written beside it, and below what is wrong with it.

    A bar stands before the one that has the keys.
    """

    DEFAULT_CSS = """
    FormField { height: auto; margin-bottom: 0; }
    FormField > Horizontal { height: auto; }
    FormField .mark { width: 1; color: $primary; visibility: hidden; }
    FormField .label { width: 14; padding-left: 1; color: $muted; }
    FormField .problem { display: none; color: $error; padding-left: 15; height: auto; }
    """

    def __init__(
        self,
        name: str,
        control: Entry | Picker | Marks | Input,
        *,
        required: bool = False,
        about: str = "",
    ) -> None:
        """Make a field.

        Args:
            name: The key of the deck format that it stands for.
            control: What is written in.
            required: Marked by a star.
            about: What it is for.
        """
        super().__init__()
        self.key = name
        self.about = about
        self.control = control
        self._mark = Static("▌", classes="mark", markup=False)
        self._problem = Static(classes="problem", markup=False)
        self._label = f"{name}{' *' if required else ''}"

    def compose(self) -> ComposeResult:
        """Label and control on a line, the problem below."""
        with Horizontal():
            yield self._mark
            yield Static(self._label, classes="label", markup=False)
            yield self.control
        yield self._problem

    def on_descendant_focus(self) -> None:
        """Mark the field that has the keys: its colour alone would be too faint a sign."""
        self._mark.visible = True

    def on_descendant_blur(self) -> None:
        """Another field has them now."""
        self._mark.visible = False

    @property
    def value(self) -> str:
        """What is written."""
        control = self.control
        return control.text if isinstance(control, Entry) else control.value

    def show_problem(self, problem: str) -> None:
        """Say what is wrong; nothing when empty."""
        self._problem.display = bool(problem)
        self._problem.update(Content(problem))
