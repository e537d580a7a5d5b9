"""Names of decks and sessions, and texts cut to a width."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from sco_quiz.library.deck_tree import SEPARATOR
from sco_quiz.text import clean, plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sco_quiz.insight.history import Session

LONGEST_TEXT = 60
"""The most cells of a question or an answer in a line, by default."""


def in_words(decks: Iterable[str], titles: Mapping[str, str]) -> str:
    """Return the titles of decks; the id for a deck without one."""
    names = [clean(titles.get(deck, deck), multiline=False) for deck in decks]
    return ", ".join(names) if len(names) <= 2 else f"{len(names)} decks"


def within(title: str, room: int) -> str:
    """Return a deck's title; one wider than `room` cells loses its parents, the outermost first."""
    parts = title.split(SEPARATOR)
    while len(parts) > 1 and cells(title) > room:
        del parts[0]
        title = "…" + SEPARATOR.join(parts)
    return title


def about(
    session: Session, titles: Mapping[str, str], in_use: Collection[str], room: int = 0
) -> str:
    """Return the subject of a session: the two answers to tell apart, its parent, or its decks.

    Args:
        session: The session.
        titles: The titles of decks, by id.
        in_use: The ids of the present decks.
        room: The cells in which more than two decks are named rather than counted, and a deck with
            its parents; 0 for a deck's whole title.
    """
    if session.pair:
        return " or ".join(short(answer, 30) for answer in session.pair)
    if session.part == "":
        return "all decks"
    on = [session.part] if session.part and session.part in titles else session.decks
    names = ", ".join(in_words([name], titles) for name in on)
    if len(on) == 1:
        return within(names, room) if room else names
    if len(session.decks) <= 2 or cells(names) <= room:
        return names
    if set(session.decks) <= set(in_use):
        return f"{len(session.decks)} of {len(in_use)} decks"
    return in_words(session.decks, titles)


def note_on(session: Session, bests: Iterable[str]) -> str:
    """Return a word on a session that is special; empty for others.

    Args:
        session: The session.
        bests: The ids of the sessions that are the best on their decks.
    """
    if not session.finished:
        return "left"
    if session.retry_of is not None:
        return "retry"
    return "pair" if session.pair else "best" if session.id in bests else ""


def short(text: str, most: int = LONGEST_TEXT) -> str:
    """Return a text on one line, cut off if it is wider than `most` cells."""
    text = clean(" ".join(plain(text).split()), multiline=False)
    return text if cells(text) <= most else _cut(text, most - 1) + "…"


def fitted(text: str, width: int) -> str:
    """Return a text on one line, exactly `width` cells wide."""
    text = short(text, width)
    return text + " " * (width - cells(text))


def cells(text: str) -> int:
    """Return the width of a text on a terminal, in cells."""
    if text.isascii():
        return len(text)
    return sum(map(_width, text))


def _cut(text: str, most: int) -> str:
    room = most
    for at, character in enumerate(text):
        room -= _width(character)
        if room < 0:
            return text[:at]
    return text


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
