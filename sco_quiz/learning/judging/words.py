"""Folds words, and counts the slips between a typed text and the right one."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from sco_quiz.learning.difference import edits
from sco_quiz.learning.folding import base_language, fold, with_plain_signs
from sco_quiz.learning.judging.number_words import SCALES, read_words
from sco_quiz.learning.judging.scripts import (
    has_han,
    has_hangul,
    in_simplified_characters,
    jamo,
    with_digraphs,
    without_case_and_marks,
)
from sco_quiz.learning.judging.tables import american_spellings, is_word, word_set
from sco_quiz.learning.judging.units import unit_of
from sco_quiz.learning.values import roman_value

EDGE = " .,;:!?…'\"()[]{}¿¡·•。、،؛؟！？「」『』《》“”„«»‘’`"
_ARTICLES = {
    "en": r"the|an?",
    "de": r"der|die|das|den|dem|des|eine?|einen|einem|einer|eines",
    "fr": r"le|la|les|l'|une?|des|du|de l'|de la",
    "es": r"el|la|los|las|un|una|unos|unas",
    "it": r"il|lo|la|l'|i|gli|le|un|un'|uno|una",
    "pt": r"os?|as?|um|uma|uns|umas",
    "nl": r"de|het|een|'?t",
    "tr": r"bir",
}
_LEADING = {
    language: re.compile(rf"({words})(?:(?<=')| )(?=.)") for language, words in _ARTICLES.items()
}
_INDEFINITE = word_set(
    "eine ein einen einem einer eines un une des du una uno unos unas um uma uns umas un' een bir"
) | {"de l'", "de la"}
_TO = {"en": "to ", "de": "zu "}
_ELIDED = {
    "fr": re.compile(r"\b([cdjlmnst]|qu|jusqu|lorsqu|aujourd) (?=[aeiouyhàâéèêëîïôœæ])"),
    "it": re.compile(r"\b([cdl]|[a-z]+ll) (?=[aeiouhàèéìòù])"),
}
"""Short words before a vowel, whose apostrophe may be typed as a space: l eau."""
_LETTER = r"[^\W\d_]"
_LOOSE = re.compile(r"(?<![0-9])[.,;:'\"]|[.,;:'\"](?![0-9])|[()\[\]{}“”„«»`!?¿¡]")
_BRACKETS = re.compile(r"[()\[\]{}]")
_HYPHEN = re.compile(
    rf"(?<={_LETTER}{_LETTER})-(?={_LETTER}|[0-9])|(?<={_LETTER})-(?={_LETTER}{_LETTER}|[0-9][0-9])"
    rf"|(?<=[0-9])-(?={_LETTER})|(?<={_LETTER})[-/·](?={_LETTER})|(?<={_LETTER}{_LETTER})/(?={_LETTER})"
)
_ORDINAL = re.compile(r"([0-9]+)(?:st|nd|rd|th)")
_EPONYM = re.compile(
    r"(?:(?<=[a-z]{2})(?:s's|'s|s'|s))"
    r"(?= (?:disease|syndrome|law|theorem|comet|principle|constant|equation|paradox|effect)\b)"
)
_ABBREVIATIONS = {
    "st": "saint",
    "sts": "saints",
    "mt": "mount",
    "mts": "mountains",
    "ft": "fort",
    "dr": "doctor",
    "prof": "professor",
    "gen": "general",
    "jr": "junior",
    "sr": "senior",
    "mr": "mister",
    "mme": "madame",
    "nr": "number",
    "op": "opus",
    "art": "article",
    "sec": "section",
    "ch": "chapter",
    "vol": "volume",
    "fig": "figure",
    "vs": "versus",
    "v": "versus",
    "pt": "part",
    "ave": "avenue",
    "blvd": "boulevard",
    "govt": "government",
    "dept": "department",
    "intl": "international",
    "approx": "approximately",
    "cresc": "crescendo",
    "ww": "world war",
    "wwi": "world war 1",
    "wwii": "world war 2",
    "ww1": "world war 1",
    "ww2": "world war 2",
    "usa": "united states",
    "u.s": "united states",
    "us": "united states",
    "uk": "united kingdom",
    "un": "united nations",
    "eu": "european union",
    "ussr": "soviet union",
    "uae": "united arab emirates",
    "drc": "democratic republic of the congo",
    "nyc": "new york city",
    "dna": "deoxyribonucleic acid",
    "rna": "ribonucleic acid",
    "ecg": "electrocardiogram",
    "ekg": "electrocardiogram",
    "mri": "magnetic resonance imaging",
    "gdp": "gross domestic product",
    "gnp": "gross national product",
    "imf": "international monetary fund",
    "wto": "world trade organization",
    "dns": "domain name system",
    "twice": "two times",
    "thrice": "three times",
    "someone": "somebody",
    "someones": "somebodys",
}
"""Short words and their full forms; an acronym is written out only as a whole answer."""
_PLACEHOLDERS = {
    "en": {
        "sb": "somebody",
        "smb": "somebody",
        "sbs": "somebodys",
        "smbs": "somebodys",
        "sth": "something",
        "smth": "something",
    },
    "de": {"jd": "jemand", "jdn": "jemanden", "jdm": "jemandem", "jds": "jemandes", "etw": "etwas"},
    "fr": {
        "qn": "quelquun",
        "qqn": "quelquun",
        "qc": "quelque chose",
        "qch": "quelque chose",
        "qqch": "quelque chose",
    },
    "es": {"algn": "alguien"},
    "it": {"qn": "qualcuno", "qlcu": "qualcuno", "qc": "qualcosa", "qlco": "qualcosa"},
    "nl": {"iem": "iemand"},
}
"""The short words of dictionaries for anybody and anything, beside other words, by language."""
_ONLY_WHOLE = word_set(
    "usa u.s us uk un eu ussr uae drc nyc dna rna ecg ekg mri gdp gnp imf wto dns"
)
_ALIASES = {
    "united states of america": "united states",
    "new york": "new york city",
    "vatican": "vatican city",
    "washington": "washington dc",
    "second world war": "world war 2",
    "first world war": "world war 1",
    "the great war": "world war 1",
}
_NUMBER_SIGN = re.compile(r"(?:\bno\. ?|№ ?|#|\bno )(?=[0-9])")
_ROMAN_CENTURY = re.compile(r"\b[ivx]+(?= century\b)")
_SECTION_SIGN = re.compile(r"§ ?(?=[0-9])")
_NORTH_SOUTH = re.compile(
    r"\b([nsew])\.? "
    r"(?=korea|africa|america|carolina|dakota|sudan|ireland|timor|germany|pole|virginia)"
)
_POINTS = {"n": "north ", "s": "south ", "e": "east ", "w": "west "}
_GREEK = re.compile(r"(?<!\w)[α-ω](?!\w)")
_LETTER_NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma "
    "sigma tau upsilon phi chi psi omega"
)
GREEK_NAMES = dict(zip("αβγδεζηθικλμνξοπρςστυφχψω", _LETTER_NAMES.split(), strict=True))
_BRITISH = (
    (re.compile(r"^h(?:ae)m(?=[a-z])"), "hem"),
    (re.compile(r"aem(?=ia|ic)"), "em"),
    (re.compile(r"caem(?=ia|ic)"), "cem"),
    (re.compile(r"oesoph"), "esoph"),
    (re.compile(r"œsoph"), "esoph"),
    (re.compile(r"paed(?=[io])"), "ped"),
    (re.compile(r"anaes"), "anes"),
    (re.compile(r"^oe(?=dem|str)"), "e"),
    (re.compile(r"rhoea"), "rhea"),
    (re.compile(r"gynaec"), "gynec"),
    (re.compile(r"^caesi"), "cesi"),
    (re.compile(r"sulph"), "sulf"),
    (re.compile(r"^foet"), "fet"),
    (re.compile(r"^leucaem|^leukaem"), "leukem"),
    (re.compile(r"^aluminium$"), "aluminum"),
    (re.compile(r"(?<=[a-z]{2})ys(?=e$|ed$|es$|ing$)"), "yz"),
)
_AE = re.compile(r"(?<=[a-z])[ao]e(?=[a-z]{2})")
_ISE = re.compile(r"(?<=[a-z]{3})is(?=ations?$|e[ds]?$|ing$|ers?$)")
_NEGATION = re.compile(
    "no|not|nor|non|none|never|without|cannot|neither|"
    "(?:is|are|was|were|do|does|did|ca|wo|has|have|had|should|could|would|must)nt|"
    "nicht|kein(?:e[mnrs]?)?|nie|ohne|pas|jamais|sans|nunca|sin|sem|nao|senza|niet|geen|nooit|"
    "не|нет|ни|без"
)
_NEGATING = word_set("un in im il ir non dis de a an anti counter ab mis не bez без")
_OPPOSITES = [
    tuple(pair.split("/"))
    for pair in sorted(
        word_set(
            "hyper/hypo endo/exo ecto/endo in/ex im/ex inter/intra extra/intra macro/micro "
            "pre/post ab/ad eu/dys ante/anti over/under uni/multi mono/poly sub/super af/ef "
            "homo/hetero pro/anti pro/con tachy/brady"
        )
    )
]
_SIGN = re.compile(r"[^\w\s.,;:'\"()\[\]{}!?¿¡·•…/&-]")
_CHEMICAL_ENDING = re.compile(
    r"(?<=[a-z]{3})(?:anes?|enes?|ynes?|anol|anal|anone|at[e]s?|it[e]s?)$"
)
_NUMBER_AND_UNIT = re.compile(r"([0-9]+)([a-z]+)")
_DOUBLED = re.compile(r"(.)\1")
_NUMERIC = re.compile(r"[0-9]")


@dataclass(frozen=True, slots=True)
class Words:
    """A text as words.

    Attributes:
        tokens: The folded words, without a leading article and loose punctuation; marks stay.
        american: The same in American spelling.
        key: The tokens without spaces, with one spelling of abbreviations and numbers.
        article: The leading article that was removed; may be empty.
        numbers: The tokens with numbers, in figures.
        numbered: The words in alphabetical order if exactly one is a number, however it is written
            (World War II, the Second World War); else empty.
    """

    tokens: tuple[str, ...]
    american: tuple[str, ...]
    key: str
    article: str
    numbers: tuple[str, ...]
    numbered: tuple[str, ...]

    @property
    def spaced(self) -> str:
        """The tokens in base letters, with spaces."""
        return without_case_and_marks(" ".join(self.tokens))

    @property
    def american_spaced(self) -> str:
        """The same in American spelling."""
        return without_case_and_marks(" ".join(self.american))


def light(text: str, language: str) -> str:
    """Return a text as written, except for case, spaces, width and punctuation at its edges."""
    folded = in_simplified_characters(fold(text, language)).strip(EDGE) or fold(text, language)
    if base_language(language) == "en":
        folded = folded.removeprefix("the ")
    return folded


def words_of(text: str, language: str = "en") -> Words:
    """Return the words of a text, folded and with one spelling of each."""
    english = base_language(language) == "en"
    folded = fold(text, language)
    core = in_simplified_characters(folded).strip(EDGE) or folded
    core = re.sub(r" ?/ ", "/", core)
    if elided := _ELIDED.get(base_language(language)):
        core = elided.sub(r"\1'", core)
    article = ""
    leading = _LEADING.get(base_language(language))
    if leading is not None and (match := leading.match(core)):
        article, core = match[1], core[match.end() :]
    infinitive = _TO.get(base_language(language), "")
    if infinitive and core.startswith(infinitive) and len(core) > len(infinitive) + 1:
        core = core.removeprefix(infinitive)
    if english:
        core = re.sub(r"^(.+), (?:the|an?)$", r"\1", core)
        core = re.sub(r"(?<=.)&(?=.)|(?<=[a-z]) \+ (?=[a-z])", " and ", core)
        core = re.sub(r"\b(?:[a-z]\.){2,}", lambda match: match[0].replace(".", ""), core)
        core = _EPONYM.sub("", core)
        core = _NUMBER_SIGN.sub("number ", core)
        core = _ROMAN_CENTURY.sub(lambda match: f"{roman_value(match[0]) or match[0]}th", core)
        core = _SECTION_SIGN.sub("section ", core)
        core = _NORTH_SOUTH.sub(lambda match: _POINTS[match[1]], core)
        core = re.sub(r"(?<=[0-9])'s\b", "s", core)
        core = re.sub(r"^(?:from )?([0-9]+) (?:to|until|till|through) (?=[0-9])", r"\1-", core)
        if not core.isascii():
            core = _GREEK.sub(lambda match: GREEK_NAMES[match[0]], core)
    spaced = _HYPHEN.sub(" ", _LOOSE.sub("", _BRACKETS.sub(" ", core)))
    if "." in core:
        spaced = _HYPHEN.sub(
            " ", _LOOSE.sub("", re.sub(r"\.(?=[^\W\d_]{3})", " ", _BRACKETS.sub(" ", core)))
        )
    tokens = [token for token in spaced.split() if token not in ("-", "/")] or [folded]
    if len(tokens) > 1 and (placeholders := _PLACEHOLDERS.get(base_language(language))):
        tokens = " ".join(placeholders.get(token, token) for token in tokens).split()
    tokens_as_written = tuple(tokens)
    if english:
        tokens = _written_out(tokens)
    american = (
        tuple(_american(token) for token in tokens_as_written) if english else tokens_as_written
    )
    numbers = _with_figures(tokens) if english else _with_arabic(tokens)
    figures = tuple(token for token in numbers if _NUMERIC.search(token))
    if english and figures and len(numbers) > 1:
        numbers = _with_unit_symbols(numbers)
    return Words(
        tokens_as_written, american, _joined(numbers), article, figures, _numbered(numbers)
    )


def _joined(tokens: list[str]) -> str:
    key = ""
    for token in tokens:
        between = " " if key[-1:].isdecimal() and token[0].isdecimal() else ""
        key += between + token
    return key


def _written_out(tokens: list[str]) -> list[str]:
    """Return the words with abbreviations written out, in American spelling."""
    if len(tokens) == 1 and tokens[0] in _ABBREVIATIONS:
        tokens = _ABBREVIATIONS[tokens[0]].split()
    words: list[str] = []
    for place, word in enumerate(tokens):
        last = place == len(tokens) - 1
        if len(tokens) == 1 or word in _ONLY_WHOLE or (word == "v" and (last or not place)):
            words.append(_american(word))
        elif word == "st" and place and last:
            words.append("street")
        else:
            words += (_ABBREVIATIONS.get(word) or _american(word)).split()
    whole = " ".join(words)
    return _ALIASES[whole].split() if whole in _ALIASES else words


def _american(token: str) -> str:
    if len(token) < 3 or not token.isascii():
        token = token.replace("œ", "oe").replace("æ", "ae") if not token.isascii() else token
        if not token.isascii():
            return token
    american = american_spellings()
    spelling = american.get(token)
    if spelling is None and token.endswith("s") and token[:-1] in american:
        spelling = american[token[:-1]] + "s"
    if spelling is None:
        spelling = token
        if len(token) > 4:
            for pattern, instead in _BRITISH:
                spelling = pattern.sub(instead, spelling)
            with_e = _AE.sub("e", spelling)
            if with_e != spelling and (is_word(with_e, "en") or is_word(with_e, "en-rare")):
                spelling = with_e
            american_ending = _ISE.sub("iz", spelling)
            if american_ending != spelling and is_word(american_ending, "en"):
                spelling = american_ending
    return spelling


def _with_figures(tokens: list[str]) -> list[str]:
    words: list[str] = []
    place = 0
    while place < len(tokens):
        number = None
        if tokens[place] in SCALES:
            number = Fraction(SCALES[tokens[place]]), place + 1, False
        elif tokens[place] not in ("a", "an", "half"):
            number = read_words(tokens, place)
        if number is not None and number[0].denominator == 1:
            value, place, ordinal = number
            words.append(f"{value}th" if ordinal else str(value))
            continue
        if match := _ORDINAL.fullmatch(tokens[place]):
            words.append(f"{int(match[1])}th")
        else:
            words.append(tokens[place])
        place += 1
    return _with_arabic(words)


def _with_unit_symbols(tokens: list[str]) -> list[str]:
    """Return the words with one spelling for each unit after a number: 100 metres hurdles."""
    words: list[str] = []
    for token in tokens:
        match = _NUMBER_AND_UNIT.fullmatch(token)
        for part in match.groups() if match and unit_of(match[2]) else (token,):
            unit = unit_of(part) if words and words[-1].isdecimal() and part.isalpha() else None
            words.append(f"{unit.factor}{unit.dimension}" if unit else part)
    return words


def _with_arabic(tokens: list[str]) -> list[str]:
    """Return World War 2 for World War II; the first word may be a name (Xi Jinping)."""
    first, *others = tokens
    return [
        first,
        *((not token.strip("ivxl") and roman_value(token)) or token for token in others),
    ]


def _numbered(tokens: list[str]) -> tuple[str, ...]:
    if len(tokens) < 2 or len(tokens) > 12:
        return ()
    names = [token for token in tokens if token not in ("the", "number", "no")]
    plain = [_ORDINAL.sub(r"\1", token) for token in names]
    numeric = [token for token in plain if _NUMERIC.search(token)]
    if len(numeric) != 1 or not numeric[0].isdecimal() or len(plain) < 2:
        return ()
    return tuple(sorted(plain))


def articles_agree(given: Words, right: Words, language: str) -> bool:
    """Return True if one article may stand for the other; outside English they show the gender."""
    one, other = given.article, right.article
    if not one or not other or one == other or base_language(language) == "en":
        return True
    return (one in _INDEFINITE) is not (other in _INDEFINITE) or "'" in one + other


def digraph_key(words: Words) -> str:
    """Return the key in base letters, ä being ae."""
    return without_case_and_marks(with_digraphs(words.key))


def allowed_slips(length: int) -> int:
    """Return the slips allowed by length in letters; with four only a swap or a doubled letter."""
    return 0 if length < 4 else 1 if length <= 8 else 2


def slips(given: str, right: str) -> int | None:
    """Count the slips of the fingers between two words or texts; None for too many.

    Doubled letters, one letter that has moved, and f for ph count as one slip.
    """
    most = allowed_slips(len(right))
    if not most:
        return None
    count = edits(given, right, most)
    if count > 1 and len(right) > 4 and abs(len(given) - len(right)) <= 3:
        if _DOUBLED.sub(r"\1", given) == _DOUBLED.sub(r"\1", right) or _has_moved(given, right):
            return 1
        if "ph" in right + given:
            count = min(count, 1 + edits(given.replace("ph", "f"), right.replace("ph", "f"), most))
    if count > most:
        return None
    if len(right) == 4 and count and not is_swapped_or_doubled(given, right):
        return None
    return count


def _has_moved(given: str, right: str) -> bool:
    """Return True if one letter stands up to three places from its right place."""
    if len(given) != len(right) or len(given) > 100:
        return False
    differ = [at for at in range(len(given)) if given[at] != right[at]]
    first, last = differ[0], differ[-1]
    if last - first > 3:
        return False
    mine, theirs = given[first : last + 1], right[first : last + 1]
    return mine[1:] + mine[:1] == theirs or mine[-1:] + mine[:-1] == theirs


def is_swapped_or_doubled(given: str, right: str) -> bool:
    """Return True if two words differ by swapped letters, or by one doubled letter."""
    if len(given) == len(right):
        return sorted(given) == sorted(right)
    short, long = sorted((given, right), key=len)
    return any(
        long[:at] + long[at + 1 :] == short
        and long[at] in (long[at - 1 : at], long[at + 1 : at + 2])
        for at in range(len(long))
    )


def are_opposite(one: str, other: str) -> bool:
    """Return True if two words differ by prefixes that reverse the meaning: stable, unstable."""
    short, long = sorted((one, other), key=len)
    if long.endswith(short) and len(short) > 2 and long[: -len(short)] in _NEGATING:
        return True
    endings = _CHEMICAL_ENDING.search(one), _CHEMICAL_ENDING.search(other)
    if endings[0] and endings[1] and one[: endings[0].start()] == other[: endings[1].start()]:
        return True
    if min(len(one), len(other)) > 8 and one[3:] == other[3:] and edits(one[:3], other[:3], 1) > 1:
        return True
    for first, second in _OPPOSITES:
        for mine, theirs in ((first, second), (second, first)):
            rest = one.removeprefix(mine)
            if len(rest) > 1 and one == mine + rest and other == theirs + rest:
                return True
    return False


def numbers_agree(mine: Words, theirs: Words) -> bool:
    """Return True if two texts have the same numbers, except for slips in number words."""
    if mine.numbers == theirs.numbers:
        return True
    if len(mine.tokens) != len(theirs.tokens) or len(mine.numbers) >= len(theirs.numbers):
        return False
    pairs = [
        (one, other) for one, other in zip(mine.tokens, theirs.tokens, strict=True) if one != other
    ]
    return bool(pairs) and all(
        len(other) > 3 and not _NUMERIC.search(one + other) and not roman_value(other)
        for one, other in pairs
    )


def negations(tokens: tuple[str, ...]) -> list[str]:
    """Return the words that negate, in order."""
    return [token for token in tokens if _NEGATION.fullmatch(token)]


def signs(text: str) -> list[str]:
    """Return the signs of a text other than letters, figures and punctuation."""
    if text.isascii():
        text = re.sub(r"(?<=[A-Za-z]) \+ (?=[A-Za-z])", " and ", text)
        return sorted(_SIGN.findall(text))
    all_signs = _SIGN.findall(with_plain_signs(text))
    return sorted(
        sign for sign in all_signs if not unicodedata.combining(sign) and sign not in EDGE
    )


def is_another_word(word: str, right: str, language: str) -> bool:
    """Return True if a typed word is in the language's word list, so that it is no slip.

    In English, a plural for a singular or the reverse is a slip; so is a rare word with two letters
    swapped or one doubled. In French, a word is the same with oe for œ.
    """
    base = base_language(language)
    if base != "en":
        return is_word(word, base) or (base == "fr" and is_word(word.replace("oe", "œ"), base))
    short, long = sorted((word, right), key=len)
    if len(short) >= 4 and long in (f"{short}s", f"{short}es"):
        return False
    if is_word(word, "en"):
        return True
    return is_word(word, "en-rare") and not (right and is_swapped_or_doubled(word, right))


def is_a_word_anywhere(word: str) -> bool:
    """Return True if a word is in the list of any language in Latin letters."""
    return any(is_word(word, language) for language in ("en", "es", "fr", "de", "pt", "it", "tr"))


def countable(text: str) -> str:
    """Return a text for counting slips: Korean syllables are divided into letters."""
    return jamo(text) if has_hangul(text) else text


def takes_no_slips(text: str) -> bool:
    """Return True for a script in which one more or less sign is another word."""
    return has_han(text) or (has_hangul(text) and len(text.replace(" ", "")) < 3)


def signs_agree(given: str, right: str) -> bool:
    """Return True if signs such as + or ♯ are the same: C++ is not C."""
    mine, theirs = signs(given), signs(right)
    return mine == theirs or not (set(mine) | set(theirs)) - set("´’‘`–—−°№#§«»₀₁₂₃")
