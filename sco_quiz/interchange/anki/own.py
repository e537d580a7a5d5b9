"""Notes of the note types that we write for Anki, read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.interchange.anki.types import OPTIONS, kind_named, shown_name, type_of
from sco_quiz.interchange.hypertext import Converted
from sco_quiz.interchange.material import LISTS, items
from sco_quiz.learning.cards import Kind
from sco_quiz.learning.cloze import ClozeError, read_cloze

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sco_quiz.interchange.material import Field

_FILES = frozenset({"image", "audio", "answer_image", "answer_audio"})


class Own(NamedTuple):
    """A note.

    Attributes:
        fields: As in the deck format, but for its files.
        question: The files of its question.
        answer: Those of its answer.
        orders: The numbers of its cards in Anki, in the order in which ours has them.
    """

    fields: dict[str, Field]
    question: Converted
    answer: Converted
    orders: list[int]


def read_own(
    type_name: str, values: Mapping[str, str], side: Callable[[str], Converted]
) -> Own | None:
    """A note of a type of ours.

    Args:
        type_name: What its type is called.
        values: Its fields, by their names in Anki.
        side: Makes markup of HTML.

    Returns:
        None for a note of another type, or if it is changed so that it can't be read as ours.
    """
    kind = kind_named(type_name)
    if kind is None:
        return None
    names = [name for name in type_of(kind).fields if name != OPTIONS]
    if any(shown_name(name) not in values for name in names):
        return None
    said = {name: side(values[shown_name(name)]) for name in names}
    fields: dict[str, Field] = {}
    for name, (text, *_) in said.items():
        if text and name not in _FILES:
            fields[name] = items(text) if name in LISTS else text
    orders = [0]
    if kind is Kind.BASIC and fields.get("reverse") == "true":
        orders = [0, 1]
    elif kind is Kind.CLOZE:
        try:
            blanks = read_cloze(str(fields.get("text", ""))).blanks
        except ClozeError:
            return None
        orders = [int(blank.variant[1:]) - 1 for blank in blanks]
    return Own(
        fields,
        Converted("", images=said["image"].images, sounds=said["audio"].sounds),
        Converted("", images=said["answer_image"].images, sounds=said["answer_audio"].sounds),
        orders,
    )
