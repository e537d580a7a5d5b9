"""Tidies a deck's text for `sco-quiz fmt`, and gives ids to notes without one.

Only spaces at line ends and the end of the file change. Order, quotes, indentation, blank lines and
comments stay as the author wrote them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.collector import collector_paused
from sco_quiz.errors import DeckError
from sco_quiz.learning.cloze import ClozeError, read_cloze
from sco_quiz.library.decks import read_deck
from sco_quiz.library.diagnostics import Severity
from sco_quiz.library.editing import set_in_many
from sco_quiz.library.field_splices import same
from sco_quiz.library.files import edit_file
from sco_quiz.library.folders import id_of
from sco_quiz.library.kinds import kind_of
from sco_quiz.library.nodes import MappingNode, SequenceNode
from sco_quiz.library.questions import block, identifier
from sco_quiz.library.source import BREAK, DeckText, eol_of
from sco_quiz.library.yaml_reading import read
from sco_quiz.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Mapping as AnyMapping
    from pathlib import Path

    from sco_quiz.learning.cards import Card
    from sco_quiz.library.decks import Deck

SLUG_LENGTH = 48
"""The most characters of an id that is made from a prompt."""

_TRAILING = re.compile(r"(?<![ \t])[ \t]++(?=[\r\n]|\Z)")
_BLANK_END = re.compile(r"(?:[\r\n][ \t]*)+\Z")
_APOSTROPHES = re.compile("['’ʼ]")
_REPEATED = "W402"


class WithIds(NamedTuple):
    """A deck with ids added.

    Attributes:
        text: The deck.
        cards: The old key of each card whose key changed by it, with the card as it is now.
    """

    text: str
    cards: list[tuple[str, Card]]


class FormattedDeck(NamedTuple):
    """The result of tidying a deck file.

    Attributes:
        changed: True if it was changed, or would be.
        cards: The old key of each card whose key changed, with the card as it is now.
    """

    changed: bool
    cards: list[tuple[str, Card]]


def format_file(path: Path, *, ids: bool = False, write: bool = True) -> FormattedDeck:
    """Tidy a deck file.

    Args:
        path: The file; not one of the shipped decks.
        ids: True to give its notes ids too.
        write: False to say only if there is anything to do.

    Raises:
        DeckError: The file cannot be read or written, came with the app, or is no deck; or ids were
            asked for and it has an error. The file is as it was.
    """
    cards: list[tuple[str, Card]] = []

    def change(text: str) -> str:
        text = tidy(text)
        if ids:
            text, cards[:] = give_ids(path.name, text)
        return text

    return FormattedDeck(edit_file(path, change, write=write), cards)


def tidy(text: str) -> str:
    """Return the deck without spaces at line ends, and with exactly one line end at its end.

    Texts of several lines stay as they are.

    Raises:
        DeckError: The text is not YAML, or not a deck.
    """
    with collector_paused():
        reading = read(text.encode())
    if reading.root is None or reading.problems.found:
        first = reading.problems.sorted()[0]
        raise DeckError(f"line {first.line}: {first.message}", first.help)
    spans = [span for span in _text_spans(reading.root) if BREAK.search(text, *span)]
    starts = [start for start, _ in spans]

    def strip(match: re.Match[str]) -> str:
        at = bisect_right(starts, match.start()) - 1
        return match[0] if at >= 0 and match.start() < spans[at][1] else ""

    tidied = _BLANK_END.sub("", _TRAILING.sub(strip, text)) + eol_of(text)
    if not same(DeckText(tidied).root, reading.root):
        raise DeckError("its layout is too unusual to be tidied", "tidy it in an editor")
    return tidied


def give_ids(name: str, text: str) -> WithIds:
    """Give every note without an id an id made from its prompt.

    Args:
        name: The file's name, from which the id of a deck is made if it gives none.
        text: The deck.

    Raises:
        DeckError: The deck has an error, or a note that repeats another.
    """
    before = _read_sound_deck(name, text)
    source = DeckText(text)
    notes = [note for note in source.notes if isinstance(note, MappingNode)]
    free = FreeIds(
        identifier(written_id) for note in notes if isinstance(written_id := note.get("id"), str)
    )
    ids: dict[int, str] = {}
    for note in notes:
        if note.get("id"):
            continue
        line = source.line(note.start)
        if line in ids:
            raise DeckError(
                f"several notes start on line {line}", "put each note on a line of its own"
            )
        ids[line] = free.take(slug(note))
    changed = set_in_many(text, "id", ids)
    after = _read_sound_deck(name, changed)
    cards = []
    for old, new in zip(before.cards, after.cards, strict=True):
        if new._replace(key=old.key, note=old.note) != old:
            raise DeckError("ids would change more than the keys of cards", "write them by hand")
        if new.key != old.key:
            cards.append((old.key, new))
    return WithIds(changed, cards)


def _text_spans(node: MappingNode | SequenceNode) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each text, in order."""
    values = node.values() if isinstance(node, MappingNode) else node
    for value, spot in zip(values, node.each_spot(), strict=True):
        if isinstance(value, str):
            yield spot.start, spot.end
        else:
            yield from _text_spans(value)


def _read_sound_deck(name: str, text: str) -> Deck:
    """Return the deck, if no problem in it prevents adding ids."""
    file = read_deck(name, text.encode())
    for problem in file.diagnostics:
        if problem.severity is Severity.ERROR or problem.code == _REPEATED:
            raise DeckError(f"line {problem.line}: {problem.message}", problem.help)
    assert file.deck is not None  # noqa: S101 -- there is no error
    return file.deck


class FreeIds:
    """Ids that no other note of a deck has."""

    def __init__(self, taken: Iterable[str]) -> None:
        """Take the ids that other notes have."""
        self._taken = set(taken)
        self._last: dict[str, int] = {}

    def take(self, name: str) -> str:
        """Return the id, with a number after it if it is taken, and take it."""
        number = self._last.get(name, 1)
        candidate = name if number == 1 else f"{name}-{number}"
        while candidate in self._taken:
            number += 1
            candidate = f"{name}-{number}"
        self._last[name] = number
        self._taken.add(candidate)
        return candidate


def slug(note: AnyMapping[str, object]) -> str:
    """Return a readable id made from the prompt of a note."""
    kind = kind_of(note)
    prompt = note.get(kind.spec.prompt, "") if kind else ""
    text = block(prompt) if isinstance(prompt, str) else ""
    if kind and kind.spec.has_gaps:
        with suppress(ClozeError):
            text = read_cloze(text).text
    if not any(map(str.isalnum, text)):
        return "note"
    name = id_of(_APOSTROPHES.sub("", plain(text)))
    if len(name) > SLUG_LENGTH:
        words = name[: SLUG_LENGTH + 1].rpartition("-")[0]
        name = (words or name[:SLUG_LENGTH]).strip("-._")
    return name
