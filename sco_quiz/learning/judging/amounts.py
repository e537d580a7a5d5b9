"""Amounts: numbers, quantities, money, dates and times, compared by value."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from sco_quiz.learning.folding import base_language, even_out
from sco_quiz.learning.judging.number_words import SCALES, read_figures, read_words
from sco_quiz.learning.judging.units import NO_UNIT, Unit, unit_of
from sco_quiz.learning.values import CARDINALS, date_of, roman_value

LONGEST_AMOUNT = 80
"""The most characters of a text that is read as an amount."""

_DOTTED = re.compile(r"[0-9]+(?:\.[0-9]+){3,}|:")
_DECADE = re.compile(r"(?:the )?([0-9]{2,3}0)'?s")
_DAY_IN_FIGURES = re.compile(r"(?P<day>[0-9]{1,2})(?P<mark>[./])(?P<month>[0-9]{1,2})\.?")
_SUPERSCRIPTS = re.compile("[⁺⁻⁰¹²³⁴-⁹]+")
_PLAIN_SCRIPT = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
_SIGN = re.compile(r"(?P<minus>-|minus |negative )|\+(?=[0-9.])|plus ")
_SCALE = re.compile(
    r" ?(?P<scale>thousand|million|billion|trillion|mln|bln|mn|bn|tn|m(?= |$)|M(?= |$))(?![a-z/])"
)
_SHORT_SCALES = {"mln": 10**6, "mn": 10**6, "m": 10**6, "M": 10**6, "bln": 10**9, "bn": 10**9} | {
    "tn": 10**12
}
_CURRENCY = re.compile(r"(?P<name>US\$|A\$|C\$|[$€£¥₹₽₸₩₺]|[A-Z]{3}(?= ?[0-9.])) ?")
_ABOUT = re.compile(r"(?:about|around|approximately|approx\.?|roughly|circa|ca\.?|[~≈]) ?")
_ERA = re.compile(r" ?(?P<before>b\.? ?c\.?(?: ?e\.?)?)| ?(?:a\.? ?d\.?|c\.? ?e\.?)")
_TIME = re.compile(
    r"(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2}))?(?::(?P<second>[0-9]{2}))?"
    r"(?: ?(?:h|hrs|hours|o'clock))? ?(?P<half>[ap]\.?m\.?)?"
)
_NAMED_TIMES = {"noon": 720, "midday": 720, "12 noon": 720, "midnight": 0, "12 midnight": 0}


class Amount(NamedTuple):
    """A number with its unit, a date or a time.

    Attributes:
        kind: The dimension of the unit, or "date", "time".
        value: The number in base units; for a date or time, its parts.
        percent: True if it was written in per cent.
    """

    kind: tuple[tuple[str, int], ...] | str
    value: Fraction | str
    percent: bool = False

    @property
    def has_unit(self) -> bool:
        """True for a quantity with a unit other than per cent."""
        return bool(self.kind) and not isinstance(self.kind, str)

    def meets(self, right: Amount) -> bool:
        """Return True for the same amount; where 50 % is right, so is 50, but not the reverse."""
        if self.kind != right.kind:
            return False
        if self.value == right.value:
            return True
        if isinstance(self.value, str) or isinstance(right.value, str):
            return False
        return right.percent and not self.percent and self.value == right.value * 100


def amounts_in(text: str, language: str = "en") -> list[Amount]:
    """Return the amounts that a whole text may mean; empty for any other text.

    There is mostly one. `7:30` may be a time of day; `5.6.2001` a date.

    Args:
        text: Any text.
        language: A BCP 47 tag, which decides if 2.500 is a large number or a small one.
    """
    if len(text) > LONGEST_AMOUNT or _DOTTED.match(text.strip()):
        return []
    plain = with_plain_numbers(text, language)
    amounts: list[Amount] = []
    figures = words_as_figures(plain) if base_language(language) == "en" else plain
    if date := date_of(re.sub(r"^(?:on|in) ", "", figures.lower()), language):
        amounts.append(Amount("date", date))
    if decade := _DECADE.fullmatch(plain.lower()):
        return [Amount("decade", decade[1])]
    if time := _time(plain.lower()):
        amounts.append(Amount("time", time))
    if len(text) > 1 and text.isupper() and (roman := roman_value(text)):
        amounts.append(Amount((), Fraction(roman)))
    readings = [plain]
    if re.search(r"\bpounds?\b", plain):
        readings.append(re.sub(r"\bpounds?\b", "GBP", plain))
    if re.search(r"[0-9] ?[mM]$", plain):
        readings.append(re.sub(r" ?[mM]$", " million", plain))
    if re.search(r"[0-9] ?[CF]$", plain):
        readings.append(f"{plain[:-1]} {'coulombs' if plain.endswith('C') else 'farads'}")
    amounts += [quantity for reading in readings if (quantity := _quantity(reading, language))]
    return amounts


def day_in_figures(text: str, language: str = "en") -> Amount | None:
    """Return the day of any year that a text may be in figures: 9.6., 09/06; None for none.

    Alone it is rather a number or a fraction: only a right answer that is such a day tells.
    """
    match = _DAY_IN_FIGURES.fullmatch(text.strip())
    if match is None:
        return None
    day, month = int(match["day"]), int(match["month"])
    if language.lower() == "en-us" and match["mark"] == "/":
        day, month = month, day
    return Amount("date", f"--{month:02}-{day:02}")


def with_plain_numbers(text: str, language: str = "en") -> str:
    """Return the text with plain signs, raised numbers after `^`, and digits without grouping."""
    if not text.isascii():
        text = text.replace("℃", "°C").replace("º", "°")
        text = _SUPERSCRIPTS.sub(lambda raised: f"^{raised[0].translate(_PLAIN_SCRIPT)}", text)
    text = even_out(text.strip(), language).lstrip("'\"(").rstrip(" ,;:?')").removesuffix(".")
    text = text if re.search(r"[0-9]\"$", text) else text.rstrip('"')
    return text if re.search(r"[0-9]!$", text) else text.rstrip("!")


def words_as_figures(text: str) -> str:
    """Return the text with English number words in figures: the 14th of July, 20 minutes."""
    words = [(match[0], match.start(), match.end()) for match in re.finditer(r"[A-Za-z]+", text)]
    small = [word.lower() for word, _, _ in words]
    pieces, done, place = [], 0, 0
    while place < len(words):
        number = None if small[place] in ("a", "an", "second") else read_words(small, place)
        if number is None:
            place += 1
            continue
        value, end, ordinal = number
        between = text[words[place][1] : words[end - 1][2]]
        if re.fullmatch(r"[A-Za-z -]+", between) is None:
            place += 1
            continue
        shown = str(value) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
        pieces += [
            text[done : words[place][1]],
            f"{shown}{ordinal_ending(value) if ordinal else ''}",
        ]
        done, place = words[end - 1][2], end
    return "".join([*pieces, text[done:]])


def ordinal_ending(number: Fraction) -> str:
    """Return the English ending of an ordinal in figures: st, nd, rd, th."""
    tens = int(number) % 100
    return "th" if 10 < tens < 20 else {1: "st", 2: "nd", 3: "rd"}.get(tens % 10, "th")


def _quantity(text: str, language: str) -> Amount | None:
    text = _ABOUT.sub("", text, count=1) if _ABOUT.match(text) else text
    first = _one_quantity(text, language)
    if first is None:
        return None
    value, unit, percent, rest = first
    total = value * unit.factor + unit.offset
    while rest := re.sub(r"^(?: and |,? )", "", rest).strip():
        more = _one_quantity(rest, language)
        if more is None or percent or more.percent or not unit.dimension:
            return None
        if more.unit.dimension == unit.dimension:
            total += more.value * more.unit.factor
        elif not more.unit.dimension:  # an hour and a half, 1 pound 50
            parts = 60 if unit.dimension == (("s", 1),) else 100
            total += more.value * unit.factor / (parts if more.value >= 1 else 1)
        else:
            return None
        rest = more.rest
    return Amount(unit.dimension, total, percent)


class _Quantity(NamedTuple):
    """A number with its unit at the start of a text, and the rest of the text."""

    value: Fraction
    unit: Unit
    percent: bool
    rest: str


def _one_quantity(text: str, language: str) -> _Quantity | None:
    negative = False
    if match := _SIGN.match(text.lower()):
        negative, text = bool(match["minus"]), text[match.end() :].lstrip()
    text = re.sub(r"^a\.?d\.? (?=[0-9])", "", text, flags=re.IGNORECASE)
    currency = ""
    if match := _CURRENCY.match(text):
        if unit_of(match["name"].strip()) is None:
            return None
        currency, text = match["name"], text[match.end() :]
    number = read_figures(text)
    if number is not None:
        value, rest = number[0], text[number[1] :]
    elif base_language(language) == "en":
        spelt = _spelt_number(text)
        if spelt is None:
            return None
        value, rest = spelt
    else:
        return None
    rest = re.sub(r"^-(?=[A-Za-z])", " ", rest)
    if match := _SCALE.match(rest):
        scale = match["scale"]
        if scale not in ("m", "M") or currency or not rest[match.end() :].strip():
            scaled = SCALES.get(scale) or _SHORT_SCALES[scale]
            if scale not in ("m", "M") or currency:
                value, rest = value * scaled, rest[match.end() :]
    value = -value if negative else value
    rest = re.sub(r"^ US(?= dollars?)", "", rest)
    if currency:
        unit = unit_of(currency) or NO_UNIT
        dollars = unit_of(rest.strip()) if rest.strip() else None
        if dollars is not None and dollars.dimension == unit.dimension:
            rest = ""
        elif rate := unit_of(f"{currency.strip()}{rest}"):
            unit, rest = rate, ""
        return _Quantity(value, unit, False, rest)
    if match := _ERA.fullmatch(rest.lower()):
        before = match["before"] is not None
        return _Quantity(-value if before else value, NO_UNIT, False, "")
    return _with_unit(value, rest)


def _spelt_number(text: str) -> tuple[Fraction, str] | None:
    """Return the number in English words, or "a", at the start of a text; and the rest."""
    words: list[str] = []
    ends: list[int] = []
    for match in re.finditer(r"[A-Za-z]+", text):
        if re.fullmatch("[ -]*", text[ends[-1] if ends else 0 : match.start()]) is None:
            break
        words.append(match[0].lower())
        ends.append(match.end())
    number = read_words(words)
    if number is not None and not number[2]:
        value, count, _ = number
        rest = text[ends[count - 1] :]
        rest = re.sub(r"^ (?:of )?an? (?=[a-z])", " ", rest)
        return value, rest
    if words[:1] in (["a"], ["an"]) and len(words) > 1:
        if words[1] == "dozen":
            return Fraction(12), text[ends[1] :]
        if unit_of(text[ends[0] :].strip()) is not None or len(words) > 2:
            return Fraction(1), text[ends[0] :]
    return None


def _with_unit(value: Fraction, rest: str) -> _Quantity | None:
    """Return the number with the longest unit at the start of the rest."""
    name = rest.strip()
    if not name:
        return _Quantity(value, NO_UNIT, False, "")
    if re.fullmatch(r"% ?|per ?cent|pct", name, re.IGNORECASE):
        return _Quantity(value / 100, NO_UNIT, True, "")
    ends = [len(rest), *(match.start() for match in re.finditer(r" |(?<=[a-z])(?=[0-9])", rest))]
    for end in sorted(set(ends), reverse=True):
        unit = unit_of(rest[:end]) if rest[:end].strip() else None
        if unit is not None:
            return _Quantity(value, unit, False, rest[end:])
    if re.match(r" and | (?=[0-9])", rest):
        return _Quantity(value, NO_UNIT, False, rest)
    return None


_CLOCK = re.compile(
    r"(?:(?:a )?(?P<part>half past|quarter past|quarter to) )?(?P<hour>[a-z]+|[0-9]{1,2})"
    r"(?: o'clock)?"
)
_HOURS = {
    name: hour for hour, word in enumerate(CARDINALS.split()[:13]) for name in (word, str(hour))
}
_PARTS_OF_HOUR = {"": 0, "half past": 30, "quarter past": 15, "quarter to": -15}


def _time(text: str) -> str | None:
    """Return a time of day in minutes and seconds; None for any other text."""
    text = re.sub(r"^(?:at|around) ", "", text)
    if text in _NAMED_TIMES:
        return f"{_NAMED_TIMES[text]}:0"
    if spoken := _CLOCK.fullmatch(text):
        hour, part = _HOURS.get(spoken["hour"], 0), spoken["part"] or ""
        if hour and (part or text.endswith("o'clock")):
            return f"{hour * 60 + _PARTS_OF_HOUR[part]}:0"
    match = _TIME.fullmatch(text)
    if match is None or not (match["minute"] or match["half"]):
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"].startswith("p") else 0)
    if hour > 24 or minute > 59:
        return None
    return f"{(hour * 60 + minute) % 1440}:{int(match['second'] or 0)}"
