"""A verdict says why: what the answer was taken for, below the right one, at every size."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import AssertFrames, Open, Shots

DECK = """\
deck: Verdicts
cards:
  - {question: Which course ends a meal?, answer: dessert}
  - {question: What is low blood pressure called?, answer: hypotension}
  - {question: How does one say "to buy" in pinyin?, answer: mǎi}
  - {question: How heavy is a litre of water?, answer: 1 kg}
  - {question: Which city is the capital of Tajikistan?, answer: Dushanbe, category: city}
  - {question: Which city is the capital of Kyrgyzstan?, answer: Bishkek, category: city}
  - {question: How does one say "I speak Spanish" there?, answer: hablo español}
  - {question: Who wrote about relativity in 1905?, answer: Albert Einstein}
"""


class Said(NamedTuple):
    """Typed answers by a word of the prompt, and the words of their verdicts."""

    prompt: str
    typed: str
    verdict: str
    reason: str


SAID = {
    "another word": Said("course", "desert", "✗ wrong", "another word: desert"),
    "the opposite": Said("pressure", "hypertension", "✗ wrong", "the opposite: hypertension"),
    "another tone": Said("to buy", "mài", "✗ wrong", "tone: mài is not mǎi"),
    "the same amount": Said("litre", "1000 g", "✓ correct", "same amount"),
    "another answer": Said(
        "Tajikistan", "bishkek", "✗ wrong", "the answer to another card: Bishkek"
    ),
    "accents left out": Said(
        "Spanish", "hablo espanol", "✓ correct", "Mind the accents: hablo español"
    ),
    "a slip": Said("relativity", "Albert Einstien", "≈ close", ""),
}


@pytest.fixture
def verdicts(home: Path) -> None:
    folder = home / "data" / "decks"
    folder.mkdir(parents=True)
    (folder / "verdicts.yaml").write_text(DECK, encoding="utf-8")


@pytest.mark.usefixtures("verdicts")
async def test_a_verdict_gives_its_reason(opened: Open, assert_frames: AssertFrames) -> None:
    frames: dict[str, Shots] = {}
    async with opened(deck="verdicts") as app:
        while len(frames) < len(SAID):
            name, said = next(
                ((name, said) for name, said in SAID.items() if said.prompt in app.frame),
                ("", Said("", "", "", "")),
            )
            await app.type(said.typed + "\n")
            if name:
                assert said.verdict in app.frame
                assert said.reason in app.frame
                frames[name] = await app.shots()
            await app.press("4")
    assert_frames("verdicts", {name: frames[name] for name in SAID})
