"""New deck files: what one starts as, and one written whole."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import DeckError
from sco_quiz.learning.kinds import KINDS
from sco_quiz.library import emission
from sco_quiz.library.decks import read_deck
from sco_quiz.library.diagnostics import Severity
from sco_quiz.library.editing import said_fields
from sco_quiz.library.rewriting import ordered, texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sco_quiz.learning.cards import Card
    from sco_quiz.library.diagnostics import Diagnostic
    from sco_quiz.library.editing import Note

_ROUNDS = 50
_READY = 2
"""Kinds of which a new deck has a note."""

SCHEMA = "https://raw.githubusercontent.com/sco-quiz/sco-quiz/main/docs/deck.schema.json"
"""Where editors find the deck format."""

_TEMPLATE = """\
# yaml-language-server: $schema={schema}
# `sco-quiz check` finds mistakes in your decks, `sco-quiz study {id}` asks the cards of this one.
deck: {title}
id: {id}
# description: What the deck is about
# language: en
# sources:
#   atlas: {{title: A World Atlas, year: 2020}}
# defaults: {{tags: [geography]}}
cards:
  # Two notes to begin with; put yours in their place.

{first}
  # The other kinds of notes. Take away the `#` and one space to use one.
  #
{others}
  # And what any note may have besides:
  #
  # - question: What is Lake Issyk-Kul's name in English?
  #   answer: Warm lake
  #   accept: [hot lake]
  #   strict: false
  #   id: issyk-kul
  #   hint: It never freezes
  #   explain: It is salty and fed by hot springs.
  #   source: atlas p. 12
  #   as_of: 2024-10
  #   category: lake
  #   tags: [lakes, names]
"""


def template(title: str, name: str) -> str:
    """Return a deck with two notes, and every other kind as a comment.

    Args:
        title: The title of the deck, one line.
        name: Its id.
    """
    given = {"title": title, "id": name}
    written = {key: emission.scalar(text, flow=False) for key, text in given.items()}
    notes = [
        [f"  # {spec.name}. {spec.about}", *_note(spec.example), ""] for spec in KINDS.values()
    ]
    first = [line for note in notes[:_READY] for line in note]
    others = [f"  # {line[2:]}".rstrip() for note in notes[_READY:] for line in note]
    return _TEMPLATE.format(
        schema=SCHEMA, **written, first="\n".join(first), others="\n".join(others)
    )


def _note(note: Note) -> list[str]:
    """Return the lines of a note of a deck."""
    fields = said_fields(note)
    lines = []
    for key in ordered(fields):
        lines += emission.block_entry(key, texts(fields[key]), 4, 2)
    return ["  - " + (lines[0] if lines else "{}").lstrip(" "), *lines[1:]]


class Refused(NamedTuple):
    """A note that no deck can have.

    Attributes:
        number: Its place among those given, from 0.
        reason: What is wrong with it.
    """

    number: int
    reason: str


class Composed(NamedTuple):
    """A deck file and what is in it.

    Attributes:
        text: The file.
        notes: The places, among those given, of the notes that are in it.
        refused: The others.
        cards: For each note in it, its cards.
    """

    text: str
    notes: list[int]
    refused: list[Refused]
    cards: list[list[Card]]


def compose(header: dict[str, str], notes: Sequence[Note]) -> Composed:
    """Write a deck of those notes that are sound.

    Args:
        header: `deck` and whatever else stands above the notes.
        notes: Its notes.

    Raises:
        DeckError: The deck cannot be read back as it was meant, whatever is left out.
    """
    kept = list(range(len(notes)))
    refused: list[Refused] = []
    errors: list[Diagnostic] = []
    for _ in range(_ROUNDS):
        text, starts = _written(header, [notes[number] for number in kept])
        file = read_deck("new.yaml", text.encode())
        errors = [each for each in file.diagnostics if each.severity is Severity.ERROR]
        errors = [each for each in errors if each.code != "E309"]
        if not errors and file.deck is not None:
            cards: dict[int, list[Card]] = {line: [] for line in starts}
            for card, line in zip(file.deck.cards, file.deck.lines, strict=True):
                cards[line].append(card)
            return Composed(text, kept, refused, list(cards.values()))
        wrong = _notes_of(errors, starts)
        if not wrong:
            break
        refused += [Refused(kept[place], reason) for place, reason in wrong.items()]
        kept = [number for place, number in enumerate(kept) if place not in wrong]
    first = errors[0] if errors else None
    raise DeckError(
        f"the deck cannot be written: {first.message if first else 'too much is wrong with it'}",
        first.help if first else "",
    )


def _written(header: dict[str, str], notes: Sequence[Note]) -> tuple[str, list[int]]:
    """The text of a deck, and the line at which each note starts."""
    lines: list[str] = []
    for key, value in header.items():
        lines += emission.block_entry(key, value, 0, 2)
    lines.append("cards:" if notes else "cards: []")
    starts = []
    for note in notes:
        starts.append(len(lines) + 1)
        lines += [*_note(note), ""]
    return "\n".join(lines).rstrip("\n") + "\n", starts


def _notes_of(errors: list[Diagnostic], starts: list[int]) -> dict[int, str]:
    """For each note with an error, by its place, the first."""
    wrong: dict[int, str] = {}
    for each in errors:
        place = bisect_right(starts, each.line) - 1
        if place >= 0:
            wrong.setdefault(place, each.message)
    return wrong
