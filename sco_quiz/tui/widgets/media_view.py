"""The images and the recording of a question or an answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from sco_quiz.errors import SCOQuizError
from sco_quiz.workspace.media import MediaSort

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

MOST_COLUMNS = 60
"""Of an image; the column of the question has little more."""
LEAST_ROWS = 4
"""Of each of several images, which otherwise share the room."""


class MediaView(Vertical):
    """Names what there is to see and to hear; shows images where the terminal can."""

    DEFAULT_CSS = """
    MediaView {
        height: auto;
        display: none;
        margin-top: 1;
        #names { color: $muted; }
        #picture { height: auto; }
    }
    """

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._named: Collection[tuple[MediaSort, str]] = ()
        self._picture = Vertical(id="picture")
        self._names = Static(id="names", markup=False)

    def hide(self) -> None:
        """Show nothing."""
        self._named = ()
        self.display = False
        self._picture.remove_children()

    def show(
        self, named: Collection[tuple[MediaSort, str]], find: Callable[[str, MediaSort], Path]
    ) -> None:
        """Name images and a recording, and show the images if the terminal can.

        Args:
            named: What they are, and their names in the note.
            find: Finds the file of a name, or raises a SCOQuizError.
        """
        self.hide()
        if not self._names.is_attached:  # few cards have any
            self.mount(self._picture, self._names)
        self._named = named
        self.display = True
        self._show_names({})
        self.run_worker(self._look(self._named, find))

    async def _look(
        self, named: Collection[tuple[MediaSort, str]], find: Callable[[str, MediaSort], Path]
    ) -> None:
        """See in a thread whether the files are there, and what the images look like."""
        from sco_quiz.tui import pictures  # few cards have any

        screen, images = self.app.size, sum(sort is MediaSort.IMAGE for sort, _ in named)
        rows = max(screen.height // (2 * images + 1), LEAST_ROWS)
        most = (min(screen.width * 3 // 4, MOST_COLUMNS), rows)
        found = []
        troubles: dict[str, str] = {}
        for sort, name in named:
            try:
                path = await asyncio.to_thread(find, name, sort)
                if sort is MediaSort.IMAGE and pictures.shown_here():
                    found.append(await asyncio.to_thread(pictures.load, path, most))
            except SCOQuizError as error:
                troubles[name] = error.message
            if self._named is not named:
                return  # something else is shown by now
        self._show_names(troubles)
        await self._picture.mount_all(map(pictures.widget, found))

    def _show_names(self, troubles: dict[str, str]) -> None:
        lines = [
            Content.styled(f"! {troubles[name]}", "$warning")
            if name in troubles
            else Content(f"{sort.value}: {name}")
            for sort, name in self._named
        ]
        self._names.update(Content("\n").join(lines))
