"""Which format a file has, and the module that reads or writes it."""

from __future__ import annotations

import codecs
import errno
import json
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from sco_quiz.errors import DeckError, UsageError
from sco_quiz.files import read_plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sco_quiz.interchange.delimited import Table
    from sco_quiz.interchange.material import Deck, Material

MAX_BYTES = 16 << 20
"""What a file of text may have: room for 200,000 notes of the usual length."""
MAX_LINES = 2_000_000
NAMES = {
    ".csv": "CSV table", ".tsv": "TSV table", ".tab": "TSV table", ".txt": "text table",
    ".apkg": "Anki package", ".colpkg": "Anki collection",
    ".md": "Markdown", ".markdown": "Markdown", ".gift": "GIFT quiz", ".json": "JSON",
    ".cards": "Mnemosyne 2",
}  # fmt: skip
"""What can be imported, by the ending of its name."""
_TABLES = {".csv", ".tsv", ".tab", ".txt"}
_PACKAGES = {".apkg", ".colpkg"}
_MARKDOWN = {".md", ".markdown"}


class Target(StrEnum):
    """What decks can be written as."""

    CSV = "csv"
    MARKDOWN = "markdown"
    JSON = "json"
    ANKI = "anki"

    @property
    def ending(self) -> str:
        """How the name of a file ends that has it."""
        return {Target.MARKDOWN: ".md", Target.ANKI: ".apkg"}.get(self, f".{self}")

    @property
    def left_behind(self) -> str:
        """What does not go along, in words."""
        if self is Target.ANKI:
            return "the scores of quizzes stay here"
        return "progress is not part of this format"


class Options(NamedTuple):
    """What a file does not say of itself.

    Attributes:
        columns: What the columns of a table hold; none to find out.
        separator: What stands between its cells; empty to find out.
    """

    columns: tuple[str, ...] = ()
    separator: str = ""


def read(path: Path, options: Options) -> Material:
    """What a file holds.

    Args:
        path: The file; the ending of its name says what it is. Or a folder of CrowdAnki's.
        options: What it does not say of itself.

    Raises:
        DeckError: It is not what its name says, or too large.
        UsageError: It cannot be read, its format is not known, or the options do not fit it.
    """
    if path.is_dir():
        from sco_quiz.interchange import crowdanki

        path = crowdanki.file_of(path)
    ending = path.suffix.casefold()
    if ending not in _TABLES and (options.columns or options.separator):
        raise UsageError(f"{path.name} is no table", "leave out --columns and --separator")
    if ending in _PACKAGES:
        from sco_quiz.interchange import anki

        return anki.read(path)
    if ending == ".cards":
        from sco_quiz.interchange import mnemosyne

        return mnemosyne.read(path)
    if ending not in NAMES:
        raise UsageError(
            f"{path.name}: files that end in {ending or 'nothing'!r} cannot be imported",
            f"what can be: {', '.join(NAMES)}",
        )
    from sco_quiz.interchange.shelf import named_by

    material = _read_text(path, ending, options)
    material.media = material.media or named_by(material.decks, path.parent)
    return material


def _read_text(path: Path, ending: str, options: Options) -> Material:
    if ending == ".json":
        return _read_json(path)
    if ending == ".gift":
        from sco_quiz.interchange import gift

        return gift.read(_text(path))
    if ending in _MARKDOWN:
        from sco_quiz.interchange import markdown

        return markdown.read(_text(path))
    from sco_quiz.interchange import delimited

    return delimited.read(_text(path), **_as_table(ending, options))


def look(path: Path, options: Options) -> Table | None:
    """What a table looks like that is going to be read; None for what is no table.

    Raises:
        DeckError: It is no text, or too large.
        UsageError: It cannot be read, or the options do not fit it.
    """
    ending = path.suffix.casefold()
    if ending not in _TABLES:
        return None
    from sco_quiz.interchange import delimited

    return delimited.look(_text(path), **_as_table(ending, options))


class _AsTable(TypedDict):
    columns: Sequence[str]
    separator: str
    tabs: bool


def _as_table(ending: str, options: Options) -> _AsTable:
    tabs = ending in {".tsv", ".tab"}
    return {"columns": options.columns, "separator": options.separator, "tabs": tabs}


def write(target: Target, decks: Sequence[Deck]) -> str:
    """Decks as text in a format."""
    from sco_quiz.interchange import delimited, markdown, notes_json

    if target is Target.CSV:
        return delimited.write(decks)
    return markdown.write(decks) if target is Target.MARKDOWN else notes_json.write(decks)


def _text(path: Path) -> str:
    name, data = path.name, _data(path)
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise DeckError(
            f"{name} is not UTF-8 (byte {error.start + 1:,})", "save it as UTF-8, then import it"
        ) from None
    if text.count("\n") > MAX_LINES:
        raise DeckError(f"{name} has more than {MAX_LINES:,} lines", "split it into parts")
    return text


def _data(path: Path) -> bytes:
    try:
        return read_plain(path, MAX_BYTES)
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise DeckError(
                f"{path} has more than {MAX_BYTES:,} bytes", "split it into parts"
            ) from None
        if error.errno == errno.EINVAL:
            raise UsageError(f"{path} is not a file", "name a file") from None
        raise UsageError(
            f"{path} cannot be read ({error.strerror})", "check that it is there and readable"
        ) from None


def _read_json(path: Path) -> Material:
    from sco_quiz.interchange import crowdanki, notes_json, trivia

    name, text = path.name, _text(path)
    if text.count("{") + text.count("[") > MAX_LINES // 2:  # each takes some 100 bytes of memory
        raise DeckError(f"{name} has more than {MAX_LINES // 2:,} values", "split it into parts")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise DeckError(f"{name} is not JSON: {reason}", "export it again") from None
    material = notes_json.read(value) or trivia.read(value) or crowdanki.read(value, path.parent)
    if material is None:
        raise DeckError(
            f"{name} is JSON, but no deck that is known here",
            'known are {"decks": […]}, CrowdAnki and the answers of the Open Trivia Database',
        )
    return material
