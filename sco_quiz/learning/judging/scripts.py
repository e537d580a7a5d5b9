"""Scripts and their letters: marks, kana and romaji, jamo, traditional characters."""

from __future__ import annotations

import re
import unicodedata

from sco_quiz.learning.judging.tables import simplified_characters

_MARK = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]"
)
_WRITTEN_OUT = {
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "ł": "l",
    "þ": "th",
    "ħ": "h",
    "ı": "i",
    "ə": "e",
    "ŋ": "n",
}
_DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})

_TONES = {"\u0304": 1, "\u0301": 2, "\u030c": 3, "\u0306": 3, "\u0300": 4}
_TONE_MARKS = {1: "\u0304", 2: "\u0301", 3: "\u030c", 4: "\u0300"}
_SYLLABLE = (
    "(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:iang|iong|uang|ueng|ang|eng|ing|ong|iao|ian|uai|uan|van|ai|ei|ao|ou|an|en|in|un|vn|ia|ie|iu"
    "|ua|uo|ui|ve|ue|er|a|e|i|(?<=[bpmfwy])o|(?<![a-z])o|u|v)r?"
)
_SYLLABLES = re.compile(f"(?:{_SYLLABLE})+")
_NEUTRAL = re.compile("(?:zi|de|le|ma|me|ne|ba|xie|men|tou|ge|di|mei|shang)$")
_NUMBERED = re.compile("([a-z]+)([0-5])")

_VIETNAMESE = re.compile("[ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹơưƠƯ]")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_ROWS = {
    "a": "あかさたなはまやらわがざだばぱ",
    "i": "いきしちにひみ　り　ぎじぢびぴ",
    "u": "うくすつぬふむゆる　ぐずづぶぷ",
    "e": "えけせてねへめ　れ　げぜでべぺ",
    "o": "おこそとのほもよろをごぞどぼぽ",
}
_CONSONANTS = ["", *"kstnhmyrwgzdbp"]
_HEPBURN = {"si": "shi", "ti": "chi", "tu": "tsu", "hu": "fu", "zi": "ji", "di": "ji", "du": "zu"}
_SYLLABARY = {
    kana: _HEPBURN.get(consonant + vowel, consonant + vowel)
    for vowel, row in _ROWS.items()
    for kana, consonant in zip(row, _CONSONANTS, strict=True)
    if kana != "　"
} | {"ん": "n", "ゔ": "vu", "を": "o"}
_SMALL = {"ゃ": "ya", "ゅ": "yu", "ょ": "yo", "ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o"}
_ROMAJI = (
    (re.compile("[âā]"), "aa"),
    (re.compile("[îī]"), "ii"),
    (re.compile("[ûū]"), "uu"),
    (re.compile("[êē]"), "ei"),
    (re.compile("[ôō]"), "ou"),
    (re.compile("[-' ’]"), ""),
    (re.compile("(?<![a-z])sy|sy"), "sh"),
    (re.compile("ty"), "ch"),
    (re.compile("zy|jy|dy"), "j"),
    (re.compile("si"), "shi"),
    (re.compile("ti"), "chi"),
    (re.compile("tu"), "tsu"),
    (re.compile("(?<![sc])hu"), "fu"),
    (re.compile("zi|di"), "ji"),
    (re.compile("du|dzu"), "zu"),
    (re.compile("wo"), "o"),
    (re.compile("tch"), "cch"),
    (re.compile("m(?=[bp])"), "n"),
    (re.compile("oo"), "ou"),
    (re.compile("ee"), "ei"),
)
_LONG = re.compile("(?<=[aiueo])(?:(?<=a)a|(?<=i)i|(?<=u)u|(?<=o)u)")
_GREETING = re.compile("^(konnichi|konban)ha$")
_ROMAN_LETTERS = re.compile("[a-zâāîīûūêēôō' -]+")


LONGEST_WORD = 100
"""The most letters of a word whose long vowels are compared."""


def without_case_and_marks(text: str) -> str:
    """Return a text in small base letters."""
    return "".join(base for base, _ in letters(text))


def letters(text: str) -> list[tuple[str, str]]:
    """Return each base letter of a folded text with its marks.

    The letter й, and kana with a sound mark, are letters of their own.
    """
    if text.isascii():
        return [(char, "") for char in text]
    letters_and_marks: list[tuple[str, str]] = []
    for char in unicodedata.normalize("NFD", text):
        if (
            _MARK.fullmatch(char)
            and letters_and_marks
            and not (char == "\u0306" and letters_and_marks[-1][0] == "и")
        ):
            base, marks = letters_and_marks[-1]
            letters_and_marks[-1] = base, marks + char
        elif char == "\u0306" and letters_and_marks and letters_and_marks[-1][0] == "и":
            letters_and_marks[-1] = "й", ""
        elif char in _WRITTEN_OUT:
            letters_and_marks += [(base, char) for base in _WRITTEN_OUT[char]]
        else:
            letters_and_marks.append((char, ""))
    return letters_and_marks


def with_digraphs(text: str) -> str:
    """Return a folded text with ae, oe, ue and aa for the letters ä, ö, ø, ü and å."""
    return text.translate(_DIGRAPHS)


def has_han(text: str) -> bool:
    """Return True if a text has Chinese characters."""
    return not text.isascii() and bool(_HAN.search(text))


def in_simplified_characters(text: str) -> str:
    """Return the text with simplified Chinese characters for traditional ones."""
    return text.translate(simplified_characters()) if has_han(text) else text


def jamo(text: str) -> str:
    """Return a Korean text divided into its letters; any other text unchanged."""
    return unicodedata.normalize("NFD", text) if _HANGUL.search(text) else text


def has_hangul(text: str) -> bool:
    """Return True if a text has Korean syllables."""
    return not text.isascii() and bool(_HANGUL.search(text))


def pinyin(text: str) -> list[tuple[str, int]] | None:
    """Return the letters of pinyin, each with its tone; 0 for none.

    Tones may be numbers after the syllables; ü may be `v` or `u:` and becomes `v`. None for a text
    that is not pinyin.
    """
    if len(text) > 200 or _HAN.search(text):
        return None
    plain = unicodedata.normalize("NFD", text.casefold()).replace("u:", "v")
    letters_and_tones: list[tuple[str, int]] = []
    for char in plain:
        if char in _TONES:
            if not letters_and_tones or letters_and_tones[-1][0] not in "aeiouv":
                return None
            letters_and_tones[-1] = letters_and_tones[-1][0], _TONES[char]
        elif char == "\u0308" and letters_and_tones and letters_and_tones[-1][0] == "u":
            letters_and_tones[-1] = "v", letters_and_tones[-1][1]
        elif char.isascii() and char.isalpha():
            letters_and_tones.append((char, 0))
        elif char.isdecimal() and char.isascii() and letters_and_tones:
            if not 0 <= int(char) <= 5:
                return None
            letters_and_tones = _with_tone(letters_and_tones, int(char))
        elif char not in " '’-·.!?,":
            return None
    word = "".join(char for char, _ in letters_and_tones)
    return letters_and_tones if _SYLLABLES.fullmatch(word) else None


def _with_tone(letters_so_far: list[tuple[str, int]], tone: int) -> list[tuple[str, int]]:
    """Return the letters with a tone on the vowel of the last syllable that carries it."""
    if tone in (0, 5):
        return letters_so_far
    word = "".join(char for char, _ in letters_so_far)
    syllable = re.search(f"{_SYLLABLE}$|[a-z]$", _last_syllable(word))
    start = len(word) - len(syllable[0] if syllable else word)
    vowels = [place for place in range(start, len(word)) if word[place] in "aeiouv"]
    if not vowels:
        return letters_so_far
    main = next((place for place in vowels if word[place] in "ae"), None)
    if main is None:
        main = next((place for place in vowels if word[place : place + 2] == "ou"), vowels[-1])
    changed = list(letters_so_far)
    changed[main] = changed[main][0], tone
    return changed


def _last_syllable(word: str) -> str:
    """Return the last group of vowels with the consonants around it."""
    match = re.search(r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?[aeiouv]+(?:ng|n|r)?$", word)
    return match[0] if match else word


def has_tone_marks(text: str) -> bool:
    """Return True if a text is pinyin with tones, and no word of another language with marks."""
    plain = unicodedata.normalize("NFD", text.casefold())
    if "\u0304" not in plain and "\u030c" not in plain:
        return False
    letters_and_tones = pinyin(text)
    if letters_and_tones is None:
        return False
    marked = "".join(f"{char}{tone}" if tone else char for char, tone in letters_and_tones)
    syllables = re.findall("[aeiouv]+[0-4]?[aeiouv]*", marked)
    neutral = sum(not re.search("[0-9]", syllable) for syllable in syllables)
    return not neutral or (neutral == 1 and len(syllables) > 1 and bool(_NEUTRAL.search(marked)))


def romaji(text: str) -> str | None:
    """Return Japanese in kana or romaji in one romanisation, with long vowels written out.

    None for a text in another script.
    """
    small = unicodedata.normalize("NFKC", text).casefold().strip(" .!?。！？、")
    if _KANA.search(small):
        romanised = None if _HAN.search(small) else _from_kana("".join(small.split()))
    else:
        romanised = _from_romaji(small) if _ROMAN_LETTERS.fullmatch(small) else None
    return romanised and _GREETING.sub(r"\1wa", romanised)


def _from_romaji(text: str) -> str:
    for pattern, instead in _ROMAJI:
        text = pattern.sub(instead, text)
    return text


def _from_kana(text: str) -> str | None:
    romanised, double = "", False
    for char in text:
        kana = chr(ord(char) - 0x60) if "ァ" <= char <= "ヶ" else char
        if kana == "っ":
            double = True
            continue
        if kana == "ー":
            romanised += romanised[-1:]
            continue
        if kana in _SMALL:
            sound = _SMALL[kana]
            if sound.startswith("y") and romanised.endswith("i"):
                stem = romanised[:-1]
                romanised = stem + (sound[1:] if stem.endswith(("sh", "ch", "j")) else sound)
            else:
                romanised = romanised[:-1] + sound
            continue
        if kana not in _SYLLABARY:
            return None
        sound = _SYLLABARY[kana]
        romanised += (sound[0] if double else "") + sound
        double = False
    return _from_romaji(romanised)


def has_short_vowels(given: str, right: str) -> bool:
    """Return True if romaji is the right one with short vowels for some long ones."""
    pattern = "".join(
        f"{char}?" if _LONG.match(right, at) else char for at, char in enumerate(right)
    )
    return len(right) <= LONGEST_WORD and bool(re.fullmatch(pattern, given))


def without_sound_marks(text: str) -> str:
    """Return kana without the marks that make か into が."""
    return re.sub("[\u3099\u309a]", "", unicodedata.normalize("NFD", text))


def is_vietnamese(text: str) -> bool:
    """Return True if a text has letters that only Vietnamese has."""
    return not text.isascii() and bool(_VIETNAMESE.search(unicodedata.normalize("NFC", text)))


def has_kana(text: str) -> bool:
    """Return True if a text has kana."""
    return not text.isascii() and bool(_KANA.search(text))
