"""Deck files by the hundred: notes of every kind, the same ones each time."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_SYLLABLES = re.findall(
    r"\w+",
    "ka ra sta mi tash ken sher dush an be bad ul ti gan ar mas ta na ya bu kha rov lor sam ark and"
    " al ma ty osh pam ir che gor kho rog nu kus is fa ha xi yü né ö la",
)


def write_library(folder: Path, files: int, notes: int) -> None:
    """Write so many decks of so many notes each."""
    folder.mkdir(parents=True)
    for number in range(files):
        (folder / f"deck-{number:03}.yaml").write_text(deck(number, notes), "utf-8")


def deck(number: int, notes: int) -> str:
    """The text of a deck; another number makes another deck."""
    dice = random.Random(number)
    kinds, weights = zip(*_KINDS, strict=True)
    written = [
        kind(dice, f"{number}-{place}")
        for place, kind in enumerate(dice.choices(kinds, weights, k=notes))
    ]
    return (
        f"deck: {_phrase(dice, 2).title()} {number}\nid: deck-{number:03}\n"
        "description: A generated deck.\nsources:\n  atlas: {title: A World Atlas, year: 2020}\n"
        f"cards:\n{''.join(written)}"
    )


def pairs(count: int) -> list[tuple[str, str]]:
    """Fronts and backs of plain notes, each told from all others by a number."""
    dice = random.Random(count)
    return [
        (
            f"Front {place}: {_phrase(dice, 6)}",
            f"Back {place}: {_phrase(dice, 4)}",
        )
        for place in range(count)
    ]


def plain_deck(name: str, notes: Sequence[tuple[str, str]]) -> str:
    """The text of a deck of fronts and backs."""
    cards = (f'  - front: "{front}"\n    back: "{back}"\n' for front, back in notes)
    return f"deck: {name.title()}\nid: {name}\ncards:\n{''.join(cards)}"


def _word(dice: random.Random) -> str:
    return "".join(dice.choices(_SYLLABLES, k=dice.randint(2, 4)))


def _phrase(dice: random.Random, words: int) -> str:
    return " ".join(_word(dice) for _ in range(words))


def _name(dice: random.Random) -> str:
    return _word(dice).capitalize()


def _names(dice: random.Random, count: int) -> str:
    names: set[str] = set()
    while len(names) < count:
        names.add(_name(dice))
    return f"[{', '.join(sorted(names))}]"


def _more(dice: random.Random) -> str:
    """What any note may have besides."""
    more = ""
    if dice.random() < 0.4:
        more += f"    explain: {_phrase(dice, 6).capitalize()}.\n"
    if dice.random() < 0.1:
        more += f"    source: atlas p. {dice.randint(1, 400)}\n"
    if dice.random() < 0.2:
        more += f"    tags: [{dice.choice(('land', 'city', 'history'))}]\n"
    if dice.random() < 0.1:
        more += f"    category: {dice.choice(('city', 'country', 'body'))}\n"
    return more


def _basic(dice: random.Random, place: str) -> str:
    reverse = "    reverse: true\n" if dice.random() < 0.25 else ""
    return (
        f"  - front: {_phrase(dice, 6).capitalize()} {place}\n"
        f"    back: {_phrase(dice, 5).capitalize()}\n{reverse}{_more(dice)}"
    )


def _typed(dice: random.Random, place: str) -> str:
    accept = f"    accept: {_names(dice, 1)}\n" if dice.random() < 0.2 else ""
    return (
        f"  - question: What {_phrase(dice, 7)} {place}?\n"
        f"    answer: {_name(dice)}\n{accept}{_more(dice)}"
    )


def _cloze(dice: random.Random, place: str) -> str:
    gap = f"{{{{{_name(dice)}}}}}"
    second = f"{{{{{_name(dice)}::a hint}}}}" if dice.random() < 0.2 else _name(dice)
    return (
        f'  - text: "{_phrase(dice, 3)} {gap} {_phrase(dice, 3)} {second} {place}."\n{_more(dice)}'
    )


def _choice(dice: random.Random, place: str) -> str:
    return (
        f"  - question: Which {_phrase(dice, 5)} {place}?\n    answer: {_name(dice)} so\n"
        f"    choices: {_names(dice, 3)}\n{_more(dice)}"
    )


def _multi(dice: random.Random, place: str) -> str:
    return (
        f"  - question: Which of these {_phrase(dice, 4)} {place}?\n"
        f"    answers: [{_name(dice)} so, {_name(dice)} too]\n"
        f"    choices: {_names(dice, 3)}\n{_more(dice)}"
    )


def _true_false(dice: random.Random, place: str) -> str:
    return (
        f"  - statement: {_phrase(dice, 7).capitalize()} {place}.\n"
        f"    answer: {dice.choice(('true', 'false'))}\n{_more(dice)}"
    )


def _order(dice: random.Random, place: str) -> str:
    return (
        f"  - question: Order {_phrase(dice, 4)} {place}\n"
        f"    order: {_names(dice, 4)}\n{_more(dice)}"
    )


def _list(dice: random.Random, place: str) -> str:
    return (
        f"  - question: Name {_phrase(dice, 4)} {place}\n    list: {_names(dice, 4)}\n{_more(dice)}"
    )


_KINDS: tuple[tuple[Callable[[random.Random, str], str], int], ...] = (
    (_typed, 34),
    (_basic, 24),
    (_cloze, 16),
    (_choice, 12),
    (_true_false, 6),
    (_multi, 3),
    (_order, 3),
    (_list, 2),
)
