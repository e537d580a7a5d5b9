"""Importing: what would come of it, the import itself, and its report; the columns of a table."""

from __future__ import annotations

from functools import partial
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message

from sco_quiz.authoring.notes import Authoring
from sco_quiz.commands.actions import COLUMNS, IMPORT
from sco_quiz.errors import SCOQuizError
from sco_quiz.interchange.side_words import COLUMNS as HELD
from sco_quiz.interchange.side_words import CORRECT, OPTION, SEVERAL, WRONG
from sco_quiz.learning.kinds import Kind
from sco_quiz.numbers_and_times import many, taken_back
from sco_quiz.reports.words import fitted, short
from sco_quiz.text import clean
from sco_quiz.transfer import importing
from sco_quiz.transfer.importing import NAMES, TableOptions
from sco_quiz.tui import folders
from sco_quiz.tui.base import Screen
from sco_quiz.tui.import_sheet import MARKS, ImportStage, ImportState, name_of, page_lines
from sco_quiz.tui.messages import OpenChoosing, OpenColumns, OpenImport
from sco_quiz.tui.widgets.line_view import LineView
from sco_quiz.tui.widgets.row_list import RowList
from sco_quiz.tui.workspace_thread import WorkspaceThread

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import ComposeResult

    from sco_quiz.interchange.delimited import Table
    from sco_quiz.transfer.importing import ImportReport, ImportStep
    from sco_quiz.workspace.workspace import Workspace

WIDEST = 100
"""Cells of a line of text; longer ones are hard to read."""
TELL_SECONDS = 0.05
"""How often it is said how far it is, at most."""

ABOUT_COLUMNS = {
    "-": "Nothing; the column is left out.",
    "id": "What names the note in its deck.",
    "deck": "The title of the deck that the note goes to.",
    "key": "What names the note in its source.",
    "notetype": "What kind of note it is in Anki.",
    "add reverse": "Anything in it: the note is also asked the other way round.",
    OPTION: "One of the choices, or all of them; several columns may be one.",
    WRONG: "One of the wrong choices; several columns may be one.",
    CORRECT: "The right choice: its text, its letter or its number.",
}
"""What a column of a table may hold, beside the fields of notes."""


class ImportStoppedError(Exception):
    """The learner does not want it any more."""


class _Told(Message):
    """A message with the progress of the import."""

    def __init__(self, step: ImportStep) -> None:
        super().__init__()
        self.step = step


class Import(Screen[str]):
    """Dismissed with the id of a deck that was imported into, or None."""

    CSS_PATH = "importing.tcss"
    ACTIONS = IMPORT
    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-tall")]  # noqa: RUF012
    AUTO_FOCUS = "LineView"

    def __init__(self, asked: OpenImport) -> None:
        """Set up the import of the files that are asked for."""
        super().__init__()
        self._files = asked.files
        self._elsewhere = WorkspaceThread(self._workspace)
        self._stage = ImportStage.READING
        self._into = ""
        self._options = TableOptions()
        self._bytes = -1
        self._table: Table | None = None
        self._report: ImportReport | None = None
        self._error: SCOQuizError | None = None
        self._before = ""
        self._step: ImportStep | None = None
        self._told_at = 0.0
        self._broken_off = Event()
        self._lines = LineView()  # kept by name, as the bars are

    def compose(self) -> ComposeResult:
        """One page between the bars."""
        yield self.top_bar
        yield self._lines
        yield self.key_bar

    def on_mount(self) -> None:
        """See what would come of it."""
        self._plan()

    def on_unmount(self) -> None:
        """Cancel what is under way; let go of the second workspace."""
        self._broken_off.set()
        self._elsewhere.close()

    def on_resize(self) -> None:
        """Lines are as wide as the page lets them be."""
        self.call_after_refresh(partial(self._show, anew=False))

    def _start(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do work beside the screen."""
        self._step = self._error = None
        self._show()
        self.run_worker(work)

    def _tell(self, step: ImportStep) -> None:
        """In a thread, before anything is kept: say how far it is, unless it is broken off."""
        if self._broken_off.is_set():
            raise ImportStoppedError
        if (now := monotonic()) - self._told_at > TELL_SECONDS:
            self._told_at = now
            self.post_message(_Told(step))

    def on__told(self, event: _Told) -> None:
        """Show how far it is."""
        self._step = event.step
        if self._stage in (ImportStage.READING, ImportStage.IMPORTING):
            self._show(anew=False)

    # What would come of it

    def _plan(self, before: str = "") -> None:
        """Read the files, and show what importing them would do.

        Args:
            before: What was done until now, as a sentence.
        """
        self._stage, self._before = ImportStage.READING, before
        self._report = None
        self._start(self._read)

    async def _read(self) -> None:
        files, options, into = self._files, self._options, self._into

        def look(_: Workspace) -> tuple[int, Table | None]:
            plain = all(file.is_file() for file in files)
            size = sum(file.stat().st_size for file in files) if plain else -1
            return size, importing.look(files[0], options) if len(files) == 1 else None

        def plan(workspace: Workspace) -> ImportReport:
            workspace.refresh()
            return importing.import_files(
                workspace, files, into=into, options=options, dry_run=True, told=self._tell
            )

        try:
            self._bytes, self._table = await self._elsewhere.look(look)
            self._report = await self._elsewhere.look(plan)
        except SCOQuizError as error:
            self._error = error
        except ImportStoppedError:
            return  # the screen is left
        self._stage = ImportStage.PLANNED
        self._show()

    def action_into(self) -> None:
        """Choose the deck that takes everything."""
        decks = [deck for deck in self._workspace.agenda.decks() if not deck.shipped]
        ids = ["", *(deck.id for deck in decks)]

        def chosen(number: int | None) -> None:
            if number is not None and ids[number] != self._into:
                self._into = ids[number]
                self._plan()

        names = ["a deck of its own for each", *(deck.title for deck in decks)]
        self.app.open(OpenChoosing("Import into", names, ids.index(self._into)), chosen)

    def action_columns(self) -> None:
        """Say what the columns of a table hold."""

        def chosen(columns: tuple[str, ...] | None) -> None:
            if self._table is not None and columns and list(columns) != self._table.columns:
                self._options = self._options._replace(columns=columns)
                self._plan()

        if self._table is not None:
            self.app.open(OpenColumns(self._table), chosen)

    def action_separator(self) -> None:
        """Choose the sign between the cells of a table."""
        marks = ["", *MARKS]

        def chosen(number: int | None) -> None:
            if number is not None and marks[number] != self._options.separator:
                self._options = TableOptions(separator=marks[number], header=self._options.header)
                self._plan()

        now = marks.index(self._options.separator)
        names = ["whatever fits best", *MARKS.values()]
        self.app.open(OpenChoosing("Between the cells", names, now), chosen)

    def action_header(self) -> None:
        """Say whether the first row of a table names its columns."""
        kinds = ["", "yes", "no"]

        def chosen(number: int | None) -> None:
            if number is not None and kinds[number] != self._options.header:
                self._options = self._options._replace(header=kinds[number], columns=())
                self._plan()

        names = ["as it seems", "it names the columns", "it is a card"]
        now = kinds.index(self._options.header)
        self.app.open(OpenChoosing("The first row", names, now), chosen)

    # The import

    def action_begin(self) -> None:
        """Import; after that, go to the deck."""
        if self._stage is ImportStage.DONE and self._report is not None:
            path = self._report.decks[0].path
            self.dismiss(self._workspace.catalogue.deck_of(path) or "")
        else:
            self._stage = ImportStage.IMPORTING
            self._start(self._import)

    async def _import(self) -> None:
        def work(workspace: Workspace) -> ImportReport:
            report = importing.import_files(
                workspace,
                self._files,
                into=self._into,
                options=self._options,
                told=self._tell,
            )
            self._workspace.refresh(in_thread=True)
            return report

        try:
            self._report = await self._elsewhere.do(work)
            self._stage = ImportStage.DONE
        except SCOQuizError as error:
            self._error, self._stage = error, ImportStage.PLANNED
        except ImportStoppedError:
            self._broken_off.clear()
            self._plan("Cancelled: nothing was imported.")
            return
        self._workspace.see_changes()
        self._show()

    def action_undo(self) -> None:
        """Take the import back."""
        self._stage = ImportStage.READING
        self._start(self._undo)

    async def _undo(self) -> None:
        def work(workspace: Workspace) -> str:
            source = importing.undo_last(workspace)
            self._workspace.refresh(in_thread=True)
            return source

        try:
            source = await self._elsewhere.do(work)
        except SCOQuizError as error:
            self._error, self._stage = error, ImportStage.DONE
            self._show()
            return
        self._workspace.see_changes()
        self._plan(taken_back(f"the import of {clean(source, multiline=False)}"))

    def action_leave(self) -> None:
        """Cancel the import; if none is under way, go back to where the file was chosen."""
        if self._stage is ImportStage.IMPORTING:
            self._broken_off.set()
            self._show()
        else:
            self.dismiss(None)

    # What stands on the page

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Allow the actions that the stage of the import permits."""
        planned, done = self._stage is ImportStage.PLANNED, self._stage is ImportStage.DONE
        match action:
            case "begin":
                return (planned or done) and self._report is not None and bool(self._report.decks)
            case "undo":
                return done and self._report is not None and self._report.changes
            case "into":
                return planned and self._state().is_readable
            case "columns" | "separator":
                return planned and self._table is not None
            case "header":
                has_names = self._table is not None and bool(self._table.names)
                return (
                    planned
                    and self._table is not None
                    and (self._table.unsure_of_header or has_names or bool(self._options.header))
                )
        return super().check_action(action, parameters)

    def why_not(self, action: str) -> str:
        """Say what the import lacks for it."""
        match action:
            case "begin":
                return "There is nothing to import now."
            case "undo":
                return "Nothing was imported yet."
            case "columns" | "separator" if self._table is None:
                return "This is no table: it has no columns."
        return super().why_not(action)

    def _show(self, *, anew: bool = True) -> None:
        if not self.is_attached:
            return
        name = clean(self._files[0].name, multiline=False)
        kind = NAMES.get(self._files[0].suffix.casefold(), "")
        if len(self._files) > 1:
            name, kind = many(len(self._files), "file"), "in all"
        size = folders.size_in_words(self._bytes) if self._bytes >= 0 else ""
        about = ", ".join(filter(None, (kind, size)))
        told = Content.assemble((short(name, 36), "$foreground"), f" · {about}" if about else "")
        self.show_title("Import", told)
        labels = {
            ImportStage.DONE: {"begin": "Decks"},
            ImportStage.IMPORTING: {"leave": "Cancel"},
        }.get(self._stage, {})
        self.show_keys(labels)
        width = min(WIDEST, self._lines.size.width - 2)
        if width > 0:
            page = page_lines(self._state(), width)
            self._lines.show([Content("  ") + line for line in page], anew=anew)
        self.refresh_bindings()

    def _state(self) -> ImportState:
        into = self._workspace.catalogue.title(self._into) if self._into else ""
        return ImportState(
            self._stage,
            self._broken_off.is_set(),
            self._before,
            self._step,
            self._error,
            self._report,
            self._table,
            into,
        )


class ColumnsScreen(Screen[tuple[str, ...]]):
    """Dismissed with what each column holds."""

    CSS_PATH = "importing.tcss"
    ACTIONS = COLUMNS
    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-tall")]  # noqa: RUF012

    def __init__(self, asked: OpenColumns) -> None:
        """Show the columns of a table."""
        super().__init__()
        self._table = asked.table
        self._holds = list(asked.table.columns)
        fields = [spec for kind in Kind for spec in Authoring(self._workspace).fields_of(kind)]
        self._about = {spec.name: spec.about for spec in reversed(fields)} | ABOUT_COLUMNS

    def compose(self) -> ComposeResult:
        """A row for each column."""
        yield self.top_bar
        yield RowList(self._row)
        yield self.key_bar

    def on_mount(self) -> None:
        """Begin with the first."""
        self.show_title("Columns")
        self.show_keys()
        self.query_one(RowList).show(len(self._holds))

    def _row(self, index: int, width: int) -> Content:
        edge = "▌ " if index == self.query_one(RowList).cursor else "  "
        name = self._holds[index]
        cells = [row[index] for row in self._table.rows if index < len(row) and row[index].strip()]
        sample = short(" · ".join(short(cell, 40) for cell in cells), max(8, width - 22))
        return Content.assemble(
            (edge, "$primary"),
            (f"{index + 1:>2}  ", "$muted"),
            (fitted(name_of(name), 13), "$muted" if name == "-" else "$primary"),
            "  ",
            sample,
        )

    def on_row_list_row_chosen(self) -> None:
        """A second click changes."""
        self.action_choose()

    def action_choose(self) -> None:
        """Choose what the column under the cursor holds."""
        if not self._holds:
            return
        index = self.query_one(RowList).cursor

        def chosen(number: int | None) -> None:
            if number is not None:
                self._hold(index, HELD[number])

        names = [f"{name_of(name):<13}{self._about.get(name, '')}".rstrip() for name in HELD]
        now = HELD.index(self._holds[index])
        self.app.open(OpenChoosing(f"Column {index + 1} holds", names, now), chosen)

    def _hold(self, index: int, name: str) -> None:
        """Have a column hold something; another that did is left out."""
        if name not in SEVERAL:
            self._holds = ["-" if name == each else each for each in self._holds]
        self._holds[index] = name
        self.query_one(RowList).refresh()

    def action_leave(self) -> None:
        """Back to the import, with all that was said."""
        self.dismiss(tuple(self._holds))
