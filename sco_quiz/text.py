"""Makes text safe: hidden characters of a deck never reach the terminal; markup becomes spans."""

from __future__ import annotations

import re
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

LONGEST_MARKUP = 20_000
"""The most characters of a text whose markup is read; it takes some 10 µs a character."""

_LINE_ENDS = re.compile("\r\n?")
_MARKER = re.compile(r"[\\`*_]|\]\(|~~~|\$[^\s$][^$]*\$|\$\$[^$]")
_FENCE = re.compile(r" {0,3}(`{3,}+|~{3,}+)[ \t]*+([^`\s]*+)[^`]*+")


class TextSpan(NamedTuple):
    """A part of a text in one style.

    Attributes:
        text: The text as shown; may contain newlines.
        bold: True for strong emphasis.
        italic: True for emphasis.
        code: True for code.
        language: The language of a block of code, as its author named it; empty if not named, None
            for all else.
    """

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    language: str | None = None


def clean(text: str, *, multiline: bool = True) -> str:
    r"""Return the text with control characters and invisible characters made visible.

    C0 controls and DEL become control pictures (`␛`). C1, characters that change the writing
    direction or end lines, byte order marks, tag characters, lone surrogates and noncharacters
    become their code points in brackets (`⟨U+202E⟩`). Joiners and variation selectors stay, for
    emoji and for Persian and Indic scripts. Cleaning twice changes nothing.

    Args:
        text: Any string.
        multiline: Keep newlines (`\r\n` and `\r` become `\n`) and tabs; else both become spaces.
    """
    if text.isprintable():  # twenty times faster than the search, and true for most texts
        return text
    if "\r" in text:
        text = _LINE_ENDS.sub("\n", text)
    if not multiline:
        text = text.replace("\n", " ").replace("\t", " ")
    return _unsafe().sub(_visible, text)


def masked(text: str) -> str:
    """Return the text with exactly one visible character for each that `clean` would replace.

    For a text that is edited, in which characters must keep their places.
    """
    return text if text.isprintable() else _unsafe().sub(_masked, text)


@cache
def _unsafe() -> re.Pattern[str]:
    """Return the pattern of unsafe characters, which takes 0.5 ms to compile."""
    planes = range(0, 0x110000, 0x10000)
    noncharacters = "".join(chr(plane | end) for plane in planes for end in (0xFFFE, 0xFFFF))
    return re.compile(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but tab and newline, DEL, C1
        "\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f"  # direction, line and paragraph separators
        "\ud800-\udfff\ufdd0-\ufdef\ufeff\U000e0000-\U000e007f" + noncharacters + "]"
    )


def _masked(match: re.Match[str]) -> str:
    shown = _visible(match)
    return shown if len(shown) == 1 else "\ufffd"


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else f"⟨U+{code:04X}⟩"


def may_have_markup(text: str) -> bool:
    """Return True if a text has to be parsed; if not, it is shown as written."""
    return len(text) <= LONGEST_MARKUP and _MARKER.search(text) is not None


def spans(text: str) -> list[TextSpan]:
    """Return the text as its author's markup says, in spans of one style each.

    Markup is blocks of code between fences, and inline CommonMark: emphasis, code, links, images
    and backslash escapes; HTML, entities and bare addresses are text. A link becomes its text
    followed by the address in parentheses, an image its alternative text. A formula between dollar
    signs becomes Unicode, or stays as written. Line breaks stay where they are. Clean text gives
    clean spans. Texts longer than `LONGEST_MARKUP` stay as written.
    """
    if not may_have_markup(text):
        return [TextSpan(text)] if text else []
    if "```" not in text and "~~~" not in text:
        return _inline(text)
    all_spans: list[TextSpan] = []
    for part, language in blocks(text):
        if language is not None:
            all_spans.append(TextSpan(part, code=True, language=language))
        elif part:
            all_spans += _inline(part)
    return all_spans


def plain(text: str) -> str:
    """Return the text without its markup."""
    return "".join(span.text for span in spans(text)) if _MARKER.search(text) else text


def shows_formula(text: str) -> bool:
    """Return True if a formula in the text is shown in other characters than written."""
    if "$" not in text:
        return False
    from sco_quiz import formula  # 2 modules, 1 ms: few texts have one

    return any(
        formula.readable(match["inline"] or match["display"])
        for match in formula.PATTERN.finditer(text[:LONGEST_MARKUP])
    )


def formula_in(text: str) -> str:
    """Return the LaTeX of a text that is one formula as a whole; else empty."""
    if not text.startswith("$"):
        return ""
    from sco_quiz import formula  # as above

    match = formula.PATTERN.fullmatch(text)
    return str(match["inline"] or match["display"]) if match else ""


def blocks(text: str) -> Iterator[tuple[str, str | None]]:
    """Yield the parts of a text: code between fences, with its language, and the text around it.

    The line end before a fence belongs to the part before it, the one after to the part after. A
    fence that is not closed reaches to the end; a fence without code is text.
    """
    outside: list[str] = []
    inside: list[str] = []
    fence: re.Match[str] | None = None
    for line in text.split("\n"):
        match = _FENCE.fullmatch(line)
        if fence is None and match is not None:
            fence, inside = match, []
            if outside:
                yield "\n".join([*outside, ""]), None
        elif fence is None:
            outside.append(line)
        elif match is None or match[2] or not match[1].startswith(fence[1]):
            inside.append(line)
        else:
            outside = [""]
            if any(map(str.strip, inside)):
                yield "\n".join(inside), fence[2]
            else:
                outside = [fence[0], *inside, line]
            fence = None
    if fence is None:
        yield "\n".join(outside), None
    elif any(map(str.strip, inside)):
        yield "\n".join(inside), fence[2]
    else:
        yield "\n".join([fence[0], *inside]), None


def tokens(text: str) -> list[Token]:
    """Return the tokens of inline markup, with vertical tabs for line ends.

    The token of a formula has the shown text as `content` and its LaTeX as `info`.
    """
    # CommonMark would join the lines of code, but keeps vertical tabs, which no clean text has.
    return _parser().parseInline(text.replace("\n", "\v"))[0].children or []


def _inline(text: str) -> list[TextSpan]:
    pieces = (piece for piece in _pieces(tokens(text), TextSpan("")) if piece.text)
    return [
        TextSpan("".join(piece.text for piece in alike).replace("\v", "\n"), *style)
        for style, alike in groupby(pieces, key=lambda piece: piece[1:])
    ]


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # 50 ms, and most texts have no markup

    parser = MarkdownIt("zero").enable(["escape", "backticks", "emphasis", "link", "image"])
    parser.inline.ruler.before("escape", "formula", _take_formula)
    return parser


def _take_formula(state: StateInline, silent: bool) -> bool:
    """Read a formula at the parser's place, before its signs are read as emphasis."""
    if state.src[state.pos] != "$":
        return False
    from sco_quiz import formula  # as above

    match = formula.PATTERN.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        shown = formula.readable(match["inline"] or match["display"])
        token = state.push("formula", "", 0)
        token.content, token.info = shown or match[0], match["inline"] or match["display"]
    state.pos = match.end()
    return True


def _pieces(tokens: Iterable[Token], style: TextSpan) -> list[TextSpan]:
    pieces: list[TextSpan] = []
    outer: list[TextSpan] = []
    links: list[tuple[str, int]] = []
    for token in tokens:
        match token.type:
            case "strong_open":
                outer.append(style)
                style = style._replace(bold=True)
            case "em_open":
                outer.append(style)
                style = style._replace(italic=True)
            case "strong_close" | "em_close":
                style = outer.pop()
            case "link_open":
                links.append((_address(token, "href"), len(pieces)))
            case "link_close":
                address, start = links.pop()
                label = "".join(piece.text for piece in pieces[start:])
                if label != address:
                    pieces.append(style._replace(text=f" ({address})" if label else f"({address})"))
            case "image":
                unnamed = style._replace(text=f"({_address(token, 'src')})")
                pieces += _pieces(token.children or [], style) or [unnamed]
            case "code_inline":
                pieces.append(style._replace(text=token.content.strip("\v"), code=True))
            case _:
                pieces.append(style._replace(text=token.content))
    return pieces


def _address(token: Token, attribute: str) -> str:
    """Return the address, decoded: the parser keeps it percent-encoded."""
    address = _parser().normalizeLinkText(str(token.attrs[attribute]))
    return clean(address, multiline=False)
