"""Questions as a study session asks them, their options, and answers in parts."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.learning.cards import Card
from sco_quiz.learning.kinds import Input
from sco_quiz.text import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sco_quiz.learning.cards import Card, CardState

MOST_PARTS = 500
"""The most parts of an answer that are checked."""
CHANGED = "The card was changed meanwhile: look again."
"""The reason for which an answer does not count; the question is shown as it is by now."""
MOST_SHUFFLES = 50
"""The most tries to find an order of items that shows nothing; some items have none."""

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_AND = re.compile(r",? and | & | \+ ", re.IGNORECASE)
_BETWEEN = re.compile(r",? and | & | \+ |, ?", re.IGNORECASE)


class Question(NamedTuple):
    """A card as it is asked now.

    Attributes:
        card: The card as asked; a typed card may be asked as a choice while it is learned.
        original: The card as its deck has it.
        options: The options to choose from or to put in order, in the order shown; empty if the
            answer is not picked.
        asked_at: The time when it was asked, in UTC milliseconds.
        before: The card's state.
        mistake: The mistake that prevents reading the card's file now, so that the card is asked as
            last read; else empty.
    """

    card: Card
    original: Card
    options: tuple[str, ...]
    asked_at: int
    before: CardState
    mistake: str = ""

    @property
    def seen(self) -> tuple[object, ...]:
        """All that an answer depends on; see `as_seen`."""
        return as_seen(self.card, self.options)


def as_seen(card: Card, options: tuple[str, ...]) -> tuple[object, ...]:
    """Return all of a question that an answer depends on, to be compared before one counts.

    Args:
        card: The card as asked.
        options: The options, in the order shown.
    """
    media, counts = card.media, card.kind.input in (Input.SEVERAL, Input.ENTRIES)
    wanted = len(card.answers) if counts else 1
    return card.kind, card.prompt, options, media.image, media.audio, wanted


class Answering:
    """An answer while it is given, by the rules of the card's input.

    Attributes:
        input: The way in which it is answered.
        options: The options, in the order shown.
        are_numbers: True if the options are numbers, so that none has a number beside it.
        picked: The indexes of the options picked so far, in the order of picking.
        entries: The texts entered so far, for `Input.ENTRIES`.
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
        """Continue with an edited card, if the answer so far fits; return True if it does."""
        fits = card.kind is self._card.kind and (options == self.options or self.input.is_typed)
        if fits:
            self._card = card
        return fits

    @property
    def picks_next(self) -> bool:
        """True if an option must be picked before there is an answer."""
        return self.input is Input.ONE or (self.input is Input.ORDER and not self.is_complete)

    @property
    def can_take_back(self) -> bool:
        """True if the last pick or entry can be taken back."""
        return self.input in (Input.ORDER, Input.ENTRIES)

    @property
    def is_complete(self) -> bool:
        """True if enough is picked: one of the options, or all for an order."""
        return len(self.picked) >= (len(self.options) if self.input is Input.ORDER else 1)

    @property
    def given(self) -> str | tuple[str, ...]:
        """The answer so far, in the form for the checker."""
        if self.input is Input.ENTRIES:
            return tuple(self.entries)
        order = self.picked if self.input is Input.ORDER else sorted(self.picked)
        texts = tuple(self.options[index] for index in order)
        if self.input in (Input.SEVERAL, Input.ORDER):
            return texts
        return texts[0] if texts else ""

    @property
    def wanted(self) -> str:
        """The number of answers and the way to give them; empty if the question shows it."""
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

    def show(self, given: str | Sequence[str]) -> None:
        """Have the options picked that an answer named, as far as they are still there."""
        texts = [given] if isinstance(given, str) else given
        self.picked = [self.options.index(text) for text in texts if text in self.options]

    def enter(self, text: str) -> None:
        """Enter a text, or several with commas between them."""
        self.entries += filter(None, map(str.strip, taken_apart(text, self._card.answers)))

    def take_back(self) -> None:
        """Take back the last pick or entry, if there is one."""
        last: list[int] | list[str] = self.entries or self.picked
        del last[-1:]


def options_of(card: Card, reps: int) -> tuple[str, ...]:
    """Return the options to choose from or to put in order, shuffled anew for each review.

    Items to put in order are never shown in the right order, nor in its reverse.
    """
    spec = card.kind.spec
    if spec.options or not spec.input.is_picked:
        return spec.options
    options = [*card.answers, *card.choices]
    shuffle = random.Random(f"{card.key} {reps}").shuffle  # noqa: S311 -- order, not secrecy
    shuffle(options)
    if spec.input is Input.ORDER:
        telling_orders = _telling_orders(card.answers)
        for _ in range(MOST_SHUFFLES):
            if tuple(options) not in telling_orders:
                break
            shuffle(options)
    return tuple(options)


def _telling_orders(answers: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Return the orders of items that would show the right order."""
    if len(answers) < 3:
        return {answers}
    orders = [answers]
    if are_numbers(answers):
        orders.append(tuple(sorted(answers, key=_number)))
    return {telling_order for order in orders for telling_order in (order, order[::-1])}


_NUMBER = r"(?P<sign>[-+\u2212±~≈<>≤≥$€£¥]?)\s*(?P<digits>\d[\d,]*(?:\.\d+)?|[¼½¾⅓⅔⅛])"
"""A text, compiled only when needed, since most questions do not need it."""


def are_numbers(options: Iterable[str]) -> bool:
    """Return True if all options are numbers, with or without units.

    A digit key then types a part of an answer, so no option has a number beside it.
    """
    texts = [plain(option).lstrip() for option in options]
    return bool(texts) and all(re.match(_NUMBER, text) for text in texts)


def _number(option: str) -> float:
    match = re.match(_NUMBER, plain(option).lstrip())
    if match is None or not match["digits"][0].isdecimal():
        return 0.0
    size = float(match["digits"].replace(",", ""))
    return -size if match["sign"] in "-\u2212" and match["sign"] else size


def taken_apart(given: str, answers: Collection[str]) -> list[str]:
    """Divide a text into parts, at semicolons and line ends, or else at commas.

    An answer with such signs in it, as Washington, D.C., is not divided; letter case, spaces and
    full stops may differ. An "and" divides too, where a piece is an answer, and spaces do, where
    most pieces are; an "and" behind a comma goes.

    Args:
        given: The typed text.
        answers: All possible answers.
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
    merged, place = [], 0
    while place < len(parts):
        fits = (n for n in counts if "".join(squeezed[place : place + n]) in whole[n])
        count = next(fits, 1)
        merged.append("".join(pieces[2 * place : 2 * (place + count) - 1]))
        place += count
    return _at_and(merged, answers)


def _at_and(parts: Sequence[str], answers: Iterable[str]) -> list[str]:
    """Divide parts at "and" or spaces where answers stand, and drop an "and" in front."""
    shown = [plain(answer) for answer in answers]
    known = {_squeezed(part) for text in shown for part in (text, *text.split(" / "))}
    divided: list[str] = []
    for place, part in enumerate(parts):
        if _squeezed(part) in known:
            divided.append(part)
            continue
        bare = _AND.sub("", part, count=1) if place and _AND.match(part) else part
        ways = [piece for piece in _BETWEEN.split(bare) if piece.strip()], bare.split()
        met = [sum(_squeezed(piece) in known for piece in way) for way in ways]
        if met[0] and len(ways[0]) > 1:
            divided += ways[0]
        else:
            divided += ways[1] if 2 * met[1] > len(ways[1]) > 1 else [bare]
    return divided


def _squeezed(text: str) -> str:
    from sco_quiz.learning.folding import fold  # nothing asked needs it, and it takes 1.3 ms

    return re.sub(r"[\s.,;]+", "", fold(text))
