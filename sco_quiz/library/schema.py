"""The deck format: one struct for the header of a deck and one for each kind of note.

A field's description is its documentation. `extra` of a type has the problem's code for a value of
another form, and the advice for it; `extra` of a field has its name in forms, if that is not its
key. `extra_json_schema` has the types as which other YAML tools may read the text.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct, field

from sco_quiz.config import SETTINGS, expected
from sco_quiz.learning.cards import MOST_IMAGES
from sco_quiz.learning.kinds import Kind
from sco_quiz.library.media import MediaSort, name_pattern

ID_PATTERN = r"^[^\s!-/:-@\[-`{-~][^\s!-,/:-@\[-^`{-~]*$"
"""A letter or digit, then letters, digits, `.`, `_` and `-`: anything but spaces and other ASCII
punctuation, so that words of every script will do."""
_MONTH_DAY = r"-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?"


def _wants(code: str, wanted: str) -> dict[str, Any]:
    return {"code": code, "wants": wanted}


def _called(label: str) -> dict[str, Any]:
    return {"label": label}


def _within(setting: str) -> Meta:
    """Return the bounds of a setting, for a deck that has its own."""
    low, high = SETTINGS[setting].low, SETTINGS[setting].high
    return Meta(ge=low, le=high, extra=_wants("E206", f"write {expected(setting)}"))


def _as_yaml(*types: str, **limits: object) -> dict[str, Any]:
    """Return the JSON Schema of a type for tools that read YAML's own types."""
    return {"yaml": list(types), **limits}


Text: TypeAlias = Annotated[
    str,
    Meta(
        max_length=100_000,
        extra_json_schema=_as_yaml("string", "number", "boolean", pattern=r"\S"),
        extra=_wants("E211", "shorten it to 100,000 characters, or split the note"),
    ),
]
"""A text that is not blank, which `nodes.has_blank` sees five times as fast as a pattern."""
Texts: TypeAlias = tuple[Text, ...]
Flag: TypeAlias = Annotated[
    Literal["true", "false"],
    Meta(
        extra_json_schema=_as_yaml("boolean", "string", pattern="^(true|false)$"),
        extra=_wants("E205", "write true or false"),
    ),
]
Id: TypeAlias = Annotated[
    str,
    Meta(
        pattern=ID_PATTERN,
        max_length=100,
        extra_json_schema=_as_yaml("string", "number", "boolean", minimum=0),
        extra=_wants(
            "E207", "use letters, digits, `.`, `_` and `-`, and start with a letter or digit"
        ),
    ),
]
Date: TypeAlias = Annotated[
    str,
    Meta(
        pattern=rf"^(?!0000)[0-9]{{4}}({_MONTH_DAY})?$",
        extra_json_schema=_as_yaml("string", "integer", minimum=1000, maximum=9999),
        extra=_wants("E208", "write a year, a month or a day: 2024, 2024-10 or 2024-10-03"),
    ),
]
Url: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^https?://[^\s/]\S*$", extra=_wants("E209", "start it with https:// or http://")
    ),
]
Language: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$",
        extra=_wants("E210", "write a language tag such as en, ru or zh-Hant"),
    ),
]
SourceKey: TypeAlias = Annotated[
    str,
    Meta(
        pattern=ID_PATTERN,
        max_length=100,
        extra=_wants("E207", "make it one word of letters, digits, `.`, `_` and `-`"),
    ),
]
ImageName: TypeAlias = Annotated[
    str,
    Meta(
        pattern=name_pattern(MediaSort.IMAGE),
        max_length=500,
        extra=_wants(
            "E212", f"name a file in the deck's folder: {', '.join(MediaSort.IMAGE.endings)}"
        ),
    ),
]
ImageNames: TypeAlias = ImageName | Annotated[tuple[ImageName, ...], Meta(max_length=MOST_IMAGES)]
AudioName: TypeAlias = Annotated[
    str,
    Meta(
        pattern=name_pattern(MediaSort.AUDIO),
        max_length=500,
        extra=_wants(
            "E212", f"name a file in the deck's folder: {', '.join(MediaSort.AUDIO.endings)}"
        ),
    ),
]
Retention: TypeAlias = Annotated[float, _within("retention")]
PerDay: TypeAlias = Annotated[int, _within("new_per_day")]


class Source(Struct, kw_only=True, forbid_unknown_fields=True):
    """A work that notes cite by its key: `source: atlas p. 12`."""

    title: Annotated[Text, Meta(description="What it is called; shown in place of the key.")]
    author: Annotated[Text, Meta(description="Who wrote or published it.")] = ""
    year: Annotated[Text, Meta(description="When it appeared.")] = ""
    url: Annotated[Url, Meta(description="Where it can be read.")] = ""
    date: Annotated[Text, Meta(description="The day it appeared or was looked up.")] = ""


class Defaults(Struct, kw_only=True, forbid_unknown_fields=True):
    """Values for every note of the deck that has none of its own."""

    tags: Annotated[Texts, Meta(description="Added to each note's own tags.")] = ()
    source: Annotated[Text, Meta(description="Where the facts stand.")] = ""
    category: Annotated[Text, Meta(description="What sort of answer is asked for.")] = ""
    as_of: Annotated[Date, Meta(description="The date at which the facts were true.")] = ""
    strict: Annotated[
        Flag, Meta(description="Whether accents, case and punctuation of answers count.")
    ] = "false"


class Header(Struct, kw_only=True, forbid_unknown_fields=True):
    """The part of a deck above its notes."""

    deck: Annotated[Text, Meta(description="The title of the deck.")]
    id: Annotated[
        Id,
        Meta(
            description="Names the deck for ever; the history of its cards follows it. By default"
            " the file's name without its ending."
        ),
    ] = ""
    parent: Annotated[
        Id,
        Meta(
            description="The id of the deck that this one belongs below, or of a parent without a"
            " file: its folder's name, as geography or geography.rivers."
        ),
    ] = ""
    description: Annotated[Text, Meta(description="What the deck is about.")] = ""
    language: Annotated[
        Language,
        Meta(description="The language of the answers; its leading articles may be left out."),
    ] = "en"
    prompt_language: Annotated[
        Language,
        Meta(
            description="The language of the other side, which is that of the answers where"
            " `reverse` turns a card round. By default the same."
        ),
    ] = ""
    sources: Annotated[
        dict[SourceKey, Source], Meta(description="Works that notes cite by key.")
    ] = field(default_factory=dict)
    defaults: Annotated[
        Defaults, Meta(description="What holds for every note that does not say otherwise.")
    ] = field(default_factory=Defaults)
    retention: Annotated[
        Retention | None,
        Meta(description="The share of cards to be remembered when they come back."),
    ] = None
    new_per_day: Annotated[
        PerDay | None, Meta(description="How many new cards of this deck to start in a day.")
    ] = None
    reviews_per_day: Annotated[
        PerDay | None, Meta(description="How many reviews of this deck to ask in a day.")
    ] = None
    ramp: Annotated[
        Flag | None,
        Meta(
            description="Whether typed notes are asked as choices while they are learned, where"
            " there are wrong choices: the note's own, or answers of its category."
        ),
    ] = None


class Note(Struct, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The fields that every note may have, in the order of forms and deck files."""

    id: Annotated[
        Id,
        Meta(description="Names the note within its deck; its history follows it through edits."),
    ] = ""
    hint: Annotated[Text, Meta(description="Shown on request before the answer.")] = ""
    explain: Annotated[
        Text, Meta(description="Shown after the answer.", extra=_called("explanation"))
    ] = ""
    source: Annotated[
        Text,
        Meta(description="Where the fact stands: a key of `sources` and a place, or any text."),
    ] = ""
    category: Annotated[
        Text, Meta(description="What sort of answer is asked for: year, country, city, body…")
    ] = ""
    as_of: Annotated[Date, Meta(description="The date at which the fact was true.")] = ""
    tags: Annotated[Texts, Meta(description="Labels to study by.")] = ()
    image: Annotated[
        ImageNames,
        Meta(description="A file in the deck's folder, or several, shown with the question."),
    ] = ""
    answer_image: Annotated[
        ImageNames,
        Meta(description="A file in the deck's folder, or several, shown with the answer."),
    ] = ""
    audio: Annotated[
        AudioName, Meta(description="A file in the deck's folder, to be heard with the question.")
    ] = ""
    answer_audio: Annotated[
        AudioName, Meta(description="A file in the deck's folder, to be heard with the answer.")
    ] = ""


class BasicNote(Note, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Shown, thought about, revealed, and rated by the learner."""

    front: Annotated[Text, Meta(description="What is asked.")]
    back: Annotated[Text, Meta(description="What is revealed.")]
    reverse: Annotated[
        Flag,
        Meta(
            description="Whether it is asked the other way round too.", extra=_called("both ways")
        ),
    ] = "false"


class TypedNote(Note, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Answered by typing."""

    question: Annotated[Text, Meta(description="What is asked.")]
    answer: Annotated[Text, Meta(description="What is right.")]
    accept: Annotated[
        Texts, Meta(description="Other right answers.", extra=_called("also right"))
    ] = ()
    wrong: Annotated[
        Texts,
        Meta(
            description="Wrong choices while the card is learned, if the deck has a ramp.",
            extra=_called("wrong ones"),
        ),
    ] = ()
    strict: Annotated[
        Flag | None, Meta(description="Whether accents, case and punctuation count.")
    ] = None


class ClozeNote(Note, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A text with parts left out, each asked on a card of its own."""

    text: Annotated[
        Text,
        Meta(
            description="The whole text, with {{ }} around each part to ask; {{c1::x}} joins parts"
            " in one card, {{x::hint}} gives a hint."
        ),
    ]
    accept: Annotated[
        Texts,
        Meta(
            description="Other right answers, if one part is left out.", extra=_called("also right")
        ),
    ] = ()
    strict: Annotated[
        Flag | None, Meta(description="Whether accents, case and punctuation count.")
    ] = None


class ChoiceNote(Note, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One right answer among wrong ones."""

    question: Annotated[Text, Meta(description="What is asked.")]
    answer: Annotated[Text, Meta(description="The right choice.")]
    choices: Annotated[
        Texts, Meta(min_length=1, description="The wrong choices.", extra=_called("wrong ones"))
    ]


class MultiNote(Note, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Several right answers among wrong ones."""

    question: Annotated[Text, Meta(description="What is asked.")]
    answers: Annotated[
        Texts,
        Meta(
            min_length=1, description="The right choices, all of them.", extra=_called("right ones")
        ),
    ]
    choices: Annotated[
        Texts, Meta(min_length=1, description="The wrong choices.", extra=_called("wrong ones"))
    ]


class TrueFalseNote(Note, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A statement to judge."""

    statement: Annotated[Text, Meta(description="What is claimed.")]
    answer: Annotated[Flag, Meta(description="Whether it is true.")]


class OrderNote(Note, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Things to put in order."""

    question: Annotated[Text, Meta(description="What is asked, with the direction of the order.")]
    order: Annotated[
        Texts,
        Meta(min_length=2, description="The things in the right order.", extra=_called("in order")),
    ]


class ListNote(Note, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Things to name, in any order."""

    question: Annotated[Text, Meta(description="What is asked.")]
    list: Annotated[
        Texts,
        Meta(min_length=2, description="Everything that is to be named.", extra=_called("to name")),
    ]
    strict: Annotated[
        Flag | None, Meta(description="Whether accents, case and punctuation count.")
    ] = None


NOTES: dict[Kind, type[Note]] = {
    Kind.BASIC: BasicNote,
    Kind.TYPED: TypedNote,
    Kind.CLOZE: ClozeNote,
    Kind.CHOICE: ChoiceNote,
    Kind.MULTI: MultiNote,
    Kind.TRUE_FALSE: TrueFalseNote,
    Kind.ORDER: OrderNote,
    Kind.LIST: ListNote,
}
