"""The examples of docs/moving.md, each of which is imported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sco_quiz.interchange.formats import TableOptions, read

PAGE = Path(__file__).parents[2] / "docs" / "moving.md"
BLOCKS = {
    match[2].split("\n", 1)[0][:20]: (match[1], match[2])
    for match in re.finditer(r"(?ms)^```(\w*)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"))
    if match[1] not in {"sh", "yaml"} and not match[2].startswith(("$ ", "into ", "Central Asia\n"))
}
"""The language and the text of each, by the beginning of its first line."""
ASKED = ("text", "front", "question", "statement")
ENDINGS = {"csv": ".csv", "markdown": ".md", "org": ".org", "json": ".json"}
PROMPTS = {
    "Bishkek\tKyrgyzstan": ["Bishkek", "Dushanbe"],
    "question,answer,choi": ["Which city is a capital?"],
    "# Central Asia": [
        "Capital of Kyrgyzstan?",
        "The capital of {{Tajikistan}} is {{Dushanbe}}.",
        "When did Uzbekistan become independent?",
    ],
    "#flashcards/asia": [
        "Bishkek",
        "Astana",
        "A front of\nseveral lines",
        "The {{Amu Darya}} was once called the {{Oxus}}.",
    ],
    "START": ["Capital of Tajikistan?", "Longest river?"],
    "- Deepest lake? #car": ["Deepest lake?", "{{Titicaca}} lies in Peru."],
    "- Rivers": ["Capital of Peru", "Nile"],
    "# Lakes": ["Deepest lake?", "Which are in Asia?"],
    "- What is a lake?": ["What is a lake?", "What is a sea?"],
    "* Lakes": ["Deepest lake?", "The capital of {{Peru::country}} is {{Lima}}."],
    '{"decks": [{"title":': ["Bishkek"],
    "::capital:: Which ci": [
        "Which city is the capital of Kyrgyzstan?",
        "Osh is a capital.",
        "In which year was the SCO founded?",
    ],
}
"""What the notes of each ask."""


def test_every_example_of_the_page_is_tried() -> None:
    assert list(BLOCKS) == list(PROMPTS)


@pytest.mark.parametrize("first", PROMPTS, ids=lambda first: first[:10])
def test_an_example_of_the_page_is_read_as_it_says(first: str, tmp_path: Path) -> None:
    language, text = BLOCKS[first]
    file = tmp_path / f"example{ENDINGS.get(language, '.txt')}"
    file.write_text(text, encoding="utf-8")
    material = read(file, TableOptions())
    asked = [
        next(
            note.fields[name]
            for name in ("text", "front", "question", "statement")
            if name in note.fields
        )
        for deck in material.decks
        for note in deck.notes
    ]
    assert asked == PROMPTS[first]
    assert not material.skipped
