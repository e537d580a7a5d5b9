"""Deck text as Textual content: the only way it reaches the screen. Code in it is in colour.

To colour a block takes tens of milliseconds, and of a hostile one longer: a thread does it, after
it was shown in one colour.
"""

from __future__ import annotations

from collections import OrderedDict
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual.content import Content, Span

from sco_quiz.text import TextSpan as Stretch
from sco_quiz.text import spans

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pygments.lexer import Lexer
    from textual.content import _FormattedLine
    from textual.css.styles import RulesMap

LONGEST = 2_000
"""Characters; longer code stays in one colour."""
PATIENCE = 0.5
"""Seconds after which code stays in one colour."""
KEPT = 32
"""Blocks whose colours are kept."""

_NAMES = (
    "bash c cpp csharp css diff go haskell html ini java javascript js json julia kotlin lua py "
    "python r rb ruby rust sh sql swift toml ts typescript xml yaml"
)
_LANGUAGES = frozenset(_NAMES.split())
"""Those whose lexers take a hostile text of `LONGEST` characters in less than half a second."""
_STYLES = {
    "Comment": "italic $muted",
    "Keyword": "bold $primary",
    "Operator.Word": "bold $primary",
    "Literal.String": "$secondary",
    "Literal.Number": "$accent",
    "Name.Function": "$primary",
    "Name.Class": "$primary",
    "Name.Decorator": "$accent",
    "Generic.Deleted": "$error",
    "Generic.Inserted": "$success",
}
"""By the beginning of what Pygments calls a kind of word."""

_TAB = 4
_BAR = Content.styled("▏", "$muted")
_LEAST = 4
"""Cells in which code is wrapped with a bar."""
_coloured: OrderedDict[tuple[str, str], Content] = OrderedDict()


def inline(text: str, style: str = "") -> Content:
    """Clean deck text with its markup; what looks like Textual's own markup stays text.

    Args:
        text: What `text.clean` gave.
        style: A style below the text's own.
    """
    content = Content().join(_content(span) for span in spans(text))
    return content.stylize_before(style) if style else content


def _content(span: Stretch) -> Content:
    if span.language is not None:
        return _block(span.text, span.language)
    styles = {"bold": span.bold, "italic": span.italic, "$secondary": span.code}
    style = " ".join(name for name, wanted in styles.items() if wanted)
    return Content.styled(span.text, style) if style else Content(span.text)


def _block(code: str, language: str) -> Content:
    """A block of code, in colour if `colour` was at it before, with a bar before each line."""
    shown = _coloured.get((code, language)) or Content(code.expandtabs(_TAB))
    shown = shown.stylize_before("not bold")
    return Content("\n").join(_BAR + line for line in shown.split("\n", allow_blank=True))


def with_margin(content: Content) -> Content:
    """Return a content whose code has its bar also where a long line goes on in a new one."""
    return _WithMargin(content.plain, [*content.spans]) if _BAR.plain in content.plain else content


class _WithMargin(Content):
    """Content in which the lines that begin with a bar are wrapped behind it."""

    def _wrap_and_format(
        self,
        width: int,
        *args: Any,  # noqa: ANN401 -- as Textual has them
        **settings: Any,  # noqa: ANN401
    ) -> list[_FormattedLine]:
        # Textual has no public way to indent what is wrapped and to keep what can be selected.
        lines = super()._wrap_and_format(width, *args, **settings)
        if width < _LEAST:
            return lines
        code = {each.y for each in lines if not each.x and each.plain.startswith(_BAR.plain)}
        if not any(each.x and each.y in code for each in lines):
            return lines
        narrow = super()._wrap_and_format(width - 1, *args, **settings)
        lines = [each for each in lines if each.y not in code]
        for each in narrow:
            if each.y in code:
                each.width = width
                if each.x:
                    each.content = _BAR + each.content
                    each.x -= 1
                lines.append(each)
        return sorted(lines, key=lambda each: each.y)

    def get_height(self, rules: RulesMap, width: int) -> int:
        return len(self.wrap(width - 2 * rules.get("line_pad", 0)))


def uncoloured(texts: Iterable[str]) -> list[tuple[str, str]]:
    """The blocks in clean deck texts that `colour` has work with: code and language."""
    return [
        (span.text, span.language)
        for text in texts
        for span in spans(text)
        if span.language in _LANGUAGES
        and len(span.text) <= LONGEST
        and (span.text, span.language) not in _coloured
    ]


def colour(blocks: Iterable[tuple[str, str]]) -> None:
    """Colour blocks for later calls of `inline`. Slow: to be called in a thread."""
    from pygments.lexers import get_lexer_by_name

    for code, language in blocks:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
        _coloured[code, language] = _colours(code.expandtabs(_TAB), lexer)
        if len(_coloured) > KEPT:
            _coloured.popitem(last=False)


def _colours(code: str, lexer: Lexer) -> Content:
    deadline = monotonic() + PATIENCE
    found: list[Span] = []
    for start, sort, text in lexer.get_tokens_unprocessed(code):
        name = str(sort).removeprefix("Token.")
        style = next((_STYLES[each] for each in _STYLES if name.startswith(each)), "")
        if style:
            found.append(Span(start, start + len(text), style))
        if monotonic() > deadline:
            return Content(code)
    return Content(code, spans=found)
