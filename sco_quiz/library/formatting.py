"""What `fmt` does to a deck's text: the little layout it owns, and ids for notes without one.

Order, quotes, indentation, blank lines and comments are the author's.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import DeckError
from sco_quiz.learning.cloze import ClozeError, read_cloze
from sco_quiz.library.decks import read_deck
from sco_quiz.library.diagnostics import Severity
from sco_quiz.library.editing import set_in_many
from sco_quiz.library.files import edit_file
from sco_quiz.library.folders import id_of
from sco_quiz.library.kinds import kind_of
from sco_quiz.library.nodes import Mapping, Sequence
from sco_quiz.library.questions import block, identifier
from sco_quiz.library.reader import collector_paused, read
from sco_quiz.library.rewriting import same
from sco_quiz.library.source import BREAK, Source, eol_of
from sco_quiz.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Mapping as AnyMapping
    from pathlib import Path

    from sco_quiz.learning.cards import Card
    from sco_quiz.library.decks import Deck

SLUG_LENGTH = 48
"""Characters of an id that is made from a prompt."""

_TRAILING = re.compile(r"(?<![ \t])[ \t]++(?=[\r\n]|\Z)")
_BLANK_END = re.compile(r"(?:[\r\n][ \t]*)+\Z")
_APOSTROPHES = re.compile("['’ʼ]")
_REPEATED = "W402"


class WithIds(NamedTuple):
    """A deck with ids.

    Attributes:
        text: The deck.
        cards: The cards that got another key by them, each with the key it had.
    """

    text: str
    cards: list[tuple[str, Card]]


class Formatted(NamedTuple):
    """What became of a deck file.

    Attributes:
        changed: Whether it was changed, or would be.
        cards: The cards that got another key, each with the key it had.
    """

    changed: bool
    cards: list[tuple[str, Card]]


def format_file(path: Path, *, ids: bool = False, write: bool = True) -> Formatted:
    """Tidy a deck file.

    Args:
        path: The file; not one of the shipped decks.
        ids: Whether to give its notes ids too.
        write: Whether to write the result, or only to say whether there is anything to do.

    Raises:
        DeckError: The file cannot be read or written, came with the app, is no deck; or it is to
            have ids and has an error. It is as it was.
    """
    cards: list[tuple[str, Card]] = []

    def change(text: str) -> str:
        text = tidy(text)
        if ids:
            text, cards[:] = give_ids(path.name, text)
        return text

    return Formatted(edit_file(path, change, write=write), cards)


def tidy(text: str) -> str:
    """The deck without spaces at the ends of lines, and with one line end at its end.

    Texts that go over several lines stay as they are.

    Raises:
        DeckError: The text is not YAML, or not a deck.
    """
    with collector_paused():
        reading = read(text.encode())
    if reading.root is None or reading.problems.found:
        first = reading.problems.sorted()[0]
        raise DeckError(f"line {first.line}: {first.message}", first.help)
    spans = [span for span in _texts(reading.root) if BREAK.search(text, *span)]
    starts = [start for start, _ in spans]

    def strip(found: re.Match[str]) -> str:
        at = bisect_right(starts, found.start()) - 1
        return found[0] if at >= 0 and found.start() < spans[at][1] else ""

    tidied = _BLANK_END.sub("", _TRAILING.sub(strip, text)) + eol_of(text)
    if not same(Source(tidied).root, reading.root):
        raise DeckError("its layout is too unusual to be tidied", "tidy it in an editor")
    return tidied


def give_ids(name: str, text: str) -> WithIds:
    """Give every note without an id one that is made from its prompt.

    Args:
        name: The file's name, which is the id of a deck that gives none.
        text: The deck.

    Raises:
        DeckError: The deck has an error, or a note that repeats another.
    """
    before = _sound(name, text)
    source = Source(text)
    notes = [note for note in source.notes if isinstance(note, Mapping)]
    free = FreeIds(identifier(each) for note in notes if isinstance(each := note.get("id"), str))
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
    after = _sound(name, changed)
    cards = []
    for old, new in zip(before.cards, after.cards, strict=True):
        if replace(new, key=old.key, note=old.note) != old:
            raise DeckError("ids would change more than the keys of cards", "write them by hand")
        if new.key != old.key:
            cards.append((old.key, new))
    return WithIds(changed, cards)


def _texts(node: Mapping | Sequence) -> Iterator[tuple[int, int]]:
    """Where each text stands, in order."""
    values = node.values() if isinstance(node, Mapping) else node
    for value, spot in zip(values, node.each_spot(), strict=True):
        if isinstance(value, str):
            yield spot.start, spot.end
        else:
            yield from _texts(value)


def _sound(name: str, text: str) -> Deck:
    """The deck, if nothing in it stands in the way of ids."""
    file = read_deck(name, text.encode())
    for each in file.diagnostics:
        if each.severity is Severity.ERROR or each.code == _REPEATED:
            raise DeckError(f"line {each.line}: {each.message}", each.help)
    assert file.deck is not None  # noqa: S101 -- there is no error
    return file.deck


class FreeIds:
    """Ids that no other note of a deck has."""

    def __init__(self, taken: Iterable[str]) -> None:
        """Leave out those that are taken."""
        self._taken = set(taken)
        self._last: dict[str, int] = {}

    def take(self, name: str) -> str:
        """The id, with a number behind it if it is taken; now it is."""
        number = self._last.get(name, 1)
        free = name if number == 1 else f"{name}-{number}"
        while free in self._taken:
            number += 1
            free = f"{name}-{number}"
        self._last[name] = number
        self._taken.add(free)
        return free


def slug(note: AnyMapping[str, object]) -> str:
    """A readable id from the prompt of a note."""
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
