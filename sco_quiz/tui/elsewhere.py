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
        """Open the second workspace at once, in the thread.

        Args:
            workspace: The app's own; it is only asked for another like it.
        """
        self._thread = ThreadPoolExecutor(1, "elsewhere")
        self._opening = self._thread.submit(workspace.again)
        self._lock = Lock()
        self._looking: object = None

    async def look(self, work: Callable[[Workspace], Result]) -> Result:
        """Have something found out that changes nothing; a query is broken off if nobody waits.

        Raises:
            SCOQuizError: As the work or the opening of the workspace does.
        """
        mark = object()

        def run() -> Result:
            workspace = self._opening.result()
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
                if self._looking is mark:
                    self._opening.result().connection.interrupt()
            raise

    async def do(self, work: Callable[[Workspace], Result]) -> Result:
        """Have a step taken, to its end.

        Raises:
            SCOQuizError: As the work or the opening of the workspace does.
        """
        step = self._thread.submit(lambda: work(self._opening.result()))
        return await asyncio.shield(asyncio.wrap_future(step))

    def close(self) -> None:
        """Close the second workspace once what was begun is done; nothing may be asked after."""
        self._thread.submit(lambda: self._opening.result().close())
        self._thread.shutdown(wait=False)
