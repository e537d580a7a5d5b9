"""The note types that our notes have in Anki, one for each kind; and such notes read again.

Their fields are those of the deck format, by their names, so that what Anki writes of such notes
can be read again. Of what a learner chooses from, Anki gets a list ready to be shown.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.interchange.hypertext import Converted, to_markup
from sco_quiz.interchange.material import MEDIA, items
from sco_quiz.learning.cloze import ClozeError, read_cloze
from sco_quiz.learning.kinds import Input, Kind
from sco_quiz.library.kinds import SHAPES, fields_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sco_quiz.interchange.material import Field

PREFIX = "sco-quiz "
"""How the names of these note types begin."""
OPTIONS = "options"
"""The field that lists what there is to choose from; it says nothing that others do not."""

_NOTHING = Converted("")
_ORIGINAL = re.compile(r"<!--sco-quiz ([0-9a-f]{12}) ([A-Za-z0-9+/=]*)-->\s*$")
_ALSO_RIGHT = "{{#Accept}}<div class=more>or: {{Accept}}</div>{{/Accept}}"
_MORE = (
    "{{#Explain}}<div class=more>{{Explain}}</div>{{/Explain}}"
    "{{#Source}}<div class=source>{{Source}}</div>{{/Source}}"
    "{{#As of}}<div class=source>as of {{As of}}</div>{{/As of}}"
)
_HINT = "{{#Hint}}<div class=more>{{hint:Hint}}</div>{{/Hint}}"
_CSS = """\
.card { font: 20px/1.4 sans-serif; max-width: 34em; margin: 1em auto; text-align: center; }
.more { margin-top: 1em; }
.source { margin-top: .5em; font-size: 80%; opacity: .7; }
.cloze { font-weight: bold; }
ul, pre { display: inline-block; text-align: left; }
img { max-width: 100%; }
"""


@dataclass(frozen=True, slots=True)
class KindType:
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


@cache
def shown_name(field: str) -> str:
    """Return the name in Anki of a field of the deck format: `As of` for `as_of`."""
    return field.replace("_", " ").capitalize()


@cache
def type_of(kind: Kind) -> KindType:
    """The note type of a kind."""
    name = f"{PREFIX}{kind.replace('_', ' ')}"
    number = int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "big")
    own = SHAPES[kind].own
    others = [spec.name for spec in fields_of(kind) if spec.name not in {*own, "tags"}]
    fields = (*own, *[OPTIONS] * _has_list(kind), *others)
    return KindType(kind, (1 << 40) + number, name, fields, tuple(_templates(kind)))


@cache
def kind_named(name: str) -> Kind | None:
    """The kind of whose note type this is the name; also where Anki has added to it."""
    words = name.removeprefix(PREFIX).rstrip("+").replace(" ", "_")
    return Kind(words) if name.startswith(PREFIX) and words in set(Kind) else None


def _has_list(kind: Kind) -> bool:
    """Tell whether a list of what there is to choose from is shown."""
    return kind.input.is_picked and not kind.spec.options


def _templates(kind: Kind) -> list[tuple[str, str, str]]:
    spec, own = kind.spec, SHAPES[kind].own
    more = _ALSO_RIGHT * ("accept" in own) + _MORE
    prompt = shown_name(spec.prompt)
    if spec.has_gaps:
        head = _side(f"{{{{cloze:{prompt}}}}}", "Image", "Audio")
        return [("Cloze", head + _HINT, head + _side("", "Answer image", "Answer audio") + more)]
    answer = shown_name(spec.answer)
    head = _side(f"{{{{{prompt}}}}}", "Image", "Audio")
    if spec.input is Input.TEXT:  # Anki compares only what stands outside of FrontSide
        typed = f"{{{{type:{answer}}}}}"
        foot = _side(typed, "Answer image", "Answer audio")
        back = f"{{{{{prompt}}}}}<hr id=answer>{foot}{more}"
        return [("Card", f"{head}<br>{typed}{_HINT}", back)]
    asked = f"{' or '.join(spec.options)}?".capitalize() if spec.options else ""
    if spec.input is Input.SEVERAL:
        asked = "One or more are right."
    head += f"<div class=source>{asked}</div>" if asked else ""
    head += f"{{{{{shown_name(OPTIONS)}}}}}" if _has_list(kind) else ""
    foot = _side(f"{{{{{answer}}}}}", "Answer image", "Answer audio")
    found = [("Card", head + _HINT, f"{{{{FrontSide}}}}<hr id=answer>{foot}{more}")]
    if "reverse" in own:
        found.append(
            (
                "Reverse",
                f"{{{{#Reverse}}}}{foot}{_HINT}{{{{/Reverse}}}}",
                f"{{{{FrontSide}}}}<hr id=answer>{head}{more}",
            )
        )
    return found


def with_original(html: str, text: str) -> str:
    """HTML of a text, with a comment that has the text where the HTML alone would not give it back.

    The comment counts as long as nobody has changed the HTML before it.
    """
    if to_markup(html, media=True).text == text:
        return html
    return f"{html}<!--sco-quiz {_digest(html)} {_packed(text)}-->"


def _said(html: str, side: Callable[[str], Converted]) -> Converted:
    """Return the text of a field: that in its comment, if that is still of the HTML before it."""
    if (found := _ORIGINAL.search(html)) is None:
        return side(html)
    before = html[: found.start()]
    if _digest(before) != found[1]:
        return side(before)
    try:
        text = b64decode(found[2], validate=True).decode()
    except ValueError:
        return side(before)
    return side(before)._replace(text=text)


def _packed(text: str) -> str:
    return b64encode(text.encode()).decode()


def _digest(html: str) -> str:
    return blake2b(html.encode(errors="replace"), digest_size=6).hexdigest()


def _side(text: str, image: str, audio: str) -> str:
    shown = f"<div class=more>{{{{{image}}}}}</div>"
    return f"{text}{{{{#{image}}}}}{shown}{{{{/{image}}}}}{{{{{audio}}}}}"


class KnownNote(NamedTuple):
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


def read_known_note(
    type_name: str, values: Mapping[str, str], side: Callable[[str], Converted]
) -> KnownNote | None:
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
    specs = fields_of(kind)
    if any(shown_name(spec.name) not in values for spec in specs if spec.name != "tags"):
        return None
    said = dict.fromkeys(MEDIA, _NOTHING)
    fields: dict[str, Field] = {}
    for spec in specs:
        if html := values.get(shown_name(spec.name)):
            said[spec.name] = _said(html, side)
            text = said[spec.name].text
            if text and spec.name not in MEDIA:
                fields[spec.name] = items(text) if spec.several else text
    orders = [0]
    if fields.get("reverse") == "true":
        orders = [0, 1]
    elif kind.spec.has_gaps:
        try:
            blanks = read_cloze(str(fields.get(kind.spec.prompt, ""))).blanks
        except ClozeError:
            return None
        orders = [int(blank.variant[1:]) - 1 for blank in blanks]
    return KnownNote(
        fields,
        Converted("", images=said["image"].images, sounds=said["audio"].sounds),
        Converted("", images=said["answer_image"].images, sounds=said["answer_audio"].sounds),
        orders,
    )
