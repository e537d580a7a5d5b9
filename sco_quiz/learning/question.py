"""A card as a study session asks it, its options in the order shown, its answer in parts."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sco_quiz.learning.cards import Card
from sco_quiz.learning.folding import fold
from sco_quiz.learning.kinds import Input
from sco_quiz.text import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sco_quiz.learning.cards import Card, CardState

MOST_PARTS = 500
"""Parts of an answer that are looked at."""
MOST_SHUFFLES = 50
"""Tries to put items in an order that tells nothing; of some items there is none."""

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_AND = re.compile(r",? and | & | \+ ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """A card as it is asked now.

    Attributes:
        card: What is asked; a typed card may be asked as a choice while it is learned.
        original: The card as its deck has it.
        options: What to choose from or to put in order, in the order shown; empty where the answer
            is not picked.
        asked_at: UTC ms.
        before: The card's state.
        mistake: The mistake for which the card's file cannot be read now, where it is asked as it
            was last read; else empty.
    """

    card: Card
    original: Card
    options: tuple[str, ...]
    asked_at: int
    before: CardState
    mistake: str = ""


class Answering:
    """An answer under way, by the rules of how its card is answered.

    Attributes:
        input: How it is answered.
        options: What there is to pick, in the order shown.
        are_numbers: Whether the options are numbers, so that none has a number beside it.
        picked: The places of the options picked so far, in the order of picking.
        entries: The texts entered so far, where one follows another.
    """

    def __init__(self, card: Card, options: tuple[str, ...]) -> None:
        """Begin without an answer."""
        self.input = card.kind.input
        self.options = options
        self.are_numbers = are_numbers(options)
        self.picked: list[int] = []
        self.entries: list[str] = []
        self._card = card

    def follow(self, card: Card, options: tuple[str, ...]) -> bool:
        """Go on with the card in other words, if the answer so far fits; return whether it does."""
        fits = card.kind is self._card.kind and (options == self.options or self.input.is_typed)
        if fits:
            self._card = card
        return fits

    @property
    def picks_next(self) -> bool:
        """Tell whether an option is to be picked before there is an answer."""
        return self.input is Input.ONE or (self.input is Input.ORDER and not self.is_complete)

    @property
    def can_take_back(self) -> bool:
        """Tell whether what was picked or entered last can be taken back."""
        return self.input in (Input.ORDER, Input.ENTRIES)

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing is left to pick: one of the options, or all for an order."""
        return len(self.picked) >= (len(self.options) if self.input is Input.ORDER else 1)

    @property
    def given(self) -> str | tuple[str, ...]:
        """The answer so far, as it is checked."""
        if self.input is Input.ENTRIES:
            return tuple(self.entries)
        order = self.picked if self.input is Input.ORDER else sorted(self.picked)
        texts = tuple(self.options[index] for index in order)
        if self.input in (Input.SEVERAL, Input.ORDER):
            return texts
        return texts[0] if texts else ""

    @property
    def wanted(self) -> str:
        """The number of answers wanted and the way to give them; empty if the question says it."""
        count = len(self._card.answers)
        number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
        if self.input is Input.SEVERAL:
            return f"{number} answer{'s' * (count != 1)}"
        if self.input is Input.ENTRIES:
            return f"{number} to name, {len(self.entries)} so far"
        if self.input is Input.ORDER:
            return f"{'pick' if self.are_numbers else 'number'} them in the right order"
        return f"{number} gaps, separated by commas" if count > 1 else ""

    def pick(self, index: int) -> None:
        """Pick, mark, unmark or place an option."""
        if self.input is Input.ONE:
            self.picked = [index]
        elif index not in self.picked:
            self.picked.append(index)
        elif self.input is Input.SEVERAL:
            self.picked.remove(index)

    def enter(self, text: str) -> None:
        """Enter a text, or several with commas between them."""
        self.entries += filter(None, map(str.strip, taken_apart(text, self._card.answers)))

    def take_back(self) -> None:
        """Take back what was picked or entered last, if anything was."""
        last: list[int] | list[str] = self.entries or self.picked
        del last[-1:]


def options_of(card: Card, reps: int) -> tuple[str, ...]:
    """Return what to choose from or to put in order, shuffled anew for each review.

    What is to be put in order never stands in it, nor the other way round.
    """
    spec = card.kind.spec
    if spec.options or not spec.input.is_picked:
        return spec.options
    options = [*card.answers, *card.choices]
    shuffle = random.Random(f"{card.key} {reps}").shuffle  # noqa: S311 -- order, not secrecy
    shuffle(options)
    if spec.input is Input.ORDER:
        told = _telling_orders(card.answers)
        for _ in range(MOST_SHUFFLES):
            if tuple(options) not in told:
                break
            shuffle(options)
    return tuple(options)


def _telling_orders(answers: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Return the orders in which items look as if they had been put in order already."""
    if len(answers) < 3:
        return {answers}
    told = [answers]
    if are_numbers(answers):
        told.append(tuple(sorted(answers, key=_number)))
    return {each for order in told for each in (order, order[::-1])}


_NUMBER = r"(?P<sign>[-+\u2212±~≈<>≤≥$€£¥]?)\s*(?P<digits>\d[\d,]*(?:\.\d+)?|[¼½¾⅓⅔⅛])"
"""Compiled where it is needed: most questions do without."""


def are_numbers(options: Iterable[str]) -> bool:
    """Return whether options are numbers throughout, with or without units.

    A digit is then a part of an answer, so that no option has an index beside it.
    """
    texts = [plain(option).lstrip() for option in options]
    return bool(texts) and all(re.match(_NUMBER, text) for text in texts)


def _number(option: str) -> float:
    found = re.match(_NUMBER, plain(option).lstrip())
    if found is None or not found["digits"][0].isdecimal():
        return 0.0
    size = float(found["digits"].replace(",", ""))
    return -size if found["sign"] in "-\u2212" and found["sign"] else size


def taken_apart(given: str, answers: Collection[str]) -> list[str]:
    """Return the parts of a text: between semicolons and line ends, or else between commas.

    What is one answer as its author wrote it stays whole: Washington, D.C. Letter case, spaces and
    full stops may be others. An "and" between two answers parts them too.

    Args:
        given: What was typed.
        answers: All that may be meant.
    """
    marks = ";\n" if ";" in given or "\n" in given else ","
    pieces = re.split(f"([{marks}])", given)  # each part but the last with the sign behind it
    parts = pieces[: 2 * MOST_PARTS : 2]
    whole: dict[int, set[str]] = {}  # by the number of parts that an answer would come to
    for text in map(plain, answers):
        count = len(re.split(f"[{marks}]", text))
        if 1 < count <= len(parts):
            whole.setdefault(count, set()).add(_squeezed(text))
    if not whole:
        return _at_and(parts, answers)
    squeezed = [_squeezed(part) for part in parts]
    counts = sorted(whole, reverse=True)
    found, at = [], 0
    while at < len(parts):
        fits = (n for n in counts if "".join(squeezed[at : at + n]) in whole[n])
        count = next(fits, 1)
        found.append("".join(pieces[2 * at : 2 * (at + count) - 1]))
        at += count
    return _at_and(found, answers)


def _at_and(parts: Sequence[str], answers: Iterable[str]) -> list[str]:
    """The parts, those with "and" taken apart there if each half is an answer."""
    shown = [plain(answer) for answer in answers]
    known = {_squeezed(part) for text in shown for part in (text, *text.split(" / "))}
    found: list[str] = []
    for part in parts:
        halves = [half for half in _AND.split(part) if half.strip()]
        if len(halves) > 1 and known.issuperset(map(_squeezed, halves)):
            found += [part] if _squeezed(part) in known else halves
        else:
            found.append(part)
    return found


def _squeezed(text: str) -> str:
    return re.sub(r"[\s.,;]+", "", fold(text))
