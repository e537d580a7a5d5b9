"""The face of a carrier of rows, such as a folder or a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from sco_quiz.errors import SCOQuizError
from sco_quiz.progress.log import Event  # noqa: TC001 -- msgspec reads it

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from sco_quiz.sync.sharing import SharedLog


class SyncError(SCOQuizError):
    """The carrier cannot be used as things are; nothing is lost, and the next try may do better."""


class Segment(NamedTuple):
    """Rows of one device that lie together at the carrier, without a gap.

    Attributes:
        device: Whose.
        first: The number of the first of them.
        last: The number of the last of them.
        tail: The running half of the sum of the last: it stands for all rows up to there.
        name: What the carrier calls it.
        is_taken: Whether the carrier knows that the log took all of it, and it is as it was then.
        trouble: What is known to be wrong with it; empty for nothing.
    """

    device: str
    first: int
    last: int
    tail: bytes
    name: str = ""
    is_taken: bool = False
    trouble: str = ""


class CarriedRows(NamedTuple):
    """Rows that were read.

    Attributes:
        rows: From the first on, as far as they are whole.
        trouble: Why there are no more, in words; empty if they are all there.
        may_pass: Whether another try may read more of the same.
    """

    rows: list[Event]
    trouble: str = ""
    may_pass: bool = False


class Carrier(Protocol):
    """A place where rows lie for other devices.

    Attributes:
        keeps_first: Of two histories under one id there can be one alone: the one that came first.
        gathers: A device may put its last rows again, together with new ones, as one segment.
    """

    keeps_first: bool
    gathers: bool

    def read_notes(self, log: SharedLog) -> None:
        """Go by the notes of what was taken into a log, if this one has all its rows.

        If not, another progress file took them, or an older copy came into its place.
        """

    def survey(self) -> dict[str, list[Segment]]:
        """Return what is there by device, in the order of rows.

        Raises:
            SyncError: It cannot be found out.
        """

    def troubles(self) -> list[str]:
        """Return what is there and of no use, a line each."""

    def ahead(self, segments: Sequence[Segment]) -> AbstractContextManager[None]:
        """Expect that segments will be read one after another, in that order, meanwhile."""

    def read(self, segment: Segment, after: int) -> CarriedRows:
        """Read rows, at least those behind a number; each is whole and follows the one before it.

        Raises:
            SyncError: They cannot be read now.
        """

    def holds(self, segment: Segment, rows: Sequence[Event]) -> bool:
        """Return whether a segment holds just these rows as they are to be."""

    def put(self, rows: Sequence[Event]) -> None:
        """Add rows of one device, without a gap.

        Raises:
            SyncError: They cannot be added.
        """

    def note(self, segment: Segment, trouble: str = "") -> None:
        """Note that all of a segment was taken, as far as it is whole."""

    def keep_notes(self, log: SharedLog) -> None:
        """Keep the notes, with how far the log goes that took what they name."""

    def drop(self, segments: Sequence[Segment]) -> None:
        """Take away segments whose rows lie in another one too."""

    def close(self) -> None:
        """Let go of it, once all is done."""
