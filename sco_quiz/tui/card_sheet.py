"""All that is known of a card, as it stands on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from sco_quiz.reports import card as card_reports
from sco_quiz.text import clean
from sco_quiz.tui.markup import inline, with_margin

if TYPE_CHECKING:
    from sco_quiz.insight.browsing import Details

CURVE_HEIGHT = 5
MOST_PAST = 500
"""Lines of history that are shown."""
_UNSHOWN = ("file", "card")
"""Facts for commands; the app has a key that opens the file."""
_SIGNS = {True: ("✓ ", "$success"), False: ("✗ ", "$error"), None: ("  ", "$muted")}


def sheet(details: Details, width: int, *, brief: bool = False) -> Content:
    """Prompt and answer, where the card stands, its curve, its history.

    Args:
        details: The card.
        width: In cells.
        brief: Without the curve, the facts beside one another.
    """
    card = details.row.card
    asked = [inline(card.prompt, "bold"), *(inline(each, "$success") for each in card.answers)]
    parts = [Content("\n").join(asked), _facts(details, width if brief else 0)]
    if card.explain and not brief:
        parts.insert(1, inline(card.explain))
    curve = card_reports.curve(details, min(width, 72), CURVE_HEIGHT)
    if curve and not brief:
        title = Content.styled("How likely it is recalled\n", "$muted")
        drawn = Content.styled("\n".join(curve[:-2]) + "\n", "$secondary")
        parts.append(title + drawn + Content.styled("\n".join(curve[-2:]), "$muted"))
    past = card_reports.past_lines(details)[:MOST_PAST]
    if past:
        parts.append(
            Content("\n").join(
                [
                    Content.assemble(
                        (f"{each.when}  ", "$muted"), _SIGNS[each.good],
                        f"{each.what:<6} {each.then:<8}", (each.answer, "$muted"),
                    ).truncate(width, ellipsis=True)
                    for each in past
                ]
            )
        )  # fmt: skip
    return with_margin(Content("\n\n").join(parts))


def _facts(details: Details, width: int) -> Content:
    """Names and values: one a line, or as many in a line as the width holds."""
    facts = card_reports.facts(details.row, details.now)
    pairs = [(name, clean(value, multiline=False)) for name, value in facts if name not in _UNSHOWN]
    if not width:
        return Content("\n").join(
            [Content.assemble((f"{name:<12}", "$muted"), value) for name, value in pairs]
        )
    lines = [Content()]
    for name, value in pairs:
        pair = Content.assemble((f"{name} ", "$muted"), value)
        if lines[-1].cell_length and lines[-1].cell_length + 3 + pair.cell_length > width:
            lines.append(pair)
        else:
            lines[-1] = lines[-1] + ("   " if lines[-1].cell_length else "") + pair
    return Content("\n").join(lines)
