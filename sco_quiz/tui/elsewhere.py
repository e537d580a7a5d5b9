"""Work on the workspace that takes longer than a frame, in a thread with connections of its own."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from sco_quiz.workspace import Workspace

Result = TypeVar("Result")


class Elsewhere:
    """A thread that does one thing after another, on a second workspace over the same files."""

    def __init__(self, workspace: Workspace) -> None:
        """Make ready; the second workspace is opened in the thread, when it is first needed.

        Args:
            workspace: The app's own; it is only asked for another like it.
        """
        self._thread = ThreadPoolExecutor(1, "elsewhere")
        self._again = workspace.again
        self._opened: Workspace | None = None
        self._lock = Lock()
        self._looking: object = None

    async def look(self, work: Callable[[Workspace], Result]) -> Result:
        """Have something found out that changes nothing; a query is broken off if nobody waits.

        Raises:
            SCOQuizError: As the work or the opening of the workspace does.
        """
        mark = object()

        def run() -> Result:
            workspace = self._workspace()
            with self._lock:
                self._looking = mark
            try:
                return work(workspace)
            finally:
                with self._lock:
                    self._looking = None

        try:
            return await asyncio.wrap_future(self._thread.submit(run))
        except asyncio.CancelledError:
            with self._lock:  # so that nothing but this very work is broken off
                if self._looking is mark and self._opened is not None:
                    self._opened.connection.interrupt()
            raise

    async def do(self, work: Callable[[Workspace], Result]) -> Result:
        """Have a step taken, to its end.

        Raises:
            SCOQuizError: As the work or the opening of the workspace does.
        """
        step = self._thread.submit(lambda: work(self._workspace()))
        return await asyncio.shield(asyncio.wrap_future(step))

    def close(self) -> None:
        """Close the second workspace once what was begun is done; nothing may be asked after."""
        self._thread.submit(self._close)
        self._thread.shutdown(wait=False)

    def _workspace(self) -> Workspace:
        if self._opened is None:
            self._opened = self._again()
        return self._opened

    def _close(self) -> None:
        if self._opened is not None:
            self._opened.close()
