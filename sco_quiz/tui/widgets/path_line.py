"""The line in which a path is typed; it knows what lies in the folder that is named."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from textual.message import Message

from sco_quiz.paths import shown_path
from sco_quiz.text import clean, masked
from sco_quiz.tui import folders
from sco_quiz.tui.widgets.answer_line import OneLine
from sco_quiz.tui.widgets.search_line import EDITING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from textual import events

    from sco_quiz.tui.folders import FolderEntry

_STARTS = r"(?=~?/)" if os.sep == "/" else r"(?=~?[\\/]|[A-Za-z]:)"
_STARTS_BEHIND_FOLDER = re.compile(rf".+(?<!file:)(?<![\\/])[\\/]{_STARTS}")
"""The part of a text that a path behind it makes void; neither `file://` nor two slashes alone."""
LONGEST = 4096
"""Characters of a path; no system takes more."""


class PathLine(OneLine):
    """An input without a frame that can complete what is typed.

    Attributes:
        found: What lies in the folder and begins as the text ends; None while it is looked up.
        problem: Why the folder cannot be looked into; empty if it can.
        proposed: A text that is not the learner's own; a path typed behind it stands alone.
    """

    DEFAULT_CSS = """
    PathLine {
        width: 1fr;
        height: 1;
        border: none;
        padding: 0;
        background: $surface;
        &:focus { border: none; background: $panel; background-tint: transparent; }
    }
    """

    proposed = ""

    class Looked(Message):
        """`found` says something else."""

    class Dropped(Message):
        """Files were dropped on the terminal, which pastes their paths."""

        def __init__(self, paths: Sequence[Path]) -> None:
            super().__init__()
            self.paths = paths

    class _Listed(Message):
        def __init__(self, folder: Path, entries: Sequence[FolderEntry], problem: str) -> None:
            super().__init__()
            self.folder = folder
            self.entries = entries
            self.problem = problem

    def __init__(
        self,
        text: str = "",
        *,
        endings: Collection[str] = (),
        id: str | None = None,  # noqa: A002
    ) -> None:
        """Begin with a text.

        Args:
            text: A path.
            endings: How the names of files end that are looked for.
            id: The widget's id.
        """
        super().__init__(text, id=id, select_on_focus=False, compact=True)
        self._endings = endings
        self._folder: Path | None = None
        self._listed: Sequence[FolderEntry] | None = None
        self.found: Sequence[FolderEntry] | None = None
        self.problem = ""

    def on_mount(self) -> None:
        """Look up what is there at the beginning."""
        self._look()

    def validate_value(self, value: str) -> str:
        """Nothing hidden in a path reaches the terminal; one typed behind a folder stands alone."""
        value = masked(value[:LONGEST]).replace("\n", " ")
        if not value.startswith(self.value):
            return value
        if self.proposed and re.match(re.escape(self.proposed) + _STARTS, value):
            return value.removeprefix(self.proposed)
        return _STARTS_BEHIND_FOLDER.sub("", value, count=1)

    def watch_value(self, before: str, now: str) -> None:
        """Look up what lies where the text leads, before another key comes."""
        super().watch_value(before, now)
        if self.is_attached:
            self._look()

    def look_again(self) -> None:
        """Look into the folder anew."""
        self._folder = None
        self._look()

    def _look(self) -> None:
        folder, _ = folders.split_at_last_folder(self.value)
        if folder == self._folder:
            self._sift()
            return
        self._folder, self._listed, self.found, self.problem = folder, None, None, ""
        self.run_worker(lambda: self._list(folder), thread=True, group="folder")

    def _list(self, folder: Path) -> None:
        """In a thread: a folder may be large, or far away."""
        entries: Sequence[FolderEntry] = ()
        problem = ""
        try:
            entries = folders.entries(folder, self._endings)
        except FileNotFoundError:
            problem = f"There is no {clean(shown_path(folder), multiline=False)}"
        except OSError as error:
            problem = error.strerror or str(error)
        self.post_message(self._Listed(folder, entries, problem))

    def on_path_line__listed(self, event: _Listed) -> None:
        """Show it, if it is still wanted."""
        event.stop()
        if event.folder == self._folder:
            self._listed, self.problem = event.entries, event.problem
            self._sift()

    def _sift(self) -> None:
        if self._listed is None:
            return
        _, begun = folders.split_at_last_folder(self.value)
        wanted = begun.casefold()
        self.found = [
            each
            for each in self._listed
            if each.path.name.casefold().startswith(wanted)
            and (begun.startswith(".") or not each.path.name.startswith("."))
        ]
        self.post_message(self.Looked())

    def go_to(self, path: Path) -> None:
        """Name a folder, whatever lies in it follows."""
        self.value = folders.as_folder(path)
        self.cursor_position = len(self.value)

    def complete(self) -> bool:
        """Add what all that was found goes on with; whether there was anything to add."""
        if not self.found:
            return False
        _, begun = folders.split_at_last_folder(self.value)
        names = [each.path.name for each in self.found]
        common = names[0]
        for name in names:
            while not name.casefold().startswith(common.casefold()):
                common = common[:-1]
        end = os.sep if len(names) == 1 and self.found[0].is_folder else ""
        before = self.value
        self.value = before.removesuffix(begun) + common + end
        self.cursor_position = len(self.value)
        return self.value != before

    def on_key(self, event: events.Key) -> None:
        """Edit at once, before the letters that are typed behind."""
        if event.key in EDITING:
            getattr(self, f"action_{EDITING[event.key]}")()
            event.stop()
            event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """Take what was dropped; any other text is typed."""
        if paths := folders.dropped_paths(event.text):
            event.stop()
            event.prevent_default()
            self.post_message(self.Dropped(paths))
