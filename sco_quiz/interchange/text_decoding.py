"""Bytes as text, in whatever encoding they were written."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_LOOKED_AT = 100_000
"""Bytes by which an encoding is judged."""
_FEW = 12
"""Bytes beyond ASCII that are too few to count letters."""
_LIKELY = 0.85
"""The share of the letters beyond ASCII that have to be the usual ones of a language."""
_KANA = re.compile("[\u3041-\u309f\u30a0-\u30ff]")
_JAPANESE = re.compile("[\u3000-\u30ff\uff01-\uff5e\u4e00-\u9fff]")
_HANGUL = re.compile("[\uac00-\ud7a3\u3000-\u303f]")
_CYRILLIC = re.compile("[\u0400-\u045f«»—–№]")
_BEYOND = re.compile(r"[^\x00-\x7f]")
_LONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
_RUN = re.compile(rb"[\x80-\xff]+")
_WITHIN = re.compile(rb"(?<=[A-Za-z])[\x80-\xff]+|[\x80-\xff]+(?=[A-Za-z])")
_RUSSIAN, _GREEK, _HEBREW = "оеаинтсрвл", "αοιετνσςηυάίό", "יוהלארמתבשנ"
"""The commonest letters of languages: of a text they are two thirds."""
_SCRIPTS = (
    ("cp1251", "Windows-1251", _RUSSIAN, "\u0400-\u045f"),
    ("koi8_r", "KOI8-R", _RUSSIAN, "\u0410-\u044fЁё"),
    ("cp866", "CP866", _RUSSIAN, "\u0410-\u044fЁё"),
    ("cp1253", "Windows-1253", _GREEK, "\u0384-\u03ce"),
    ("iso8859_7", "ISO 8859-7", _GREEK, "\u0384-\u03ce"),
    ("cp1255", "Windows-1255", _HEBREW, "\u05b0-\u05ea"),
)
"""Encodings of a byte a letter, each with its name, its commonest letters and all of them."""
_SIGNS = "«»—–„“”’№"
_MISPLACED = re.compile(r"[а-яёα-ώς][А-ЯЁΑ-Ω]|[ךםןףץ](?=[א-ת])")
"""A capital letter, or the form of a letter that ends words, where it does not belong."""
_TURKISH = re.compile("[çöüğışâîûÇÖÜĞİŞ]")
_CENTRAL = re.compile("(?<=[a-z])[¹³¿ì](?=[a-z])|ø[íi]")


class Decoded(NamedTuple):
    """A text.

    Attributes:
        text: What it says.
        guess: The encoding that it seems to have, in words; empty where there is no doubt.
    """

    text: str
    guess: str = ""


def decode(data: bytes) -> Decoded | None:
    """Bytes as text; None if they are none in any encoding that is known here."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            try:
                return Decoded(data.decode(name))
            except UnicodeDecodeError:
                return None
    if name := _wide(data[:_LOOKED_AT]):
        try:
            return Decoded(data.decode(name), "UTF-16")
        except UnicodeDecodeError:
            return None
    try:
        return Decoded(data.decode())
    except UnicodeDecodeError:
        pass
    if data[:_LOOKED_AT].count(0) > 8:
        return None
    beginning = data[:_LOOKED_AT]
    for name, called, fits in (
        ("cp932", "Shift-JIS", _is_japanese), ("euc_jp", "EUC-JP", _is_japanese),
        ("cp949", "EUC-KR", _is_korean), *_script_of(beginning),
        ("gb18030", "GB 18030", _is_chinese),
        ("big5", "Big5", _is_traditional), ("cp1251", "Windows-1251", _is_cyrillic),
        ("cp1250", "Windows-1250", _is_central), ("cp1254", "Windows-1254", _is_turkish),
        ("cp1252", "Latin-1 (Windows-1252)", _is_text), ("latin-1", "Latin-1", _is_text),
    ):  # fmt: skip
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if fits(text[:_LOOKED_AT], beginning):
            return Decoded(text, called)
    return None


def _wide(data: bytes) -> str:
    """The kind of UTF-16 that bytes without a mark seem to be: every second one is 0."""
    half = len(data) // 2
    if half < 4:
        return ""
    if data[1::2].count(0) > 0.7 * half and data[::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if data[::2].count(0) > 0.7 * half and data[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return ""


def _share(pattern: re.Pattern[str], text: str) -> float:
    """The share of the characters beyond ASCII that a pattern meets."""
    beyond = len(_BEYOND.findall(text))
    return len(pattern.findall(text)) / beyond if beyond else 0.0


def _in_rows(text: str, codec: str, low: int, high: int) -> float:
    """The share of the characters beyond ASCII whose first byte is within bounds."""
    beyond = _BEYOND.findall(text)
    firsts = [each.encode(codec, "replace")[0] for each in beyond]
    return sum(low <= first <= high for first in firsts) / len(firsts) if firsts else 0.0


def _is_japanese(text: str, _: bytes) -> bool:
    return _share(_JAPANESE, text) > _LIKELY and _share(_KANA, text) > 0.2


def _is_chinese(text: str, data: bytes) -> bool:
    # The commonest characters stand first in GB 2312, those of daily use in rows B0 to D7.
    return not _has_lone(data) and _in_rows(text, "gb18030", 0xA1, 0xD7) > 0.95


def _is_korean(text: str, data: bytes) -> bool:
    # Chinese in the same bytes has its commonest words beyond the rows of Hangul.
    return not _has_lone(data) and _share(_HANGUL, text) > 0.98


def _is_traditional(text: str, _: bytes) -> bool:
    return _in_rows(text, "big5", 0xA1, 0xC6) > _LIKELY


def _is_cyrillic(text: str, data: bytes) -> bool:
    return _has_words(data) and _share(_CYRILLIC, text) > _LIKELY


def _has_words(data: bytes) -> bool:
    """Tell whether bytes beyond ASCII make words of their own."""
    within, runs = len(_WITHIN.findall(data)), len(_RUN.findall(data))
    return not _has_lone(data) and within <= 0.3 * runs


def _script_of(data: bytes) -> list[tuple[str, str, Callable[[str, bytes], bool]]]:
    """The encoding whose letters come as often as in its languages, if it is not the usual one."""
    if sum(byte > 0x7F for byte in data) < _FEW or not _has_words(data):
        return []
    shares = []
    for name, called, common, letters in _SCRIPTS:
        text = data.decode(name, "replace")
        is_script = _share(re.compile(f"[{letters}{_SIGNS}]"), text) > 0.97
        # Small letters of one encoding are capital ones of another.
        beyond = _BEYOND.findall(text)
        capitals, small = sum(map(str.isupper, beyond)), sum(map(str.islower, beyond))
        is_small = small >= capitals or name == "cp1251"
        is_placed = is_small and len(_MISPLACED.findall(text)) < 0.02 * len(text)
        share = _share(re.compile(f"[{common}{common.upper()}]"), text)
        shares.append((share if is_script and is_placed else 0.0, name, called))
    usual, best = shares[0][0], max(shares, key=lambda each: each[0])
    return [(*best[1:], _is_text)] if best[0] > max(0.5, usual + 0.1) else []


def _is_turkish(text: str, _: bytes) -> bool:
    # In Icelandic, which has the same bytes for its own letters, ð is far commoner than ý.
    found = Counter(_TURKISH.findall(text))
    has_enough = found.total() >= _FEW / 2 and found["ı"] and (found["ş"] or found["ğ"])
    return bool(has_enough) and _share(_TURKISH, text) > 0.95 and found["ı"] > found["ğ"]


def _is_central(_: str, data: bytes) -> bool:
    """Tell whether words have Polish or Czech letters where in Latin-1 there are odd signs."""
    return _CENTRAL.search(data.decode("cp1252", "replace")) is not None


def _has_lone(data: bytes) -> bool:
    """Tell whether bytes beyond ASCII mostly stand alone among letters, as in European words."""
    lone, beyond = len(_LONE.findall(data)), sum(byte > 0x7F for byte in data)
    return lone > 0.3 * beyond


def _is_text(_: str, data: bytes) -> bool:
    return sum(byte < 0x20 and byte not in b"\t\n\r\f" for byte in data) < 0.01 * len(data) + 1
