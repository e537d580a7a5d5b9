"""The note types that our notes have in Anki, one for each kind; and such notes read again.

Their fields are those of the deck format, by their names, so that what Anki writes of such notes
can be read again. Of what a learner chooses from, Anki gets a list ready to be shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.interchange.hypertext import Converted
from sco_quiz.interchange.material import LISTS, items
from sco_quiz.learning.cloze import ClozeError, read_cloze
from sco_quiz.learning.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sco_quiz.interchange.material import Field

PREFIX = "sco-quiz "
"""How the names of these note types begin."""
OPTIONS = "options"
"""The field that lists what there is to choose from; it says nothing that others do not."""

_COMMON = (
    "image", "audio", "answer_image", "answer_audio", "hint", "explain", "source", "as_of",
    "category", "id",
)  # fmt: skip
_MEDIA_FIELDS = frozenset({"image", "audio", "answer_image", "answer_audio"})
_FIELDS = {
    Kind.BASIC: ("front", "back", "reverse"),
    Kind.TYPED: ("question", "answer", "accept", "wrong", "strict"),
    Kind.CLOZE: ("text", "accept", "strict"),
    Kind.CHOICE: ("question", "answer", "choices", OPTIONS),
    Kind.MULTI: ("question", "answers", "choices", OPTIONS),
    Kind.TRUE_FALSE: ("statement", "answer"),
    Kind.ORDER: ("question", "order", OPTIONS),
    Kind.LIST: ("question", "list", "strict"),
}
_ALSO_RIGHT = "{{#Accept}}<div class=more>or: {{Accept}}</div>{{/Accept}}"
_MORE = (
    "{{#Explain}}<div class=more>{{Explain}}</div>{{/Explain}}"
    "{{#Source}}<div class=source>{{Source}}</div>{{/Source}}"
    "{{#As of}}<div class=source>as of {{As of}}</div>{{/As of}}"
)
_HINT = "{{#Hint}}<div class=more>{{hint:Hint}}</div>{{/Hint}}"
_ASK = {
    Kind.BASIC: "",
    Kind.TYPED: "<br>{{type:Answer}}",
    Kind.CLOZE: "",
    Kind.CHOICE: "{{Options}}",
    Kind.MULTI: "<div class=source>One or more are right.</div>{{Options}}",
    Kind.TRUE_FALSE: "<div class=source>True or false?</div>",
    Kind.ORDER: "{{Options}}",
    Kind.LIST: "",
}
_CSS = """\
.card { font: 20px/1.4 sans-serif; max-width: 34em; margin: 1em auto; text-align: center; }
.more { margin-top: 1em; }
.source { margin-top: .5em; font-size: 80%; opacity: .7; }
.cloze { font-weight: bold; }
ul, pre { display: inline-block; text-align: left; }
img { max-width: 100%; }
"""


@dataclass(frozen=True, slots=True)
class NoteType:
    """A note type.

    Attributes:
        kind: What its notes are here.
        id: The same in every package, so that Anki knows it again.
        name: As Anki shows it.
        fields: The names of its fields, as in the deck format.
        templates: Its cards: the name, the question and the answer of each.
        css: How they look.
    """

    kind: Kind
    id: int
    name: str
    fields: tuple[str, ...]
    templates: tuple[tuple[str, str, str], ...]
    css: str = _CSS


def shown_name(field: str) -> str:
    """What a field of the deck format is called in Anki: `As of` for `as_of`."""
    return field.replace("_", " ").capitalize()


@cache
def type_of(kind: Kind) -> NoteType:
    """The note type of a kind."""
    name = f"{PREFIX}{kind.replace('_', ' ')}"
    number = int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "big")
    fields = _FIELDS[kind] + _COMMON
    return NoteType(kind, (1 << 40) + number, name, fields, tuple(_templates(kind)))


def kind_named(name: str) -> Kind | None:
    """The kind of whose note type this is the name; also where Anki has added to it."""
    words = name.removeprefix(PREFIX).rstrip("+").replace(" ", "_")
    return Kind(words) if name.startswith(PREFIX) and words in set(Kind) else None


def _templates(kind: Kind) -> list[tuple[str, str, str]]:
    prompt = shown_name(_FIELDS[kind][0])
    answer = shown_name(_FIELDS[kind][1])
    if kind is Kind.CLOZE:
        head = _side("{{cloze:Text}}", "Image", "Audio")
        more = _ALSO_RIGHT + _side("", "Answer image", "Answer audio") + _MORE
        return [("Cloze", head + _HINT, head + more)]
    head = _side(f"{{{{{prompt}}}}}", "Image", "Audio") + _ASK[kind]
    foot = _side(f"{{{{{answer}}}}}", "Answer image", "Answer audio")
    if kind is Kind.TYPED:  # Anki compares only what stands outside of FrontSide
        foot = _side("{{type:Answer}}", "Answer image", "Answer audio")
        return [("Card", head + _HINT, f"{{{{{prompt}}}}}<hr id=answer>{foot}{_ALSO_RIGHT}{_MORE}")]
    found = [("Card", head + _HINT, f"{{{{FrontSide}}}}<hr id=answer>{foot}{_MORE}")]
    if kind is Kind.BASIC:
        found.append(
            (
                "Reverse",
                f"{{{{#Reverse}}}}{foot}{_HINT}{{{{/Reverse}}}}",
                f"{{{{FrontSide}}}}<hr id=answer>{head}{_MORE}",
            )
        )
    return found


def _side(text: str, image: str, audio: str) -> str:
    shown = f"<div class=more>{{{{{image}}}}}</div>"
    return f"{text}{{{{#{image}}}}}{shown}{{{{/{image}}}}}{{{{{audio}}}}}"


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
        if text and name not in _MEDIA_FIELDS:
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
