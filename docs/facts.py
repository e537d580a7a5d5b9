"""Writes the tables of the shipped decks' facts: `python docs/facts.py [NOTE...]`.

What stands in them is read from the decks; the dates alone are kept from the last time. A note
whose text changed since loses its date. Named notes were checked just now, and get today's.
"""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.learning.cards import Card, key_of
from sco_quiz.learning.kinds import Kind
from sco_quiz.library.decks import read_deck
from sco_quiz.library.nodes import MappingNode, SequenceNode
from sco_quiz.library.yaml_reading import read
from sco_quiz.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).with_name("facts.md")
DECKS = PAGE.parents[1] / "decks"
UNCHECKED = "not yet"
_ROW = re.compile(r"\| `(?P<id>[^`]+)` \|.*\| (?P<checked>[^|]+) \| `(?P<seal>[0-9a-f]{6})` \|")
_TABLES = {
    "facts": "| note | what it says | source | checked on | seal |\n|---|---|---|---|---|\n",
    "choices": "| note | right | wrong |\n|---|---|---|\n",
}


class Note(NamedTuple):
    """A note of a shipped deck.

    Attributes:
        id: As its deck has it.
        deck: The title of its deck.
        cards: What is asked of it; at least one.
        source: Where the fact stands, by the keys of the deck's sources.
        seal: Changes when anything about the note does.
    """

    id: str
    deck: str
    cards: tuple[Card, ...]
    source: str
    seal: str


def shipped_notes() -> list[Note]:
    """Return all notes of the shipped decks, in the order in which they are asked."""
    return [note for path in sorted(DECKS.glob("*.yaml")) for note in _notes_of(path)]


def _notes_of(path: Path) -> Iterator[Note]:
    data = path.read_bytes()
    deck = read_deck(path.name, data).deck
    root = read(data).root
    nodes = root.get("cards") if root else None
    if deck is None or not isinstance(nodes, SequenceNode):
        raise ValueError(path)
    cards: dict[str, list[Card]] = {}
    for card in deck.cards:
        cards.setdefault(card.note, []).append(card)
    for node, asked in zip(nodes, cards.values(), strict=True):
        if not isinstance(node, MappingNode):
            raise TypeError(path)
        seal = key_of(*(f"{key}={node[key]}" for key in sorted(node)))[:6]
        yield Note(str(node["id"]), deck.title, tuple(asked), str(node.get("source", "")), seal)


def choices_of(card: Card) -> tuple[str, ...]:
    """Return the wrong ones among which a card may be asked to choose; empty if it never is."""
    return card.choices if card.kind in (Kind.CHOICE, Kind.MULTI, Kind.TYPED) else ()


def page(checked: frozenset[str] = frozenset(), today: str = "") -> str:
    """Return the page with its tables as they should be.

    Args:
        checked: Ids of notes that were checked just now.
        today: The date that these get.
    """
    text = PAGE.read_text(encoding="utf-8")
    known = {(row["id"], row["seal"]): row["checked"] for row in _ROW.finditer(text)}
    facts, choices = [], []
    for note in shipped_notes():
        date = today if note.id in checked else known.get((note.id, note.seal), UNCHECKED)
        source = note.source.replace("|", "\\|")
        facts.append(f"| `{note.id}` | {_fact(note)} | {source} | {date} | `{note.seal}` |\n")
        if wrong := choices_of(note.cards[0]):
            shown = (_cell(note.cards[0].answers), _cell(wrong))
            choices.append(f"| `{note.id}` | {shown[0]} | {shown[1]} |\n")
    for (name, head), rows in zip(_TABLES.items(), (facts, choices), strict=True):
        before, _, rest = text.partition(f"<!-- {name} -->\n")
        after = rest[rest.index(f"<!-- end of {name} -->") :]
        text = f"{before}<!-- {name} -->\n{head}{''.join(rows)}{after}"
    return text


def _fact(note: Note) -> str:
    """Return what a note says, in short: a prompt and what is right."""
    card = note.cards[0]
    if card.kind is Kind.CLOZE:
        gaps = [plain(answer) for each in note.cards for answer in each.answers]
        return _cell((f"{plain(card.prompt)} — {', '.join(gaps)}",))
    return _cell((f"{plain(card.prompt)} — {'; '.join(map(plain, card.answers))}",))


def _cell(texts: tuple[str, ...]) -> str:
    return "; ".join(map(plain, texts)).replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    written = page(frozenset(sys.argv[1:]), datetime.now(UTC).date().isoformat())
    PAGE.write_text(written, encoding="utf-8")
