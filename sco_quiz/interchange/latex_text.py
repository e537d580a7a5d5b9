"""LaTeX in text mode, as pieces of our markup: words, formulas among them, lists and emphasis."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sco_quiz.interchange.markup_builder import MarkupBuilder

_MATH_ALONE = re.compile(r"\s*(\$\$?)(?:[^$\\]|\\.)+\1\s*", re.DOTALL)
_MATH_WORLDS = r"(?:equation|align|displaymath|math|eqnarray|gather|multline|flalign|alignat)\*?"
_PART = re.compile(
    r"\$\$(?P<display>(?:[^$\\]|\\.)+)\$\$|\$(?P<inline>(?:[^$\\]|\\.)+)\$"
    r"|\\\((?P<round>.{1,5000}?)\\\)|\\\[(?P<square>.{1,5000}?)\\\]"
    rf"|\\begin\{{(?P<world>{_MATH_WORLDS})\}}(?P<formula>.{0, 5000}?)\\end\{{(?P=world)\}}"
    r"|\\begin\{(?P<begin>[A-Za-z*]{1,30})\}(?:\[[^\[\]]{0,100}\]|\{[^{}]{0,100}\})?"
    r"|\\end\{(?P<end>[A-Za-z*]{1,30})\}"
    r"|\\(?P<command>[A-Za-z]{1,30})\*?(?:\[[^\[\]]{0,100}\])?(?P<group>\{)?[ \t]?"
    r"|\\(?P<break>\\)(?:\[[^\[\]]{0,20}\])?|\\(?P<sign>[^A-Za-z\\])|(?P<open>\{)|(?P<close>\})"
    r"|(?P<blank>\n[ \t]*\n\s*)|(?P<cell>&)|%[^\n]{0,1000}\n?",
    re.DOTALL,
)
_EMPHASIS = {
    "textbf": "**", "bf": "**", "bfseries": "**", "textit": "*", "emph": "*", "em": "*", "it": "*",
    "textsl": "*", "section": "**", "subsection": "**", "paragraph": "**",
}  # fmt: skip
_WORDS = {
    "ldots": "…", "dots": "…", "LaTeX": "LaTeX", "TeX": "TeX", "textbackslash": "\\", "quad": " ",
    "qquad": " ", "textdegree": "°", "degree": "°", "S": "§", "copyright": "©", "pounds": "£",
    "euro": "€", "ss": "ß", "ae": "æ", "oe": "œ", "o": "ø", "aa": "å", "textasciitilde": "~",
}  # fmt: skip
_DROPPED = frozenset(
    {"vspace", "hspace", "label", "cite", "ref", "includegraphics", "input", "color"}
)
_LETTERS = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("~", " "))


def add_latex(out: MarkupBuilder, source: str) -> bool:
    """Add a text; False, and nothing is added, if it is one formula."""
    if _MATH_ALONE.fullmatch(source):
        return False
    at = 0
    groups: list[str] = []  # the mark of emphasis of each open brace, or what is dropped
    for part in _PART.finditer(source):
        if part.start() < at:
            continue
        _add_words(out, source[at : part.start()], groups)
        at = part.end()
        formula = part["display"] or part["inline"] or part["round"] or part["square"]
        if formula or part["formula"]:
            out.raw(f"${' '.join((formula or part['formula']).split())}$")
        elif part["begin"] in {"itemize", "enumerate"}:
            out.list(numbered=part["begin"] == "enumerate", closing=False)
        elif part["end"] in {"itemize", "enumerate"}:
            out.list(numbered=False, closing=True)
        elif part["command"]:
            _add_command(out, part, groups)
        elif part["break"] or part["blank"]:
            out.block()
        elif part["cell"]:
            out.text(" | ")
        elif part["sign"]:
            out.text(" " if part["sign"] in " ,;:!/" else part["sign"])
        elif part["open"]:
            groups.append("")
        elif part["close"] and groups and (mark := groups.pop()) and mark != _HIDDEN:
            out.emphasis(mark, closing=True)
    _add_words(out, source[at:], groups)
    for mark in reversed(groups):
        if mark and mark != _HIDDEN:
            out.emphasis(mark, closing=True)
    return True


_HIDDEN = "hidden"


def _add_command(out: MarkupBuilder, part: re.Match[str], groups: list[str]) -> None:
    name = part["command"]
    if name == "item":
        out.item()
    elif name in {"newline", "par", "linebreak"}:
        out.block()
    elif name in _WORDS:
        out.text(_WORDS[name] + (" " if part[0].endswith((" ", "\t")) else ""))
    if part["group"]:
        mark = _HIDDEN if name in _DROPPED else _EMPHASIS.get(name, "")
        groups.append(mark)
        if mark and mark != _HIDDEN:
            out.emphasis(mark, closing=False)


def _add_words(out: MarkupBuilder, words: str, groups: list[str]) -> None:
    if not words or _HIDDEN in groups or (words.isspace() and out.at_line_start):
        return
    for sign, letter in _LETTERS:
        words = words.replace(sign, letter)
    out.text(re.sub(r"\s+", " ", words))
