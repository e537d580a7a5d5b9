"""What the documentation of the deck format shows is true."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import fields

from sco_quiz.learning.cards import Card
from sco_quiz.learning.checking import judge
from sco_quiz.learning.kinds import KINDS, Kind
from sco_quiz.library.check import CheckedFile, Checker
from sco_quiz.library.diagnostics import CODES
from sco_quiz.library.kinds import COMMON, SHAPES
from sco_quiz.library.schema import NOTES, Defaults, Header, Source

if TYPE_CHECKING:
    from msgspec import Struct

PAGE = (Path(__file__).parents[2] / "docs" / "deck-format.md").read_text(encoding="utf-8")
MANUAL, MESSAGES = PAGE.split("\n## Every message\n")
SECTIONS = dict(re.findall(r"^### (.*)\n((?:(?!###).*\n)*)", MESSAGES + "\n", re.MULTILINE))
BEGINNINGS = {
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff",
    ".mp3": b"ID3",
    ".ogg": b"OggS",
}
"""What is in the files that examples name."""
WITHOUT_EXAMPLE = {
    "E101", "E102", "E103", "E104", "E114", "E115", "E211", "E213", "E310", "E311", "E312", "W411",
}  # fmt: skip
"""Problems of a whole file, or of two."""


def examples(text: str) -> list[str]:
    found = re.findall(r"^(````?)yaml\n(.*?)^\1$", text, re.MULTILINE | re.DOTALL)
    return [example for _, example in found]


def whole(example: str) -> str:
    """The deck that an example is, or is a part of."""
    if example.startswith(("deck:", "# The whole file")):
        return example
    if example.startswith("- "):
        return f"deck: Example\ncards:\n{example}"
    note = "{front: a, back: b, source: survey}" if "sources:" in example else "{front: a, back: b}"
    return f"deck: Example\n{example}cards: [{note}]\n"


def checked(text: str, folder: Path, max_age: int | None = None) -> CheckedFile:
    # All files but `not-there.png` and `../flag.png`.
    named = re.findall(r"(?:image|audio): \[?([\w/]+\.\w+(?:, [\w/.]+)*)\]?$", text, re.MULTILINE)
    for name in ", ".join(named).split(", ") if named else ():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(BEGINNINGS[Path(name).suffix])
    deck = folder / "example.yaml"
    deck.write_text(text, encoding="utf-8")
    return Checker(date(2026, 3, 1), max_age).check(deck.name, deck)


@pytest.mark.parametrize("example", examples(MANUAL))
def test_every_example_is_a_deck_without_a_problem(example: str, tmp_path: Path) -> None:
    file = checked(whole(example), tmp_path)
    assert file.shown() == []
    assert file.notes


def test_the_examples_show_every_kind_and_every_key() -> None:
    keys = set(re.findall(r"\b([a-z_]+):", "\n".join(examples(MANUAL))))
    structs: list[type[Struct]] = [Header, Source, Defaults, *NOTES.values()]
    for struct in structs:
        assert {field.name for field in fields(struct)} <= keys


def row_of(kind: Kind) -> str:
    """The row of a kind in the table of kinds."""
    own, needed = SHAPES[kind]
    may_have = [key for key in own if key not in needed]
    keys = [", ".join(f"`{key}`" for key in each) for each in (needed, may_have)]
    return f"| {kind.spec.name} | `{kind.word}` | {keys[0]} | {keys[1]} | {kind.spec.about} |"


def test_the_table_of_kinds_agrees_with_the_code() -> None:
    section = MANUAL.split("\n## The kinds of notes\n")[1].split("\n### ")[0]
    _, rule, *rows = re.findall(r"^\|.*\|$", section, re.MULTILINE)
    assert set(rule) == {"|", "-"}
    assert rows == [row_of(kind) for kind in KINDS]


def test_each_kind_is_shown_under_its_name_with_its_keys() -> None:
    kinds = MANUAL.split("\n## The kinds of notes\n")[1].split("\n## ")[0]
    names = re.findall(r"^### (.*)$", kinds, re.MULTILINE)
    assert names == [spec.name for spec in KINDS.values()]
    for kind, text in zip(KINDS, kinds.split("\n### ")[1:], strict=True):
        assert set(re.findall(r"[a-z_]+", text)) >= set(SHAPES[kind].own), kind


def test_the_table_of_common_keys_is_whole() -> None:
    section = MANUAL.split("\n## What every note may have\n")[1].split("\n## ")[0]
    named = re.findall(r"^\| (.*?) \|", section, re.MULTILINE)
    assert set(re.findall(r"`([a-z_]+)`", " ".join(named))) == set(COMMON)


@pytest.mark.parametrize("key", [field.name for field in (*fields(Header), *fields(Source))])
def test_every_key_of_the_header_is_explained(key: str) -> None:
    assert f"`{key}`" in MANUAL


def test_every_code_is_explained_in_the_words_of_the_check() -> None:
    assert list(SECTIONS) == [f"{code}: {text.rstrip('.')}" for code, text in CODES.items()]


@pytest.mark.parametrize("heading", SECTIONS)
def test_the_example_of_a_code_has_exactly_that_problem_and_a_help(
    heading: str, tmp_path: Path
) -> None:
    code, section = heading.partition(":")[0], SECTIONS[heading]
    if code not in WITHOUT_EXAMPLE:
        (example,) = examples(section)
        file = checked(whole(example), tmp_path, max_age=365 if code == "W409" else None)
        assert {each.code for each in file.diagnostics} == {code}
    cure = re.sub(r"```.*?```", "", section, flags=re.DOTALL)
    assert len(cure.split()) >= 4


@cache
def table() -> list[tuple[str, str, str]]:
    section = MANUAL.split("\n## What counts as right\n")[1]
    return re.findall(r"^\| `(.*?)` \| `(.*?)` \| (\w+) \|$", section, re.MULTILINE)


def test_the_table_of_answers_has_every_verdict() -> None:
    assert {verdict for *_, verdict in table()} == {"correct", "close", "wrong"}


@pytest.mark.parametrize(("answer", "typed", "verdict"), table())
def test_an_answer_of_the_table_is_judged_as_it_says(answer: str, typed: str, verdict: str) -> None:
    card = Card("key", "note", "deck", Kind.TYPED, "Which?", (answer,))
    assert judge(card, typed).verdict == verdict


def test_the_answer_of_another_card_is_not_a_typing_error() -> None:
    card = Card("key", "note", "deck", Kind.TYPED, "Which?", ("Tashkent",))
    assert judge(card, "Tashkend").verdict == "close"
    assert judge(card, "Tashkend", rivals=["Tashkend"]).verdict == "wrong"
    assert (
        judge(Card("k", "n", "d", Kind.TYPED, "?", ("`__init__`",)), "__init__").verdict
        == "correct"
    )


def test_every_link_within_the_page_leads_somewhere() -> None:
    anchors = {
        re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)$", PAGE, re.MULTILINE)
    }
    links = re.findall(r"\]\(#(.*?)\)", PAGE)
    assert links
    assert set(links) <= anchors
