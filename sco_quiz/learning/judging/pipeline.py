"""The verdict on a typed answer, step by step.

Read `judge_text` from top to bottom. Each step has its module: `texts` finds the sort of an answer;
`wordings` lists the wordings of a right one; `rivals` finds answers of other cards; `comparing`
folds and compares answers of each sort (`comparing_words`, `enumerations` and `names` for words);
`remarks` removes sentences around an answer; `slips` forgives slips of the fingers. A new rule is
one function with its table, called from one of these.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sco_quiz.learning.judging import remarks
from sco_quiz.learning.judging.comparing import meet
from sco_quiz.learning.judging.findings import (
    MISS,
    AcceptedWording,
    Finding,
    Grade,
    JudgingContext,
    Meeting,
    make_finding,
)
from sco_quiz.learning.judging.rivals import (
    names_a_rival,
    rival_as_written,
    rival_folded,
    rivals_of,
    without_own,
)
from sco_quiz.learning.judging.slips import nearest
from sco_quiz.learning.judging.texts import JudgedText, have_equal_value
from sco_quiz.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

_YEAR = re.compile(r"\b(?:year|jahre?|année|año|anno|ano|jaar|год[ау]?|yıl)\b|年")


def judge_text(
    typed: str, rights: Sequence[AcceptedWording], rivals: Sequence[str], context: JudgingContext
) -> Finding:
    """Judge a typed answer.

    Args:
        typed: The typed text.
        rights: The wordings of right answers, from `ways_to_put`.
        rivals: Answers to other questions of the deck.
        context: Other facts about the card.
    """
    given = JudgedText(typed, context.language)
    if context.strict:
        met = (right for right in rights if given.strict == right.text.strict)
        return next((make_finding(Meeting(Grade.RIGHT), right) for right in met), MISS)
    if certain := _as_written(given, rights) or _by_date(given, rights, context):
        return certain
    others = rivals_of(tuple(rivals))
    rivals = without_own(others.like(typed, (right.text.text for right in rights)), rights)
    if rival := rival_as_written(given, rivals, rights):
        return Finding(Grade.WRONG, reason=f"the answer to another card: {plain(rival)}")
    best = _best(given, rights, rivals, context)
    if best is None or best.grade is Grade.WRONG:
        for text, removed in remarks.without_remarks(typed, context.prompt, context.language):
            if not remarks.leaves_doubt(removed) and not (
                removed and names_a_rival(removed, rivals)
            ):
                inner = JudgedText(text.strip(), context.language)
                if not inner.text or rival_as_written(inner, rivals, rights):
                    continue
                bare = (
                    _as_written(inner, rights)
                    or _by_date(inner, rights, context)
                    or _best(inner, rights, rivals, context)
                )
                if bare is not None and bare.grade is not Grade.WRONG:
                    return bare
        for right in rights:
            for number, noun in remarks.without_noun(right.text.text, context.prompt):
                if have_equal_value(given, JudgedText(number, context.language)):
                    return make_finding(Meeting(Grade.RIGHT), right)
                if number[0].isdecimal():
                    with_noun = JudgedText(f"{typed} {noun}", context.language)
                    bare = _best(with_noun, [right], rivals, context)
                    if bare is not None and bare.grade is Grade.RIGHT:
                        return bare
    if best is not None and best.grade is not Grade.WRONG:
        return best
    if rival := rival_folded(given, rivals, rights):
        return Finding(Grade.WRONG, reason=f"the answer to another card: {plain(rival)}")
    if best is not None:
        return best
    return nearest(given, rights, rivals, others, context)


def _as_written(given: JudgedText, rights: Sequence[AcceptedWording]) -> Finding | None:
    """Return the finding for an answer given exactly as written; None if there is none."""
    for right in rights:
        if given.text == right.text.text or given.exact == right.text.exact:
            return make_finding(Meeting(Grade.RIGHT), right)
    return None


def _by_date(
    given: JudgedText, rights: Sequence[AcceptedWording], context: JudgingContext
) -> Finding | None:
    """Return the finding for a date in the year that is asked for; None if it is not one."""
    if not (
        _YEAR.search(context.prompt.casefold()) or _YEAR.fullmatch(context.category.casefold())
    ):
        return None
    years = {str(amount.value)[:4] for amount in given.amounts if amount.kind == "date"}
    met = (right for right in rights if right.text.text in years)
    return next((make_finding(Meeting(Grade.RIGHT), right) for right in met), None)


def _best(
    given: JudgedText,
    rights: Sequence[AcceptedWording],
    rivals: Sequence[str],
    context: JudgingContext,
) -> Finding | None:
    """Return the best finding among the right answers; None if no rule decides."""
    best: Finding | None = None
    for right in rights:
        meeting = meet(given, right.text, rivals, context)
        if meeting is None:
            continue
        if meeting.grade is Grade.RIGHT:
            return make_finding(meeting, right)
        if best is None or list(Grade).index(meeting.grade) < list(Grade).index(best.grade):
            best = make_finding(meeting, right)
    return best
