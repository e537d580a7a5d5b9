"""Deck text as Textual content: the only way it reaches the screen."""

from __future__ import annotations

from textual.content import Content

from sco_quiz import text as safe
from sco_quiz.tui.code import block


def inline(text: str, style: str = "") -> Content:
    """Clean deck text with its markup; what looks like Textual's own markup stays text.

    Args:
        text: What `text.clean` gave.
        style: A style below the text's own.
    """
    content = Content().join(_content(span) for span in safe.spans(text))
    return content.stylize_before(style) if style else content


def _content(span: safe.Span) -> Content:
    if span.language is not None:
        return block(span.text, span.language)
    styles = {"bold": span.bold, "italic": span.italic, "$secondary": span.code}
    style = " ".join(name for name, wanted in styles.items() if wanted)
    return Content.styled(span.text, style) if style else Content(span.text)
