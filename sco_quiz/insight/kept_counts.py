"""Keeps in the cache folder what was counted of the log, with a mark of the log as it was then."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

from sco_quiz.files import keep_note, read_note
from sco_quiz.progress.file import errors_in_words
from sco_quiz.progress.marking import LogMark

if TYPE_CHECKING:
    from collections.abc import Callable

    from sco_quiz.workspace.workspace import Workspace


class KeptCount:
    """One thing that is counted of the log, and kept from one time to the next."""

    def __init__(self, workspace: Workspace, name: str, counted_by: str) -> None:
        """Name it.

        Args:
            workspace: The workspace whose log is counted.
            name: The name of the file.
            counted_by: The statements that count it; what others counted is not used.
        """
        self._progress = workspace.progress
        self._path = workspace.index.path.with_name(name)
        self._counted_by = zlib.crc32(counted_by.encode())

    def update(self, count: Callable[[LogMark | None, Any], Any]) -> Any:  # noqa: ANN401 -- JSON
        """Bring it up to date, and keep it.

        Args:
            count: Returns it as it is now, as JSON, from the mark and the value that were kept, or
                from None and None; the same value if that will do.

        Returns:
            It as `count` returned it.

        Raises:
            ProgressError: The log cannot be read.
        """
        with errors_in_words(self._progress.path):
            mark = LogMark.of(self._progress.connection)
            kept_mark, kept = self._read()
            value = count(kept_mark, kept)
            # What another program wrote meanwhile may be counted in part.
            is_whole = value is kept or LogMark.of(self._progress.connection) == mark
        if value is not kept and is_whole and not self._progress.in_memory:
            text = json.dumps((self._counted_by, mark, value))
            keep_note(self._path, f"{zlib.crc32(text.encode())} {text}")
        return value

    def _read(self) -> tuple[LogMark | None, Any]:
        checksum, _, text = read_note(self._path).partition(" ")
        if checksum == str(zlib.crc32(text.encode())):
            counted_by, *kept = json.loads(text)
            if counted_by == self._counted_by:
                (views, last, heads), value = kept
                heads = {name: (seq, proof) for name, (seq, proof) in heads.items()}
                return LogMark(views, last, heads), value
        return None, None
