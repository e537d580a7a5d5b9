"""Units of measure and currencies: their names and symbols, and their size in base units."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache, lru_cache
from typing import NamedTuple

_PREFIXES = {
    "T": ("tera", 12),
    "G": ("giga", 9),
    "M": ("mega", 6),
    "k": ("kilo", 3),
    "h": ("hecto", 2),
    "da": ("deca", 1),
    "d": ("deci", -1),
    "c": ("centi", -2),
    "m": ("milli", -3),
    "μ": ("micro", -6),
    "u": ("micro", -6),
    "n": ("nano", -9),
    "p": ("pico", -12),
    "f": ("femto", -15),
}
_BINARY = {"Ki": ("kibi", 1), "Mi": ("mebi", 2), "Gi": ("gibi", 3), "Ti": ("tebi", 4)}

_WITH_PREFIXES = """
m metre meter = 1 m
g gram gramme = 1/1000 kg
s sec second = 1 s
A ampere amp = 1 A
K kelvin = 1 K
mol mole = 1 mol
cd candela = 1 cd
Hz hertz = 1 s-1
N newton = 1 kg m s-2
Pa pascal = 1 kg m-1 s-2
J joule = 1 kg m2 s-2
W watt = 1 kg m2 s-3
C coulomb = 1 A s
V volt = 1 kg m2 s-3 A-1
F farad = 1 kg-1 m-2 s4 A2
Ω ohm = 1 kg m2 s-3 A-2
S siemens = 1 kg-1 m-2 s3 A2
Wb weber = 1 kg m2 s-2 A-1
T tesla = 1 kg s-2 A-1
H henry = 1 kg m2 s-2 A-2
lm lumen = 1 lm
lx lux = 1 lm m-2
Bq becquerel = 1 decay s-1
Gy gray = 1 m2 s-2
Sv sievert = 1 m2 s-2
l L litre liter = 1/1000 m3
eV electronvolt = 1 eV
bit b = 1 bit
B byte = 8 bit
bps = 1 bit s-1
bar = 100000 kg m-1 s-2
cal calorie = 4184/1000 kg m2 s-2
pc parsec = 1 pc
Wh = 3600 kg m2 s-2
"""
_WITHOUT_PREFIXES = """
min mins minute = 60 s
h hr hrs hour = 3600 s
secs = 1 s
d day = 86400 s
wk week = 604800 s
fortnight = 1209600 s
mo month = 1 month
yr yrs y year = 12 month
decade = 120 month
century centuries = 1200 month
t tonne ton = 1000 kg
micron = 1/1000000 m
in inch inches " = 254/10000 m
ft foot feet = 3048/10000 m
yd yard = 9144/10000 m
mi mile = 1609344/1000 m
nmi = 1852 m
lb lbs pound = 45359237/100000000 kg
oz ounce = 28349523125/1000000000000 kg
mph = 44704/100000 m s-1
kph kmh stundenkilometer = 1000/3600 m s-1
kn knot = 1852/3600 m s-1
cc = 1/1000000 m3
ha hectare = 10000 m2
acre = 40468564224/10000000 m2
atm atmosphere = 101325 kg m-1 s-2
mmHg torr = 101325/760 kg m-1 s-2
kilo = 1 kg
Nm = 1 kg m2 s-2
Js = 1 kg m2 s-1
Ns = 1 kg m s-1
As = 1 A s
Vs = 1 kg m2 s-2 A-1
mcg = 1/1000000000 kg
tsp teaspoon teaspoonful = 1 teaspoon
tbsp tablespoon tablespoonful = 3 teaspoon
cup = 48 teaspoon
pt pint = 1 pint
qt quart = 2 pint
gal gallon = 8 pint
° deg degree = 1 degree
rad radian = 1 radian
% percent = 1/100 one
‰ permille = 1/1000 one
AU au = 1 au
ly = 1 ly
dB decibel = 1 dB
rpm = 1/60 turn s-1
bpm = 1/60 beat s-1
beat = 1 beat
px pixel = 1 px
people person = 1 person
"""
_TEMPERATURES = {
    "K": (Fraction(1), Fraction(0)),
    "kelvin": (Fraction(1), Fraction(0)),
    "°C": (Fraction(1), Fraction(27315, 100)),
    "C": (Fraction(1), Fraction(27315, 100)),
    "celsius": (Fraction(1), Fraction(27315, 100)),
    "°F": (Fraction(5, 9), Fraction(45967 * 5, 900)),
    "F": (Fraction(5, 9), Fraction(45967 * 5, 900)),
    "fahrenheit": (Fraction(5, 9), Fraction(45967 * 5, 900)),
}
_CURRENCIES = """
USD $ US$ dollar dollars buck bucks = 1 USD
EUR € euro euros = 1 EUR
GBP £ pound pounds sterling quid = 1 GBP
p pence penny = 1/100 GBP
JPY ¥ yen = 1 JPY
CNY RMB yuan renminbi = 1 CNY
INR ₹ rupee rupees = 1 INR
RUB ₽ rouble roubles ruble rubles = 1 RUB
CHF franc francs = 1 CHF
KZT ₸ tenge = 1 KZT
KRW ₩ won = 1 KRW
TRY ₺ lira liras = 1 TRY
PKR = 1 PKR
UZS sum som = 1 UZS
A$ AUD = 1 AUD
C$ CAD = 1 CAD
cent cents c ¢ = 1/100 USD
"""
_PER = re.compile(
    r" ?/ ?| (?:per|pro|par|por|every|each) | à l['’]"
    r"| an? (?=hour|second|minute|day|week|month|year)"
)
_IN_RATES = {
    **dict.fromkeys(("stunde", "heure", "hora"), "hour"),
    **dict.fromkeys(("sekunde", "seconde", "segundo"), "second"),
    **dict.fromkeys(("tag", "jour", "día"), "day"),
    "minuto": "minute",
    "mètres": "metre",
    "metros": "metre",
    **dict.fromkeys(("kilomètres", "kilómetros", "kilometros"), "kilometre"),
}
"""Units in other languages, known in a rate alone: elsewhere hora is no answer for heure."""
_EVERY = {
    "hourly": "hour",
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "yearly": "year",
    "annually": "year",
}
_EACH = re.compile(rf" ({'|'.join(_EVERY)})$")
_LONGEST_QUESTION = 300
"""The characters at the end of a question in which units are looked for."""
_ASKED = re.compile(
    r"(?:(?i:\b(?:how (?:many|much)|wie viele?|combien de|cu[aá]nt[oa]s|quant[ie]|in|en)) |\()"
    r"(?=(?P<what>[^\s(),;:?!]+(?: [^\s(),;:?!]+){0,3}))"
)
_SHARE = re.compile(
    r"%|\b(?:per ?cent|share of|rate\b|proportion|prozent|anteil|pour ?cent|por ?ci?ento|percento)"
    r"|процент|доля",
    re.IGNORECASE,
)
_LIGHT_YEAR = re.compile(r"light[- ]?years?")
_EXPONENT = re.compile(r"(?P<unit>.*?[^0-9^+-])\^?(?P<power>[+-]?[0-9])")
_POWER_WORDS = {"square": 2, "squared": 2, "cubic": 3, "cubed": 3, "sq": 2, "cu": 3}


class Unit(NamedTuple):
    """A unit of measure.

    Attributes:
        factor: Its size in base units.
        offset: The number of kelvins to add to a temperature.
        dimension: Base units and their exponents, sorted.
    """

    factor: Fraction
    offset: Fraction
    dimension: tuple[tuple[str, int], ...]


NO_UNIT = Unit(Fraction(1), Fraction(0), ())


@cache
def _symbols() -> tuple[dict[str, Unit], dict[str, Unit]]:
    """Return units by symbol, with case, and by name in small letters."""
    symbols: dict[str, Unit] = {}
    names: dict[str, Unit] = {}
    for line in _WITH_PREFIXES.strip().splitlines():
        words, unit = _line(line)
        for word in words:
            small = word if len(word) > 3 or word in ("bar", "bit", "sec", "amp", "ohm") else ""
            if small:
                names[word] = unit
            if len(word) <= 3:
                symbols[word] = unit
            for symbol, (name, exponent) in _PREFIXES.items():
                scaled = unit._replace(factor=unit.factor * Fraction(10) ** exponent)
                if small:
                    names[name + word] = scaled
                if len(word) <= 3:
                    symbols.setdefault(symbol + word, scaled)
            if word in ("B", "bit", "b", "byte"):
                for symbol, (name, exponent) in _BINARY.items():
                    scaled = unit._replace(factor=unit.factor * 1024**exponent)
                    (names if small else symbols)[(name if small else symbol) + word] = scaled
    for table in (_WITHOUT_PREFIXES, _CURRENCIES):
        for line in table.strip().splitlines():
            words, unit = _line(line)
            for word in words:
                if len(word) <= 3 or not word.islower():
                    symbols[word] = unit
                if word.isalpha() and (word.islower() or table is _CURRENCIES):
                    names.setdefault(word.lower(), unit)
    return symbols, names


def _line(line: str) -> tuple[list[str], Unit]:
    words, _, size = line.partition(" = ")
    factor, *bases = size.split()
    dimension: dict[str, int] = {}
    for base in bases:
        name = base.rstrip("-0123456789")
        if name != "one":
            dimension[name] = int(base.removeprefix(name) or 1)
    return words.split(), Unit(Fraction(factor), Fraction(0), tuple(sorted(dimension.items())))


def unit_of(text: str) -> Unit | None:
    """Return the unit that a text names by symbols or in words; None if it names none.

    Args:
        text: A text with plain signs: `km/h`, `m s^-2`, `kilometres per hour`.
    """
    text = text.strip().strip(".").strip().replace("astronomical unit", "AU")
    text = _LIGHT_YEAR.sub("ly", text)
    if not text:
        return NO_UNIT
    if len(text) > 60:
        return None
    text = re.sub(r"(?<=[a-z])-(?=[a-z])", " ", text)
    text = _EACH.sub(lambda match: f" per {_EVERY[match[1]]}", text)
    if temperature := _temperature(text):
        return temperature
    above, *below = _PER.split(text)
    factor, dimension = Fraction(1), dict[str, int]()
    for sign, part in [(1, above), *((-1, divisor) for divisor in below)]:
        units = _product(_IN_RATES.get(part.strip().lower(), part) if below else part)
        if units is None:
            return None
        for unit, power in units:
            factor *= unit.factor ** (sign * power)
            for base, exponent in unit.dimension:
                dimension[base] = dimension.get(base, 0) + sign * power * exponent
    sorted_dimension = tuple(sorted((base, power) for base, power in dimension.items() if power))
    return Unit(factor, Fraction(0), sorted_dimension)


def _temperature(text: str) -> Unit | None:
    key = re.sub(r"^(?:°|deg(?:rees?)?) ?(?=[CFcfKk])", "°", text)
    if key[1:].lower() in ("celsius", "fahrenheit", "centigrade"):
        key = key[1:].lower().replace("centigrade", "celsius")
    elif key.lower() in ("celsius", "fahrenheit", "kelvin", "kelvins"):
        key = key.lower().replace("kelvins", "kelvin")
    size_and_offset = _TEMPERATURES.get(key)
    return size_and_offset and Unit(size_and_offset[0], size_and_offset[1], (("K", 1),))


def _product(text: str) -> list[tuple[Unit, int]] | None:
    """Return units with their exponents: `m s^-2`, `square metres`, `metres per second squared`."""
    units: list[tuple[Unit, int]] = []
    power_before = 1
    for word in re.split(r"[ ·*⋅×]+", text.strip()):
        if not word:
            continue
        small = word.lower()
        if small in _POWER_WORDS:
            if small.endswith("ed") and units:
                unit, power = units.pop()
                units.append((unit, power * _POWER_WORDS[small]))
            else:
                power_before = _POWER_WORDS[small]
            continue
        power = 1
        one = _one_unit(word)
        if one is None and (match := _EXPONENT.fullmatch(word)):
            one, power = _one_unit(match["unit"]), int(match["power"])
        if one is None:
            return None
        units.append((one, power * power_before))
        power_before = 1
    return units or None


def _one_unit(word: str) -> Unit | None:
    symbols, names = _symbols()
    word = word.rstrip(".").replace("µ", "μ").replace("\u2126", "Ω")
    if word in symbols:
        return symbols[word]
    small = word.lower()
    for form in (small, small.removesuffix("s"), small.removesuffix("es")):
        if form in names:
            return names[form]
    return None


@lru_cache(maxsize=1_000)
def units_asked(question: str) -> tuple[str, ...]:
    """Return the units in which a question asks for its answer: how many km, in °C, (kg), share."""
    question = question[-_LONGEST_QUESTION:]
    units = ["%"] if _SHARE.search(question) else []
    for match in _ASKED.finditer(question):
        words = match["what"].removesuffix(".").split()
        names = (" ".join(words[:end]) for end in range(1, len(words) + 1))
        units += [name for name in names if unit_of(name)]
    return tuple(dict.fromkeys(units))


def is_ambiguous_in_case(symbol: str) -> bool:
    """Return True if a symbol in letters of another case would be another unit: mV, MV."""
    symbols, _ = _symbols()
    spellings = {spelling for spelling in symbols if spelling.lower() == symbol.lower()}
    return len({symbols[spelling] for spelling in spellings}) > 1
