"""HTML as our markup: what can be shown is kept, the rest becomes text.

Kept are bold, italic, code, lists, line breaks, links, sub- and superscripts, and math as Anki
writes it; images and recordings are named. The time is linear in the length, whatever the nesting,
and nothing recurs.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from sco_quiz.interchange.latex_text import add_latex
from sco_quiz.interchange.markup_builder import MarkupBuilder, escaped, escaped_if_needed

_NAME = re.compile(r"/?[A-Za-z][A-Za-z0-9:-]*")
_ATTRIBUTES = re.compile(r"""(?:[^>"']|"[^"]*+"|'[^']*+')*+>""")
_ATTRIBUTE = re.compile(
    r"""([A-Za-z][A-Za-z0-9_-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.DOTALL
)
_SPACE = re.compile(r"[ \t\n\f\r]+")
_MATH_ENDS = {"\\(": "\\)", "\\[": "\\]", "[$]": "[/$]", "[$$]": "[/$$]", "[latex]": "[/latex]"}
_MATH_START = re.compile(r"\\\(|\\\[|\[\$\]|\[\$\$\]|\[latex\]")
_DOLLARS = re.compile(r"^\$+|\$+$")
_SOUND = re.compile(r"\[sound:([^\[\]]{1,500})\]")
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//")
_EMBEDDED = "data:"

_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "main", "nav", "p", "section", "table", "tbody", "tfoot", "thead", "tr",
})  # fmt: skip
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript", "rp", "svg"})
_STYLES = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_LOST = {
    "u": "underline", "ins": "underline", "s": "strike-through", "strike": "strike-through",
    "del": "strike-through", "font": "colour or size", "mark": "highlight", "table": "a table",
    "video": "a video", "iframe": "a page within the page", "svg": "a drawing",
    "object": "an object", "canvas": "a drawing", "details": "a fold", "input": "a form",
    "select": "a form", "button": "a form",
}  # fmt: skip
_COLOURED = re.compile(r"[;\s\"'](?:color|background|background-color|font-size)\s*:")
_BOXES = frozenset({"div", "span", "p", "section", "details", "td", "tr", "ul", "ol", "li"})
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
LONGEST_HTML = 1_000_000
"""Characters of a field up to which converting is worth while; a note has room for 100,000."""


class Converted(NamedTuple):
    """HTML in our markup.

    Attributes:
        text: The markup.
        lost: What had to be left out, in words.
        images: The files of the images, as written.
        sounds: The files of the recordings, as written.
        hidden: Markup of what is not shown at first.
    """

    text: str
    lost: frozenset[str] = frozenset()
    images: tuple[str, ...] = ()
    sounds: tuple[str, ...] = ()
    hidden: str = ""


def to_markup(source: str, *, media: bool = False) -> Converted:
    """The markup nearest to some HTML.

    Args:
        source: The HTML, with Anki's `[sound:…]`.
        media: Whether files that it names come along; then the text does not name them, too.
    """
    if (
        "<" not in source
        and "&" not in source
        and "[sound:" not in source
        and not _MATH_START.search(source)
    ):
        spaced = _SPACE.sub(" ", source).replace("\xa0", " ")
        return Converted(escaped_if_needed(spaced.strip()))
    return _Conversion(source, media=media).run()


class _Conversion:
    def __init__(self, source: str, *, media: bool) -> None:
        self._source = source
        self._media = media
        self._out = MarkupBuilder()
        self._lost: set[str] = set()
        self._images: list[str] = []
        self._sounds: list[str] = []
        self._links: list[tuple[str, int]] = []
        self._cells = 0
        self._in_video = False
        self._hidden: list[str] = []
        self._hiding: tuple[str, int, int] | None = None  # element, where it begins, how deep
        # What may yet be found further on; what was looked for in vain is not looked for again.
        self._careful = self._comments = self._declarations = True
        self._may_close = set(_MATH_ENDS)

    def run(self) -> Converted:
        """Convert all of it."""
        source, at, end = self._source, 0, len(self._source)
        while at < end:
            tag = source.find("<", at)
            before = tag if tag >= 0 else end
            math = _MATH_START.search(source, at, before) if self._may_close else None
            if math is not None and not self._out.in_code:
                self._text(source[at : math.start()])
                at = self._formula(math)
            else:
                self._text(source[at:before])
                at = self._markup(tag) if tag >= 0 else end
        if self._hiding:
            self._hidden.append(self._out.cut(self._hiding[1]))
        images, sounds = tuple(self._images), tuple(self._sounds)
        hidden = "\n".join(each for each in self._hidden if each)
        return Converted(self._out.joined(), frozenset(self._lost), images, sounds, hidden)

    def _formula(self, start: re.Match[str]) -> int:
        """A formula that begins at a sign; where it ends."""
        sign = _MATH_ENDS[start[0]]
        close = self._source.find(sign, start.end()) if start[0] in self._may_close else -1
        if close < 0:
            self._may_close.discard(start[0])  # not to be looked for again
            self._text(start[0])
            return start.end()
        inside = self._source[start.end() : close]
        if start[0] != "[latex]" or not add_latex(self._out, _unmarked(inside)):
            self._math(inside)
        return close + len(sign)

    def _markup(self, tag: int) -> int:
        """Handle the tag, comment or plain sign that begins with `<` at a place; return its end."""
        source = self._source
        if source.startswith("<!--", tag):
            close = source.find("-->", tag + 4) if self._comments else -1
            self._comments = close >= 0
            return close + 3 if self._comments else tag + 4
        name = _NAME.match(source, tag + 1)
        if name is None:
            declaration = source.startswith(("<!", "<?"), tag) and self._declarations
            close = source.find(">", tag) if declaration else -1
            if close >= 0:
                return close + 1
            self._declarations = self._declarations and not declaration
            self._text("<")
            return tag + 1
        after = self._tag_end(name.end())
        if after == 0:
            self._text(source[tag:])
            return len(source)
        word = name[0].casefold()
        if word in _UNSEEN and word in _LOST:
            self._lost.add(_LOST[word])
        if word in _UNSEEN or word == "anki-mathjax":
            found = re.compile(f"</{word}[^>]*>", re.IGNORECASE).search(source, after)
            if word not in _UNSEEN:
                self._math(source[after : found.start() if found else len(source)])
            return found.end() if found else len(source)
        self._tag(word, source[name.end() : after - 1])
        return after

    def _tag_end(self, at: int) -> int:
        """Return the end of the tag whose attributes start at a place; 0 if it does not end."""
        rest = _ATTRIBUTES.match(self._source, at) if self._careful else None
        if rest is not None:
            return rest.end()
        self._careful = False  # some quote is never closed: quotes mean nothing from here on
        return self._source.find(">", at) + 1

    def _text(self, written: str) -> None:
        if not written:
            return
        text = html.unescape(written)
        if self._out.in_code:
            self._out.code_text(text)
            return
        if "[sound:" in text:
            self._sounds += [match[1].strip() for match in _SOUND.finditer(text)]
            text = _SOUND.sub("", text) if self._media else text
        self._out.text(_SPACE.sub(" ", text))

    def _math(self, written: str) -> None:
        text = html.unescape(re.sub(r"<[^<>]*>", " ", written)).replace("\xa0", " ")
        text = _DOLLARS.sub("", " ".join(text.split())).strip()
        if text:
            self._out.raw(f"${text}$")

    def _tag(self, word: str, attributes: str) -> None:
        out = self._out
        closing = word.startswith("/")
        name = word.removeprefix("/")
        if not out.in_code:
            self._hide(name, attributes, closing=closing)
        if name in _LOST and not closing:
            self._lost.add(_LOST[name])
        elif attributes and not closing and _COLOURED.search(attributes):
            self._lost.add("colour or size")
        if name in {"code", "pre", "kbd", "samp", "tt"}:
            out.code(block=name == "pre", closing=closing)
        elif out.in_code:
            if name in {"br", "div", "p"} and not (closing and name == "br"):
                out.code_text("\n")
        elif name == "br":
            out.line_break()
        elif name in _STYLES:
            out.emphasis(_STYLES[name], closing=closing)
        elif name in {"ul", "ol"}:
            out.list(numbered=name == "ol", closing=closing)
        elif name == "li" and not closing:
            out.item()
        elif name == "img" and not closing:
            self._image(attributes)
        elif name in {"audio", "video", "source"}:
            self._recording(name, attributes, closing=closing)
        elif name == "a":
            self._link(attributes, closing=closing)
        elif name in {"sub", "sup"}:
            out.script(name, closing=closing)
        elif name in {"td", "th"} and not closing:
            if self._cells:
                out.raw(" | ", marks=False)
            self._cells += 1
        elif name == "rt":
            out.text(")" if closing else "(")
        elif name in _BLOCKS:
            self._cells = 0
            out.block()

    def _hide(self, name: str, attributes: str, *, closing: bool) -> None:
        """Keep what is not displayed apart, from the start of such an element to its end."""
        if self._hiding is None:
            if not closing and name in _BOXES and _NOT_SHOWN.search(attributes[:2000]):
                self._hiding = (name, len(self._out), 1)
            return
        element, start, depth = self._hiding
        if name != element or attributes.endswith("/"):
            return
        depth += -1 if closing else 1
        if depth:
            self._hiding = (element, start, depth)
            return
        self._hiding = None
        self._hidden.append(self._out.cut(start))

    def _image(self, attributes: str) -> None:
        found = _attributes(attributes)
        address = found.get("src", "").strip()
        name = found.get("alt", "").strip()
        if address.startswith(_EMBEDDED):
            self._lost.add("an image within the text")
            address = ""
        if address:
            file = _ELSEWHERE.match(address) is None
            if file or not self._media:
                self._images.append(address)
            if file and self._media:
                return
            shown = f"<{address}>" if re.search(r"[\s()]", address) else address
            self._out.raw(f"![{escaped(name)}]({shown})")
        elif name:
            self._out.text(name)

    def _recording(self, name: str, attributes: str, *, closing: bool) -> None:
        if name == "video":
            self._in_video = not closing
        elif not closing and not self._in_video:
            address = _attributes(attributes).get("src", "").strip()
            if address and not _ELSEWHERE.match(address):
                self._sounds.append(address)
            if (address and _ELSEWHERE.match(address)) or not self._media:
                self._lost.add("sound")

    def _link(self, attributes: str, *, closing: bool) -> None:
        if not closing:
            address = _attributes(attributes).get("href", "").strip()
            self._links.append((address, len(self._out)))
            return
        if not self._links:
            return
        address, start = self._links.pop()
        if self._links or not re.match(r"https?://", address):
            return
        label = self._out.since(start).strip()
        if label and label != address:
            self._out.text(f" ({address})")


def _unmarked(written: str) -> str:
    """LaTeX as it was typed, without the HTML around its lines."""
    lines = re.sub(r"<(?:br|/div|/p)\b[^<>]*>", "\n", written, flags=re.IGNORECASE)
    return html.unescape(re.sub(r"<[^<>]*>", "", lines)).replace("\xa0", " ")


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text[:20_000]):
        value = match[2] or match[3] or match[4] or ""
        found.setdefault(match[1].casefold(), html.unescape(value))
    return found
