"""A card as it will be asked, and what is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from sco_quiz.learning.cards import Kind
from sco_quiz.learning.question import options_of
from sco_quiz.tui.markup import inline
from sco_quiz.tui.outcome import source_line

if TYPE_CHECKING:
    from sco_quiz.learning.cards import Card


def preview(card: Card) -> Content:
    """The question above, the answer and what comes with it below."""
    lines = [inline(card.prompt, "bold")]
    image, audio, answer_image, answer_audio = card.media
    lines += _media(image, audio)
    if card.hint:
        lines.append(Content.assemble(("hint: ", "$muted"), inline(card.hint, "$muted")))
    lines.append(Content())
    for number, option in enumerate(options_of(card, 0), 1):
        right = option in card.answers and card.kind is not Kind.ORDER
        sign = Content.styled("✓ " if right else "  ", "$success")
        lines.append(Content.styled(f"  {number}  ", "$primary") + sign + inline(option))
    if card.kind in (Kind.TYPED, Kind.CLOZE):
        answers = ", ".join(card.answers)
        lines.append(Content.assemble(("› ", "$primary"), (answers, "$success")))
        if card.accept:
            lines.append(Content.styled(f"  also: {', '.join(card.accept)}", "$muted"))
    elif card.kind in (Kind.BASIC, Kind.LIST):
        lines += [inline(answer, "$success") for answer in card.answers]
    elif card.kind is Kind.ORDER:
        lines.append(Content())
        lines += [
            Content.styled(f"  {place}. ", "$success") + inline(answer)
            for place, answer in enumerate(card.answers, 1)
        ]
    lines += _media(answer_image, answer_audio)
    if card.explain:
        lines += [Content(), inline(card.explain)]
    source = source_line(card)
    if source:
        lines += [Content(), source.stylize("$muted")]
    return Content("\n").join(lines)


def _media(image: str, audio: str) -> list[Content]:
    named = {"image": image, "audio": audio}
    return [Content.styled(f"{sort}: {name}", "$muted") for sort, name in named.items() if name]
