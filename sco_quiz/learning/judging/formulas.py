"""Formulas of mathematics and chemistry, which are right or wrong, and never nearly right."""

from __future__ import annotations

import re
import unicodedata

from sco_quiz.formula import comparable
from sco_quiz.learning.judging.tables import word_set
from sco_quiz.learning.judging.words import GREEK_NAMES

_ELEMENTS = word_set(
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge "
    "As Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm "
    "Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th "
    "Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og"
)
_SUPERSCRIPTS = re.compile("[⁺⁻⁼⁽⁾⁰¹²³⁴-⁹ⁿⁱˣʸᵃᵇᶜᵈᵉᵏᵐᵗᵢ]+")
_RAISED = str.maketrans("⁺⁻⁼⁽⁾⁰¹²³⁴⁵⁶⁷⁸⁹ⁿⁱˣʸᵃᵇᶜᵈᵉᵏᵐᵗ", "+-=()0123456789nixyabcdekmt")
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("−‐‑‒–—", "-"),
        **dict.fromkeys("’′‘´`", "'"),
        **dict.fromkeys("×·⋅∙∗", "*"),
        "″": "''",
        "⟶": "→",
        "⇒": "→",
        "⁄": "/",
        "∶": ":",
        "µ": "μ",
    }
)
_WRITTEN = (
    (re.compile(r"-{1,2}>|=>"), "→"),
    (re.compile(r"<=|=<"), "≤"),
    (re.compile(r">="), "≥"),
    (re.compile(r"!=|^/=$|=/="), "≠"),
    (re.compile(r"\+ ?/ ?-|\+-|\bplus or minus\b"), "±"),
    (re.compile(r"\*\*"), "^"),
    (re.compile(r"(?<![a-z])pi(?![a-z])", re.IGNORECASE), "π"),
    (re.compile(r"(?<![a-z])infinity(?![a-z])", re.IGNORECASE), "∞"),
    (re.compile(r"(?<![a-z])Delta(?![a-z])|(?<![a-z])delta(?=[A-Za-z]\b)"), "Δ"),
    (re.compile(r"(?<![a-z])(?:sqrt|square root of|root) ?(?=[0-9(a-z])"), "√"),
    (re.compile(r"^not equal(?: to)?$"), "≠"),
)
_GREEK = {
    spelling: letter
    for small, name in GREEK_NAMES.items()
    if name != "xi"  # rather x with an index
    for spelling, letter in ((name, small), (name.title(), small.upper()))
}
_GREEK_NAME = re.compile(rf"(?<![A-Za-z])(?:{'|'.join(_GREEK)})(?![a-z])")
_LONE_GROUP = re.compile(r"(?<=[\^√])\((-?[0-9]+|[^\W\d_])\)")
_FUNCTION_ARGUMENT = re.compile(
    r"(?<=sin|cos|tan|log|exp)\(([^\W\d_]|[0-9]+)\)|(?<=ln)\(([^\W\d_]|[0-9]+)\)"
)
_PRODUCT = re.compile(r"(?<![0-9])\*|\*(?![0-9])")
_CHARGE = re.compile(r"(?<=[A-Za-z0-9)\]]) ?\^?([0-9]?[+-]|[+-][0-9])$")
_SCRIPT = re.compile(r"([\^_])[{(]([0-9+-]+)[})]")
_SIGN_FIRST = re.compile(r"(?<=[A-Za-z\])^])([+-])([1-9])$")
_TOKEN = re.compile(r"[A-Z][a-z]?|[0-9]+|[()\[\]·.*]|\^?[0-9]*[+-]")
_MATHEMATICAL = re.compile(
    r"[=≠≤≥≈<>±√∞∑∫∂∇∈∪∩∀∃→⇒^²³⁰¹⁴-⁹⁻⁺ⁿˣ∆′₀-₉]|\bd[a-zθ] ?/ ?d[a-zθ]\b|(?<![α-ωά-ώ])π(?![α-ωά-ώ])"
    r"|(?<![^\W\d_])[^\W\d_]{1,2} ?[+*·×−-] ?[^\W\d_](?![^\W\d_])|\b[^\W\d_] ?/ ?[^\W\d_]\b"
    r"|\b(?:ln|log) [a-z] [+-]|[^\W\d_] ?[+*·×−] ?[0-9]|[^\W\d_] - [0-9]"
    r"|(?<![\w.])(?:[^\W\d_]{1,2}|sin|cos|tan|log|exp|lim|max|min|gcd|det)'*\(.*\)|^[\[({][^\[\](){}]*,[^\[\](){}]*[\])}]$"
    r"|[0-9a-z)]!$|(?<!\w)[0-9]+[a-z](?![a-z0-9])|\)/|\w ?/ ?\(|[0-9] ?[+*×] ?[0-9]|\|"
    r"|\b(?:sin|cos|tan|ln|log) ?[(a-z]\b"
)
_PROSE = re.compile(r"[^\W\d_]{4,} [^\W\d_]{2,}|[^\W\d_]{3,} [^\W\d_]{3,} [^\W\d_]{2,}|, [A-Z]")
_SMALL_WORDS = word_set("no in as he at be i os po us am pa mo ho la re ti fr es")
_LHS = re.compile(r"(?:[^\W\d_]|[^\W\d_]\([^\W\d_]\))'*")


def is_chemical(text: str) -> bool:
    """Return True for a chemical formula or equation: NaCl, SO₄²⁻, 2 H₂ + O₂ → 2 H₂O."""
    if text.islower():
        return False
    plain = unicodedata.normalize("NFKC", _SUPERSCRIPTS.sub(_raise, text).translate(_SIGNS))
    plain = _SIGN_FIRST.sub(r"\2\1", _SCRIPT.sub(r"\1\2", plain).replace("_", ""))
    if "→" in plain or "->" in plain:
        sides = re.split("→|-+>", plain)
        return len(sides) == 2 and all(
            is_chemical_term(term.strip(), in_equation=True)
            for side in sides
            for term in side.split(" + ")
        )
    return is_chemical_term(plain)


def is_chemical_term(text: str, *, in_equation: bool = False) -> bool:
    """Return True for one chemical formula, maybe with a coefficient and a charge.

    Outside an equation, 12 V is not vanadium.
    """
    coefficient = re.match(r"[0-9]+ ?(?=[A-Z(\[])", text)
    text = text[coefficient.end() :] if coefficient else text
    if not text or len(text) > 60 or text.lower() in _SMALL_WORDS:
        return False
    if re.search(r"[+-].", text):
        return False
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != text.replace("^", "^"):
        return False
    symbols = [token for token in tokens if token[0].isalpha()]
    if not symbols or any(symbol not in _ELEMENTS for symbol in symbols):
        return False
    if len(tokens) == 1:
        return not coefficient or in_equation
    mixed = any(len(symbol) == 2 for symbol in symbols)
    return mixed or len(symbols) < len(tokens) or text in ("CO", "NO", "HI", "HF", "CN", "OH")


def is_mathematical(text: str) -> bool:
    """Return True for a formula, equation, set, interval or pair of coordinates."""
    return len(text) <= 300 and bool(_MATHEMATICAL.search(text)) and not _PROSE.search(text)


def formula_key(text: str) -> str:
    """Return a formula in one spelling; formulas of one meaning mostly get the same spelling.

    Spaces and the ways to write powers and products do not count. Case, brackets and signs do.
    """
    if "\\" in text or "_" in text or "$" in text:
        text = comparable(text)
    text = _SUPERSCRIPTS.sub(_raise, text.strip().strip('`"“”')).translate(_SIGNS)
    for pattern, sign in _WRITTEN:
        text = pattern.sub(sign, text)
    text = _GREEK_NAME.sub(lambda name: _GREEK[name[0]], text)
    text = unicodedata.normalize("NFKC", text).replace("⁄", "/")
    if _CHARGE.search(text) and re.match(r"[A-Z(\[]", text):
        text = _CHARGE.sub(r"^\1", text)
    if is_chemical(text):
        text = _SIGN_FIRST.sub(r"\2\1", _SCRIPT.sub(r"\1\2", text))
    text = re.sub(r"(?<=[0-9]) (?=[0-9])", "_", text)
    text = "".join(text.split())
    text = re.sub(r"(?<=[0-9)a-zA-Z])x(?=10\^)", "*", text)
    text = _PRODUCT.sub("", text)
    text = _LONE_GROUP.sub(r"\1", text)
    text = _FUNCTION_ARGUMENT.sub(lambda match: match[1] or match[2], text)
    text = re.sub(r"(?<![0-9])\.(?=[0-9])", "0.", text)
    return re.sub(r"(?<=.)[.,;]$", "", text)


def _raise(match: re.Match[str]) -> str:
    script = match[0].translate(_RAISED)
    lone = len(script) == 1 or script.lstrip("+-").isdecimal() or re.fullmatch("[0-9]+[+-]", script)
    return f"^{script}" if lone else f"^({script})"


def sides(key: str) -> tuple[str, str]:
    """Return the sides of an equation with one variable on the left; else an empty left side."""
    left, equals, right = key.partition("=")
    if equals and right and "=" not in right and (not left or _LHS.fullmatch(left)):
        return left, right
    return "", key
