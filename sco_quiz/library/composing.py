"""Writes new deck files: the template of a new deck, and a whole deck of given notes."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import DeckError
from sco_quiz.learning.kinds import KINDS
from sco_quiz.library import yaml_writing
from sco_quiz.library.decks import read_deck
from sco_quiz.library.diagnostics import Severity
from sco_quiz.library.editing import said_fields
from sco_quiz.library.field_splices import ordered, texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sco_quiz.learning.cards import Card
    from sco_quiz.library.decks import DeckFile
    from sco_quiz.library.diagnostics import Diagnostic
    from sco_quiz.library.editing import Note

_ROUNDS = 50
_FULL_EXAMPLES = 2
"""The number of kinds of which a new deck has a note; the others are comments."""

SCHEMA = "https://raw.githubusercontent.com/sco-quiz/sco-quiz/main/docs/deck.schema.json"
"""The address at which editors find the deck format."""

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
    header = {"title": title, "id": name}
    header_texts = {key: yaml_writing.scalar(text, flow=False) for key, text in header.items()}
    notes = [
        [f"  # {spec.name}. {spec.about}", *_note(spec.example), ""] for spec in KINDS.values()
    ]
    ready_lines = [line for note in notes[:_FULL_EXAMPLES] for line in note]
    comment_lines = [f"  # {line[2:]}".rstrip() for note in notes[_FULL_EXAMPLES:] for line in note]
    return _TEMPLATE.format(
        schema=SCHEMA, **header_texts, first="\n".join(ready_lines), others="\n".join(comment_lines)
    )


def _note(note: Note) -> list[str]:
    """Return the lines of a note of a deck."""
    fields = said_fields(note)
    lines = []
    for key in ordered(fields):
        lines += yaml_writing.block_entry(key, texts(fields[key]), 4, 2)
    return ["  - " + (lines[0] if lines else "{}").lstrip(" "), *lines[1:]]


class RefusedNote(NamedTuple):
    """A note that cannot be written into a deck.

    Attributes:
        number: Its place among the given notes, from 0.
        reason: The problem with it.
    """

    number: int
    reason: str


class ComposedDeck(NamedTuple):
    """A new deck file and its notes.

    Attributes:
        text: The text of the file.
        notes: The places, among the given notes, of those that are in it.
        refused: The notes that are not.
        cards: The cards of each note in it.
        read: What reading that text comes to.
    """

    text: str
    notes: list[int]
    refused: list[RefusedNote]
    cards: list[list[Card]]
    read: DeckFile


def compose(header: dict[str, str], notes: Sequence[Note], name: str = "new.yaml") -> ComposedDeck:
    """Write a deck of the given notes; those with an error are left out.

    Args:
        header: `deck` and the other keys above the notes.
        notes: The notes.
        name: The name of the file that it is for.

    Raises:
        DeckError: The deck has errors whichever notes are left out.
    """
    in_deck = list(range(len(notes)))
    refused: list[RefusedNote] = []
    errors: list[Diagnostic] = []
    for _ in range(_ROUNDS):
        text, starts = _write_deck(header, [notes[number] for number in in_deck])
        file = read_deck(name, text.encode())
        errors = [problem for problem in file.diagnostics if problem.severity is Severity.ERROR]
        errors = [problem for problem in errors if problem.code != "E309"]
        if not errors and file.deck is not None:
            cards: dict[int, list[Card]] = {line: [] for line in starts}
            for card, line in zip(file.deck.cards, file.deck.lines, strict=True):
                cards[line].append(card)
            return ComposedDeck(text, in_deck, refused, list(cards.values()), file)
        messages = _first_errors(errors, starts)
        if not messages:
            break
        refused += [RefusedNote(in_deck[place], reason) for place, reason in messages.items()]
        in_deck = [number for place, number in enumerate(in_deck) if place not in messages]
    first = errors[0] if errors else None
    raise DeckError(
        f"the deck cannot be written: {first.message if first else 'too much is wrong with it'}",
        first.help if first else "",
    )


def _write_deck(header: dict[str, str], notes: Sequence[Note]) -> tuple[str, list[int]]:
    """Return the text of a deck, and the line at which each note starts."""
    lines: list[str] = []
    for key, value in header.items():
        lines += yaml_writing.block_entry(key, value, 0, 2)
    lines.append("cards:" if notes else "cards: []")
    starts = []
    for note in notes:
        starts.append(len(lines) + 1)
        lines += [*_note(note), ""]
    return "\n".join(lines).rstrip("\n") + "\n", starts


def _first_errors(errors: list[Diagnostic], starts: list[int]) -> dict[int, str]:
    """Return the message of the first error of each note that has one, by the note's place."""
    messages: dict[int, str] = {}
    for error in errors:
        place = bisect_right(starts, error.line) - 1
        if place >= 0:
            messages.setdefault(place, error.message)
    return messages
