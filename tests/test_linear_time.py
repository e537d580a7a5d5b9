"""No text takes more than its length: four times as much of anything takes four times as long."""

from __future__ import annotations

import gc
import json
import time
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pytest

from sco_quiz import formula, text
from sco_quiz.errors import DeckError, SCOQuizError
from sco_quiz.interchange import cloze as anki_cloze
from sco_quiz.interchange import (
    delimited,
    formats,
    gift,
    markdown,
    mnemosyne_xml,
    notes_json,
    trivia,
)
from sco_quiz.interchange.anki.templates import AnkiTemplate, TemplateError
from sco_quiz.interchange.hypertext import to_markup
from sco_quiz.interchange.material import ForeignDeck, ForeignNote
from sco_quiz.learning import search
from sco_quiz.learning.cards import Card
from sco_quiz.learning.checking import judge
from sco_quiz.learning.cloze import ClozeError, find_doubtful, read_cloze
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.values import value_of
from sco_quiz.library.contents import header_of, notes_of
from sco_quiz.library.decks import look_into, read_deck
from sco_quiz.library.editing import add_accepted, add_note, replace_note
from sco_quiz.library.formatting import give_ids, tidy
from sco_quiz.library.semantics import look_for_slips
from sco_quiz.tui.markup import inline

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (1225, pytest.param(4900, marks=pytest.mark.proof))
"""Characters; four times as many as the most are still read as markup."""
LONGER = {"answer": 2050}
"""Characters of readers that read much less of shorter texts: of 2,000 or fewer, as code."""
MOST = 7.0
"""Times as long for four times as much: 4 in linear time, 16 in that of the square."""
TRIES = 5
LEAST = 0.001
"""Seconds, below which nobody waits."""


def read_as_cloze(given: str) -> None:
    with suppress(ClozeError):
        read_cloze(given)
    with suppress(ClozeError):
        find_doubtful(given)


def read_as_search(given: str) -> None:
    search.searchable(given)
    search.parse(given)


def read_as_deck(given: str) -> None:
    read_deck("x.yaml", f"deck: X\ncards:\n  - front: {given}\n    back: b\n".encode())


def deck_of(given: str, kind: str = "question") -> str:
    said = json.dumps(given)  # which YAML reads too
    return f"deck: X\ncards:\n  - {kind}: {said}\n    answer: {said}\n    explain: {said}\n"


def check_as_deck(given: str) -> None:
    for kind in ("question", "text"):
        reading, deck = look_into("x.yaml", deck_of(given, kind).encode())
        look_for_slips(reading, deck, date(2026, 3, 1))


def edit_as_deck(given: str) -> None:
    with suppress(DeckError):
        add_note(deck_of("a"), {"question": given, "answer": given, "accept": [given, "b"]})
    for change in (tidy, partial(add_accepted, line=3, answer="b"), notes_of, header_of):
        with suppress(DeckError):
            change(deck_of(given))
    with suppress(DeckError):
        give_ids("x.yaml", deck_of(given))


def change_a_list(given: str) -> None:
    items = given.split() * 2
    deck = deck_of("a") + "  - question: b\n    list:\n" + "".join(f"      - x{i}\n" for i in items)
    with suppress(DeckError):
        replace_note(deck, 6, {"question": "b", "list": [f"y{i}" for i in reversed(items)]})


def judge_as_answer(given: str) -> None:
    for kind in (Kind.TYPED, Kind.LIST):
        answers = (given, "b") if kind is Kind.LIST else (given,)
        for right in (answers, ("Tashkent",)):
            card = Card("k", "n", "d", kind, "a", right)
            judge(card, given + "x", rivals=["zq"])
    value_of(given)


def import_as(read: Callable[[str], object]) -> Callable[[str], None]:
    def read_and_write(given: str) -> None:
        with suppress(SCOQuizError):
            read(given)

    return read_and_write


def as_every_format(given: str) -> None:
    for form in formats.TEXTS:
        form.fits(given)
        with suppress(SCOQuizError):
            form.read(given, Path("x"))


def as_json(given: str) -> None:
    notes_json.read(json.dumps({"deck": given, "cards": [{"question": given, "answer": given}]}))
    question = {"type": "boolean", "question": given, "correct_answer": given}
    trivia.read({"response_code": 0, "results": [question]})


def as_anki(given: str) -> None:
    anki_cloze.as_own_cloze(given)
    if anki_cloze.is_cloze(given):
        anki_cloze.cloze_of_group(given, 1)
    with suppress(TemplateError):
        AnkiTemplate(given)
    with suppress(TemplateError):
        AnkiTemplate("{{text:a}} {{hint:a}} {{cloze:a}} {{furigana:a}} {{type:a}}").render(
            {"a": given}
        )


def as_mnemosyne(given: str) -> None:
    entry = f"<openSM2sync><log type='16' o_id='f'><f>{escape(given)}</f></log></openSM2sync>"
    mnemosyne_xml.parse([entry.encode()], "x")


def write_for_others(given: str) -> None:
    decks = [ForeignDeck("X", [ForeignNote({"question": given, "answer": given}, "k", "note 1")])]
    for write in (delimited.write, markdown.write, notes_json.write):
        write(decks)


READERS: dict[str, Callable[[str], object]] = {
    "answer": judge_as_answer,
    "checked deck": check_as_deck,
    "edited deck": edit_as_deck,
    "edited list": change_a_list,
    "other spellings": search.other_spellings,
    "screen": lambda given: inline(text.clean(given)),
    "HTML": lambda given: (to_markup(given), to_markup(given, media=True)),
    "table": import_as(delimited.read),
    "named table": import_as(lambda given: delimited.read(f"question,answer\n{given}")),
    "Markdown": import_as(markdown.read),
    "GIFT": import_as(gift.read),
    "JSON": import_as(as_json),
    "Anki": as_anki,
    "Mnemosyne": import_as(as_mnemosyne),
    "texts": as_every_format,
    "exports": write_for_others,
    "markup": text.spans,
    "blocks": lambda given: list(text.blocks(given)),
    "clean": text.clean,
    "formulas": text.shows_formula,
    "formula": formula.readable,
    "cloze": read_as_cloze,
    "search": read_as_search,
    "deck": read_as_deck,
}
UNITS = (
    " ", "`", "``` ", "```\n", "~~~\n", "~", "*", "_", "**a ", "$", "$x", "$$", "\\", "[", "[a](",
    "![", "{", "}", "{{", "{{a", "{{c1::", "::", "\n", "\r", "\t", "(", ")", "a", "a ", "\u202e",
    "1.", "tag:", '"', "- ", " #", ": ", "^", "_{", "\\frac{", "e\u0301", "-",
)  # fmt: skip
OF_FORMATS = (
    "<", ">", "<b>", "</b>", "<!--", "<a href='", "<img src=x>", "<li>", "<table>", "&", "&amp;",
    "[sound:", "[latex]", "\\(", "\\[", ",", ";", "|", "| a ", "|-", "# ", "# a\n", "> a\n", "?\n",
    "a::b\n", "Q: a\n", "a,b\n", '"a', "a\tb\n", "=", "::a::", "~a =b ", "//", "{{#a}}", "{{/a}}",
    "{{text:", "{{c1::a}}", "{{c1::{{c2::", "#separator:", "- [ ] a\n", "1. a\n", "---\n", "==",
    "x ", "STARTI [a] b ENDI ", "STARTI [", "START\n", "- a >> b\n", " >> ", "- a?\n  b\n",
    "- a?\n", "Q. a\nA. b\n", " #card", "# a? #card\n", "a\n: b\n", "## Front\n", "a;b,c;",
    "*A. a\n",
)  # fmt: skip
OF_MARKUP = {"markup", "blocks", "clean", "formulas", "formula", "cloze", "search", "deck"}
"""Readers that are tried with signs of ours alone, also behind what opens something."""
AROUND = (("", ""), ("```", "`"), ("~~~", "`"), ("$", ""))


def seconds(read: Callable[[str], object], given: str) -> float:
    gc.disable()  # it looks at all that other tests left in the process
    began = time.process_time()
    read(given)
    took = time.process_time() - began
    gc.enable()
    return took


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("reader", READERS)
def test_four_times_as_much_takes_four_times_as_long(reader: str, size: int) -> None:
    read = READERS[reader]
    size = max(size, LONGER.get(reader, 0))
    for before, after in AROUND if reader in OF_MARKUP else AROUND[:1]:
        for unit in UNITS if reader in OF_MARKUP else UNITS + OF_FORMATS:
            small, large = (
                before + unit * (length // len(unit)) + after for length in (size, 4 * size)
            )
            for _ in range(TRIES):  # a machine that is busy elsewhere may be slow once
                long = seconds(read, large)
                if long < LEAST or long < MOST * seconds(read, small):
                    break
            else:
                pytest.fail(f"{reader}: {unit!r} after {before!r} takes too long")


def test_a_line_that_begins_like_a_fence_is_read_as_before() -> None:
    assert list(text.blocks("```  py x\ncode\n```")) == [("code", "py"), ("", None)]
    assert list(text.blocks("``` `\ncode")) == [("``` `\ncode", None)]
