"""Checks an answer of the learner against the right one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.learning.cards import Card, Rating
from sco_quiz.learning.difference import Piece, difference
from sco_quiz.learning.folding import fold, without_unseen
from sco_quiz.learning.judging.findings import (
    MISS,
    AcceptedWording,
    Finding,
    Grade,
    JudgingContext,
)
from sco_quiz.learning.judging.pipeline import judge_text
from sco_quiz.learning.judging.wordings import candidates, ways_to_put
from sco_quiz.learning.judging.words import words_of
from sco_quiz.learning.kinds import Input, Judging
from sco_quiz.learning.question import MOST_PARTS, taken_apart
from sco_quiz.text import clean, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

LONGEST_ANSWER = 10_000
"""The most characters of an answer, or of each of its parts, that are checked."""

_TRUE = frozenset({"true", "t", "yes", "y", "right"})
_FALSE = frozenset({"false", "f", "no", "n", "wrong"})


class Verdict(StrEnum):
    """The verdict on an answer."""

    CORRECT = "correct"
    CLOSE = "close"
    WRONG = "wrong"


PROPOSALS = {
    Verdict.CORRECT: Rating.GOOD,
    Verdict.CLOSE: Rating.HARD,
    Verdict.WRONG: Rating.AGAIN,
}


class AnswerPart(NamedTuple):
    """One part of an answer in several parts.

    Attributes:
        given: The learner's answer; empty for none.
        expected: The right answer; empty if `given` is one answer too many.
        verdict: The verdict on it.
    """

    given: str
    expected: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Judgement:
    """The result of checking an answer.

    Attributes:
        verdict: The verdict; None if there is nothing to judge: a basic card, or an empty answer.
        expected: The right answer, without markup. Of several accepted ones, the one that was met
            or nearly met, else the first; for a card with several answers, all of them.
        proposal: The rating to propose.
        remark: A remark, such as what the answer was taken for, or a warning about accents in a
            right answer; may be empty.
        diff: The difference of a close typed answer to the wording nearly met, of a wrong one to
            the right answer.
        items: The parts, for multi, order, list and cloze with several blanks. Order and cloze have
            them in the order given; multi and list in the author's order, surplus answers last.
        got: The number of right parts, close ones included; 1 or 0 for an answer in one part.
        of: The number of parts of the right answer.
    """

    verdict: Verdict | None
    expected: str
    proposal: Rating
    remark: str = ""
    diff: tuple[Piece, ...] = ()
    items: tuple[AnswerPart, ...] = ()
    got: int = 0
    of: int = 1

    @property
    def is_rejected(self) -> bool:
        """True if the answer was not accepted as right."""
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
    place. Each answer of a list counts once; a complete list is close with typing errors, or with
    one answer too many, or one for each three of a long list; with more it is wrong.

    Args:
        card: The card that was asked.
        given: The answer as entered. Typed, cloze with one blank: a text. Choice: the text of the
            choice. True or false: also t, f, yes, no, y, n, right, wrong. Multi: the chosen texts.
            Order: all texts, in the learner's order. Cloze with several blanks, list: a text for
            each. If several are expected, a single text is divided at semicolons and newlines, or
            else at commas. Basic: ignored.
        rivals: Right answers of other notes: of the category, or else of the deck. An answer that
            equals one of them is wrong here, even if it differs from the card's own answer only in
            an accent or an article; and one as near to a rival as to the own answer is no typing
            error but a mistake.
        hinted: True if the learner saw the hint.
    """
    judging, parts = card.kind.spec.judging, _parts(card, given)
    if judging is Judging.OWN:
        judgement = _revealed(card, Rating.GOOD)
    elif any(parts):
        judgement = _JUDGES[judging](card, parts, rivals)
    else:
        judgement = _revealed(card, Rating.AGAIN)
    if hinted and judgement.proposal is Rating.GOOD:
        return replace(judgement, proposal=Rating.HARD)
    return judgement


def taken_for_right(judgement: Judgement) -> Judgement:
    """Return the judgement of an answer that is right because the learner says so."""
    items = tuple(
        item._replace(given=item.given or item.expected, verdict=Verdict.CORRECT)
        for item in judgement.items
        if item.expected
    )
    return Judgement(
        Verdict.CORRECT,
        judgement.expected,
        PROPOSALS[Verdict.CORRECT],
        items=items,
        got=judgement.of,
        of=judgement.of,
    )


def _in_parts(card: Card) -> bool:
    several = (Input.SEVERAL, Input.ORDER, Input.ENTRIES)
    return len(card.answers) > 1 or card.kind.input in several


def _parts(card: Card, given: str | Sequence[str]) -> list[str]:
    """Return the answer, cleaned, divided into its parts."""
    if not _in_parts(card):
        texts = [given if isinstance(given, str) else ", ".join(filter(str.strip, given))]
    elif isinstance(given, str):
        texts = taken_apart(given[:LONGEST_ANSWER], (*card.answers, *card.choices))
    else:
        texts = list(given)
    return [_cleaned_answer(text) for text in texts[:MOST_PARTS]]


def _cleaned_answer(text: str) -> str:
    """Return an answer of the learner without invisible characters and edge spaces."""
    return clean(without_unseen(text[:LONGEST_ANSWER]).strip())


def _revealed(card: Card, proposal: Rating) -> Judgement:
    items = tuple(AnswerPart("", plain(answer), Verdict.WRONG) for answer in card.answers)
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
    """Return what an answer says of a statement: true (t, yes, y, right), false (f, no, n, wrong).

    None if it is neither.
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
    """Return the option that a text names, exactly or after folding; the text if there is none."""
    if given in options:
        return given
    for option in options:
        if given in (_cleaned_answer(option), plain(option)):
            return option
    key = words_of(given, card.language).key
    matching_options = (
        option for option in options if words_of(plain(option), card.language).key == key
    )
    return next(matching_options, given)


def _options(card: Card, parts: Sequence[str], _rivals: Iterable[str]) -> Judgement:
    options = (*card.answers, *card.choices)
    chosen = dict.fromkeys(_chosen(part, options, card) for part in parts if part)
    items = [
        AnswerPart(shown, shown, Verdict.CORRECT)
        if answer in chosen
        else AnswerPart("", shown, Verdict.WRONG)
        for answer in card.answers
        for shown in [plain(answer)]
    ]
    extra = [
        AnswerPart(plain(text), "", Verdict.WRONG) for text in chosen if text not in card.answers
    ]
    judgement = _total(card, [*items, *extra])
    if extra:
        return replace(judgement, verdict=Verdict.WRONG, proposal=Rating.AGAIN)
    return judgement


def _sequence(card: Card, parts: Sequence[str], _rivals: Iterable[str]) -> Judgement:
    items = []
    for part, answer in zip_longest(parts, card.answers, fillvalue=""):
        chosen = _chosen(part, card.answers, card) if part else ""
        right = bool(answer) and chosen == answer
        verdict = Verdict.CORRECT if right else Verdict.WRONG
        items.append(AnswerPart(plain(chosen), plain(answer), verdict))
    return _total(card, items)


def _blanks(card: Card, parts: Sequence[str], rivals: Iterable[str]) -> Judgement:
    others = (*card.answers, *rivals)
    context = _context(card)
    items, findings = [], []
    for part, answer in zip_longest(parts, card.answers, fillvalue=""):
        accepted = _accepted([answer] if answer else [], card)
        finding = judge_text(part, accepted, others, context) if part else None
        items.append(AnswerPart(part, plain(answer), _verdict(finding)))
        findings.append(finding)
    return _total(card, items, findings)


def _entries(card: Card, parts: Sequence[str], rivals: Iterable[str]) -> Judgement:
    accepted, context = _accepted(card.answers, card), _context(card)
    given = [part for part in dict.fromkeys(parts) if part]
    matches: dict[int, tuple[str, Finding]] = {}
    unsure = []
    for part in sorted(given, key=len, reverse=True):  # Congo (Kinshasa) before Congo
        remaining = [wording for wording in accepted if wording.at not in matches]
        finding = judge_text(part, candidates(part, remaining), (), context)
        if finding.is_right:
            matches[finding.at] = part, finding
        else:
            unsure.append(part)
    others = (*card.answers, *rivals) if unsure else ()
    extra = set()
    for part in unsure:
        alike = candidates(part, accepted)
        finding = judge_text(part, alike, (), context)
        if finding.is_right:
            continue  # given twice
        if finding.grade is Grade.CLOSE:
            own = [wording for wording in alike if wording.at == finding.at]
            finding = judge_text(part, own, others, context)
        if finding.grade is Grade.WRONG or finding.at in matches:
            extra.add(part)
        else:
            matches[finding.at] = part, finding
    items = []
    for place, answer in enumerate(card.answers):
        part, match = matches.get(place, ("", None))
        items.append(AnswerPart(part, plain(answer), _verdict(match)))
    items += [AnswerPart(part, "", Verdict.WRONG) for part in given if part in extra]
    judgement = _total(card, items, [matches[place][1] for place in sorted(matches)])
    if len(extra) > max(1, len(card.answers) // 3) and judgement.verdict is Verdict.CLOSE:
        return replace(
            judgement,
            verdict=Verdict.WRONG,
            proposal=Rating.AGAIN,
            remark=f"{len(extra)} too many",
        )
    return judgement


def _accepted(answers: Iterable[str], card: Card) -> list[AcceptedWording]:
    return ways_to_put(answers, card.language, literal=card.strict)


def _context(card: Card) -> JudgingContext:
    return JudgingContext(card.language, card.strict, card.category, plain(card.prompt))


def _total(
    card: Card, items: Iterable[AnswerPart], findings: Iterable[Finding | None] = ()
) -> Judgement:
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
        remark=_remarks(findings),
        items=items,
        got=got,
        of=len(card.answers),
    )


def _text(card: Card, parts: Sequence[str], rivals: Iterable[str]) -> Judgement:
    return _blanks(card, parts, rivals) if _in_parts(card) else _typed(card, parts[0], rivals)


def _typed(card: Card, given: str, rivals: Iterable[str]) -> Judgement:
    answers = (*card.answers, *card.accept)
    finding = judge_text(given, _accepted(answers, card), tuple(rivals), _context(card))
    verdict = _verdict(finding)
    near = MISS if verdict is Verdict.WRONG else finding
    expected = plain(answers[max(near.at, 0)])
    diff: tuple[Piece, ...] = ()
    if verdict is not Verdict.CORRECT:
        diff = difference(given, near.text or expected, exact=card.strict)
    got = int(verdict is not Verdict.WRONG)
    return Judgement(verdict, expected, PROPOSALS[verdict], finding.reason, diff, got=got)


_VERDICTS = {
    Grade.RIGHT: Verdict.CORRECT,
    Grade.ACCENTS: Verdict.CORRECT,
    Grade.CLOSE: Verdict.CLOSE,
    Grade.WRONG: Verdict.WRONG,
}


def _verdict(finding: Finding | None) -> Verdict:
    return _VERDICTS[finding.grade] if finding else Verdict.WRONG


def _remarks(findings: Iterable[Finding | None]) -> str:
    spellings = [finding.text for finding in findings if finding and finding.grade is Grade.ACCENTS]
    return f"Mind the accents: {', '.join(spellings)}" if spellings else ""


_JUDGES: Mapping[Judging, Callable[[Card, Sequence[str], Iterable[str]], Judgement]] = {
    Judging.TEXT: _text,
    Judging.ENTRIES: _entries,
    Judging.OPTION: _option,
    Judging.TRUTH: _truth,
    Judging.OPTIONS: _options,
    Judging.SEQUENCE: _sequence,
}
"""The judges. Each takes an answer that is cleaned and in parts, at least one of them not empty."""
