"""Notes of records: texts that are called by what they hold, as in a table or in JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sco_quiz.interchange.side_words import CORRECT, OPTION, WRONG

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sco_quiz.interchange.material import Field

LONGEST_TYPED = 100
"""Characters of an answer that a learner can be asked to type."""
_LONGEST_NAMING = 1_000
_MOST_OPTIONS = 26
"""Options that are named by letters or numbers, and characters that it takes."""
_TRUTHS = {
    "true": "true", "t": "true", "yes": "true", "richtig": "true", "wahr": "true", "vrai": "true",
    "verdadero": "true", "verdadeiro": "true", "vero": "true", "waar": "true", "верно": "true",
    "да": "true", "对": "true", "正确": "true", "false": "false", "f": "false", "no": "false",
    "falsch": "false", "faux": "false", "falso": "false", "onwaar": "false", "неверно": "false",
    "нет": "false", "错": "false", "错误": "false",
}  # fmt: skip
_PARTS = re.compile(r"[ ]*(?:[,;/&+|]|\band\b|\bund\b|\bet\b|\by\b)[ ]*")
_PLACE = re.compile(
    r"(?:option|answer|choice|antwort|réponse|respuesta|opción)?"
    r"[ ]*[(\[]?([A-Ha-h]|[0-9]{1,2})[)\].]?",
    re.IGNORECASE,
)
_LETTERED = re.compile(r"[(\[]?([A-Ha-h])[.):\]][ ]+(.*\S)", re.DOTALL)


def truth_of(text: str) -> str:
    """`true` or `false`, as a text says in a common language; empty if it says neither."""
    return _TRUTHS.get(text.strip().strip(".!").casefold(), "")


def fields_of(said: Mapping[str, Field], *, from_zero: bool = False) -> dict[str, Field]:
    """The fields of a note.

    Args:
        said: What is known of it, by what it holds: fields of a note, and the parts of a quiz.
        from_zero: Whether the options are counted from 0.
    """
    fields = {name: value for name, value in said.items() if value and name not in _QUIZ}
    listed, wrong = _texts(said.get(OPTION, [])), _texts(said.get(WRONG, []))
    answer = _texts(said.get(CORRECT, "")) or _texts(_first(fields, "answer", "back", "answers"))
    if (own := _texts(fields.get("choices", []))) and _are_all(own, answer):
        listed += own
    elif not listed and not wrong:
        if CORRECT in said:
            fields.setdefault("answer", said[CORRECT])
        return _asked(fields)
    else:
        wrong += own
    prompt = _first(fields, "question", "front", "statement", "text")
    for name in ("question", "front", "statement", "text", "answer", "answers", "back", "choices"):
        fields.pop(name, None)
    made = {"question": prompt} | choice_fields(listed, answer, wrong, from_zero=from_zero) | fields
    return as_statement(made)


def _are_all(choices: Sequence[str], answer: Sequence[str]) -> bool:
    """Tell whether choices are all there are, the right ones among them, and not the wrong ones."""
    if set(choices) & set(answer):
        return True
    letters = [chr(ord("A") + place) for place in range(min(len(choices), _MOST_OPTIONS))]
    return (
        2 < len(choices) <= _MOST_OPTIONS
        and bool(answer)
        and all(each in letters for each in answer)
        and all(len(each) > 1 for each in choices)
    )


def choice_fields(
    options: Sequence[str], correct: Sequence[str], wrong: Sequence[str] = (), *, from_zero: bool
) -> dict[str, Field]:
    """The answer and the choices of a question.

    Args:
        options: All that there is to choose from, or only what is wrong.
        correct: What is right: texts of options, or their letters or numbers.
        wrong: More that is wrong.
        from_zero: Whether options are counted from 0.
    """
    listed = list(dict.fromkeys(options))
    bare = [match[2] if (match := _LETTERED.fullmatch(each)) else each for each in listed]
    letters = [match[1].upper() for each in listed if (match := _LETTERED.fullmatch(each))]
    if len(listed) <= _MOST_OPTIONS and letters == [chr(65 + at) for at in range(len(listed))]:
        listed = bare
    right = [text for each in correct for text in _meant(each, listed, from_zero=from_zero)]
    right = list(dict.fromkeys(right))
    known = set(right)
    others = [each for each in dict.fromkeys([*listed, *wrong]) if each not in known]
    if len(right) == 1:
        pair = {truth_of(each) for each in (*right, *others)}
        if len(others) == 1 and pair == {"true", "false"}:
            return {"statement": "", "answer": truth_of(right[0])}
        return {"answer": right[0], "choices": others} if others else {"answer": right[0]}
    if not right:
        return {"choices": others}
    return {"answers": right, "choices": others} if others else {"list": right}


def as_statement(fields: dict[str, Field]) -> dict[str, Field]:
    """The fields of a question whose options are true and false as those of a statement."""
    if "statement" in fields and "question" in fields:
        return {"statement": fields["question"]} | {
            name: value for name, value in fields.items() if name not in {"question", "statement"}
        }
    return fields


_QUIZ = frozenset({OPTION, WRONG, CORRECT})


def _meant(written: str, options: Sequence[str], *, from_zero: bool) -> list[str]:
    """The options that a text names; the text itself if it names none."""
    if len(written) > _LONGEST_NAMING or len(options) > _MOST_OPTIONS:
        return [written]
    if (whole := _named(written, options, from_zero=from_zero)) is not None:
        return [whole]
    parts = [part for part in _PARTS.split(written) if part]
    if len(parts) < 2 and 1 < len(written) <= len(options) and written.isalpha():
        parts = list(written)  # AC
    found = [_named(part, options, from_zero=from_zero) for part in parts]
    named = [each for each in found if each is not None]
    if len(parts) > 1 and len(named) == len(parts):
        return named
    lettered = _LETTERED.fullmatch(written)
    if lettered and (whole := _named(lettered[2], options, from_zero=from_zero)) is not None:
        return [whole]
    return [written]


def _named(written: str, options: Sequence[str], *, from_zero: bool) -> str | None:
    bare = written.strip()
    for each in options:
        if each == bare or each.casefold() == bare.casefold():
            return each
    place = _PLACE.fullmatch(bare)
    if place is None:
        return None
    sign = place[1].upper()
    number = int(sign) - (not from_zero) if sign.isdecimal() else ord(sign) - ord("A")
    return options[number] if 0 <= number < len(options) else None


def _asked(fields: dict[str, Field]) -> dict[str, Field]:
    """Fields whose prompt and answer are those of one kind."""
    if "question" in fields and "back" in fields and "answer" not in fields:
        fields["front"] = fields.pop("question")
    elif "front" in fields and "answer" in fields and "back" not in fields:
        fields["back"] = fields.pop("answer")
    elif "question" in fields and "answer" in fields:
        several = _texts(fields["answer"])
        if len(several) > 1 and not isinstance(fields["answer"], str):
            fields["answer"], fields["accept"] = several[0], several[1:]
    return fields


def is_long(answer: Field) -> bool:
    """Tell whether an answer is too long to be typed."""
    return isinstance(answer, str) and (len(answer) > LONGEST_TYPED or "\n" in answer.strip())


def as_revealed_note(fields: dict[str, Field]) -> dict[str, Field]:
    """The fields of a typed note as those of one that is thought about."""
    names = {"question": "front", "answer": "back"}
    kept = {names.get(name, name): value for name, value in fields.items() if name != "strict"}
    if accept := _texts(kept.pop("accept", [])):
        kept["back"] = "\n".join([str(kept.get("back", "")), *accept])
    return kept


def _first(fields: Mapping[str, Field], *names: str) -> Field:
    return next((fields[name] for name in names if fields.get(name)), "")


def _texts(value: Field) -> list[str]:
    listed = [value] if isinstance(value, str) else value
    return [each.strip() for each in listed if each.strip()]
