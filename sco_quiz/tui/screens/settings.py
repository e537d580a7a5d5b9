"""Settings: every setting and every key, found by its words and changed in place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from sco_quiz.commands.actions import SETTINGS
from sco_quiz.commands.choices import SettingChoice, choices
from sco_quiz.commands.keys import character, named, typed
from sco_quiz.errors import SCOQuizError
from sco_quiz.insight.workload import workloads
from sco_quiz.paths import shown_path
from sco_quiz.reports.cards import workload
from sco_quiz.reports.lines import text_of
from sco_quiz.text import clean
from sco_quiz.tui.base import Screen
from sco_quiz.tui.widgets.answer_line import OneLine
from sco_quiz.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.events import Key

    from sco_quiz.config import Config
    from sco_quiz.tui.messages import OpenSettings


WORKLOAD = 47
"""Cells of the table of what each retention would cost."""


class RetentionsSimulated(Message):
    """A year of study was simulated at several retentions."""

    def __init__(self, report: str) -> None:
        """Give what it comes to, as text."""
        super().__init__()
        self.report = report


class KeyField(Static, can_focus=True):
    """Takes the next key that is pressed, whatever it is."""

    class Pressed(Message):
        """A key was pressed."""

        def __init__(self, key: str) -> None:
            """Name the key as Textual does."""
            super().__init__()
            self.key = key

    def on_key(self, event: Key) -> None:
        """Keep the key from what it does elsewhere."""
        event.stop()
        event.prevent_default()
        self.post_message(self.Pressed(event.key))


class Settings(Screen[None]):
    """A list on the left; on the right what is under the cursor, and the field to change it in."""

    CSS_PATH = "settings.tcss"
    ACTIONS = SETTINGS
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-normal")]  # noqa: RUF012
    AUTO_FOCUS = "#rows"

    def __init__(self, asked: OpenSettings) -> None:
        """Show all settings."""
        super().__init__()
        self._begin = asked.name
        self._choices = choices(self._workspace.catalogue.headers())
        self._rows: list[SettingChoice | str] = []
        self._workload = ""
        self._adds_key = False

    def compose(self) -> ComposeResult:
        """The list with the search above it, and what is under its cursor."""
        yield self.top_bar
        with Container(id="both"):
            with Vertical(id="left"):
                yield OneLine(placeholder="Search", id="search", compact=True)
                yield RowList(self._row, id="rows")
            with VerticalScroll(id="right", can_focus=False):
                yield Static(id="about", markup=False)
                yield OneLine(id="field", compact=True)
                yield KeyField(id="key", markup=False)
                yield Static(id="problem", markup=False)
                yield Static(id="workload", markup=False)
        yield self.key_bar

    def on_mount(self) -> None:
        """Show everything."""
        self.query_one("#search").display = False
        self.query_one("#field").display = self._key_field.display = False
        path = clean(shown_path(self._workspace.paths.config_file), multiline=False)
        self.show_title("Settings", path)
        self._list("")
        for place, row in enumerate(self._rows):
            if isinstance(row, SettingChoice) and row.name == self._begin:
                self.query_one(RowList).cursor = place
        self._show()
        self.run_worker(self._simulate, thread=True, group="workload")

    @property
    def _chosen(self) -> SettingChoice | None:
        row = self._rows[self.query_one(RowList).cursor] if self._rows else ""
        return row if isinstance(row, SettingChoice) else None

    @property
    def _field(self) -> Input:
        return self.query_one("#field", Input)

    @property
    def _key_field(self) -> KeyField:
        return self.query_one(KeyField)

    @property
    def _is_changing(self) -> bool:
        return self._field.display or self._key_field.display

    @property
    def _search(self) -> Input:
        return self.query_one("#search", Input)

    # What is on the screen

    def _list(self, wanted: str) -> None:
        """List the choices that have every word, each group under its name."""
        words = wanted.lower().split()
        self._rows, headings = [], set()
        group = ""
        for choice in self._choices:
            text = f"{choice.name} {choice.title} {choice.group} {choice.doc}".lower()
            if not all(word in text for word in words):
                continue
            if choice.group != group:
                group = choice.group
                if self._rows:
                    headings.add(len(self._rows))
                    self._rows.append("")
                headings.add(len(self._rows))
                self._rows.append(group)
            self._rows.append(choice)
        self.query_one(RowList).show(len(self._rows), frozenset(headings), min(1, len(self._rows)))

    def _row(self, index: int, width: int) -> Content:
        row = self._rows[index]
        if isinstance(row, str):
            return Content.styled(f"  {row}", "$muted")
        config = self._workspace.config
        edge = "▌ " if index == self.query_one(RowList).cursor else "  "
        changed, trouble = row.is_changed(config), self._trouble(row)
        value = Content(row.value(config)).truncate(max(8, width // 2 - 4), ellipsis=True)
        value = value.stylize("$warning" if trouble else "$primary" if changed else "$muted")
        title = Content(row.title).truncate(max(4, width - value.cell_length - 6), ellipsis=True)
        mark = Content.styled("• " if changed else "  ", "$primary")
        if trouble:
            mark = Content.styled("! ", "$warning")
        gap = " " * max(1, width - 5 - title.cell_length - value.cell_length)
        return Content.assemble((edge, "$primary"), mark, title, gap, value)

    def _trouble(self, choice: SettingChoice) -> str:
        """Return the warning about a choice as it stands in the file; empty if there is none."""
        file = f"{self._workspace.paths.config_file}: "
        name = choice.name.removeprefix("keys.")
        before = "" if name != choice.name else r"(?<!\.)"
        named = re.compile(rf"{before}\b{re.escape(name)}\b(?!\.)")
        for warning in self.app.warnings:
            if warning.startswith(file) and named.search(told := warning.removeprefix(file)):
                return clean(told, multiline=False)
        return ""

    def _show(self) -> None:
        """Show what is under the cursor, and what can be done with it."""
        choice = self._chosen
        about = Content("Nothing has these words." if self._rows == [] else "")
        if choice is not None:
            lines = [
                Content.styled(choice.name, "bold $foreground"),
                Content(choice.doc),
            ]
            if not self._key_field.display:
                lines.append(Content.styled(_range(choice, self._workspace.config), "$muted"))
            if not self._is_changing:
                value = choice.value(self._workspace.config) or "none"
                lines.append(Content.assemble(("› ", "$primary"), (value, "$foreground")))
                if trouble := self._trouble(choice):
                    lines.append(Content.styled(f"! {trouble}", "$warning"))
            about = Content("\n").join(lines)
        self.query_one("#about", Static).update(about)
        at_retention = choice is not None and choice.name == "retention"
        self.query_one("#workload", Static).display = at_retention and bool(self._workload)
        self._show_keys()

    def _show_keys(self) -> None:
        labels = {}
        if self._key_field.display:
            self.show_keys(actions=())
            return
        if self._field.display:
            labels = {"change": "Save", "leave": "Keep as it was", "app.help": ""}
        elif self._search.has_focus:
            labels = {"change": "To the list", "leave": "All"}
        self.show_keys(labels, typing=isinstance(self.focused, Input))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Allow to reset changed values only; in a field, only to save and to leave."""
        choice = self._chosen
        if isinstance(self.focused, Input):
            return action in ("leave", "app.help") or (action == "change")
        if action == "add_key":
            return choice is not None and choice.takes_key
        if action == "reset":
            return choice is not None and choice.is_changed(self._workspace.config)
        return action != "change" or choice is not None

    def on_row_list_row_reached(self) -> None:
        """Tell about what is under the cursor; a field that is left open closes unsaved."""
        self._close()
        self._show()

    def on_row_list_row_chosen(self) -> None:
        """A second click changes."""
        self.action_change()

    def on_descendant_focus(self) -> None:
        """Keys are others in a field."""
        self._show_keys()

    def why_not(self, action: str) -> str:
        """Say why there is nothing to go back to or to add."""
        match action:
            case "reset":
                return "It has its default already."
            case "add_key":
                return "Only actions have keys; they come last in the list."
        return super().why_not(action)

    # Changing

    def action_change(self) -> None:
        """Open the field; of two or few values, take the next at once."""
        choice = self._chosen
        if choice is None:
            return
        value = choice.value(self._workspace.config)
        if choice.name == "theme":
            self.app.action_choose_theme()
        elif choice.takes_key:
            self._ask_key(f"Press the key that {choice.title} is to have.")
        elif choice.options:
            following = choice.options.index(value) + 1
            self._save(choice, choice.options[following % len(choice.options)])
        else:
            self._field.value = value
            self._field.display = True
            self.set_focus(self._field)
            self._show()

    def action_add_key(self) -> None:
        """Take one more key for the action under the cursor."""
        choice = self._chosen
        if choice is not None:
            self._ask_key(f"Press one more key for {choice.title}.", adds=True)

    def _ask_key(self, asked: str, *, adds: bool = False) -> None:
        self._adds_key = adds
        field = self._key_field
        field.update(Content(f"{asked}\nesc keeps it as it was."))
        field.display = True
        self.set_focus(field)
        self._show()

    def on_key_field_pressed(self, event: KeyField.Pressed) -> None:
        """Give the action the key; where it can be typed there, beside one that cannot."""
        choice = self._chosen
        if choice is None or event.key == "escape":
            self._close()
            self._show()
            return
        config, key = self._workspace.config, typed(event.key)
        before = choice.value(config).split()
        wanted = [*before, key] if self._adds_key else [key]
        if self._problem_of(choice, " ".join(wanted)):
            wanted += [each for each in before if not character(named(each)) and each != key]
        problem = self._problem_of(choice, " ".join(wanted))
        self._show_problem(problem)
        if not problem and self._save(choice, " ".join(wanted)):
            self._close()
            self._show()

    def action_reset(self) -> None:
        """Go back to the default."""
        choice = self._chosen
        if choice is not None and self.app.preferences.set(choice.name, None):
            self._show()
            self.query_one(RowList).refresh()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search, or say at once what is wrong with a value."""
        if event.input is self._search:
            self._list(event.value)
            self._show()
        elif self._chosen is not None and self._field.display:
            self._show_problem(self._problem_of(self._chosen, event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Save the value, if it can be; from the search, go to the list."""
        choice = self._chosen
        if event.input is self._search:
            self.set_focus(self.query_one(RowList))
        elif choice is not None:
            problem = self._problem_of(choice, event.value)
            self._show_problem(problem)
            if not problem and self._save(choice, event.value):
                self._close()
                self._show()

    def _problem_of(self, choice: SettingChoice, text: str) -> str:
        try:
            choice.parse(text, self._workspace.config.keys)
        except ValueError as error:
            return str(error)
        return ""

    def _show_problem(self, problem: str) -> None:
        told = f"✗ {clean(problem, multiline=False)}" if problem else ""
        self.query_one("#problem", Static).update(Content(told))

    def _save(self, choice: SettingChoice, text: str) -> bool:
        value = choice.parse(text, self._workspace.config.keys)
        saved = self.app.preferences.set(choice.name, value)
        self._show()
        self.query_one(RowList).refresh()
        if saved and choice.name == "retention":
            self.run_worker(self._simulate, thread=True, group="workload", exclusive=True)
        return saved

    def _close(self) -> None:
        """Close the field; what is in it and was not saved is gone."""
        self._show_problem("")
        if self._is_changing:
            self._field.display = self._key_field.display = False
            self.set_focus(self.query_one(RowList))

    def action_search(self) -> None:
        """Find by words."""
        self._search.display = True
        self.set_focus(self._search)

    def action_leave(self) -> None:
        """Leave the field, else the search, else the screen."""
        if self._is_changing:
            self._close()
            self._show()
        elif self._search.display:
            self._search.value = ""
            self._search.display = False
            self.set_focus(self.query_one(RowList))
        else:
            self.dismiss()

    # What retention costs

    def _simulate(self) -> None:
        try:
            with self._workspace.elsewhere(read_only=True) as other:
                lines = workload(workloads(other), other.config.retention, WORKLOAD)
                self.post_message(RetentionsSimulated("\n".join(map(text_of, lines))))
        except SCOQuizError:
            return  # it is told where it matters; here nothing is shown

    def on_retentions_simulated(self, event: RetentionsSimulated) -> None:
        """Show beside retention what each would cost."""
        self._workload = event.report
        self.query_one("#workload", Static).update(Content.styled(event.report, "$muted"))
        self._show()


def _range(choice: SettingChoice, config: Config) -> str:
    told = f"{choice.expected[:1].upper()}{choice.expected[1:]}."
    return f"\n{told}\nBy default {choice.default(config) or 'none'}.\n"
