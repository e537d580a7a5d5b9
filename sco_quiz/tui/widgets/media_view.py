"""The image and the recording of a question or an answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from sco_quiz.errors import SCOQuizError
from sco_quiz.tui import pictures
from sco_quiz.workspace.media import Sort

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.app import ComposeResult

    from sco_quiz.tui.pictures import Picture

MOST_COLUMNS = 60
"""Of an image; the column of the question has little more."""


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
        self._named: dict[Sort, str] = {}

    def compose(self) -> ComposeResult:
        """Room for the image, and the names below it."""
        yield Vertical(id="picture")
        yield Static(id="names", markup=False)

    def hide(self) -> None:
        """Show nothing."""
        self._named = {}
        self.display = False
        self.query_one("#picture").remove_children()

    def show(self, names: dict[Sort, str], find: Callable[[str, Sort], Path]) -> None:
        """Name an image and a recording, and show the image if the terminal can.

        Args:
            names: As the note names them, by what they are; empty for none.
            find: Finds the file of a name, or raises a SCOQuizError.
        """
        self.hide()
        self._named = {sort: name for sort, name in names.items() if name}
        self.display = True
        self._show_names({})
        self.run_worker(self._look(self._named, find))

    async def _look(self, named: dict[Sort, str], find: Callable[[str, Sort], Path]) -> None:
        """See in a thread whether the files are there, and what the image looks like."""
        screen = self.app.size
        most = (min(screen.width * 3 // 4, MOST_COLUMNS), screen.height // 3)
        picture: Picture | None = None
        troubles: dict[Sort, str] = {}
        for sort, name in named.items():
            try:
                path = await asyncio.to_thread(find, name, sort)
                if sort is Sort.IMAGE and pictures.shown_here():
                    picture = await asyncio.to_thread(pictures.load, path, most)
            except SCOQuizError as error:
                troubles[sort] = error.message
        if self._named is not named:
            return  # something else is shown by now
        self._show_names(troubles)
        if picture is not None:
            await self.query_one("#picture").mount(pictures.widget(picture))

    def _show_names(self, troubles: dict[Sort, str]) -> None:
        lines = [
            Content.styled(f"! {troubles[sort]}", "$warning")
            if sort in troubles
            else Content(f"{sort.value}: {name}")
            for sort, name in self._named.items()
        ]
        self.query_one("#names", Static).update(Content("\n").join(lines))
