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
        cards: Keys of the cards that the first is the right answer to, and those of the second.
    """

    answers: tuple[str, str]
    times: tuple[int, int]
    cards: tuple[tuple[str, ...], tuple[str, ...]]

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
    names: dict[str, str] = {}
    written: dict[str, str] = {}
    cards: dict[str, list[str]] = {}
    for key, answer in right.items():
        name = names[key] = folded(answer)
        written.setdefault(name, answer)
        cards.setdefault(name, []).append(key)
    times: Counter[tuple[str, str]] = Counter()
    for card, text, chosen, count in mistakes:
        given = folded(text)
        if card in names and given != names[card] and (chosen or given in cards):
            written.setdefault(given, text)
            times[given, names[card]] += count
    found = []
    for (given, wanted), count in times.items():
        other = times.get((wanted, given), 0)
        if (count, wanted) > (other, given):  # of the two directions, one
            pair = written[given], written[wanted]
            keys = tuple(sorted(cards.get(given, ()))), tuple(sorted(cards[wanted]))
            found.append(Confusion(pair, (count, other), keys))
    return sorted(found, key=lambda each: (-each.total, each.answers))


def find_pair(found: Iterable[Confusion], one: str, other: str) -> Confusion | None:
    """The confusion of two answers, in whichever order and case they are named; None if unknown."""
    wanted = {folded(one), folded(other)}
    return next((each for each in found if set(map(folded, each.answers)) == wanted), None)


def folded(text: str) -> str:
    """What tells answers apart: neither case nor spaces."""
    return " ".join(text.casefold().split())  # a tenth of what `fold` takes, for every card
