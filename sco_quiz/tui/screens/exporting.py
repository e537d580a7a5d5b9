"""Exporting: which decks, as what, and where to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content
from textual.widgets import Static

from sco_quiz.commands.actions import EXPORT
from sco_quiz.errors import SCOQuizError
from sco_quiz.numbers_and_times import many
from sco_quiz.paths import shown_path
from sco_quiz.text import clean
from sco_quiz.transfer import exporting
from sco_quiz.transfer.exporting import Target
from sco_quiz.transfer.importing import NAMES, grouped
from sco_quiz.tui import folders
from sco_quiz.tui.pages import Form
from sco_quiz.tui.widgets.fields import FormField, Picker
from sco_quiz.tui.widgets.marks import Marks
from sco_quiz.tui.widgets.path_line import PathLine
from sco_quiz.tui.workspace_thread import WorkspaceThread
from sco_quiz.workspace.catalogue import DeckSummary, decks_of

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from sco_quiz.transfer.exporting import ExportedDecks
    from sco_quiz.tui.messages import OpenExport
    from sco_quiz.workspace.workspace import Workspace

TARGETS = tuple(Target)


class _Order(NamedTuple):
    """An export to be done.

    Attributes:
        decks: Ids.
        target: As what.
        path: Where to.
    """

    decks: tuple[str, ...]
    target: Target
    path: Path


class Export(Form[None]):
    """Decks to mark, a format and a path; Enter writes."""

    ACTIONS = EXPORT
    AUTO_FOCUS = "#decks"

    def __init__(self, asked: OpenExport) -> None:
        """Offer all decks."""
        super().__init__()
        self._elsewhere = WorkspaceThread(self._workspace)
        self._decks = self._workspace.agenda.tree()
        self._replacing: _Order | None = None
        # Kept by name, as the bars are.
        decks = [(deck.moved_in, many(deck.notes, "note")) for deck in self._decks]
        marked = [at for at, deck in enumerate(self._decks) if deck.id == asked.likeliest]
        self._marks = Marks("All decks", decks, marked, id="decks")
        self._format = Picker([NAMES[target.ending] for target in TARGETS], id="format")
        self._line = PathLine(id="to")
        self._to = FormField("to", self._line)
        self._remark = Static(id="remark", markup=False)

    def fields(self) -> ComposeResult:
        """One field below the other."""
        yield FormField("decks", self._marks)
        yield FormField("format", self._format)
        yield self._to
        yield self._remark

    def on_mount(self) -> None:
        """Propose where to."""
        self._choose()

    def on_unmount(self) -> None:
        """Let go of the second workspace."""
        self._elsewhere.close()

    # What is chosen

    def on_descendant_focus(self) -> None:
        """Other keys act in another field."""
        self.show_keys(typing=not self._marks.has_focus)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only decks are marked."""
        if action == "mark":
            return self._marks.has_focus
        return super().check_action(action, parameters)

    def _choose(self) -> None:
        """Say what would be written, and propose where to, unless the learner says it."""
        self._replacing = None
        decks, target = self._chosen, self._target
        rows = self._workspace.catalogue.decks
        ids = decks_of(decks)
        notes = sum(rows[deck].notes for deck in ids if deck in rows)
        told = f"{many(len(ids), 'deck')}, {many(notes, 'note')}"
        self.show_title("Export", told)
        if self._line.value == self._line.proposed:
            name = decks[0].id if len(decks) == 1 else "decks"
            self._line.proposed = folders.start_folder() + name + target.ending
            self._line.value = self._line.proposed
            self._line.cursor_position = len(self._line.proposed)
        self._say(f"{target.left_behind.capitalize()}.", "$muted")

    @property
    def _target(self) -> Target:
        return TARGETS[self._format.index]

    @property
    def _chosen(self) -> list[DeckSummary]:
        marked = self._marks.marked
        return [deck for at, deck in enumerate(self._decks) if not marked or at in marked]

    def _say(self, told: str, style: str, *more: str) -> None:
        lines = [(told, style), *((line, "$muted") for line in more)]
        self._remark.update(
            Content("\n").join(
                Content.styled(clean(line, multiline=False), style) for line, style in lines
            )
        )
        self._to.show_problem("")

    def on_marks_marks_changed(self) -> None:
        """Other decks are written."""
        self._choose()

    def on_picker_word_picked(self) -> None:
        """Another format has another ending."""
        self._choose()

    def on_input_changed(self) -> None:
        """Take back the message about the path that stood there before."""
        self._choose()

    def on_path_line_dropped(self, event: PathLine.Dropped) -> None:
        """A folder that is dropped is where to."""
        path = event.paths[0]
        self._line.go_to(path if path.is_dir() else path.parent)

    def action_mark(self) -> None:
        """Take the deck under the cursor along, or not."""
        self._marks.toggle()

    def action_next_field(self) -> None:
        """Complete the path; else go to the next field."""
        if self.focused is not self._line or not self._line.complete():
            self.focus_next()

    # Writing

    def on_input_submitted(self) -> None:
        """Enter writes."""
        self.action_write()

    def action_write(self) -> None:
        """Write the decks; what is there already is replaced only when this is said twice."""
        paths = folders.paths_named_in(self._line.value)
        if not paths:
            self._to.show_problem("say where to")
            return
        decks = tuple(decks_of(self._chosen))
        self.run_worker(self._write(_Order(decks, self._target, paths[0])), exclusive=True)

    async def _write(self, order: _Order) -> None:
        replace = order == self._replacing
        self._replacing = None

        def work(workspace: Workspace) -> tuple[Path, ExportedDecks | None]:
            path = order.path
            if path.is_dir():
                path /= Path(self._line.proposed).name
            if path.exists() and not replace:
                return path, None
            workspace.refresh()
            exported = exporting.export(workspace, order.decks, order.target)
            exporting.save(exported, path, replace=replace)
            return path, exported

        try:
            path, exported = await self._elsewhere.do(work)
        except SCOQuizError as error:
            self._to.show_problem(clean(f"{error.message}: {error.help}", multiline=False))
            return
        where = shown_path(path)
        if exported is None:
            self._replacing = order
            again = self.key_of("export.write", typing=True).capitalize()
            self._say(f"{where} is there already. {again} again replaces it.", "$warning")
            return
        more = [f"lossy: {line}" for line in grouped(exported.lossy)]
        if exported.files:
            more.insert(0, f"{many(len(exported.files), 'file')} that notes name copied beside it.")
        written = f"✓ {many(exported.notes, 'note')} written to {where}"
        self._say(written, "$success", *more, f"{order.target.left_behind.capitalize()}.")
