"""HTML as our markup: what can be shown is kept, the rest becomes text.

Kept are bold, italic, code, lists, line breaks, links, images by name, sub- and superscripts, and
math as Anki writes it. The time is linear in the length, whatever the nesting, and nothing recurs.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from sco_quiz.formula.signs import SUBSCRIPTS, SUPERSCRIPTS
from sco_quiz.text import plain

_NAME = re.compile(r"/?[A-Za-z][A-Za-z0-9:-]*")
_ATTRIBUTES = re.compile(r"""(?:[^>"']|"[^"]*+"|'[^']*+')*+>""")
_ATTRIBUTE = re.compile(
    r"""([A-Za-z][A-Za-z0-9_-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.DOTALL
)
_SPACE = re.compile(r"[ \t\n\f\r]+")
_MATH_ENDS = {"\\(": "\\)", "\\[": "\\]", "[$]": "[/$]", "[$$]": "[/$$]", "[latex]": "[/latex]"}
_MATH_START = re.compile(r"\\\(|\\\[|\[\$\]|\[\$\$\]|\[latex\]")
_SPECIAL = re.compile(r"[\\`*_\[\]$]")
_ITEM = re.compile(r" *(?:- |[0-9]+\. )")
_MANY_BREAKS = re.compile(r"\n{3,}")
_DOLLARS = re.compile(r"^\$+|\$+$")

_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "main", "nav", "p", "section", "table", "tbody", "tfoot", "thead", "tr",
})  # fmt: skip
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript"})
_STYLES = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_LOST = {
    "u": "underline", "ins": "underline", "s": "strike-through", "strike": "strike-through",
    "del": "strike-through", "font": "colour or size", "mark": "highlight", "table": "a table",
    "video": "a video", "audio": "sound", "iframe": "a page within the page", "svg": "a drawing",
    "object": "an object", "canvas": "a drawing", "details": "a fold", "input": "a form",
    "select": "a form", "button": "a form",
}  # fmt: skip
_COLOURED = re.compile(r"[;\s\"'](?:color|background|background-color|font-size)\s*:")


LONGEST_HTML = 1_000_000
"""Characters of a field up to which converting is worth while; a note has room for 100,000."""


class Converted(NamedTuple):
    """HTML in our markup.

    Attributes:
        text: The markup.
        lost: What had to be left out, in words.
        images: The addresses of the images, as written.
    """

    text: str
    lost: frozenset[str] = frozenset()
    images: tuple[str, ...] = ()


def to_markup(source: str) -> Converted:
    """The markup nearest to some HTML."""
    if "<" not in source and "&" not in source and not _MATH_START.search(source):
        return Converted(_escaped_if_needed(_SPACE.sub(" ", source).strip()))
    return _Conversion(source).run()


def _escaped_if_needed(text: str) -> str:
    return text if plain(text) == text else _escaped(text)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text) if _SPECIAL.search(text) else text


def _scripted(text: str, signs: dict[str, str], mark: str) -> str:
    """A small raised or lowered text; where there are no such characters, in line."""
    bare = text.strip().replace("-", "−")
    if not bare:
        return ""
    if all(char in signs for char in bare):
        return "".join(signs[char] for char in bare)
    return f"{mark}{bare}" if len(bare) == 1 else f"{mark}({text.strip()})"


class _Piece(NamedTuple):
    """A stretch of the result.

    Attributes:
        text: What it says.
        kind: "text", in which marks are escaped if need be; "raw", that stays as it is; "mark", a
            sign of emphasis; "pre", a block of code.
    """

    text: str
    kind: str


class _Conversion:
    def __init__(self, source: str) -> None:
        self._source = source
        self._pieces: list[_Piece] = []
        self._lost: set[str] = set()
        self._images: list[str] = []
        self._open = {"**": 0, "*": 0}
        self._lists: list[int] = []
        self._links: list[tuple[str, int]] = []
        self._scripts: list[tuple[str, int]] = []
        self._code = self._pre = 0
        self._code_text: list[str] = []
        self._marked = False
        self._cells = 0
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
            if math is not None and not (self._code or self._pre):
                self._text(source[at : math.start()])
                at = self._formula(math)
            else:
                self._text(source[at:before])
                at = self._markup(tag) if tag >= 0 else end
        self._close_all()
        return Converted(self._joined(), frozenset(self._lost), tuple(self._images))

    def _formula(self, start: re.Match[str]) -> int:
        """A formula that begins at a sign; where it ends."""
        sign = _MATH_ENDS[start[0]]
        close = self._source.find(sign, start.end()) if start[0] in self._may_close else -1
        if close < 0:
            self._may_close.discard(start[0])  # not to be looked for again
            self._text(start[0])
            return start.end()
        self._math(self._source[start.end() : close])
        return close + len(sign)

    def _markup(self, tag: int) -> int:
        """What begins with the `<` at a place; where it ends."""
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
        if word in _UNSEEN or word == "anki-mathjax":
            found = re.compile(f"</{word}[^>]*>", re.IGNORECASE).search(source, after)
            if word not in _UNSEEN:
                self._math(source[after : found.start() if found else len(source)])
            return found.end() if found else len(source)
        self._tag(word, source[name.end() : after - 1])
        return after

    def _tag_end(self, at: int) -> int:
        """Where the tag ends whose attributes start at a place; 0 if it does not."""
        rest = _ATTRIBUTES.match(self._source, at) if self._careful else None
        if rest is not None:
            return rest.end()
        self._careful = False  # some quote is never closed: quotes mean nothing from here on
        return self._source.find(">", at) + 1

    def _text(self, written: str) -> None:
        if not written:
            return
        text = html.unescape(written)
        if self._code or self._pre:
            self._code_text.append(text)
            return
        self._pieces.append(_Piece(_SPACE.sub(" ", text).replace("\xa0", " "), "text"))

    def _math(self, written: str) -> None:
        text = html.unescape(re.sub(r"<[^<>]*>", " ", written)).replace("\xa0", " ")
        text = _DOLLARS.sub("", " ".join(text.split())).strip()
        if text:
            self._marked = True
            self._pieces.append(_Piece(f"${text}$", "raw"))

    def _tag(self, word: str, attributes: str) -> None:
        closing = word.startswith("/")
        name = word.removeprefix("/")
        if name in _LOST and not closing:
            self._lost.add(_LOST[name])
        elif attributes and not closing and _COLOURED.search(attributes):
            self._lost.add("colour or size")
        if name in {"code", "pre", "kbd", "samp", "tt"}:
            self._enter_code(block=name == "pre", closing=closing)
        elif self._code or self._pre:
            if name in {"br", "div", "p"} and not (closing and name == "br"):
                self._code_text.append("\n")
        elif name == "br":
            self._break()
        elif name in _STYLES:
            self._style(_STYLES[name], closing=closing)
        elif name in {"ul", "ol"}:
            self._block()
            if closing:
                del self._lists[-1:]
            elif len(self._lists) < 32:
                self._lists.append(0 if name == "ol" else -1)
        elif name == "li" and not closing:
            self._item()
        elif name == "img" and not closing:
            self._image(attributes)
        elif name == "a":
            self._link(attributes, closing=closing)
        elif name in {"sub", "sup"}:
            self._script(name, closing=closing)
        elif name in {"td", "th"} and not closing:
            if self._cells:
                self._pieces.append(_Piece(" | ", "raw"))
            self._cells += 1
        elif name == "rt":
            self._pieces.append(_Piece(")" if closing else "(", "text"))
        elif name in _BLOCKS:
            self._cells = 0
            self._block()

    def _block(self) -> None:
        """A new line, unless one has just begun."""
        if not self._pieces or self._pieces[-1].text != "\n":
            self._break()

    def _break(self) -> None:
        """A new line; emphasis does not reach over it."""
        opened = [mark for mark, depth in self._open.items() if depth]
        for mark in reversed(opened):
            self._pieces.append(_Piece(mark, "close"))
        self._pieces.append(_Piece("\n", "raw"))
        for mark in opened:
            self._pieces.append(_Piece(mark, "open"))

    def _style(self, mark: str, *, closing: bool) -> None:
        depth = self._open[mark]
        if closing:
            if depth == 1:
                self._pieces.append(_Piece(mark, "close"))
            self._open[mark] = max(depth - 1, 0)
        else:
            if depth == 0:
                self._marked = True
                self._pieces.append(_Piece(mark, "open"))
            self._open[mark] = depth + 1

    def _enter_code(self, *, block: bool, closing: bool) -> None:
        if not closing:
            self._code += not block
            self._pre += block
            return
        self._code = max(self._code - (not block), 0)
        self._pre = max(self._pre - block, 0)
        if not (self._code or self._pre):
            self._end_code(block=block)

    def _end_code(self, *, block: bool) -> None:
        text = "".join(self._code_text).replace("\r\n", "\n")
        self._code_text.clear()
        if not text.strip():
            return
        self._marked = True
        longest = max(map(len, re.findall("`+", text)), default=0)
        if block:
            fence = "`" * max(3, longest + 1)
            self._pieces.append(_Piece(f"{fence}\n{text.strip(chr(10))}\n{fence}", "pre"))
        else:
            ticks = "`" * (longest + 1)
            space = " " if text.startswith("`") or text.endswith("`") else ""
            shown = " ".join(text.split("\n")).strip()
            self._pieces.append(_Piece(f"{ticks}{space}{shown}{space}{ticks}", "raw"))

    def _item(self) -> None:
        self._block()
        indent = "  " * max(len(self._lists) - 1, 0)
        if self._lists and self._lists[-1] >= 0:
            self._lists[-1] += 1
            mark = f"{self._lists[-1]}. "
        else:
            mark = "- "
        self._pieces.append(_Piece(indent + mark, "item"))

    def _image(self, attributes: str) -> None:
        found = _attributes(attributes)
        address = found.get("src", "").strip()
        name = found.get("alt", "").strip()
        if address:
            self._images.append(address)
            self._marked = True
            shown = f"<{address}>" if re.search(r"[\s()]", address) else address
            self._pieces.append(_Piece(f"![{_escaped(name)}]({shown})", "raw"))
        elif name:
            self._pieces.append(_Piece(name, "text"))

    def _link(self, attributes: str, *, closing: bool) -> None:
        if not closing:
            address = _attributes(attributes).get("href", "").strip()
            self._links.append((address, len(self._pieces)))
            return
        if not self._links:
            return
        address, start = self._links.pop()
        if self._links or not re.match(r"https?://", address):
            return
        label = "".join(piece.text for piece in self._pieces[start:]).strip()
        if label and label != address:
            self._pieces.append(_Piece(f" ({address})", "text"))

    def _script(self, name: str, *, closing: bool) -> None:
        if not closing:
            self._scripts.append((name, len(self._pieces)))
            return
        if not self._scripts:
            return
        _, start = self._scripts.pop()
        if self._scripts:
            return  # of several within each other the outermost counts
        inside = self._pieces[start:]
        del self._pieces[start:]
        text = "".join(piece.text for piece in inside if piece.kind in {"text", "raw"})
        signs, mark = (SUPERSCRIPTS, "^") if name == "sup" else (SUBSCRIPTS, "_")
        if script := _scripted(text, signs, mark):
            self._pieces.append(_Piece(script, "text"))
        self._pieces += [piece for piece in inside if piece.kind in {"open", "close"}]

    def _close_all(self) -> None:
        if self._code or self._pre:
            self._end_code(block=bool(self._pre))
        for mark in reversed([mark for mark, depth in self._open.items() if depth]):
            self._pieces.append(_Piece(mark, "close"))

    def _joined(self) -> str:
        if not self._marked:
            return _escaped_if_needed(_tidy_items("".join(piece.text for piece in self._pieces)))
        parts: list[str] = []
        out: list[str] = []
        waiting: list[str] = []  # marks of emphasis after which no text has come yet
        spaces = ""
        for text, kind in self._pieces:
            if kind == "open":
                waiting.append(text)
            elif kind == "close":
                if text in waiting:
                    waiting.remove(text)
                else:
                    out.append(text)
            elif kind == "pre":
                parts += [_tidy_items("".join(out)), text]
                out.clear()
                spaces = ""
            else:
                # Marks of emphasis hold only directly at a word.
                shown = _escaped(text) if kind == "text" else text
                bare = shown.strip(" \n")
                if not bare:
                    spaces += shown
                    continue
                lead = len(shown) - len(shown.lstrip(" \n"))
                out += [spaces, shown[:lead], *waiting, bare]
                waiting.clear()
                spaces = shown[lead + len(bare) :]
        parts.append(_tidy_items("".join(out)))
        return "\n".join(part for part in parts if part)


def _tidy_items(text: str) -> str:
    """Line ends without spaces around them, but those that indent an item of a list."""
    lines = [line.rstrip() for line in text.split("\n")]
    lines = [line if _ITEM.match(line) else line.lstrip() for line in lines]
    return _MANY_BREAKS.sub("\n\n", "\n".join(lines)).strip()


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text[:20_000]):
        value = match[2] or match[3] or match[4] or ""
        found.setdefault(match[1].casefold(), html.unescape(value))
    return found
