"""Convert the sides of Anki's cards, made by templates, into our markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sco_quiz.errors import DeckError
from sco_quiz.interchange.anki.templates import AnkiTemplate, Rendered, TemplateError
from sco_quiz.interchange.hypertext import Converted, to_markup
from sco_quiz.interchange.material import Remark

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sco_quiz.interchange.material import Field
    from sco_quiz.interchange.shelf import Shelf

MAX_WORK = 60_000_000
"""What all sides together may cost, in characters of plain text: some 5 s."""
_TAG_COST = 30
_PART_COST = 10
_RULE = re.compile(r"<hr\s[^<>]*\bid\s*+=\s*+[\"']?answer\b[^<>]*>", re.IGNORECASE)


class Sides:
    """Makes sides; keeps count of what is lost by it, and of what it costs."""

    def __init__(self, shelf: Shelf) -> None:
        """Make sides that name files of a shelf."""
        self._shelf = shelf
        self._templates: dict[str, AnkiTemplate | TemplateError] = {}
        self._left = MAX_WORK
        self._lost: set[str] = set()
        self._files_left: list[Remark] = []

    def lost(self) -> list[Remark]:
        """Return what could not be converted since this was asked last, files by their names."""
        lost = [Remark("", f"{each} is not kept") for each in sorted(self._lost)]
        lost += dict.fromkeys(self._files_left)
        self._lost, self._files_left = set(), []
        return lost

    def answer(
        self,
        template: str,
        values: Mapping[str, str],
        question: Converted,
        cloze: Callable[[str], str] | None = None,
    ) -> Converted:
        """Return the answer side of a card without the question that it repeats.

        Raises:
            DeckError: All sides together are too long.
            TemplateError: This one is.
        """
        made = self.render(template, values, cloze)
        html_ = "<br>".join([made.html, *made.hints])
        rule = _RULE.search(html_)
        if rule is not None:
            above, own = self.side(html_[: rule.start()]), self.side(html_[rule.end() :])
            text = own.text
            if above.text != question.text:
                more = _without(above.text, question.text)
                text = f"{more}\n\n{text}".strip()
            own = Converted(
                text, images=own.images + above.images, sounds=own.sounds + above.sounds,
                hidden=_joined(above.hidden, own.hidden),
            )  # fmt: skip
        else:
            own = self.side(html_)
            own = own._replace(text=_without(own.text, question.text) or own.text)
        if own.hidden and own.hidden != question.hidden:
            own = own._replace(text=_joined(own.text, own.hidden))
        return own._replace(
            images=tuple(each for each in own.images if each not in question.images),
            sounds=tuple(each for each in own.sounds if each not in question.sounds),
        )

    def render(
        self,
        source: str,
        values: Mapping[str, str],
        cloze: Callable[[str], str] | None = None,
    ) -> Rendered:
        """Fill a template with the fields of a note.

        Raises:
            DeckError: All sides together are too long.
            TemplateError: This one is, or the template.
        """
        template = self._templates.get(source)
        if template is None:
            try:
                template = AnkiTemplate(source)
            except TemplateError as error:
                template = error
            self._templates[source] = template
        if isinstance(template, TemplateError):
            raise template
        self.work(_PART_COST * template.size)
        made = template.render(values, cloze)
        self._lost |= made.lost
        return made

    def side(self, source: str) -> Converted:
        """The markup of what a side shows.

        Raises:
            DeckError: All sides together are too long.
        """
        if not source:
            return Converted("")
        self.work(len(source) + _TAG_COST * source.count("<"))
        converted = to_markup(source, media=True)
        if not converted.lost:
            return converted
        self._lost |= converted.lost
        return converted._replace(lost=frozenset())

    def files(self, question: Converted, answer: Converted) -> dict[str, Field]:
        """The files of a note, by the names of its fields."""
        if not any((question.images, question.sounds, answer.images, answer.sounds)):
            return {}
        fields, left = self._shelf.fields(question, answer)
        self._files_left += left
        return fields

    def work(self, cost: int) -> None:
        """Count what something costs, in characters of plain text.

        Raises:
            DeckError: It is too much by now.
        """
        self._left -= cost
        if self._left < 0:
            raise DeckError("its notes have too much text and markup", "export it deck by deck")


def _without(text: str, question: str) -> str:
    """An answer without the question, if it says all of that, line by line; empty for no more."""
    asked, kept = question.split("\n"), list[str]()
    left = iter([line for line in asked if line])
    wanted = next(left, None)
    for line in text.split("\n"):
        if wanted is not None and line == wanted:
            wanted = next(left, None)
        else:
            kept.append(line)
    return "\n".join(kept).strip("\n") if wanted is None else text


def _joined(*texts: str) -> str:
    return "\n".join(text for text in texts if text)
