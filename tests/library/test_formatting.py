"""`fmt` owns little: ends of lines, the end of the file, and ids on request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sco_quiz.errors import DeckError
from sco_quiz.library.formatting import SLUG_LENGTH, format_file, give_ids, tidy

if TYPE_CHECKING:
    from pathlib import Path

DECK = """\
deck: A
cards:
  - question: "Capital of Kazakhstan?"   # a comment
    answer: Astana
  - {question: What's Kazakhstan’s *largest* city?, answer: Almaty}
  - text: "{{c1::Dushanbe::a city}} is the capital of {{Tajikistan}}."
  - id: capital-of-kazakhstan
    front: Nur-Sultan
    back: Astana
    reverse: true
  - statement: "??"
    answer: true
  - question: Столица Киргизии?
    answer: Bishkek
"""


def test_spaces_at_the_ends_of_lines_go_and_one_line_end_stays() -> None:
    assert tidy("deck: A  \n\n# x \t\ncards:\n- front: a\n  back: b \n \n\n") == (
        "deck: A\n\n# x\ncards:\n- front: a\n  back: b\n"
    )
    assert tidy("deck: A\r\ncards: []") == "deck: A\r\ncards: []\r\n"


def test_spaces_in_texts_of_several_lines_stay() -> None:
    text = (
        "deck: A\ncards:\n- front: |\n    two  \n    \n    lines\n  back: 'b  \n    c'\n  hint: d\n"
    )
    assert tidy(text) == text


def test_a_formatted_deck_is_left_as_it_is() -> None:
    assert tidy(DECK) == DECK


def test_a_file_that_is_not_a_deck_is_reported_with_its_line() -> None:
    with pytest.raises(DeckError, match="line 2: the quotation mark"):
        tidy('deck: A\nid: "b\n')
    with pytest.raises(DeckError, match="line 2: `deck` is given twice"):
        tidy("deck: A\ndeck: B\n")


def test_ids_are_made_from_prompts() -> None:
    text, cards = give_ids("a.yaml", DECK)
    ids = [line.split("id: ")[1].split(",")[0] for line in text.splitlines() if "id: " in line]
    assert ids == [
        "capital-of-kazakhstan-2",
        "whats-kazakhstans-largest-city",
        "dushanbe-is-the-capital-of-tajikistan",
        "capital-of-kazakhstan",
        "note",
        "столица-киргизии",
    ]
    assert len(cards) == 6
    assert len({card.key for _, card in cards}) == 6
    assert len({old for old, _ in cards}) == 6


def test_a_long_prompt_makes_an_id_of_whole_words() -> None:
    text, _ = give_ids("a.yaml", f"deck: A\ncards:\n- front: {'Tashkent and ' * 9}\n  back: b\n")
    name = text.splitlines()[2].removeprefix("- id: ")
    assert len(name) <= SLUG_LENGTH
    assert name.endswith(("tashkent", "and"))


@pytest.mark.parametrize(
    ("cards", "message"),
    [
        ("- front: a\n  back: b\n- front: a\n  back: b\n", "line 5: this repeats"),
        ("- front: a\n", "line 3: `front` without `back`"),
        ('- front: "a\n', "line 3: the quotation mark"),
        ("[{front: a, back: b}, {front: c, back: d}]\n", "several notes start on line 2"),
    ],
)
def test_a_deck_in_which_ids_could_go_wrong_gets_none(cards: str, message: str) -> None:
    text = "deck: A\ncards: " + cards if cards[0] == "[" else "deck: A\ncards:\n" + cards
    with pytest.raises(DeckError, match=message):
        give_ids("a.yaml", text)


def test_a_file_is_formatted_or_only_checked(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(DECK + "\n", encoding="utf-8")
    assert format_file(path, write=False).changed
    assert path.read_text(encoding="utf-8") == DECK + "\n"
    assert format_file(path).changed
    assert path.read_text(encoding="utf-8") == DECK
    assert not format_file(path).changed
    changed, cards = format_file(path, ids=True)
    assert changed
    assert len(cards) == 6
    assert not format_file(path, ids=True).changed
