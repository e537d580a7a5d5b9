"""Work on the workspace that takes longer than a frame, in a thread with connections of its own."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from sco_quiz.workspace.workspace import Workspace

Result = TypeVar("Result")
NAME = "elsewhere"
"""The beginning of the names of its threads."""


class WorkspaceThread:
    """A thread that does one thing after another, on workspaces of its own over the same files.

    One is for looking: it opens in a fortieth of the time of the other, with which steps are taken.
    """

    def __init__(self, workspace: Workspace) -> None:
        """Make ready; the workspaces are opened in the thread, when they are first needed.

        Args:
            workspace: The app's own; it is only asked for others like it.
        """
        self._thread = ThreadPoolExecutor(1, NAME)
        self._workspace = workspace
        self._to_look: Workspace | None = None
        self._to_do: Workspace | None = None
        self._lock = Lock()
        self._looking: object = None

    async def look(self, work: Callable[[Workspace], Result]) -> Result:
        """Have something found out that changes nothing; a query is broken off if nobody waits.

        Raises:
            SCOQuizError: As the work or the opening of the workspace does.
        """
        mark = object()

        def run() -> Result:
            with self._lock:
                if self._to_look is None:
                    self._to_look = self._workspace.elsewhere(read_only=True)
                self._looking = mark
            try:
                return work(self._to_look)
            finally:
                with self._lock:
                    self._looking = None

        try:
            return await asyncio.wrap_future(self._thread.submit(run))
        except asyncio.CancelledError:
            with self._lock:  # so that nothing but this very work is broken off
                if self._looking is mark and self._to_look is not None:
                    self._to_look.progress.connection.interrupt()
            raise

    async def do(self, work: Callable[[Workspace], Result]) -> Result:
        """Have a step taken, to its end.

        Raises:
            SCOQuizError: As the work or the opening of the workspace does.
        """

        def run() -> Result:
            if self._to_do is None:
                self._to_do = self._workspace.elsewhere()
            return work(self._to_do)

        return await asyncio.shield(asyncio.wrap_future(self._thread.submit(run)))

    def close(self, then: Callable[[], object] | None = None) -> None:
        """Close the workspaces once what was begun is done; nothing may be asked after.

        Args:
            then: Called in the thread at the end.
        """
        self._thread.submit(self._close)
        if then is not None:
            self._thread.submit(then)
        self._thread.shutdown(wait=False)

    def _close(self) -> None:
        for workspace in (self._to_look, self._to_do):
            if workspace is not None:
                workspace.close()
