"""Our markup as HTML for Anki; `hypertext.to_markup` is the way back."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from sco_quiz.text import blocks, may_have_markup, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markdown_it.token import Token

_TAGS = {
    "strong_open": "<b>", "strong_close": "</b>", "em_open": "<i>", "em_close": "</i>",
    "link_close": "</a>",
}  # fmt: skip
_ACTIVE = re.compile(r"\\(?=[(\[])|\[(?=sound:|anki:|latex\]|\$\$?\])")
_INDENT = re.compile(r"(?m)^ +")


def to_html(text: str) -> str:
    """A text as HTML that says the same: nothing of it is taken for HTML, sound or math of Anki's.

    Args:
        text: Clean, with our markup; in a cloze text the deletions stay.
    """
    if not may_have_markup(text):
        return _shown(text)
    return "".join(
        _inline(tokens(part)) if language is None else f"<pre><code>{_code(part)}</code></pre>"
        for part, language in blocks(text)
    )


def _inline(found: Iterable[Token]) -> str:
    parts = []
    for token in found:
        match token.type:
            case "link_open":
                parts.append(f'<a href="{escape(str(token.attrs["href"]))}">')
            case "image":
                parts.append(_inline(token.children or []))
            case "code_inline":
                parts.append(f"<code>{_code(token.content)}</code>")
            case "formula":
                parts.append(rf"\({escape(token.info, quote=False)}\)")
            case _:
                parts.append(_TAGS.get(token.type) or _shown(token.content.replace("\v", "\n")))
    return "".join(parts)


def _code(text: str) -> str:
    return _ACTIVE.sub(r"\g<0><span></span>", escape(text.replace("\v", "\n"), quote=False))


def _shown(text: str) -> str:
    indented = _INDENT.sub(lambda spaces: "&nbsp;" * len(spaces[0]), _code(text))
    return indented.replace("\n", "<br>")
