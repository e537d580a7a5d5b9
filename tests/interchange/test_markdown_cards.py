"""Cards as people write them in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sco_quiz.errors import DeckError
from sco_quiz.interchange import markdown, markdown_signs

if TYPE_CHECKING:
    from sco_quiz.interchange.material import Material


def read(text: str) -> Material:
    """The notes of a text that is asked for its lines first, then for its signs."""
    return markdown.read(text) if markdown.fits(text) else markdown_signs.read(text)


def fields(text: str) -> list[dict[str, str | list[str]]]:
    return [note.fields for deck in read(text).decks for note in deck.notes]


def test_lines_that_begin_with_q_and_a_make_notes() -> None:
    text = """\
# Central Asia

Q: Capital of Kyrgyzstan?
Think twice.
A: Bishkek

It was called Frunze.
Tags: asia, capitals

C: The capital of [Tajikistan] is [Dushanbe].
---
Question: When?
Answer: 1991
Accept:
- '91
- in 1991

Statement: Osh is a capital.
Answer: false
"""
    (deck,) = read(text).decks
    assert deck.title == "Central Asia"
    assert [note.fields for note in deck.notes] == [
        {
            "front": "Capital of Kyrgyzstan?\nThink twice.",
            "back": "Bishkek\n\nIt was called Frunze.",
            "tags": ["asia", "capitals"],
        },
        {"text": "The capital of {{Tajikistan}} is {{Dushanbe}}."},
        {"question": "When?", "answer": "1991", "accept": ["'91", "in 1991"]},
        {"statement": "Osh is a capital.", "answer": "false"},
    ]
    assert [note.where for note in deck.notes] == ["line 3", "line 10", "line 12", "line 18"]


def test_signs_within_paragraphs_make_notes() -> None:
    text = """\
---
title: Notes
---
#flashcards/geo

Bishkek::Kyrgyzstan
- Astana ::: Kazakhstan

Several
lines
?
and their
answer

The ==Amu Darya== was the ==Oxus==.
<!--SR:!2024-01-01,3,250-->
"""
    material = read(text)
    assert [deck.title for deck in material.decks] == ["Notes"]
    assert fields(text) == [
        {"front": "Bishkek", "back": "Kyrgyzstan", "tags": ["geo"]},
        {"front": "Astana", "back": "Kazakhstan", "reverse": "true", "tags": ["geo"]},
        {"front": "Several\nlines", "back": "and their\nanswer", "tags": ["geo"]},
        {"text": "The {{Amu Darya}} was the {{Oxus}}.", "tags": ["geo"]},
    ]
    assert "1 due date of Obsidian" in material.lossy[0].reason


def test_signs_in_code_make_no_notes() -> None:
    text = "uses `std::vector`\n\n```\nQ: no\na::b\n```\n\nreal::card\n"
    assert fields(text.replace("Q: no\n", "")) == [{"front": "real", "back": "card"}]
    block = "Q: what\n```\nA: code\n```\nA: that\n"
    assert fields(block) == [{"front": "what\n```\nA: code\n```", "back": "that"}]


def test_paragraphs_that_are_no_cards_are_reported() -> None:
    material = read("Some words.\n\na::b\n\nMore words.\n\n## Part\n\nc::d\n")
    assert [(each.where, each.reason) for each in material.skipped] == [
        ("line 1", "a paragraph that is no card"),
        ("line 5", "a paragraph that is no card"),
    ]
    assert [each.reason for each in material.lossy] == ["headings within a deck are not kept"]


def test_each_first_heading_begins_a_deck() -> None:
    titles = [(deck.title, len(deck.notes)) for deck in read("# A\n\nx::y\n\n# B\n\nz::w\n").decks]
    assert titles == [("A", 1), ("B", 1)]


@pytest.mark.parametrize("text", ["`" * 100_001, "::" * 100_000, "==a" * 50_000, "[" * 100_000])
def test_hostile_markdown_is_read_in_one_pass(text: str) -> None:
    material = markdown.read("C: " + text)
    assert len(material.decks) == 1
    assert len(fields(text + "\n\na::b")) + len(material.decks) >= 1


def test_a_file_with_too_many_notes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sco_quiz.interchange.material.MAX_NOTES", 10)
    with pytest.raises(DeckError, match="more than 10 notes"):
        read("a::b\n" * 11)
