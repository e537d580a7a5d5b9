"""Questions of the Open Trivia Database, as its API gives them: https://opentdb.com/api_config.php."""

from __future__ import annotations

import html
from base64 import b64decode
from typing import TYPE_CHECKING
from urllib.parse import unquote

from sco_quiz.interchange.material import (
    Field,
    ForeignDeck,
    ForeignNote,
    Material,
    Remark,
    check_number,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_TYPES = {"multiple", "boolean"}


def read(data: object) -> Material | None:
    """The questions of an answer of the API, in any of its encodings; None if it is none."""
    rows = data.get("results") if isinstance(data, dict) else data
    if not isinstance(rows, list):
        return None
    if not (isinstance(data, dict) and "response_code" in data) and not _is_dump(rows):
        return None
    check_number(len(rows))
    material = Material()
    notes = []
    for number, row in enumerate(rows, 1):
        where = f"question {number}"
        fields = _fields(row) if isinstance(row, dict) else None
        if fields is None:
            material.skipped.append(Remark(where, "it has no question with an answer"))
        else:
            notes.append(ForeignNote(fields, "", where))
    material.decks = [ForeignDeck("", notes, language="en")] if notes else []
    return material


def _is_dump(rows: list[object]) -> bool:
    """Tell whether a list has nothing but such questions, as dumps of the database do."""
    needed = {"type", "question", "correct_answer", "incorrect_answers"}
    return bool(rows) and all(isinstance(row, dict) and needed <= row.keys() for row in rows)


def _fields(row: dict[object, object]) -> dict[str, Field] | None:
    decode = _decoder(row)
    try:
        kind = decode(str(row["type"]))
        question, answer = decode(str(row["question"])), decode(str(row["correct_answer"]))
        listed = row["incorrect_answers"]
        wrong = [decode(str(each)) for each in listed] if isinstance(listed, list) else []
        tags = [decode(str(row[name])) for name in ("category", "difficulty") if row.get(name)]
    except (KeyError, ValueError):
        return None
    if kind not in _TYPES or not question.strip() or not answer.strip():
        return None
    fields: dict[str, Field] = {"question": question, "answer": answer, "choices": wrong}
    if kind == "boolean":
        fields = {"statement": question, "answer": answer.casefold()}
    return fields | {"tags": tags}


def _decoder(row: dict[object, object]) -> Callable[[str], str]:
    """Return the function that decodes a question's texts: HTML, percent-encoding or Base64."""
    if row.get("type") not in _TYPES:
        return lambda text: b64decode(text, validate=True).decode()
    question = str(row.get("question", ""))
    if "%20" in question and " " not in question:
        return unquote
    return html.unescape
