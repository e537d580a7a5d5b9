"""The formats of files: which one a file has, and the module that reads or writes it.

A file is what its content says. Only where that leaves it open its name decides. A new format is a
module, and one line in `TEXTS`; the module has `fits(text)`, whether a text is surely of it, and
`read(text, path)`.
"""

from __future__ import annotations

import errno
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import DeckError, UsageError
from sco_quiz.files import read_plain
from sco_quiz.interchange import (
    aiken,
    bare_database,
    crowdanki,
    delimited,
    gift,
    logseq,
    markdown,
    markdown_headings,
    markdown_signs,
    mnemosyne,
    moodle_xml,
    notes_folder,
    notes_json,
    obsidian_to_anki,
    org,
    remnote,
)
from sco_quiz.interchange.anki import reading as anki
from sco_quiz.interchange.archive import Archive
from sco_quiz.interchange.material import Remark
from sco_quiz.interchange.shelf import named_by
from sco_quiz.interchange.text_decoding import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sco_quiz.interchange.delimited import Table
    from sco_quiz.interchange.material import ForeignDeck, Material

MAX_BYTES = 16 << 20
"""What a file of text may have: room for 200,000 notes of the usual length."""
MAX_LINES = 2_000_000
_LOOKED_AT = 16
"""Bytes at the beginning by which files that are no text are told."""


class _Format(NamedTuple):
    """A format of texts.

    Attributes:
        name: What it is called.
        fits: Tells whether a text is surely of it.
        read: Reads a text, of a file at a path.
        endings: How the names of such files end.
    """

    name: str
    fits: Callable[[str], bool]
    read: Callable[..., Material]
    endings: tuple[str, ...] = ()


TEXTS = (
    _Format("Moodle XML", moodle_xml.fits, moodle_xml.read, (".xml",)),
    _Format("JSON", notes_json.fits, notes_json.read, (".json", ".jsonl", ".ndjson")),
    _Format("table", delimited.fits, delimited.read, (".csv", ".tsv", ".tab", ".txt")),
    _Format("Aiken quiz", aiken.fits, aiken.read, (".aiken",)),
    _Format("GIFT quiz", gift.fits, gift.read, (".gift",)),
    _Format("org-mode", org.fits, org.read, (".org",)),
    _Format("Obsidian_to_Anki", obsidian_to_anki.fits, obsidian_to_anki.read),
    _Format("RemNote", remnote.fits, remnote.read),
    _Format("Logseq", logseq.fits, logseq.read),
    _Format("Markdown", markdown.fits, markdown.read, (".md", ".markdown")),
    _Format("Markdown with signs", markdown_signs.fits, markdown_signs.read),
    _Format("Markdown with headings", markdown_headings.fits, markdown_headings.read),
)
"""In the order in which a text is asked whether it is of them."""
_TABLE, _MARKDOWN = TEXTS[2], TEXTS[9]
_SPREADSHEETS = {".csv", ".tsv", ".tab"}
"""Of what is named so only what is surely something else is no table."""
NAMES = {
    ".csv": "CSV table", ".tsv": "TSV table", ".tab": "TSV table", ".txt": "text",
    ".apkg": "Anki package", ".colpkg": "Anki collection", ".anki2": "Anki collection",
    ".anki21": "Anki collection", ".cards": "Mnemosyne 2", ".db": "Mnemosyne 2",
} | {
    ending: each.name for each in TEXTS if each is not _TABLE for ending in each.endings
}  # fmt: skip
"""Formats that can be imported, by the usual endings of names."""


class Target(StrEnum):
    """The formats in which decks can be written."""

    CSV = "csv"
    MARKDOWN = "markdown"
    JSON = "json"
    ANKI = "anki"

    @property
    def ending(self) -> str:
        """The ending of its file names."""
        return {Target.MARKDOWN: ".md", Target.ANKI: ".apkg"}.get(self, f".{self}")

    @property
    def about(self) -> str:
        """Its use, in words."""
        return {
            Target.CSV: "a table, for spreadsheets and other apps",
            Target.MARKDOWN: "a text, to read and to edit",
            Target.JSON: "every field, for scripts",
            Target.ANKI: "a package for Anki, with media and reviews",
        }[self]

    @property
    def left_behind(self) -> str:
        """The data that this format leaves out, in words."""
        if self is Target.ANKI:
            return "the scores of quizzes stay here; a card that is there keeps its schedule"
        return "progress is not part of this format"


class TableOptions(NamedTuple):
    """Choices for reading a table that its file does not settle.

    Attributes:
        columns: What the columns of a table hold; none to find out.
        separator: What stands between its cells; empty to find out.
        header: Whether its first row names the columns, `yes` or `no`; empty to find out.
    """

    columns: tuple[str, ...] = ()
    separator: str = ""
    header: str = ""


def read(path: Path, options: TableOptions) -> Material:
    """Read a file of any known format.

    Args:
        path: The file; or a folder of CrowdAnki's, or of notes in Markdown and the like.
        options: What it does not say of itself.

    Raises:
        DeckError: It is not what its name says, or too large.
        UsageError: It cannot be read, its format is not known, or the options do not fit it.
    """
    if path.is_dir():
        file = crowdanki.file_of(path)
        if file is None:
            return notes_folder.read(path, read_text)
        path = file
    beginning = _data(path, most=None)
    binary = _binary(beginning, path)
    if any(options) and (binary or (_text_format(path, options) is not _TABLE)):
        raise UsageError(
            f"{path.name} is no table", "leave out --columns, --separator and --header"
        )
    if binary:
        return binary(path)
    return read_text(path, options)


def read_text(path: Path, options: TableOptions | None = None) -> Material:
    """Return the notes in a file of text; arguments and errors are those of `read`."""
    options = options or TableOptions()
    text, guess = _text(path)
    form = _format_of(text, path, options)
    more = options._asdict() if form is _TABLE else {}
    material = form.read(text, path, **more)
    taken = {each.name for each in material.media}
    named = named_by(material.decks, path.parent)
    material.media += [each for each in named if each.name not in taken]
    if guess:
        material.lossy.append(Remark("", f"not UTF-8: it was read as {guess}"))
    return material


def look(path: Path, options: TableOptions) -> Table | None:
    """Preview a table before it is read; None for a file that is no table.

    Raises:
        DeckError: It is no text, or too large.
        UsageError: It cannot be read, or the options do not fit it.
    """
    if path.is_dir() or _binary(_data(path, most=None), path):
        return None
    text, _ = _text(path)
    if _format_of(text, path, options) is not _TABLE:
        return None
    return delimited.look(text, **options._asdict())


def write(target: Target, decks: Sequence[ForeignDeck]) -> str:
    """Decks as text in a format."""
    if target is Target.CSV:
        return delimited.write(decks)
    return markdown.write(decks) if target is Target.MARKDOWN else notes_json.write(decks)


def _binary(beginning: bytes, path: Path) -> Callable[[Path], Material] | None:
    """Return what reads a file that is no text, as its first bytes say; None for a text.

    Raises:
        UsageError: It is something that cannot be imported.
    """
    ending = path.suffix.casefold()
    if beginning.startswith(b"PK\3\4") or ending in {".apkg", ".colpkg", ".cards"}:
        return mnemosyne.read if ending == ".cards" or "cards.xml" in Archive(path) else anki.read
    if beginning.startswith(b"SQLite format 3\0"):
        return bare_database.read
    for start, what in ((b"%PDF", "a PDF"), (b"\xd0\xcf\x11\xe0", "an old Office file")):
        if beginning.startswith(start):
            raise UsageError(f"{path.name} is {what}", "save it as text or CSV, then import that")
    return None


def _text_format(path: Path, options: TableOptions) -> _Format:
    return _format_of(_text(path)[0], path, options)


def _format_of(text: str, path: Path, options: TableOptions) -> _Format:
    """The format of a text.

    Raises:
        UsageError: Neither what it says nor its name tells.
    """
    ending = path.suffix.casefold()
    if any(options) and ending in _TABLE.endings:
        return _TABLE
    for each in TEXTS:
        if ending in _SPREADSHEETS and each in TEXTS[TEXTS.index(_MARKDOWN) :]:
            break
        if each.fits(text):
            return each
    named = next((each for each in TEXTS if ending in each.endings), None)
    if named is None:
        raise UsageError(
            f"{path.name} has nothing in it that is recognised as cards",
            f"files that can be imported mostly end in {', '.join(NAMES)}",
        )
    return named


def _text(path: Path) -> tuple[str, str]:
    """Return the text of a file, and the encoding that it seems to have where that is in doubt.

    Raises:
        DeckError: It is no text, or too large.
        UsageError: It cannot be read.
    """
    decoded = decode(_data(path))
    if decoded is None:
        raise DeckError(
            f"{path.name} is no text that can be read", "save it as UTF-8, then import it"
        )
    if decoded.text.count("\n") > MAX_LINES:
        raise DeckError(f"{path.name} has more than {MAX_LINES:,} lines", "split it into parts")
    return decoded


def _data(path: Path, *, most: int | None = MAX_BYTES) -> bytes:
    """The bytes of a file, or, without a limit, the first few of them."""
    try:
        if most is not None:
            return read_plain(path, most)
        if not path.is_file() and path.exists():
            raise OSError(errno.EINVAL, "it is not a file")  # noqa: TRY301 -- told as all others
        with path.open("rb") as file:
            return file.read(_LOOKED_AT)
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
