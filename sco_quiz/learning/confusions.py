"""Finds confusions: pairs of answers of which a learner gives one in place of the other."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class WrongAnswer(NamedTuple):
    """A wrong answer to a card.

    Attributes:
        card: The key of the card.
        given: The answer.
        chosen: True if it was among the choices offered.
        times: The number of times it was given.
    """

    card: str
    given: str
    chosen: bool
    times: int


class Confusion(NamedTuple):
    """Two answers of which one was given in place of the other.

    Attributes:
        answers: The two, as their decks write them; first the one more often given for the other.
        times: The number of times the first was given for the second, and the second for the first.
        cards: The keys of the cards whose right answer is the first, and of those of the second.
    """

    answers: tuple[str, str]
    times: tuple[int, int]
    cards: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def total(self) -> int:
        """The number of times that either was given for the other."""
        return sum(self.times)


def confusions(mistakes: Iterable[WrongAnswer], right: Mapping[str, str]) -> list[Confusion]:
    """Find the confusions, the most frequent first.

    A wrong choice is always a confusion; a typed answer only if it is right for some other card.
    Answers that differ only in case and spaces count as the same.

    Args:
        mistakes: The wrong answers.
        right: The right answer of each card with a single one, by the card's key.
    """
    name_of = {key: folded(answer) for key, answer in right.items()}
    names = set(name_of.values())
    times: Counter[tuple[str, str]] = Counter()
    spelling_of: dict[str, str] = {}
    for card, text, chosen, count in mistakes:
        given, wanted = folded(text), name_of.get(card)
        if wanted is not None and given != wanted and (chosen or given in names):
            spelling_of.setdefault(given, text)
            times[given, wanted] += count
    cards: dict[str, list[str]] = {name: [] for pair in times for name in pair}
    for key, name in name_of.items():
        if name in cards:
            cards[name].append(key)
    spelling_of |= {name: right[keys[0]] for name, keys in cards.items() if keys}
    confusions_found = []
    for (given, wanted), count in times.items():
        other = times.get((wanted, given), 0)
        if (count, wanted) > (other, given):  # of the two directions, one
            pair = spelling_of[given], spelling_of[wanted]
            keys = tuple(sorted(cards[given])), tuple(sorted(cards[wanted]))
            confusions_found.append(Confusion(pair, (count, other), keys))
    return sorted(confusions_found, key=lambda confusion: (-confusion.total, confusion.answers))


def find_pair(confusions: Iterable[Confusion], one: str, other: str) -> Confusion | None:
    """Return the confusion of two answers, named in any order and case; None if there is none."""
    wanted = {folded(one), folded(other)}
    return next(
        (confusion for confusion in confusions if set(map(folded, confusion.answers)) == wanted),
        None,
    )


def folded(text: str) -> str:
    """Return an answer without case and extra spaces, to compare answers."""
    return " ".join(text.casefold().split())  # ten times as fast as `fold`, for every card
