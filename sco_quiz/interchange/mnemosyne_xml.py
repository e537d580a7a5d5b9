"""The log of changes in `cards.xml` of Mnemosyne 2, as records: what was added, in its order.

Each change is a `log` element with a type, attributes and flat children:
https://github.com/mnemosyne-proj/mnemosyne/blob/master/openSM2sync/log_entry.py. The file may come
from anybody: a document type, and with it every entity, is refused, and so is what nests or is more
than there can be.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat

from sco_quiz.errors import DeckError
from sco_quiz.interchange.material import MAX_NOTES

if TYPE_CHECKING:
    from collections.abc import Iterable

_CARD, _REPETITION, _TAG, _FACT, _VIEW = "6", "9", "10", "16", "19"
MAX_ENTRIES = 1_000_000
MAX_CHARACTERS = 32_000_000
_DEEPEST = 3  # openSM2sync > log > a field
_OF_NO_FACT = {"type", "time", "o_id"}
_WORD = re.compile(r"""'([^'\\]{0,200})'|"([^"\\]{0,200})\"""")
_INDEX = re.compile(r"'index': ([0-9]{1,4})\b")


class FactView(NamedTuple):
    """The parts of a fact that make one card: what is asked and what is revealed.

    Attributes:
        question: The keys of what is asked.
        answer: The keys of what is revealed.
        typed: Whether the answer is to be typed.
    """

    question: tuple[str, ...]
    answer: tuple[str, ...]
    typed: bool = False


class CardEntry(NamedTuple):
    """A card, and how it stood.

    Attributes:
        id: Names it.
        fact: What it was made of.
        type: The type of that, with those that it comes from before it: `2::mine`.
        view: How it was made.
        tags: Ids.
        gap: Which deletion of a cloze it asks, from 0.
        grade: Of the last answer, 0 to 5; -1 if it was never asked.
        last: When that was, in seconds since 1970.
        next: When it is due, in seconds since 1970; midnight UTC of the day.
    """

    id: str
    fact: str
    type: str
    view: str
    tags: tuple[str, ...]
    gap: int
    grade: int
    last: int
    next: int


class Repetition(NamedTuple):
    """An answer: seconds since 1970, the grade, seconds of thinking, seconds until it is due."""

    at: int
    grade: int
    thinking: int
    interval: int


@dataclass(slots=True)
class Entries:
    """All entries of a file: tags, facts, cards, views and repetitions.

    Attributes:
        tags: Names by id.
        facts: Texts by their keys, by id.
        cards: In the order of the file.
        views: By id; those that the learner made.
        repetitions: By the id of the card.
    """

    tags: dict[str, str] = field(default_factory=dict)
    facts: dict[str, dict[str, str]] = field(default_factory=dict)
    cards: list[CardEntry] = field(default_factory=list)
    views: dict[str, FactView] = field(default_factory=dict)
    repetitions: defaultdict[str, list[Repetition]] = field(
        default_factory=lambda: defaultdict(list)
    )


def parse(chunks: Iterable[bytes], name: str) -> Entries:
    """The entries of a log.

    Args:
        chunks: The XML, in pieces.
        name: What to call it in messages.

    Raises:
        DeckError: It is no XML, not of Mnemosyne, or a trap.
    """
    reader = _Reader(name)
    try:
        for chunk in chunks:
            reader.parser.Parse(chunk, False)
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise DeckError(
            f"{name} is damaged: {reason} (line {error.lineno:,})", "export it again"
        ) from None
    return reader.entries


class _Reader:
    def __init__(self, name: str) -> None:
        self.entries = Entries()
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self._name = name
        self._depth = self._number = self._characters = 0
        self._values: dict[str, str] = {}
        self._key = ""
        self._pieces: list[str] = []

    def _refuse(self, *_: object) -> None:
        raise DeckError(f"{self._name} declares what such a file never declares", "export it again")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST or (self._depth == 1 and name != "openSM2sync"):
            raise DeckError(f"{self._name} is no export of Mnemosyne", "export it again")
        if self._depth == _DEEPEST - 1:
            self._number += 1
            if self._number > MAX_ENTRIES:
                raise DeckError(
                    f"{self._name} has more than {MAX_ENTRIES:,} entries", "export it in parts"
                )
            self._values = attributes
        self._key = name.removeprefix("___")  # before keys that begin with a digit
        self._pieces.clear()

    def _text(self, text: str) -> None:
        if self._depth == _DEEPEST:
            self._characters += len(text)
            if self._characters > MAX_CHARACTERS:
                raise DeckError(f"{self._name} has too much text", "export it in parts")
            self._pieces.append(text)

    def _end(self, _: str) -> None:
        if self._depth == _DEEPEST:
            self._values[self._key] = "".join(self._pieces)
        elif self._depth == _DEEPEST - 1:
            self._take(self._values)
        self._depth -= 1

    def _take(self, values: dict[str, str]) -> None:
        kind, of = values.get("type"), values.get("o_id", "")
        entries = self.entries
        if kind == _TAG:
            entries.tags[of] = values.get("name", "")
        elif kind == _FACT:
            entries.facts[of] = {
                key: text for key, text in values.items() if key not in _OF_NO_FACT
            }
            if len(entries.facts) > MAX_NOTES:
                raise DeckError(
                    f"{self._name} has more than {MAX_NOTES:,} notes", "export it in parts"
                )
        elif kind == _CARD:
            entries.cards.append(
                CardEntry(
                    of, values.get("fact", ""), values.get("card_t", ""), values.get("fact_v", ""),
                    tuple(values.get("tags", "").split(",")), gap_in(values.get("extra", "")),
                    _number(values.get("gr"), -1), _number(values.get("l_rp"), -1),
                    _number(values.get("n_rp"), -1),
                )
            )  # fmt: skip
        elif kind == _VIEW:
            entries.views[of] = FactView(
                words(values.get("q_fact_keys", "")), words(values.get("a_fact_keys", "")),
                values.get("type_answer") == "True",
            )  # fmt: skip
        elif kind == _REPETITION:
            at = _number(values.get("time"), 0)
            entries.repetitions[of].append(
                Repetition(
                    at, _number(values.get("gr"), -1), _number(values.get("th_t"), 0),
                    max(_number(values.get("n_rp"), at) - at, 0),
                )
            )  # fmt: skip


def words(written: str) -> tuple[str, ...]:
    """The texts of a list as Python writes it."""
    return tuple(match[1] or match[2] or "" for match in _WORD.finditer(written[:10_000]))


def gap_in(extra: str) -> int:
    """The number of the deletion that a card asks, from 0, in what else is noted of it."""
    index = _INDEX.search(extra[-1000:])
    return int(index[1]) if index else 0


def _number(written: str | None, otherwise: int) -> int:
    """A whole number of the size that a time can have."""
    found = re.fullmatch(r"-?[0-9]{1,11}", written or "")
    return int(found[0]) if found else otherwise
