"""Confusions: pairs of answers that a learner takes for one another."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Mistake(NamedTuple):
    """A wrong answer to a card.

    Attributes:
        card: Its key.
        given: What was answered.
        chosen: Whether it was among the choices offered.
        times: How often.
    """

    card: str
    given: str
    chosen: bool
    times: int


class Confusion(NamedTuple):
    """Two answers of which one was given for the other.

    Attributes:
        answers: The two, as their decks write them; the one given more often for the other first.
        times: How often the first was given for the second, and the second for the first.
        cards: Keys of the cards that one of the two is the right answer to.
    """

    answers: tuple[str, str]
    times: tuple[int, int]
    cards: tuple[str, ...]

    @property
    def total(self) -> int:
        """How often either was given for the other."""
        return sum(self.times)


def confusions(mistakes: Iterable[Mistake], right: Mapping[str, str]) -> list[Confusion]:
    """Find the pairs, the most frequent first.

    A typed answer was taken for another only if it is the right one to some card; a choice always
    was. Case and spaces don't tell answers apart.

    Args:
        mistakes: Wrong answers.
        right: The right answer of each card that has a single one, by its key.
    """
    folded: dict[str, str] = {}
    written: dict[str, str] = {}
    cards: dict[str, list[str]] = {}
    for key, answer in right.items():
        name = folded[key] = _folded(answer)
        written.setdefault(name, answer)
        cards.setdefault(name, []).append(key)
    times: Counter[tuple[str, str]] = Counter()
    for card, text, chosen, count in mistakes:
        given = _folded(text)
        if card in folded and given != folded[card] and (chosen or given in cards):
            written.setdefault(given, text)
            times[given, folded[card]] += count
    found = []
    for (given, wanted), count in times.items():
        other = times.get((wanted, given), 0)
        if (count, wanted) > (other, given):  # of the two directions, one
            keys = sorted(cards.get(given, []) + cards.get(wanted, []))
            pair = written[given], written[wanted]
            found.append(Confusion(pair, (count, other), tuple(keys)))
    return sorted(found, key=lambda each: (-each.total, each.answers))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())  # a tenth of what `fold` takes, for every card
