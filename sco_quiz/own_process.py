"""Another process of this program: Python runs one thread at a time, and keys would wait for it."""

from __future__ import annotations

import os
import pickle
import sys
from contextlib import contextmanager, suppress
from subprocess import DEVNULL, PIPE, Popen
from threading import Thread
from typing import IO, TYPE_CHECKING, TypeVar, cast

from sco_quiz.errors import SCOQuizError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Result = TypeVar("Result")

_POLITENESS = 5
"""By so much a process beside an app gives way to others, as `nice` counts it."""


def command_of(module: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """Return the command that runs a module of ours, and its environment.

    It sees the modules of this process and no others: not those that lie in the current folder.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return [sys.executable, "-P", "-m", module, *arguments], environment


class GoneError(Exception):
    """Another process could not be started, or has ended."""


class Helper:
    """Another process that takes messages and sends some back; see `started`.

    It takes a message when it has sent all that it was asked for: to send much more before that is
    received would have each process wait for the other.
    """

    def __init__(self, process: Popen[bytes]) -> None:
        """Talk to a process whose module uses `messages` and `reply`."""
        self._to, self._from = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)

    def send(self, message: bytes) -> None:
        """Send a message.

        Raises:
            GoneError: It has ended.
        """
        try:
            pickle.dump(message, self._to)
            self._to.flush()
        except OSError:
            raise GoneError from None

    def receive(self) -> bytes:
        """Wait for a message, and return it.

        Raises:
            GoneError: It has ended.
        """
        try:
            message: bytes = pickle.load(self._from)  # noqa: S301 -- from ourselves
        except (OSError, EOFError, pickle.UnpicklingError):
            raise GoneError from None
        return message


@contextmanager
def started(module: str, *, apart: bool = False) -> Iterator[Helper]:
    """Run a module of ours in another process, which is ended at the end.

    Args:
        module: Its name.
        apart: True if ctrl+z and ctrl+c are not meant for it.

    Raises:
        GoneError: There is no room for a process.
    """
    command, environment = command_of(module)
    try:
        process = Popen(  # noqa: S603 -- ourselves
            command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment,
            start_new_session=apart,
        )  # fmt: skip
    except OSError:
        raise GoneError from None
    try:
        yield Helper(process)
    finally:
        process.kill()
        with suppress(OSError), process:  # what was to be written finds no reader
            pass


def messages() -> Iterator[bytes]:
    """Yield the messages of the process that started this one, until it has ended."""
    with suppress(EOFError):
        while True:
            yield pickle.load(sys.stdin.buffer)  # noqa: S301 -- from ourselves


def reply(message: bytes) -> None:
    """Send a message to the process that started this one."""
    pickle.dump(message, sys.stdout.buffer)
    sys.stdout.flush()  # or its last byte would wait for the next one


def call_beside(
    function: Callable[..., Result], *arguments: object, outlives: bool = False
) -> Result:
    """Call a function in a process that is in nobody's way; wait for it.

    For a thread. Where there is no room for a process, or it was ended, it is called here.

    Args:
        function: Stands in a module. It may raise a `SCOQuizError`.
        arguments: Like what it returns, something that can be pickled.
        outlives: True if the process goes on when this one ends, else it ends with it.
    """
    try:
        # Apart, since ctrl+z must not stop it while it has the log locked.
        with started(__name__, apart=True) as helper:
            helper.send(pickle.dumps((function, arguments, outlives)))
            found = pickle.loads(helper.receive())  # noqa: S301 -- from ourselves
    except GoneError:
        return function(*arguments)
    if isinstance(found, SCOQuizError):
        raise found
    return cast("Result", found)


def _serve() -> None:
    """Make the call that another process asks for, and send what came of it."""
    if hasattr(os, "nice"):
        os.nice(_POLITENESS)
    function, arguments, outlives = pickle.loads(next(messages()))  # noqa: S301 -- from ourselves
    if not outlives:
        Thread(target=_end_with_parent, daemon=True).start()
    try:
        found = function(*arguments)
    except SCOQuizError as error:
        found = error
    reply(pickle.dumps(found))


def _end_with_parent() -> None:
    os.read(sys.stdin.fileno(), 1)  # by the buffer of `sys.stdin` Python could not end
    os._exit(1)


if __name__ == "__main__":
    _serve()
