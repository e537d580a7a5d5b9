"""Compares a text with a right answer, by the rules of the answer's sort."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from sco_quiz.formula import comparable
from sco_quiz.learning.folding import bare_key
from sco_quiz.learning.judging import commands, formulas, words
from sco_quiz.learning.judging.amounts import Amount, amounts_in, day_in_figures
from sco_quiz.learning.judging.comparing_words import have_one_meaning, meet_words
from sco_quiz.learning.judging.findings import Grade, JudgingContext, Meeting, yes_or_no
from sco_quiz.learning.judging.number_words import spelled_figure
from sco_quiz.learning.judging.texts import AnswerSort, JudgedText, have_equal_value
from sco_quiz.learning.judging.units import is_ambiguous_in_case, unit_of, units_asked

if TYPE_CHECKING:
    from collections.abc import Sequence

_RAISED_UNIT = re.compile("[A-Za-zμ]{2,4}[²³]")


def meet(
    given: JudgedText, right: JudgedText, rivals: Sequence[str], context: JudgingContext
) -> Meeting | None:
    """Compare a text with a right answer by folding and by value; None if slips may decide.

    What the question says is no answer to it in another form: 1 hour, for 60 minutes.
    """
    meeting = _meet_by_sort(given, right, rivals, context)
    if meeting is None or meeting.grade is not Grade.RIGHT or not context.says(given.text):
        return meeting
    one, other = given.text.casefold(), right.text.casefold()
    mine, theirs = (set(re.findall(r"[^\W_]+", text)) for text in (one, other))
    if mine <= theirs or theirs <= mine or bare_key(one) == bare_key(other):
        return meeting
    return Meeting(Grade.WRONG, f"in the question: {given.text}")


def _meet_by_sort(
    given: JudgedText, right: JudgedText, rivals: Sequence[str], context: JudgingContext
) -> Meeting | None:
    if right.note:
        return yes_or_no(given.note == right.note) if given.note else _spelt_note(given, right)
    if have_one_meaning(given, right):
        return Meeting(Grade.RIGHT)
    for unit in units_asked(context.prompt):
        one, other = (JudgedText(f"{text.text} {unit}", text.language) for text in (given, right))
        if have_one_meaning(one, right) or have_one_meaning(given, other):
            return Meeting(Grade.RIGHT)
    match right.sort:
        case AnswerSort.FORMULA:
            return _meet_formula(given, right)
        case AnswerSort.CODE:
            return yes_or_no(
                commands.code_key(given.text, right.text)
                == commands.code_key(right.text, right.text)
            )
        case AnswerSort.SHORTCUT:
            if given.shortcut is not None:
                return yes_or_no(given.shortcut == right.shortcut)
            single = (
                right.shortcut is not None and len(right.shortcut) == len(right.shortcut[0]) == 1
            )
            return meet_words(given, right, rivals, context) if single else yes_or_no(False)
        case AnswerSort.AMOUNT:
            return _meet_amount(given, right, rivals, context)
        case _:
            return meet_words(given, right, rivals, context)


def _spelt_note(given: JudgedText, right: JudgedText) -> Meeting | None:
    """Compare a key in music: a slip in its words is close, one in its letter or sign wrong."""
    stem, _, rest = right.note.partition(" ")
    match = re.match(r"[A-Ga-g][ -]?(?:#|♯|sharp|b|♭|flat)(?= )", given.text, re.IGNORECASE)
    if match is None or not rest:
        return Meeting(Grade.WRONG)
    if JudgedText(match[0], given.language).note != stem:
        return Meeting(Grade.WRONG)
    near = words.slips(given.text[match.end() :].strip().lower(), rest)
    return Meeting(Grade.WRONG if near is None else Grade.CLOSE)


def _meet_formula(given: JudgedText, right: JudgedText) -> Meeting:
    """Compare formulas; the value of a variable may be given without the variable."""
    if right.latex and comparable(given.text) == right.latex:
        return Meeting(Grade.RIGHT)
    if given.formula == right.formula or _are_one_raised_unit(given, right):
        return Meeting(Grade.RIGHT)
    if formulas.is_chemical(right.text):
        return yes_or_no(given.formula.replace("^", "") == right.formula.replace("^", ""))
    mine, theirs = formulas.sides(given.formula), formulas.sides(right.formula)
    if theirs[0] and (not mine[0] or mine[0] == theirs[0]):
        if mine[1] == theirs[1]:
            return Meeting(Grade.RIGHT)
        one, other = JudgedText(mine[1], given.language), JudgedText(theirs[1], right.language)
        alone = JudgedText(given.text, given.language) if not mine[0] else one
        return yes_or_no(have_equal_value(one, other) or have_equal_value(alone, other))
    if mine[1] == theirs[1] and len(mine[0]) <= 1 and not theirs[0]:
        return Meeting(Grade.RIGHT)
    return yes_or_no(have_equal_value(given, right))


def _are_one_raised_unit(given: JudgedText, right: JudgedText) -> bool:
    """Return True if both are one unit with its power, as km² and km2; x² is not x2."""
    if not _RAISED_UNIT.fullmatch(right.text):
        return False
    unit = unicodedata.normalize("NFKC", right.text)
    return unicodedata.normalize("NFKC", given.text) == unit and unit_of(unit) is not None


def _meet_amount(
    given: JudgedText, right: JudgedText, rivals: Sequence[str], context: JudgingContext
) -> Meeting | None:
    """Compare amounts by value; None if slips in words may decide."""
    amounts = given.amounts or amounts_in(spelled_figure(given.text, right.language))
    if not amounts and "=" in given.text:
        variable, value = formulas.sides(given.formula)
        if len(variable) <= 1:
            amounts = JudgedText(value, given.language).amounts
    if day_in_figures(given.text, right.language) in right.amounts:
        return Meeting(Grade.RIGHT)
    if _are_one_amount(given, amounts, right, context):
        if given.words.key != right.words.key and right.amounts[0].has_unit:
            return Meeting(Grade.RIGHT, "same amount")
        return Meeting(Grade.RIGHT)
    if amounts or not re.search(r"[^\W\d_]{2}", right.text):
        return Meeting(Grade.WRONG)
    if _other_case_is_another_unit(given, right):
        return Meeting(Grade.WRONG)
    return meet_words(given, right, rivals, context)


def _are_one_amount(
    given: JudgedText, amounts: Sequence[Amount], right: JudgedText, context: JudgingContext
) -> bool:
    """Return True for the right amount; a unit in which the question asks may be left out."""
    pairs = [(amounts, right.amounts)]
    for unit in units_asked(context.prompt):
        if any(amount.has_unit for amount in right.amounts):
            pairs.append((amounts_in(f"{given.text} {unit}", given.language), right.amounts))
        else:
            pairs.append((amounts, amounts_in(f"{right.text} {unit}", right.language)))
    return any(one.meets(other) for ones, others in pairs for one in ones for other in others)


def _other_case_is_another_unit(given: JudgedText, right: JudgedText) -> bool:
    """Return True if letters of another case may be another unit: mV, MV."""
    mine, theirs = (re.findall(r"[^\W\d_]+", text.text) for text in (given, right))
    return len(mine) == len(theirs) and any(
        one != other and one.lower() == other.lower() and is_ambiguous_in_case(other)
        for one, other in zip(mine, theirs, strict=True)
    )
