"""The files that come with foreign notes, and which of them a note has."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sco_quiz.interchange.hypertext import Converted
    from sco_quiz.interchange.material import Field, Media


class Shelf:
    """Files by the names that notes give them.

    Attributes:
        taken: Those that some note has, in the order in which they were asked for.
    """

    def __init__(self, files: Iterable[Media]) -> None:
        """Hold the files of a source."""
        self._files = {normalize("NFC", file.name): file for file in files}
        self.taken: dict[str, Media] = {}

    def fields(self, question: Converted, answer: Converted) -> tuple[dict[str, Field], list[str]]:
        """What a note names in `image`, `audio`, `answer_image` and `answer_audio`.

        Args:
            question: The side that is asked; converted with `media`.
            answer: The side that is revealed, without the question.

        Returns:
            The fields, and what could not be kept, in words.
        """
        found: dict[str, Field] = {}
        reasons: list[str] = []
        for key, what, names in (
            ("image", "an image", question.images),
            ("audio", "a recording", question.sounds),
            ("answer_image", "an image", answer.images),
            ("answer_audio", "a recording", answer.sounds),
        ):
            for name in dict.fromkeys(names):
                file = self._file(name)
                if file is None:
                    reasons.append(f"the file of {what} is missing")
                elif key in found:
                    reasons.append(f"{what} is left out: each side has room for one")
                else:
                    found[key] = file.name
                    self.taken[file.name] = file
        return found, reasons

    def _file(self, name: str) -> Media | None:
        """The file of a name, also where an address in a page is written with percent signs."""
        name = normalize("NFC", name)
        return self._files.get(name) or self._files.get(normalize("NFC", unquote(name)))


def shown(side: Converted) -> str:
    """What a side says; a side needs words, so one of files alone says what they are."""
    return side.text or ("(image)" if side.images else "(recording)" if side.sounds else "")
