"""Safe text: nothing hidden in a deck reaches the terminal; inline markup becomes spans."""

from __future__ import annotations

import re
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LONGEST_MARKUP = 20_000
"""Characters above which a text is shown as written; parsing takes some 10 µs a character."""

_NONCHARACTERS = "".join(
    chr(plane | end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF)
)
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but tab and newline, DEL, C1
    "\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f"  # direction, line and paragraph separators
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\U000e0000-\U000e007f" + _NONCHARACTERS + "]"
)
_LINE_ENDS = re.compile("\r\n?")
_MARKER = re.compile(r"[\\`*_]|\]\(")


class Span(NamedTuple):
    """A stretch of text in one style.

    Attributes:
        text: What is shown; may contain newlines.
        bold: Strong emphasis.
        italic: Emphasis.
        code: Shown as code.
    """

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False


def clean(text: str, *, multiline: bool = True) -> str:
    r"""The text with all that a terminal could act on or a reader could not see made visible.

    C0 controls and DEL become control pictures (`␛`). C1, characters that change the writing
    direction or end lines, byte order marks, tag characters, lone surrogates and noncharacters
    become their code points in brackets (`⟨U+202E⟩`). Joiners and variation selectors stay, for
    emoji and for Persian and Indic scripts. Cleaning twice changes nothing.

    Args:
        text: Any string.
        multiline: Keep newlines (`\r\n` and `\r` become `\n`) and tabs; else both become spaces.
    """
    if text.isprintable():  # twenty times faster than the search, and true of most texts
        return text
    if "\r" in text:
        text = _LINE_ENDS.sub("\n", text)
    if not multiline:
        text = text.replace("\n", " ").replace("\t", " ")
    return _UNSAFE.sub(_visible, text)


def masked(text: str) -> str:
    """The text with one visible character for each that `clean` would show as several or one.

    For places where characters have to stay where they are: a text that is being edited.
    """
    return text if text.isprintable() else _UNSAFE.sub(_masked, text)


def _masked(match: re.Match[str]) -> str:
    shown = _visible(match)
    return shown if len(shown) == 1 else "\ufffd"


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else f"⟨U+{code:04X}⟩"


def spans(text: str) -> list[Span]:
    """The text as its author meant it to look: inline CommonMark in spans of one style each.

    Emphasis, code, links, images and backslash escapes are markup; HTML, entities and bare
    addresses are text. A link is its text followed by the address in parentheses, an image its
    alternative text. Line breaks stay where they are. Clean text gives clean spans. Texts longer
    than `LONGEST_MARKUP` are given as written.
    """
    if len(text) > LONGEST_MARKUP or not _MARKER.search(text):
        return [Span(text)] if text else []
    # CommonMark joins the lines of code; a vertical tab, which no clean text holds, gets through.
    tokens = _parser().parseInline(text.replace("\n", "\v"))[0].children or []
    pieces = (piece for piece in _pieces(tokens, Span("")) if piece.text)
    return [
        Span("".join(piece.text for piece in alike).replace("\v", "\n"), *style)
        for style, alike in groupby(pieces, key=lambda piece: piece[1:])
    ]


def plain(text: str) -> str:
    """The text without its inline markup."""
    return "".join(span.text for span in spans(text)) if _MARKER.search(text) else text


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # 50 ms, and most texts have no markup

    return MarkdownIt("zero").enable(["escape", "backticks", "emphasis", "link", "image"])


def _pieces(tokens: Iterable[Token], style: Span) -> list[Span]:
    pieces: list[Span] = []
    outer: list[Span] = []
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
    """The address as its author wrote it, more or less: the parser keeps it percent-encoded."""
    address = _parser().normalizeLinkText(str(token.attrs[attribute]))
    return clean(address, multiline=False)
