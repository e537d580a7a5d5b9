"""Deck text as Textual content: the only way it reaches the screen."""

from __future__ import annotations

from textual.content import Content

from sco_quiz import text as safe


def inline(text: str, style: str = "") -> Content:
    """Clean deck text with its inline markup; what looks like Textual's own markup stays text.

    Args:
        text: What `text.clean` gave.
        style: A style below the text's own.
    """
    parts = ((span.text, _style(span)) for span in safe.spans(text))
    content = Content.assemble(*parts)
    return content.stylize_before(style) if style else content


def _style(span: safe.Span) -> str:
    styles = {"bold": span.bold, "italic": span.italic, "$secondary": span.code}
    return " ".join(name for name, wanted in styles.items() if wanted)
