"""Draw the verdict on an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from sco_quiz.learning.checking import Verdict
from sco_quiz.learning.difference import difference
from sco_quiz.learning.kinds import Input
from sco_quiz.learning.scheduling import in_words
from sco_quiz.tui.markup import inline

if TYPE_CHECKING:
    from sco_quiz.learning.cards import Card, Rating
    from sco_quiz.learning.checking import AnswerPart, Judgement
    from sco_quiz.learning.session import StudySession

SIGNS = {
    Verdict.CORRECT: ("✓", "$success"),
    Verdict.CLOSE: ("≈", "$accent"),
    Verdict.WRONG: ("✗", "$error"),
}
"""Each verdict has its sign: colour never speaks alone."""


def outcome(card: Card, given: str | tuple[str, ...], judgement: Judgement) -> Content:
    """The answer given, the verdict, and the right answer with what differs."""
    lines = []
    verdict = judgement.verdict
    if isinstance(given, str) and given and card.kind.input is Input.TEXT:
        lines += [Content.assemble(("› ", "$primary"), given), Content()]
    if verdict is not None:
        sign, colour = SIGNS[verdict]
        head = Content.styled(f"{sign} {verdict}", colour)
        if judgement.of > 1:
            head += Content.styled(f"   {judgement.got} of {judgement.of}", "$muted")
            if verdict is not Verdict.CORRECT and card.kind.input is Input.SEVERAL:
                head += Content("   ") + right_answer(judgement)
        elif verdict is not Verdict.CORRECT and card.kind.spec.has_telling_answers:
            head += Content("   ") + right_answer(judgement)
        lines.append(head)
    elif not judgement.items:
        lines.append(
            inline(card.answers[0])
            if card.kind.input is Input.REVEAL
            else Content.styled(judgement.expected, "bold")
        )
    if judgement.items and card.kind.input.is_typed:
        lines += [_item(item) for item in judgement.items]
    if judgement.remark:
        lines.append(Content.styled(judgement.remark, "$accent"))
    return Content("\n").join(lines)


def intervals(session: StudySession) -> dict[Rating, str]:
    """Return what each rating would do with the card that was answered, in words."""
    return {rating: in_words(session.moment, state) for rating, state in session.choices.items()}


def source_line(card: Card) -> Content:
    """Draw the source of the fact, and the date of which it is true."""
    parts = [card.source, f"as of {card.as_of}" if card.as_of else ""]
    return Content(" · ".join(filter(None, parts)))


def right_answer(judgement: Judgement) -> Content:
    """The right answer; what a close one lacked is marked."""
    if judgement.verdict is Verdict.CLOSE and judgement.diff:
        styles = {"same": "", "missing": "underline $success"}
        right = (piece for piece in judgement.diff if piece.op in styles)
        return Content.assemble(*((piece.text, styles[piece.op]) for piece in right))
    return Content.styled(judgement.expected, "bold")


def marked_differences(given: str, right: str) -> tuple[Content, Content]:
    """An answer and the right one, each with what the other has not marked."""
    pieces = difference(given, right, exact=True)
    said = Content.assemble(
        *((p.text, "strike $error" if p.op == "extra" else "") for p in pieces if p.op != "missing")
    )
    wanted = Content.assemble(
        *((p.text, "underline $success" if p.op == "missing" else "") for p in pieces
          if p.op != "extra")
    )  # fmt: skip
    return said, wanted


def _item(item: AnswerPart) -> Content:
    if not item.expected:
        return Content.assemble(
            ("  ✗ ", "$error"), (item.given, "strike"), (" is not one", "$muted")
        )
    if not item.given:
        told = ("  right answer, missed", "$success")
        return Content.assemble(("  ✓ ", "$success"), item.expected, told)
    sign, colour = SIGNS[item.verdict]
    if item.verdict is Verdict.CORRECT:
        return Content.assemble((f"  {sign} ", colour), item.expected)
    return Content.assemble(
        (f"  {sign} ", colour), item.expected, (f"  you: {item.given}", "$muted")
    )
