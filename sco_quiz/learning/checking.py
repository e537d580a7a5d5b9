"""Checking: an answer against what was expected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.learning.cards import Card, Rating
from sco_quiz.learning.difference import Piece, difference
from sco_quiz.learning.folding import fold, without_unseen
from sco_quiz.learning.kinds import Input, Judging
from sco_quiz.learning.matching import ACCENTS, Match, accepted_wordings, each_wording, nearest
from sco_quiz.learning.question import MOST_PARTS, taken_apart
from sco_quiz.learning.wording import wording
from sco_quiz.text import clean, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

LONGEST_ANSWER = 10_000
"""Characters of an answer, or of each of its parts, that are looked at."""

_TRUE = frozenset({"true", "t", "yes", "y", "right"})
_FALSE = frozenset({"false", "f", "no", "n", "wrong"})


class Verdict(StrEnum):
    """What the checker says of an answer."""

    CORRECT = "correct"
    CLOSE = "close"
    WRONG = "wrong"


PROPOSALS = {
    Verdict.CORRECT: Rating.GOOD,
    Verdict.CLOSE: Rating.HARD,
    Verdict.WRONG: Rating.AGAIN,
}


class Item(NamedTuple):
    """One part of an answer in several parts.

    Attributes:
        given: What the learner answered here; empty if nothing.
        expected: The right answer for it; empty if `given` is one too many.
        verdict: What the checker says of it.
    """

    given: str
    expected: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the checker says of an answer.

    Attributes:
        verdict: None where there is nothing to judge: a basic card, or an empty answer.
        expected: The right answer, without markup. Of several accepted ones that which was met or
            nearly met, else the first; of a card with several answers all of them.
        proposal: The rating to propose.
        remark: What to mind although the answer was right; may be empty.
        diff: How a close or wrong typed answer differs from the nearest wording of the right one.
        items: Part by part, for multi, order, list and cloze with several blanks; order and cloze
            in the order given, multi and list in the author's and then what was too many.
        got: Right parts, close ones included; 1 or 0 for an answer in one part.
        of: Parts of the right answer.
    """

    verdict: Verdict | None
    expected: str
    proposal: Rating
    remark: str = ""
    diff: tuple[Piece, ...] = ()
    items: tuple[Item, ...] = ()
    got: int = 0
    of: int = 1

    @property
    def is_rejected(self) -> bool:
        """Whether the answer was not taken for right."""
        return self.verdict in (Verdict.CLOSE, Verdict.WRONG)


def judge(
    card: Card,
    given: str | Sequence[str],
    *,
    rivals: Iterable[str] = (),
    hinted: bool = False,
) -> Judgement:
    """Check an answer.

    A right answer proposes Good (Hard after a hint), a close one Hard, a wrong or empty one Again;
    a basic card is not judged and proposes Good. Less than all of a multi, order, list or cloze is
    wrong. A wrong choice makes the whole of a multi wrong. An item of an order counts in its own
    place. Each answer of a list counts once; with typing errors, or something too many, a complete
    list is close.

    Args:
        card: What was asked.
        given: Straight from the keyboard. Typed, cloze with one blank: a text. Choice: the text of
            the choice. True or false: also t, f, yes, no, y, n, right, wrong. Multi: the texts
            chosen. Order: all texts, in the learner's order. Cloze with several blanks, list: a
            text for each. Where several are wanted, a single text is taken apart at semicolons and
            newlines, or else at commas. Basic: not looked at.
        rivals: Right answers of other notes of the category. An answer that is as near to one of
            them as to its own is not a typing error but a mistake.
        hinted: Whether the learner saw the hint.
    """
    judging, parts = card.kind.spec.judging, _parts(card, given)
    if judging is Judging.OWN:
        found = _revealed(card, Rating.GOOD)
    elif any(parts):
        found = _JUDGES[judging](card, parts, rivals)
    else:
        found = _revealed(card, Rating.AGAIN)
    if hinted and found.proposal is Rating.GOOD:
        return replace(found, proposal=Rating.HARD)
    return found


def _in_parts(card: Card) -> bool:
    several = (Input.SEVERAL, Input.ORDER, Input.ENTRIES)
    return len(card.answers) > 1 or card.kind.input in several


def _parts(card: Card, given: str | Sequence[str]) -> list[str]:
    """The answer, cleaned, in as many parts as were given."""
    if not _in_parts(card):
        texts = [given if isinstance(given, str) else ", ".join(filter(str.strip, given))]
    elif isinstance(given, str):
        texts = taken_apart(given[:LONGEST_ANSWER], (*card.answers, *card.choices))
    else:
        texts = list(given)
    return [_tidied(text) for text in texts[:MOST_PARTS]]


def _tidied(text: str) -> str:
    """A text as it is taken from a learner."""
    return clean(without_unseen(text[:LONGEST_ANSWER]).strip())


def _revealed(card: Card, proposal: Rating) -> Judgement:
    items = tuple(Item("", plain(answer), Verdict.WRONG) for answer in card.answers)
    return Judgement(
        verdict=None,
        expected=_joined(card.answers),
        proposal=proposal,
        items=items if _in_parts(card) else (),
        of=len(card.answers),
    )


def _joined(answers: Sequence[str]) -> str:
    texts = [plain(answer) for answer in answers]
    return ("; " if any("," in text for text in texts) else ", ").join(texts)


def truth(text: str) -> bool | None:
    """What an answer to a statement says: true (t, yes, y, right) or false (f, no, n, wrong).

    None if it says neither.
    """
    word = fold(text).rstrip(".!")
    return True if word in _TRUE else False if word in _FALSE else None


def _truth(card: Card, parts: Sequence[str], _rivals: Iterable[str]) -> Judgement:
    right = card.answers[0]
    return _whole(right, met=truth(parts[0]) is (right == "true"))


def _option(card: Card, parts: Sequence[str], _rivals: Iterable[str]) -> Judgement:
    right = card.answers[0]
    return _whole(plain(right), met=_chosen(parts[0], (right, *card.choices), card) == right)


def _whole(expected: str, *, met: bool) -> Judgement:
    if met:
        return Judgement(Verdict.CORRECT, expected, Rating.GOOD, got=1)
    return Judgement(Verdict.WRONG, expected, Rating.AGAIN)


def _chosen(given: str, options: Sequence[str], card: Card) -> str:
    """The option that a text names, to the letter or else folded; the text if it names none."""
    if given in options:
        return given
    for option in options:
        if given in (_tidied(option), plain(option)):
            return option
    key = wording(given, card.language).key
    return next((each for each in options if wording(plain(each), card.language).key == key), given)


def _options(card: Card, parts: Sequence[str], _rivals: Iterable[str]) -> Judgement:
    options = (*card.answers, *card.choices)
    chosen = dict.fromkeys(_chosen(part, options, card) for part in parts if part)
    items = [
        Item(shown, shown, Verdict.CORRECT) if answer in chosen else Item("", shown, Verdict.WRONG)
        for answer in card.answers
        for shown in [plain(answer)]
    ]
    extra = [Item(plain(each), "", Verdict.WRONG) for each in chosen if each not in card.answers]
    found = _total(card, [*items, *extra])
    if extra:
        return replace(found, verdict=Verdict.WRONG, proposal=Rating.AGAIN)
    return found


def _sequence(card: Card, parts: Sequence[str], _rivals: Iterable[str]) -> Judgement:
    items = []
    for part, answer in zip_longest(parts, card.answers, fillvalue=""):
        chosen = _chosen(part, card.answers, card) if part else ""
        right = bool(answer) and chosen == answer
        verdict = Verdict.CORRECT if right else Verdict.WRONG
        items.append(Item(plain(chosen), plain(answer), verdict))
    return _total(card, items)


def _blanks(card: Card, parts: Sequence[str], rivals: Iterable[str]) -> Judgement:
    others = [*each_wording(card.answers, card), *each_wording(rivals, card)]
    items, matches = [], []
    for part, answer in zip_longest(parts, card.answers, fillvalue=""):
        accepted = accepted_wordings([answer] if answer else [], card)
        match = nearest(part, accepted, others, card) if part else None
        items.append(Item(part, plain(answer), _verdict(match)))
        matches.append(match)
    return _total(card, items, matches)


def _entries(card: Card, parts: Sequence[str], rivals: Iterable[str]) -> Judgement:
    accepted = accepted_wordings(card.answers, card)
    given = [part for part in dict.fromkeys(parts) if part]
    found: dict[int, tuple[str, Match]] = {}
    unsure = []
    for part in sorted(given, key=len, reverse=True):  # Congo (Kinshasa) before Congo
        match = nearest(part, [each for each in accepted if each[0] not in found], (), card)
        if match is None or match.close:
            unsure.append(part)
        else:
            found[match.at] = part, match
    others = [*each_wording(card.answers, card), *each_wording(rivals, card)] if unsure else []
    extra = set()
    for part in unsure:
        match = nearest(part, accepted, (), card)
        if match is not None and not match.close:
            continue  # given twice
        if match is not None:
            match = nearest(part, [each for each in accepted if each[0] == match.at], others, card)
        if match is None or match.at in found:
            extra.add(part)
        else:
            found[match.at] = part, match
    items = []
    for at, answer in enumerate(card.answers):
        part, match = found.get(at, ("", None))
        items.append(Item(part, plain(answer), _verdict(match)))
    items += [Item(part, "", Verdict.WRONG) for part in given if part in extra]
    return _total(card, items, [found[at][1] for at in sorted(found)])


def _total(card: Card, items: Iterable[Item], matches: Iterable[Match | None] = ()) -> Judgement:
    items = tuple(item for item in items if item.given or item.expected)
    got = sum(bool(item.expected) and item.verdict is not Verdict.WRONG for item in items)
    if got < len(card.answers):
        verdict = Verdict.WRONG
    elif all(item.verdict is Verdict.CORRECT for item in items):
        verdict = Verdict.CORRECT
    else:
        verdict = Verdict.CLOSE
    return Judgement(
        verdict,
        _joined(card.answers),
        PROPOSALS[verdict],
        remark=_remark(matches),
        items=items,
        got=got,
        of=len(card.answers),
    )


def _text(card: Card, parts: Sequence[str], rivals: Iterable[str]) -> Judgement:
    return _blanks(card, parts, rivals) if _in_parts(card) else _typed(card, parts[0], rivals)


def _typed(card: Card, given: str, rivals: Iterable[str]) -> Judgement:
    answers = (*card.answers, *card.accept)
    match = nearest(given, accepted_wordings(answers, card), each_wording(rivals, card), card)
    verdict = _verdict(match)
    expected = plain(answers[match.at if match else 0])
    diff: tuple[Piece, ...] = ()
    if verdict is not Verdict.CORRECT:
        diff = difference(given, match.right.text if match else expected, exact=card.strict)
    got = int(match is not None)
    return Judgement(verdict, expected, PROPOSALS[verdict], _remark([match]), diff, got=got)


def _verdict(match: Match | None) -> Verdict:
    if match is None:
        return Verdict.WRONG
    return Verdict.CLOSE if match.close else Verdict.CORRECT


def _remark(matches: Iterable[Match | None]) -> str:
    spellings = [each.right.text for each in matches if each and each.distance == ACCENTS]
    return f"Mind the accents: {', '.join(spellings)}" if spellings else ""


_JUDGES: Mapping[Judging, Callable[[Card, Sequence[str], Iterable[str]], Judgement]] = {
    Judging.TEXT: _text,
    Judging.ENTRIES: _entries,
    Judging.OPTION: _option,
    Judging.TRUTH: _truth,
    Judging.OPTIONS: _options,
    Judging.SEQUENCE: _sequence,
}
"""The judge of an answer that is cleaned and in parts, of which one at least says something."""
