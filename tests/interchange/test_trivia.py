"""Questions of the Open Trivia Database become notes, however they are encoded."""

from __future__ import annotations

import html
from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from sco_quiz.interchange.trivia import read

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS = [
    ("multiple", 'Who wrote "Faust"?', "J. W. von Goethe", ["F. Schiller", "A & B"]),
    ("boolean", "Osh isn't a capital.", "True", ["False"]),
]


def in_base64(text: str) -> str:
    return b64encode(text.encode()).decode()


@pytest.mark.parametrize("encode", [html.escape, in_base64, lambda text: quote(text, safe="")])
def test_every_encoding_is_understood(encode: Callable[[str], str]) -> None:
    results = [
        {
            "type": encode(kind),
            "difficulty": encode("easy"),
            "category": encode("Science: Computers"),
            "question": encode(question),
            "correct_answer": encode(answer),
            "incorrect_answers": [encode(each) for each in wrong],
        }
        for kind, question, answer, wrong in ROWS
    ]
    material = read({"response_code": 0, "results": results})
    assert material is not None
    (deck,) = material.decks
    tags = ["Science: Computers", "easy"]
    assert [note.fields for note in deck.notes] == [
        {
            "question": 'Who wrote "Faust"?',
            "answer": "J. W. von Goethe",
            "choices": ["F. Schiller", "A & B"],
            "tags": tags,
        },
        {"statement": "Osh isn't a capital.", "answer": "true", "tags": tags},
    ]


def test_entries_that_are_not_questions_are_skipped() -> None:
    material = read({"response_code": 0, "results": [1, {}, {"type": "multiple"}, {"type": "?"}]})
    assert material is not None
    assert len(material.skipped) == 4
    assert material.decks == []
    assert read({"results": []}) is None
    assert read([]) is None
