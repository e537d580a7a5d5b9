"""Choosing the file to import: by its path, or by walking to it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from sco_quiz.commands.actions import CHOOSE_FILE
from sco_quiz.paths import shown_path
from sco_quiz.reports.words import fitted
from sco_quiz.text import clean
from sco_quiz.transfer.importing import NAMES
from sco_quiz.tui import folders
from sco_quiz.tui.base import Screen
from sco_quiz.tui.folders import FolderEntry
from sco_quiz.tui.messages import OpenImport
from sco_quiz.tui.widgets.path_line import PathLine
from sco_quiz.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from textual import events
    from textual.app import ComposeResult


MOVES = {"up": ("move", -1), "down": ("move", 1), "pageup": ("page", -1), "pagedown": ("page", 1)}
"""What moves the cursor while the path has the keys."""


class FileList(RowList, can_focus=False):
    """The files and folders of a folder."""


class _Meant(Message):
    """It is known what a typed path leads to."""

    def __init__(self, text: str, paths: Sequence[Path], problem: str, *, is_folder: bool) -> None:
        super().__init__()
        self.text = text
        self.paths = paths
        self.problem = problem
        self.is_folder = is_folder


class ChooseFile(Screen[str]):
    """Dismissed with the id of a deck that was imported into, or None."""

    CSS_PATH = "importing.tcss"
    ACTIONS = CHOOSE_FILE
    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-tall")]  # noqa: RUF012
    AUTO_FOCUS = "#path"

    def __init__(self) -> None:
        """Begin where the app was started."""
        super().__init__()
        self._rows: list[FolderEntry] = []
        self._rows_of = ""
        self._above = False
        self._problem = ""
        self._list = FileList(self._row, id="files")
        self._line = PathLine(folders.start_folder(), endings=NAMES, id="path")

    def compose(self) -> ComposeResult:
        """The path, and below it what lies there."""
        yield self.top_bar
        with Horizontal(id="line"):
            yield Static("file", id="label", markup=False)
            yield self._line
        yield Static(id="told", markup=False)
        yield self._list
        yield self.key_bar

    def on_mount(self) -> None:
        """Say what can be done."""
        hint = "type a path, walk to it, or drop a file here"
        self.show_title("Import", hint)
        self.show_keys(typing=True)

    def on_screen_resume(self) -> None:
        """Files may have come or gone."""
        self._line.look_again()

    def on_input_changed(self) -> None:
        """Take back the message about the path that stood there before."""
        self._problem = ""
        self._tell()

    def on_path_line_looked(self) -> None:
        """Show what was found."""
        self._show_found()

    def _show_found(self) -> None:
        """Show what the path leads to; the cursor stands on the first that lies there."""
        folder, begun = folders.split_at_last_folder(self._line.value)
        found = list(self._line.found or ())
        self._rows_of = self._line.value
        self._above = not begun and folder.absolute().parent != folder.absolute()
        above = [FolderEntry(folder.absolute().parent, is_folder=True, size=0)] * self._above
        self._rows = above + found
        self._list.show(len(self._rows), cursor=int(self._above and bool(found)))
        self._tell()

    def _tell(self) -> None:
        """Say what is wrong, or else what there is to find where nothing is."""
        problem = self._problem or self._line.problem
        none = self._line.found is not None and all(row.is_folder for row in self._rows)
        kinds = ", ".join(dict.fromkeys(NAMES.values()))
        hint = f"No file here can be imported; what can be: {kinds}." if none else ""
        told = (
            Content.styled(f"✗ {problem}", "$error") if problem else Content.styled(hint, "$muted")
        )
        self.query_one("#told", Static).update(told)

    def _row(self, index: int, width: int) -> Content:
        entry = self._rows[index]
        edge = Content.styled("▌ " if index == self._list.cursor else "  ", "$primary")
        if entry.is_folder:
            is_above = self._above and not index
            name = ".." if is_above else clean(entry.path.name, multiline=False)
            return edge + Content.styled(f"{name}/", "$secondary").truncate(
                width - 3, ellipsis=True
            )
        kind, size = NAMES[entry.path.suffix.casefold()], folders.size_in_words(entry.size)
        name = fitted(entry.path.name, max(8, min(60, width - 30)))
        return edge + Content.assemble(name, (f"  {kind:<16}{size:>9}", "$muted"))

    def on_key(self, event: events.Key) -> None:
        """Walk the list while the path has the keys."""
        if event.key in MOVES:
            event.stop()
            how, by = MOVES[event.key]
            getattr(self._list, f"action_{how}")(by)

    def on_input_submitted(self) -> None:
        """Enter opens."""
        self.action_open()

    def on_row_list_row_chosen(self) -> None:
        """A second click opens."""
        self.action_open()

    def action_complete(self) -> None:
        """Complete the path, as far as it is clear."""
        self._line.complete()

    def action_open(self) -> None:
        """Open what is under the cursor; where nothing is, what the path says."""
        if self._rows_of != self._line.value:  # Enter came right upon what was typed
            self._show_found()
        if self._line.found is not None and self._rows:
            entry = self._rows[self._list.cursor]
            if entry.is_folder:
                self._line.go_to(entry.path)
            else:
                self._import([entry.path])
        elif self._line.value.strip():
            self.run_worker(partial(self._find, self._line.value), thread=True, exclusive=True)

    def _find(self, text: str) -> None:
        """In a thread: see what a text means."""
        paths = folders.paths_named_in(text)
        missing = next((path for path in paths if not path.exists()), None)
        problem = "" if missing is None else f"There is no {shown_path(missing)}"
        self.post_message(_Meant(text, paths, problem, is_folder=paths[0].is_dir()))

    def on__meant(self, event: _Meant) -> None:
        """Go on with it."""
        if event.text != self._line.value:
            return  # something else was typed meanwhile
        if event.problem:
            self._problem = clean(event.problem, multiline=False)
            self._tell()
        elif event.is_folder:
            self._line.go_to(event.paths[0])
        else:
            self._import(event.paths)

    def on_path_line_dropped(self, event: PathLine.Dropped) -> None:
        """Import what was dropped."""
        if len(event.paths) == 1 and event.paths[0].is_dir():
            self._line.go_to(event.paths[0])
        else:
            self._import(event.paths)

    def _import(self, files: Sequence[Path]) -> None:
        def imported(deck: str | None) -> None:
            if deck is not None:
                self.dismiss(deck)

        self.app.open(OpenImport(files), imported)
