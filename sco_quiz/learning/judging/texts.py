"""Texts in the forms in which they are compared, each made when it is first needed."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum, auto
from functools import cached_property, lru_cache
from math import gcd

from sco_quiz.formula import comparable
from sco_quiz.learning.folding import base_language, without_unseen
from sco_quiz.learning.judging import amounts, commands, formulas, scripts, words
from sco_quiz.learning.judging.units import NO_UNIT, unit_of
from sco_quiz.text import formula_in, plain

_FLAT_FRACTION = re.compile(r"([0-9]+) ?/ ?([0-9]+)(?P<unit>.*)")
_OPERATORS = re.compile("[≠≤≥≈±√∞→⇒⟶∈∪∩∑∫∂π²³⁻]")
_EQUATION = re.compile(r"[^\W\d_][0-9]?'?(?:\([^()]*\))? ?= ?(?!=)|\([^\W\d_] ?[+−-] ?[0-9]")
_UNIT = re.compile(r"[^\W\d][\w°Ω·*/^ ⁻¹²³-]*|%")
_NOTE = re.compile(
    r"(?P<letter>[A-Ga-g])(?:[ -]?(?P<sign>#{1,2}|♯|sharp|b|♭|flat))"
    r"(?P<rest>(?: major| minor|m|maj7?|min7?|7)?)",
    re.IGNORECASE,
)
_NOTE_SIGNS = {"#": "♯", "♯": "♯", "sharp": "♯", "b": "♭", "♭": "♭", "flat": "♭"}


class AnswerSort(Enum):
    """The sorts of answers, each with its own rules of judging."""

    WORDS = auto()
    AMOUNT = auto()
    FORMULA = auto()
    CODE = auto()
    SHORTCUT = auto()


class JudgedText:
    """A text in the forms in which it is compared."""

    def __init__(self, text: str, language: str, *, source: str = "") -> None:
        """Keep a text.

        Args:
            text: The text, as shown.
            language: A BCP 47 tag.
            source: The text as its author wrote it, with markup.
        """
        self.text = text
        self.language = language
        self.source = source or text

    @cached_property
    def exact(self) -> str:
        """The text as written, except for the encoding of Unicode and white space."""
        text = unicodedata.normalize("NFC", without_unseen(self.text))
        return "\n".join(" ".join(line.split()) for line in text.strip().split("\n"))

    @cached_property
    def strict(self) -> str:
        """The text for exact comparison: NFC, without unseen characters and outer white space.

        Line ends and the indentation of later lines stay; other white space becomes one space.
        """
        text = unicodedata.normalize("NFC", without_unseen(self.text)).strip()
        lines = [re.sub(r"\s", " ", line).rstrip() for line in text.split("\n")]
        return "\n".join(
            " " * (len(line) - len(line.lstrip())) + " ".join(line.split()) for line in lines
        )

    @cached_property
    def light(self) -> str:
        """The text as written, except for case, spaces and edges."""
        return words.light(self.text, self.language)

    @cached_property
    def words(self) -> words.Words:
        """The words of the text."""
        return words.words_of(self.text, self.language)

    @cached_property
    def amounts(self) -> list[amounts.Amount]:
        """The amounts that the whole text may mean."""
        return amounts.amounts_in(self.text, self.language)

    @cached_property
    def formula(self) -> str:
        """The text as a formula in one spelling."""
        return formulas.formula_key(self.text)

    @cached_property
    def latex(self) -> str:
        """The formula in LaTeX that the whole answer is, in comparable form; else empty."""
        source = formula_in(self.source)
        return comparable(source) if source else ""

    @cached_property
    def shortcut(self) -> tuple[tuple[str, ...], ...] | None:
        """The chords of the text, if it is a keyboard shortcut."""
        return commands.shortcut(self.text)

    @cached_property
    def note(self) -> str:
        """A note of music or key with a sharp or flat, in one spelling; else empty."""
        match = _NOTE.fullmatch(self.text.strip(" .!?")) if len(self.text) < 20 else None
        if match is None or (match["sign"] == "b" and match["letter"].islower()):
            return ""
        sign = match["sign"].lower()
        shown = "♯♯" if sign == "##" else _NOTE_SIGNS[sign]
        rest = match["rest"] if len(match["rest"]) < 3 else match["rest"].lower()
        return f"{match['letter'].upper()}{shown}{rest}"

    @cached_property
    def romaji(self) -> str | None:
        """The text in romaji, if it may be Japanese."""
        return scripts.romaji(self.text)

    @cached_property
    def pinyin(self) -> list[tuple[str, int]] | None:
        """The letters and tones of the text, if it may be pinyin."""
        return scripts.pinyin(self.text)

    @cached_property
    def is_pinyin(self) -> bool:
        """True if the text is certainly pinyin."""
        language = base_language(self.language)
        if language != "zh" and not (language == "en" and scripts.has_tone_marks(self.text)):
            return False
        return self.pinyin is not None

    @cached_property
    def sort(self) -> AnswerSort:
        """The sort of answer that the text is."""
        text = self.text.strip()
        if self.latex:
            return AnswerSort.FORMULA
        if self.source.startswith("`") and self.source.endswith("`") and len(self.source) > 2:
            return AnswerSort.CODE
        if "\n" in text:
            return AnswerSort.CODE if commands.is_code(text) else AnswerSort.WORDS
        if len(text) == 1 and text.isalpha():
            return AnswerSort.WORDS
        if self.shortcut:
            return AnswerSort.SHORTCUT
        if formulas.is_chemical(text) and base_language(self.language) in ("en", "zxx", "mul"):
            return AnswerSort.FORMULA
        if _UNIT.fullmatch(text) and unit_of(text) not in (None, NO_UNIT):
            return AnswerSort.WORDS
        if self.amounts and not _is_ratio(text):
            return AnswerSort.AMOUNT
        if _OPERATORS.search(text) and not re.search(r"[^\W\d_]{4}", text):
            return AnswerSort.FORMULA
        if _EQUATION.match(text) and formulas.is_mathematical(text) and ";" not in text:
            return AnswerSort.FORMULA
        if commands.is_code(text) or commands.is_command_name(text):
            mathematical = formulas.is_mathematical(text) and re.match(
                r"[\[(]?[^\W\d_]?\(|[\[({][^\[\](){}]*,|[^\W_] ?[-+*/] ?[^\W_](?!\w)", text
            )
            return (
                AnswerSort.FORMULA
                if mathematical and not re.search("[;|]", text)
                else AnswerSort.CODE
            )
        if formulas.is_mathematical(text):
            return AnswerSort.FORMULA
        return AnswerSort.WORDS


def _is_ratio(text: str) -> bool:
    """Return True if a fraction is rather a time signature, a blood pressure or a score."""
    match = _FLAT_FRACTION.match(text)
    if match is None:
        return False
    above, below = int(match[1]), int(match[2])
    whole = bool(below) and above % below == 0
    return not below or whole or gcd(above, below) > 1 or (above > below and bool(match["unit"]))


@lru_cache(maxsize=20_000)
def rival_key(text: str, language: str) -> str:
    """Return the words of another card's answer without spaces, to count slips."""
    return "".join(words.words_of(plain(text), language).tokens)


def have_equal_value(given: JudgedText, right: JudgedText) -> bool:
    """Return True if a text may be the amount of the right one."""
    return any(one.meets(other) for one in given.amounts for other in right.amounts)
