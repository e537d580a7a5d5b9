"""The verdict on a typed answer, step by step.

Read `judge_text` from top to bottom. A new rule is one function with its table, called from here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.formula import comparable
from sco_quiz.learning.difference import edits
from sco_quiz.learning.folding import bare_key, base_language
from sco_quiz.learning.judging import commands, formulas, people, remarks, scripts, words
from sco_quiz.learning.judging.amounts import with_plain_numbers
from sco_quiz.learning.judging.rivals import Rivals, rivals_of
from sco_quiz.learning.judging.scripts import Marks
from sco_quiz.learning.judging.tables import word_set
from sco_quiz.learning.judging.texts import AnswerSort, JudgedText, rival_key
from sco_quiz.learning.judging.units import is_ambiguous_in_case, unit_of
from sco_quiz.text import formula_in, plain, shows_formula

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LONGEST_PATTERN = 500
"""Characters; in a longer answer brackets and slashes are text."""
FEW_ANSWERS = 30
MOST_PARTS_IN_ANY_ORDER = 50
LONGEST_WITH_SLIPS = 1_000
"""Characters; a longer answer is right or wrong."""

_OPTIONAL = re.compile(
    r"(?:(?<=^)|(?<=\s))\((?P<part>[^()]*)\)(?=\s|$)"
    r"|(?<=[^\W\d_])\((?P<within>[^\W\d_]+)\)(?=[^\W\d_])"
    r"|(?<=[^\W\d_]{3})\((?P<ending>e?s|in|er)\)(?=\s|$)"
)
_WORD = re.compile(r"[^\W_]+")
_ALTERNATIVES = re.compile(r" / (?![^()]*\))")
_EITHER = re.compile(r"(?P<one>[^\W\d_]{2,}|[^\W\d_]{2,} [^\W\d_]+)/(?P<other>[^\W\d_]{2,})")
_NO_ALTERNATIVES = frozenset({"and/or", "input/output", "read/write", "client/server", "km/h"})
_SHORT_ALTERNATIVES = frozenset({"he/she", "she/he", "his/her", "him/her", "he/it", "we/us"})
_ESCAPED = {"\\(": "\ue000", "\\)": "\ue001", "\\/": "\ue002"}
"""Brackets and slashes that are text, and what stands for them while patterns are looked for."""
_FUNCTION = re.compile(r"\b(?:sin|cos|tan|log|exp|lim|max|min|arc\w+)\(")
_AND = {
    "en": r" and | & |,? and |, |; | \+ ",
    "de": r" und | & |, |; ",
    "fr": r" et | & |, |; ",
    "es": r" y | e | & |, |; ",
    "pt": r" e | & |, |; ",
    "it": r" e | ed | & |, |; ",
    "ru": r" и |, |; ",
    "tr": r" ve |, |; ",
    "nl": r" en | & |, |; ",
}
_ANY_AND = r" & |, |; |、|，"
_SCORE = re.compile(r"[0-9]{1,3} ?[-–:] ?[0-9]{1,3}")
_OF = re.compile(r"(?P<what>[^,]+?) of (?:the )?(?P<whose>[^,]+)")
_GENERIC_LEFT_OFF = word_set(
    "river lake mount mountain mountains desert ocean galaxy comet disease scan planet"
)
_GENERIC_ADDED = _GENERIC_LEFT_OFF | word_set(
    "sea island islands gas bone key protocol language metal element triangle theorem "
    "peninsula strait mountain-range range band film movie novel time"
)
_AFTER_NAMES_ONLY = frozenset(["disease"])


class Grade(Enum):
    """How well a text meets an answer."""

    RIGHT = auto()
    ACCENTS = auto()
    CLOSE = auto()
    WRONG = auto()


class Meeting(NamedTuple):
    """How a text meets one right answer."""

    grade: Grade
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AcceptedWording:
    """One way to put a right answer.

    Attributes:
        at: The place of the answer among the accepted ones.
        text: The wording, in its forms.
    """

    at: int
    text: JudgedText


@dataclass(frozen=True, slots=True)
class JudgingContext:
    """What judging knows of a card besides its answers."""

    language: str
    strict: bool = False
    category: str = ""
    prompt: str = ""


class Finding(NamedTuple):
    """What was found of a typed answer.

    Attributes:
        grade: How well it meets the right answer.
        at: The place of the accepted answer that was met or nearly met; -1 for none.
        text: The wording of it that is nearest; empty for none.
        reason: What it was taken for, in words; may be empty.
    """

    grade: Grade
    at: int = -1
    text: str = ""
    reason: str = ""

    @property
    def is_right(self) -> bool:
        """Whether the text is right, maybe with accents left out."""
        return self.grade in (Grade.RIGHT, Grade.ACCENTS)


MISS = Finding(Grade.WRONG)


def judge_text(
    typed: str, rights: Sequence[AcceptedWording], rivals: Sequence[str], context: JudgingContext
) -> Finding:
    """Judge a typed answer.

    Args:
        typed: What was answered.
        rights: What `ways_to_put` gave.
        rivals: Answers to other questions of the deck.
        context: What else is known of the card.
    """
    given = JudgedText(typed, context.language)
    if context.strict:
        met = (right for right in rights if given.strict == right.text.strict)
        return next((_found(Meeting(Grade.RIGHT), right) for right in met), MISS)
    if as_written := _as_written(given, rights):
        return as_written
    others = rivals_of(tuple(rivals))
    rivals = _others(others.like(typed, (right.text.text for right in rights)), rights)
    if rival := _rival_as_written(given, rivals, rights):
        return Finding(Grade.WRONG, reason=f"the answer to another card: {plain(rival)}")
    best = _best(given, rights, rivals, context)
    if best is None or best.grade is Grade.WRONG:
        for text, removed in remarks.without_remarks(typed, context.prompt):
            if not remarks.leaves_doubt(removed) and not _names_a_rival(removed, rivals):
                inner = JudgedText(text.strip(), context.language)
                if not inner.text or _rival_as_written(inner, rivals, rights):
                    continue
                bare = _as_written(inner, rights) or _best(inner, rights, rivals, context)
                if bare is not None and bare.grade is not Grade.WRONG:
                    return bare
    if best is not None and best.grade is not Grade.WRONG:
        return best
    if rival := _rival_folded(given, rivals, rights):
        return Finding(Grade.WRONG, reason=f"the answer to another card: {plain(rival)}")
    if best is not None:
        return best
    return _nearest(given, rights, rivals, others, context)


def ways_to_put(answers: Iterable[str], language: str, *, literal: bool) -> list[AcceptedWording]:
    """Return every way to put any of the answers, each answer as its author wrote it first.

    `a / b` may be put as a or b, `a (b)` without b or without the brackets; not so in an answer
    with a formula or in code. Inline markup is no part of the answer, but may be typed.

    Args:
        answers: As their author wrote them.
        language: BCP 47 tag.
        literal: Whether brackets and slashes are text.
    """
    return [
        AcceptedWording(at, JudgedText(text, language, source=answer))
        for at, answer in enumerate(answers)
        for text in _wordings(answer, language, literal=literal)
    ]


def candidates(typed: str, rights: Sequence[AcceptedWording]) -> Sequence[AcceptedWording]:
    """Return those of many right answers that a text may be meant for.

    All of them where they are few; else those of like spelling, and those that are no words.
    """
    if len(rights) <= FEW_ANSWERS:
        return rights
    key = bare_key(typed)
    return [
        right
        for right in rights
        if right.text.sort is not AnswerSort.WORDS
        or bare_key(right.text.text) in key
        or key in bare_key(right.text.text)
        or edits(key, bare_key(right.text.text), 3) <= 3
    ]


def as_literal(text: str) -> str:
    """Return a text as it is written in a deck so that it is accepted as it stands.

    Brackets, slashes and signs of markup, which would make a pattern of it, get a backslash.
    """
    if plain(text) == text and _wordings(text, "en", literal=False) == [text]:
        return text
    return re.sub(r"([\\`*_\[\]$()<>&/])", r"\\\1", text)


def _wordings(answer: str, language: str, *, literal: bool) -> list[str]:
    for escaped, masked in _ESCAPED.items():
        if escaped in answer:
            inner = _wordings(answer.replace(escaped, masked), language, literal=literal)
            return [text.replace(masked, escaped[1]) for text in inner]
    shown = plain(answer)
    if source := formula_in(answer):
        return list(dict.fromkeys((shown, source, answer)))
    texts = {shown: None}
    if not literal and len(shown) <= LONGEST_PATTERN and not shows_formula(answer):
        sort = JudgedText(shown, language, source=answer).sort
        for part in (shown, *_ALTERNATIVES.split(shown)):
            if sort is AnswerSort.WORDS or part != shown:
                texts.update(dict.fromkeys(_with_and_without(part)))
        if (match := _EITHER.fullmatch(shown)) and shown.lower() not in _NO_ALTERNATIVES:
            one, other = match["one"], match["other"]
            long = min(len(one), len(other)) > 2 or shown.lower() in _SHORT_ALTERNATIVES
            if long and not (one.isupper() or other.isupper()) and "and" not in (one, other):
                texts.update(dict.fromkeys((one, other, f"{other}/{one}")))
    texts[answer] = None
    return [text for text in texts if text.strip()]


def _with_and_without(text: str) -> list[str]:
    """The text with each choice of its bracketed parts, or all and none when they are many."""
    parts = [] if _FUNCTION.search(text) else list(_OPTIONAL.finditer(text))
    count = len(parts)
    every = product((True, False), repeat=count)
    choices = every if count <= 3 else iter(((True,) * count, (False,) * count))
    found = [text]
    for choice in choices:
        pieces, done = [], 0
        for match, keep in zip(parts, choice, strict=True):
            pieces.append(text[done : match.start()])
            pieces.append((match[match.lastgroup or 0] or "") if keep else "")
            done = match.end()
        found.append(" ".join("".join([*pieces, text[done:]]).split()))
    return found


def _as_written(given: JudgedText, rights: Sequence[AcceptedWording]) -> Finding | None:
    """The own answer or an accepted one exactly."""
    for right in rights:
        if given.text == right.text.text or given.exact == right.text.exact:
            return _found(Meeting(Grade.RIGHT), right)
    return None


def _others(rivals: Sequence[str], rights: Sequence[AcceptedWording]) -> list[str]:
    """The rivals that are not accepted themselves, in any of their forms."""
    if not rivals:
        return []
    own = {right.text.text for right in rights} | {right.text.light for right in rights}
    language = rights[0].text.language if rights else "en"
    found = []
    for rival in rivals:
        texts = {rival, plain(rival), words.light(plain(rival), language)}
        if " / " in rival:
            texts |= {words.light(part, language) for part in plain(rival).split(" / ")}
        if (
            not texts & own
            or any(
                right.text.sort in (AnswerSort.CODE, AnswerSort.FORMULA)
                and plain(rival) != right.text.text
                for right in rights[:1]
            )
        ) and plain(rival) not in own:
            found.append(rival)
    return found


def _rival_as_written(
    given: JudgedText, rivals: Sequence[str], rights: Sequence[AcceptedWording]
) -> str | None:
    """Another card's answer that was given, unless it is of equal value or lightly the own."""
    for rival in rivals:
        shown = plain(rival)
        if (
            shown == given.text
            or (shown.casefold() == given.text.casefold() and given.text.lower() == given.text)
        ) and not any(_equal_value(given, right.text) for right in rights):
            return rival
    for rival in rivals:
        if any(
            _reads_as(given, JudgedText(plain(rival), given.language), right.text)
            for right in rights
        ):
            return rival
    cased = any(
        right.text.sort in (AnswerSort.CODE, AnswerSort.FORMULA, AnswerSort.AMOUNT)
        for right in rights
    )
    if cased or any(given.light == right.text.light for right in rights):
        return None
    for rival in rivals:
        if bare_key(plain(rival)) == bare_key(given.text):
            parts = plain(rival).split(" / ")
            if any(words.light(part, given.language) == given.light for part in parts):
                return rival
    return None


def _reads_as(given: JudgedText, rival: JudgedText, right: JudgedText) -> bool:
    """Whether pinyin or romaji says exactly another card's answer, and not the own."""
    if right.is_pinyin:
        return given.pinyin is not None and given.pinyin == rival.pinyin != right.pinyin
    if scripts.has_kana(right.text) or base_language(right.language) == "ja":
        return given.romaji is not None and given.romaji == rival.romaji != right.romaji
    return False


def _equal_value(given: JudgedText, right: JudgedText) -> bool:
    return any(one.equals(other) for one in given.amounts for other in right.amounts)


def _rival_folded(
    given: JudgedText, rivals: Sequence[str], rights: Sequence[AcceptedWording]
) -> str | None:
    """Another card's answer that was given but for what folds."""
    key = bare_key(given.text)
    own = {bare_key(right.text.text) for right in rights}
    for rival in rivals:
        if bare_key(plain(rival)) == key and key and key not in own:
            return rival
        if not rival.isascii() and given.words.key == words.digraph_key(
            words.words_of(plain(rival), given.language)
        ):
            return rival
    return None


def _names_a_rival(text: str, rivals: Sequence[str]) -> bool:
    said = _spaced_words(text)
    return any(_spaced_words(plain(rival)) in said for rival in rivals)


def _spaced_words(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def _found(meeting: Meeting, right: AcceptedWording) -> Finding:
    return Finding(meeting.grade, right.at, right.text.text, meeting.reason)


def _best(
    given: JudgedText,
    rights: Sequence[AcceptedWording],
    rivals: Sequence[str],
    context: JudgingContext,
) -> Finding | None:
    """The best of what is said of each right answer; None where none says anything."""
    best: Finding | None = None
    for right in rights:
        meeting = _meet(given, right.text, rivals, context)
        if meeting is None:
            continue
        if meeting.grade is Grade.RIGHT:
            return _found(meeting, right)
        if best is None or list(Grade).index(meeting.grade) < list(Grade).index(best.grade):
            best = _found(meeting, right)
    return best


def _meet(
    given: JudgedText, right: JudgedText, rivals: Sequence[str], context: JudgingContext
) -> Meeting | None:
    """How a text meets a right answer by what folds and by value; None where slips may decide."""
    if right.note:
        return _yes_or_no(given.note == right.note) if given.note else _spelt_note(given, right)
    match right.sort:
        case AnswerSort.FORMULA:
            return _meet_formula(given, right)
        case AnswerSort.CODE:
            return _yes_or_no(
                commands.code_key(given.text, right.text)
                == commands.code_key(right.text, right.text)
            )
        case AnswerSort.SHORTCUT:
            if given.shortcut is not None:
                return _yes_or_no(given.shortcut == right.shortcut)
            single = (
                right.shortcut is not None and len(right.shortcut) == len(right.shortcut[0]) == 1
            )
            return _meet_words(given, right, rivals, context) if single else _yes_or_no(False)
        case AnswerSort.AMOUNT:
            return _meet_amount(given, right, rivals, context)
        case _:
            return _meet_words(given, right, rivals, context)


def _yes_or_no(met: bool) -> Meeting:
    return Meeting(Grade.RIGHT if met else Grade.WRONG)


def _spelt_note(given: JudgedText, right: JudgedText) -> Meeting | None:
    """A key in music with a slip in its words; never in its letter or sign."""
    stem, _, rest = right.note.partition(" ")
    match = re.match(r"[A-Ga-g][ -]?(?:#|♯|sharp|b|♭|flat)(?= )", given.text, re.IGNORECASE)
    if match is None or not rest:
        return Meeting(Grade.WRONG)
    if JudgedText(match[0], given.language).note != stem:
        return Meeting(Grade.WRONG)
    near = words.slips(given.text[match.end() :].strip().lower(), rest)
    return Meeting(Grade.WRONG if near is None else Grade.CLOSE)


def _meet_formula(given: JudgedText, right: JudgedText) -> Meeting:
    """Formulas are the same or are not; what a variable equals may be given alone."""
    if right.latex:
        return _yes_or_no(comparable(given.text) == right.latex or given.formula == right.formula)
    if given.formula == right.formula:
        return Meeting(Grade.RIGHT)
    if formulas.is_chemical(right.text):
        return _yes_or_no(given.formula.replace("^", "") == right.formula.replace("^", ""))
    mine, theirs = formulas.sides(given.formula), formulas.sides(right.formula)
    if theirs[0] and (not mine[0] or mine[0] == theirs[0]):
        if mine[1] == theirs[1]:
            return Meeting(Grade.RIGHT)
        one, other = JudgedText(mine[1], given.language), JudgedText(theirs[1], right.language)
        alone = JudgedText(given.text, given.language) if not mine[0] else one
        return _yes_or_no(_equal_value(one, other) or _equal_value(alone, other))
    if mine[1] == theirs[1] and len(mine[0]) <= 1 and not theirs[0]:
        return Meeting(Grade.RIGHT)
    return _yes_or_no(_equal_value(given, right))


def _meet_amount(
    given: JudgedText, right: JudgedText, rivals: Sequence[str], context: JudgingContext
) -> Meeting | None:
    """Amounts are equal or not, however they are written."""
    amounts = given.amounts
    if not amounts and "=" in given.text:
        variable, value = formulas.sides(given.formula)
        if len(variable) <= 1:
            amounts = JudgedText(value, given.language).amounts
    if any(one.equals(other) for one in amounts for other in right.amounts):
        if given.words.key != right.words.key and right.amounts[0].kind:
            return Meeting(Grade.RIGHT, "same amount")
        return Meeting(Grade.RIGHT)
    if amounts or not re.search(r"[^\W\d_]{2}", right.text):
        return Meeting(Grade.WRONG)
    if _other_case_is_another_unit(given, right):
        return Meeting(Grade.WRONG)
    return _meet_words(given, right, rivals, context)


def _other_case_is_another_unit(given: JudgedText, right: JudgedText) -> bool:
    """Whether letters of another case may be another unit: mV, MV."""
    mine, theirs = (re.findall(r"[^\W\d_]+", text.text) for text in (given, right))
    return len(mine) == len(theirs) and any(
        one != other and one.lower() == other.lower() and is_ambiguous_in_case(other)
        for one, other in zip(mine, theirs, strict=True)
    )


def _meet_words(
    given: JudgedText, right: JudgedText, rivals: Sequence[str], context: JudgingContext
) -> Meeting | None:
    """Words fold; see `words` and `scripts`."""
    if right.is_pinyin:
        return _meet_pinyin(given, right)
    if scripts.has_kana(right.text) or base_language(right.language) == "ja":
        met = _meet_japanese(given, right)
        if met is not None:
            return met
    if _same_unit(given, right, context):
        return Meeting(Grade.RIGHT)
    if not _signs_agree(given, right):
        return Meeting(Grade.WRONG)
    if _SCORE.fullmatch(right.text.strip()) and _SCORE.fullmatch(given.text.strip()):
        return _yes_or_no(_WORD.findall(given.text) == _WORD.findall(right.text))
    mine, theirs = given.words, right.words
    if mine.key == theirs.key and mine.key:
        if words.articles_agree(mine, theirs, right.language):
            return _apostrophe_makes_a_word(given, right) or Meeting(Grade.RIGHT)
        return Meeting(Grade.CLOSE, f"the article: {theirs.article}")
    if _spaceless(given) == _spaceless(right):
        return Meeting(Grade.RIGHT)
    if people.are_initials_of_a_name(given.text, right.text, context.prompt):
        return Meeting(Grade.RIGHT)
    if _title_apart(given, right):
        return Meeting(Grade.RIGHT)
    marks = scripts.compare_marks(mine.key, theirs.key)
    if marks in (Marks.MISSING, Marks.SAME) or mine.key == words.digraph_key(theirs):
        grade = Grade.ACCENTS if words.articles_agree(mine, theirs, right.language) else Grade.CLOSE
        return Meeting(grade, f"Mind the accents: {right.text}")
    if marks is Marks.OTHER:
        return _other_marks(given, right)
    if _genus_by_initial(given, right, rivals):
        return Meeting(Grade.RIGHT)
    if mine.numbered and mine.numbered == theirs.numbered:
        return Meeting(Grade.RIGHT)
    if _in_any_order(given, right) or _generic_word_apart(given, right, rivals):
        return Meeting(Grade.RIGHT)
    return _meet_person(given, right, rivals, context)


def _spaceless(text: JudgedText) -> str:
    return "".join(text.light.split())


def _title_apart(given: JudgedText, right: JudgedText) -> bool:
    """Whether only one has a title, and what follows is the same: Queen Elizabeth II."""
    (one, mine), (other, theirs) = (
        people.without_title(text.words.tokens) for text in (given, right)
    )
    if bool(one) is bool(other):
        return False
    bare = [words.words_of(" ".join(tokens), "en") for tokens in (mine, theirs)]
    same = bare[0].key == bare[1].key or (bare[0].numbered and bare[0].numbered == bare[1].numbered)
    return bool(same) and len(mine) > 1


def _genus_by_initial(given: JudgedText, right: JudgedText, rivals: Sequence[str]) -> bool:
    """Whether the genus of a species was abbreviated: E. coli."""
    if not re.fullmatch(r"[A-Z][a-z]{2,} [a-z]{3,}(?: [a-z]{3,})?", right.text):
        return False
    mine, theirs = given.words.tokens, right.words.tokens
    if len(mine) != len(theirs) or len(mine[0]) != 1 or mine[1:] != theirs[1:]:
        return False
    same = [plain(rival).lower().split() for rival in rivals if rival.lower().endswith(theirs[-1])]
    return theirs[0][0] == mine[0] and not any(
        each[:1] and each[0][0] == mine[0] and tuple(each[1:]) == mine[1:] for each in same
    )


def _signs_agree(given: JudgedText, right: JudgedText) -> bool:
    """Whether signs such as + or ♯ are the same: C++ is not C."""
    mine, theirs = words.signs(given.text), words.signs(right.text)
    return mine == theirs or not (set(mine) | set(theirs)) - set("´’‘`–—−°№#§«»₀₁₂₃")


def _apostrophe_makes_a_word(given: JudgedText, right: JudgedText) -> Meeting | None:
    """It's is not its."""
    if given.text == right.text or base_language(right.language) != "en":
        return None
    mine, theirs = (text.light.replace("’", "'") for text in (given, right))
    mine += "'" * given.text.rstrip(" .!?").endswith(("'", "’"))
    if " " in mine or mine == theirs:
        return None
    if "'" in mine and "'" in theirs:
        return Meeting(Grade.WRONG, f"another word: {given.text}")
    if "'" not in mine + theirs:
        return None
    bare = mine.replace("'", "")
    short = max(len(mine), len(theirs)) <= 7 and "'" in theirs + mine
    contraction = re.fullmatch(
        r"[a-z]+(?:'(?:s|re|ll|d|ve|m)|n't)", mine if "'" in mine else theirs
    )
    if short and contraction and words.is_another_word(bare, "", right.language):
        return Meeting(Grade.WRONG, f"another word: {given.text}")
    return None


def _other_marks(given: JudgedText, right: JudgedText) -> Meeting | None:
    """Another accent is a slip at most; another tone or vowel mark is another word."""
    language = base_language(right.language)
    mine, theirs = given.words.key, right.words.key
    if language == "vi" or scripts.is_vietnamese(right.text):
        return Meeting(Grade.WRONG, f"tone: {given.text} is not {right.text}")
    if language in ("ar", "he", "fa", "ur", "yi") or re.search("[\u0590-\u06ff]", right.text):
        return Meeting(Grade.WRONG, "another vowel mark")
    for one, other in zip(given.words.tokens, right.words.tokens, strict=False):
        borrowed = language == "en" and any(
            words.is_another_word(word, "", "en") for word in (one, other, other.removesuffix("s"))
        )
        if one != other and words.is_a_word_anywhere(one) and not borrowed:
            return Meeting(Grade.WRONG, f"another word: {one}")
    count = scripts.other_marks(mine, theirs)
    length = len(given.words.spaced)
    if length <= 3 or count > max(1, words.allowed_slips(length)):
        return Meeting(Grade.WRONG, f"another accent: {right.text}")
    return Meeting(Grade.CLOSE, f"another accent: {right.text}")


def _meet_pinyin(given: JudgedText, right: JudgedText) -> Meeting:
    mine, theirs = given.pinyin, right.pinyin
    if mine is None or theirs is None or [one for one, _ in mine] != [other for other, _ in theirs]:
        return Meeting(Grade.WRONG)
    pairs = [(one, other) for (_, one), (_, other) in zip(mine, theirs, strict=True)]
    if any(one not in (0, other) for one, other in pairs):
        return Meeting(Grade.WRONG, f"tone: {given.text} is not {right.text}")
    if any(one != other for one, other in pairs):
        return Meeting(Grade.ACCENTS, f"Mind the accents: {right.text}")
    return Meeting(Grade.RIGHT)


def _meet_japanese(given: JudgedText, right: JudgedText) -> Meeting | None:
    mine, theirs = given.romaji, right.romaji
    if mine is None or theirs is None:
        return None
    if mine == theirs:
        return Meeting(Grade.RIGHT)
    if not scripts.has_kana(given.text) and scripts.has_short_vowels(mine, theirs):
        return Meeting(Grade.ACCENTS, f"Mind the long vowels: {right.text}")
    if scripts.has_kana(given.text) and scripts.has_kana(right.text):
        if scripts.without_sound_marks(given.text) == scripts.without_sound_marks(right.text):
            return Meeting(Grade.WRONG)
        return None if len(right.text) >= 5 and len(given.text) >= 5 else Meeting(Grade.WRONG)
    return Meeting(Grade.WRONG)


def _same_unit(given: JudgedText, right: JudgedText, context: JudgingContext) -> bool:
    """Whether a unit was named by its symbol, or the other way round."""
    if len(given.text) > 30 or len(right.text) > 30 or " " in right.text.strip():
        return False
    if re.search(rf"\b{re.escape(given.text.strip())}\b", context.prompt):
        return False
    one, other = unit_of(_bare_unit(given)), unit_of(_bare_unit(right))
    return one is not None and one == other and bool(one.dimension)


def _bare_unit(text: JudgedText) -> str:
    bare = re.sub(r"^(?:the|an?) | \([^()]*\)$", "", text.text.strip(), flags=re.IGNORECASE)
    return with_plain_numbers(bare)


def _parts(text: JudgedText) -> list[words.Words]:
    """The parts of an enumeration."""
    language = base_language(text.language)
    pattern = _AND.get(language, _ANY_AND)
    parts = [part for part in re.split(pattern, text.text) if part.strip()]
    if len(parts) < 2 or len(parts) > MOST_PARTS_IN_ANY_ORDER:
        return []
    return [words.words_of(part, text.language) for part in parts]


def _in_any_order(given: JudgedText, right: JudgedText) -> bool:
    """Parts joined by and, & or a comma may come in any order; so may the noun after "of"."""
    if len(right.text) > LONGEST_PATTERN or len(given.text) > LONGEST_PATTERN:
        return False
    mine, theirs = _parts(given), _parts(right)
    if _names_with_one_surname(given.text, right.text):
        return True
    if mine and _same_bag([part.key for part in mine], [part.key for part in theirs]):
        return True
    if base_language(right.language) == "en":
        for one, other in ((given, right), (right, given)):
            if match := _OF.fullmatch(one.light):
                turned = f"{match['whose']} {match['what']}"
                if words.words_of(turned, "en").key == other.words.key:
                    return True
    return False


def _names_with_one_surname(given: str, right: str) -> bool:
    """Whether the given names of two people with one surname changed places."""
    one, other = (re.findall(r"[^\W_]+", text.replace("&", " and ")) for text in (given, right))
    if len(other) != 4 or other[1].lower() != "and" or not other[3].istitle():
        return False
    turned = [other[2], other[1], other[0], other[3]]
    return [word.casefold() for word in one] == [word.casefold() for word in turned]


def _same_bag(mine: list[str], theirs: list[str]) -> bool:
    if len(mine) != len(theirs):
        return False
    return all(
        one == other or scripts.compare_marks(one, other) is Marks.MISSING
        for one, other in zip(
            sorted(mine, key=scripts.without_case_and_marks),
            sorted(theirs, key=scripts.without_case_and_marks),
            strict=True,
        )
    )


def _generic_word_apart(given: JudgedText, right: JudgedText, rivals: Sequence[str]) -> bool:
    """Whether only a word such as river or lake was left off or added: Nile, River Nile."""
    if base_language(right.language) != "en":
        return False
    mine, theirs = list(given.words.tokens), list(right.words.tokens)
    mine = ["mount" if word == "mt" else word for word in mine]
    theirs = ["mount" if word == "mt" else word for word in theirs]
    if sorted(mine) == sorted(theirs) and set(mine) & _GENERIC_LEFT_OFF:
        return True
    for longer, shorter, generic in (
        (theirs, mine, _GENERIC_LEFT_OFF),
        (mine, theirs, _GENERIC_ADDED),
    ):
        if len(longer) != len(shorter) + 1:
            continue
        for at in {0, len(longer) - 1}:
            if longer[at] not in generic:
                continue
            rest = longer[:at] + longer[at + 1 :]
            if _same_tokens(rest, shorter) and "".join(shorter) not in generic:
                key = "".join(scripts.without_case_and_marks(word) for word in rest)
                return not any(bare_key(plain(rival)) == key for rival in rivals)
    return False


def _same_tokens(one: list[str], other: list[str]) -> bool:
    return len(one) == len(other) and all(
        mine == theirs or mine.removesuffix("s") == theirs.removesuffix("s")
        for mine, theirs in zip(one, other, strict=True)
    )


def _meet_person(
    given: JudgedText, right: JudgedText, rivals: Sequence[str], context: JudgingContext
) -> Meeting | None:
    """A person by surname, initials or with a title, unless it may be another of the deck."""
    text, other = given.text, right.text
    if len(text) > 80 or len(other) > 80:
        return None
    if people.looks_like_a_person(other, context.category, context.prompt):
        said = people.means_the_person(text, other, [plain(rival) for rival in rivals])
    elif " " not in other and other[:1].isupper() and " " in text.strip():
        fuller = people.looks_like_a_person(text, context.category, context.prompt)
        one, two = (scripts.without_case_and_marks(each.casefold()) for each in (other, text))
        said = people.means_the_person(one, two, []) if fuller else None
    else:
        return None
    if said is None:
        return None
    if said:
        return Meeting(Grade.WRONG, f"{text} may be {other} or {said}")
    return Meeting(Grade.RIGHT)


def _nearest(
    given: JudgedText,
    rights: Sequence[AcceptedWording],
    rivals: Sequence[str],
    others: Rivals,
    context: JudgingContext,
) -> Finding:
    """The right answer that a text misses by slips of the fingers, if no other is as near."""
    if len(given.text) > LONGEST_WITH_SLIPS:
        return MISS
    best: tuple[tuple[int, int], Finding] | None = None
    reason = ""
    for right in rights:
        if (
            right.text.sort not in (AnswerSort.WORDS, AnswerSort.AMOUNT, AnswerSort.SHORTCUT)
            or right.text.is_pinyin
        ):
            continue
        for form in _forms_with_slips(given, right.text, context):
            count = _slips_between(given, form, rivals, context)
            if isinstance(count, str):
                reason = reason or count
            elif count is not None:
                near = count, abs(len(given.text) - len(right.text.text))
                if best is None or near < best[0]:
                    best = near, _found(Meeting(Grade.CLOSE), right)
    if best is None:
        return Finding(Grade.WRONG, reason=reason)
    key = "".join(given.words.tokens)
    own = min(edits(key, "".join(right.text.words.tokens), 3) for right in rights)
    errors = min(best[0][0], own) or best[0][0]
    for rival in _others(others.near(given.text, errors), rights):
        other = rival_key(rival, given.language)
        if (
            abs(len(other) - len(key)) <= errors
            and edits(key, other, errors) <= errors
            and words.words_of(plain(rival), given.language).numbers == given.words.numbers
        ):
            return Finding(Grade.WRONG, reason=f"as near to another card: {plain(rival)}")
    return best[1]


def _forms_with_slips(
    given: JudgedText, right: JudgedText, context: JudgingContext
) -> Iterator[JudgedText]:
    """The right answer, and the surname of a person alone."""
    yield right
    tokens = right.words.tokens
    title, rest = people.without_title(tokens)
    if title and len(rest) > 1:
        yield JudgedText(" ".join(rest), right.language)
    if len(tokens) == 2 and base_language(right.language) == "en":
        for at in (0, 1):
            if tokens[at] in _GENERIC_LEFT_OFF:
                yield JudgedText(tokens[1 - at], right.language)
    if right.sort is AnswerSort.WORDS and people.looks_like_a_person(
        right.text, context.category, context.prompt
    ):
        name, mine = people.read_name(right.text), people.read_name(given.text)
        if name is not None and name.given:
            yield JudgedText(" ".join((*name.given, *name.surname)), right.language)
        if name is not None and name.given and not (mine and mine.given):
            yield JudgedText(" ".join(name.surname), right.language)
            if len(name.surname) > 1:
                yield JudgedText(name.core, right.language)


def _slips_between(
    given: JudgedText, right: JudgedText, rivals: Sequence[str], context: JudgingContext
) -> int | str | None:
    """Slips between two texts; None for too many, a reason where what was typed is another word."""
    if words.takes_no_slips(right.text) or len(right.text) > LONGEST_WITH_SLIPS:
        return None
    mine, theirs = given.words, right.words
    language = context.language
    if _negations_differ(mine.tokens, theirs.tokens) or (
        right.text.isupper() and (len(right.text) <= 5)
    ):
        return None
    if _is_contraction(right) or not right.text.strip() or not _signs_agree(given, right):
        return None
    if not words.numbers_agree(mine, theirs) or set(mine.tokens) < set(theirs.tokens):
        return None
    one, other = words.countable(mine.spaced), words.countable(theirs.spaced)
    counts = [words.slips(one, other)]
    pairs = zip(mine.tokens, theirs.tokens, strict=False)
    if base_language(language) == "en":
        american = words.slips(mine.american_spaced, theirs.american_spaced)
        if american is not None and (counts[0] is None or american < counts[0]):
            counts.append(american)
            pairs = zip(mine.american, theirs.american, strict=False)
    if " " not in other or " " not in one:
        counts.append(words.slips(one.replace(" ", ""), other.replace(" ", "")))
    swapped = (
        len(mine.tokens) == len(theirs.tokens) == 2
        and mine.tokens == theirs.tokens[::-1]
        and " " in right.text.strip()
        and not right.text.isupper()
    )
    count = 1 if swapped else min((each for each in counts if each is not None), default=None)
    if count is None:
        return _slips_in_any_order(given, right, rivals)
    count = count or 1
    if swapped or len(mine.tokens) != len(theirs.tokens):
        if 1 in (len(theirs.tokens), len(mine.tokens)) and words.is_another_word(
            "".join(mine.tokens), "", language
        ):
            return f"another word: {given.text}"
        return count
    person = len(theirs.tokens) > 1 and people.looks_like_a_person(
        right.text, context.category, context.prompt
    )
    reason = _checked_words(right.text, list(pairs), rivals, language, are_names=person)
    if reason and (count_in_any_order := _slips_in_any_order(given, right, rivals)):
        return count_in_any_order
    return reason or count


def _is_contraction(right: JudgedText) -> bool:
    return bool(re.fullmatch(r"[a-z]{1,5}(?:['’](?:s|re|ll|d|ve|m)|n['’]t)", right.text.lower()))


def _negations_differ(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Whether one text says no where the other doesn't; a slip in the "not" is none."""
    if words.negations(mine) == words.negations(theirs):
        return False
    if len(mine) != len(theirs) or len(words.negations(mine)) > len(words.negations(theirs)):
        return True
    return not all(
        one == other or (len(other) > 3 and words.slips(one, other) is not None)
        for one, other in zip(mine, theirs, strict=True)
    )


def _slips_in_any_order(given: JudgedText, right: JudgedText, rivals: Sequence[str]) -> int | None:
    """Slips in one of several parts that come in any order."""
    mine, theirs = _parts(given), _parts(right)
    if not mine or len(mine) != len(theirs):
        return None
    right_keys, given_keys = {part.key for part in theirs}, {part.key for part in mine}
    left = [part for part in theirs if part.key not in given_keys]
    over = [part for part in mine if part.key not in right_keys]
    if len(left) != 1 or len(over) != 1 or len(left[0].tokens) != len(over[0].tokens):
        return None
    pairs = list(zip(over[0].tokens, left[0].tokens, strict=True))
    if _checked_words(right.text, pairs, rivals, given.language, are_names=False):
        return None
    return words.slips(over[0].spaced, left[0].spaced)


def _checked_words(
    right: str,
    pairs: Sequence[tuple[str, str]],
    rivals: Sequence[str],
    language: str,
    *,
    are_names: bool,
) -> str:
    """Why a word that was typed instead of another is no slip; empty if it may be one."""
    for one, other in pairs:
        mine, theirs = scripts.without_case_and_marks(one), scripts.without_case_and_marks(other)
        if mine == theirs:
            continue
        if words.are_opposite(mine, theirs):
            return f"the opposite: {one}"
        if len(other) <= 5 and other != other.upper() and other.upper() in right:
            return f"another abbreviation: {one}"  # TCP is not TPC
        if not are_names and (
            words.is_another_word(one, other, language)
            or words.is_another_word(mine, theirs, language)
        ):
            return f"another word: {one}"
        if any(one in plain(rival).casefold().split() for rival in rivals):
            return f"another word: {one}"
        if len(theirs) == 1 or {mine, theirs} <= {"dr", "mr", "ms", "mrs", "no", "mt", "st"}:
            return f"another word: {one}"
        if len(theirs) <= 3 and len(mine) == len(theirs) and sorted(mine) != sorted(theirs):
            return f"another word: {one}"
        if (
            are_names
            and len(theirs) <= 4
            and sorted(mine) != sorted(theirs)
            and (words.is_another_word(one, other, language))
        ):
            return f"another name: {one}"
        typed_letters, letters = words.countable(mine), words.countable(theirs)
        limit = max(1, words.allowed_slips(len(letters)))
        far = edits(typed_letters, letters, limit) > limit
        if far and words.slips(typed_letters, letters) is None:
            return "too far from it"
    return ""
