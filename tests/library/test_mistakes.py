"""Decks with mistakes: each is found, at its place, and the rest of the deck is still studied."""

from __future__ import annotations

import re

import pytest

from sco_quiz.library import decks
from sco_quiz.library.decks import read_deck
from sco_quiz.library.diagnostics import Diagnostic, TextLines, render
from sco_quiz.library.kinds import WAYS_TO_ASK

# A comment `#= code@column…` says what is wrong on its line.
TWENTY = """\
deck: Mistakes
id: mistakes
langage: en                       #= E201@1
retention: 90%                    #= E206@12
reviews_per_day: 1.5              #= E206@18
sources:
  atlas: {title: Atlas, url: www} #= E209@30
  bad key: {title: B}             #= E207@3
  book: {author: B}               #= E202@9
defaults:
  tags: geography                 #= E203@9
  as_of: 2023-02-29               #= E208@10
  strict: yes                     #= E205@11
cards:
  - front: without back           #= E302@5
  - front: empty back
    back:                         #= E204@5
  - front: mixed
    back: kinds
    answer: x                     #= E303@5
  - question: misspelt
    anwser: x                     #= E201@5
  - question: wrong form
    answer: [a, b]                #= E203@13
  - question: wrong form
    answer: a
    accept: b                     #= E203@13
  - statement: neither true nor false
    answer: no                    #= E205@13
  - text: no deletion             #= E305@11
  - text: "{{fine}} and {{not"    #= E305@25
    hint: [x]                     #= E203@11
  - text: 'an {{}} empty one'     #= E305@15
  - text: '{{a {{b}} }}'          #= E305@16
  - text: "{{a}} and {{b}}"
    accept: [c]                   #= E308@5
  - question: choice is the answer
    answer: A
    choices: [B, A]               #= E307@18
  - question: no wrong choice
    answer: A
    choices: []                   #= E306@14
  - question: same choice twice
    answer: A
    choices: [B, C, b, C, b]      #= W404@21 E307@24 E307@27
  - question: overlap
    answers: [A, B]
    choices: [C, B, '']           #= E204@21
  - question: overlap again
    answers: [A, B, A]            #= E307@21
    choices: [C, B]               #= E307@18
  - question: too short
    order: [only one]             #= E306@12
  - question: given twice
    list: [one, two, one]         #= E307@22
  - front: bad id
    back: b
    id: "a b"                     #= E207@9
  - {front: first id, back: a, id: same}
  - {front: second id, back: b, id: same} #= E304@37
  - front: bad date
    back: b
    as_of: 10.2024                #= E208@12
  - {front: no such day, back: b, as_of: 2021-04-31} #= E208@42
  - {front: unknown source, back: b, source: atlsa p. 3} #= W403@46
  - {front: unknown source too, back: b, source: map, category: ""} #= W403@50
  - {front: The capital?, back: Astana}
  - {front: the  capital, back: Bishkek} #= W401@13
  - {front: the capital, back: astana} #= W402@13
  - just a text                   #= E301@5
  - front:a                       #= E105@10
  - hint: nothing is asked        #= E301@5
  - [front, back]                 #= E301@5
  -                               #= E301@4
  - front: twice
    back: a
    front: b                      #= E110@5
  - front: &anchor a              #= E108@12
    back: *alias                  #= E107@11
  - {front: fine, back: too}
"""


def found(text: str, name: str = "x.yaml") -> list[tuple[int, int, str]]:
    return [
        (each.line, each.column, each.code) for each in read_deck(name, text.encode()).diagnostics
    ]


def expected(text: str) -> list[tuple[int, int, str]]:
    return [
        (number, int(column), code)
        for number, line in enumerate(text.split("\n"), 1)
        for code, column in re.findall(r"([EW]\d+)@(\d+)", line.partition("#=")[2])
    ]


def test_each_of_many_mistakes_is_found_at_its_line_and_column() -> None:
    assert len(expected(TWENTY)) > 40
    assert found(TWENTY) == expected(TWENTY)


def test_windows_line_ends_and_a_byte_order_mark_move_nothing() -> None:
    assert found("\ufeff" + TWENTY.replace("\n", "\r\n")) == expected(TWENTY)


def test_the_notes_without_an_error_are_studied() -> None:
    deck = read_deck("x.yaml", TWENTY.encode()).deck
    assert deck is not None
    assert [(card.prompt, line) for card, line in zip(deck.cards, deck.lines, strict=True)] == [
        (prompt, TWENTY[: TWENTY.index(f"front: {prompt},")].count("\n") + 1)
        for prompt in (
            "first id", "unknown source", "unknown source too", "The capital?", "the  capital",
            "fine",
        )
    ]  # fmt: skip


def test_every_problem_is_shown_with_its_line_and_help() -> None:
    lines = TextLines(TWENTY)
    for each in read_deck("x.yaml", TWENTY.encode()).diagnostics:
        place, source, carets, way_out = render(each, "x.yaml", lines).split("\n")
        assert place.startswith(f"x.yaml:{each.line}:{each.column}: {each.severity}[{each.code}] ")
        assert source.startswith("  | ")
        assert TWENTY.split("\n")[each.line - 1].startswith(source[4:].rstrip("…"))
        assert carets == "  | " + " " * (each.column - 1) + "^" * len(carets.lstrip(" |"))
        assert way_out.startswith("  help: ")


def only(text: str) -> Diagnostic:
    (problem,) = read_deck("x.yaml", text.encode()).diagnostics
    return problem


@pytest.mark.parametrize(
    ("note", "message", "way_out"),
    [
        ("front: A", "`front` without `back`", "basic notes have `front` and `back`"),
        ("back: A", "`back` without `front`", "basic notes"),
        ("question: A", "`question` without `answer`", "typed notes"),
        ("answer: A", "`answer` without `question`", "typed notes"),
        ("{question: A, choices: [b]}", "`question` without `answer`", "choice notes"),
        ("{question: A, answers: [b]}", "`question` without `choices`", "multi notes"),
        ("statement: A", "`statement` without `answer`", "true/false notes"),
        ("order: [a, b]", "`order` without `question`", "order notes"),
        ("list: [a, b]", "`list` without `question`", "list notes"),
        ("{front: a, back: b, choices: [c]}", "`choices` cannot stand beside `front`", "basic"),
        ("{text: '{{a}}', answer: b}", "`answer` cannot stand beside `text`", "cloze notes"),
        (
            "{question: a, order: [b, c], list: [d, e]}",
            "`list` cannot stand beside `order`",
            "order notes",
        ),
        (
            "{question: a, answer: b, answers: [c, d]}",
            "`answers` cannot stand beside `answer`",
            "typed notes",
        ),
        (
            "{question: a, answer: b, choices: [c], accept: [d]}",
            "`choices` cannot stand beside `accept`",
            "typed notes",
        ),
        ("{question: a, answer: b, acept: [c]}", "unknown key `acept`", "did you mean `accept`?"),
        ("{question: a, answer: b, choises: [c]}", "unknown key `choises`", "mean `choices`?"),
        ("{frnt: a, bcak: b, x: y}", "unknown key `frnt`", "did you mean `front`?"),
        ("{front: a, back: b, zebra: c}", "unknown key `zebra`", "the keys here are `id`,"),
        ("{tags: [a]}", "this note asks nothing", "write `front` and `back`,"),
    ],
)
def test_a_note_of_no_kind_is_reported_with_the_nearest_kind(
    note: str, message: str, way_out: str
) -> None:
    problem, *_ = read_deck("x.yaml", f"deck: x\ncards:\n  - {note}\n".encode()).diagnostics
    assert problem.message == message
    assert way_out in problem.help


@pytest.mark.parametrize("note", ["term: a\n  definition: b", "q: a\n  a: b"])
def test_a_note_whose_keys_are_all_unknown_is_told_by_which_notes_ask(note: str) -> None:
    problems = read_deck("x.yaml", f"deck: x\ncards:\n- {note}\n".encode()).diagnostics
    assert {(each.line, each.code) for each in problems} == {(3, "E201"), (3, "E301"), (4, "E201")}
    assert {each.help for each in problems} == {WAYS_TO_ASK}


@pytest.mark.parametrize(
    ("line", "way_out"),
    [
        ("tags: asia", "[asia]"),
        ("tags: asia, europe", "[asia, europe]"),
        ("tags: {a: b}", "[first, second]"),
        ("hint: [a] ", "begins with [ in quotes"),
        ("hint: {a: b}", "begins with { in quotes"),
        ("hint:\n      a: b", "colon and a space in quotes"),
        ("tags: [a: b]", "colon and a space in quotes"),
        ("reverse: yes", "write true or false"),
        ("reverse: True", "write true or false"),
    ],
)
def test_a_value_of_the_wrong_form_is_shown_the_right_one(line: str, way_out: str) -> None:
    problem = only(f"deck: x\ncards:\n  - front: a\n    back: b\n    {line}\n")
    assert way_out in problem.help


def test_the_help_for_an_unquoted_cloze_is_to_quote_it() -> None:
    assert "in quotes" in only("deck: x\ncards:\n  - text: {{a}}\n").help
    assert "in quotes" in only("deck: x\ncards:\n  - text: {{a}} is b\n").help


def test_the_place_of_a_cloze_mistake_is_found_behind_escapes_and_folded_lines() -> None:
    text = 'deck: x\ncards:\n  - text: "\\u00e9 {{a}}\n      and {{b"\n'
    assert found(text) == [(4, 11, "E305")]
    assert found("deck: x\ncards:\n  - text: |\n      a {{b}}\n      c {{d\n") == [(5, 9, "E305")]


@pytest.mark.parametrize(
    ("header", "code"),
    [("cards: []", "E309"), ("cards:", "E309"), ("", "E309"), ("cards: {a: b}", "E203")],
)
def test_a_deck_without_cards_is_a_deck_and_says_so(header: str, code: str) -> None:
    read = read_deck("x.yaml", f"deck: x\n{header}\n".encode())
    assert [each.code for each in read.diagnostics] == [code]
    assert read.deck is not None
    assert read.deck.cards == ()


def test_a_deck_without_a_title_is_named_after_its_file() -> None:
    for title, code in (("", "E202"), ("deck:\n", "E204"), ("deck: [x]\n", "E203")):
        read = read_deck("asia.yaml", f"{title}cards:\n- {{front: a, back: b}}\n".encode())
        assert [each.code for each in read.diagnostics] == [code]
        assert read.deck is not None
        assert read.deck.title == "asia"
        assert len(read.deck.cards) == 1


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("card: [{front: a, back: b}]", "E201"),
        ("colour:", "E201"),
        ("id: []", "E203"),
        ("defaults: []", "E203"),
        ("sources: {a: {title: A, author: {}}}", "E203"),
    ],
)
def test_an_empty_list_or_an_unknown_key_without_value_is_not_overlooked(
    line: str, code: str
) -> None:
    read = read_deck("x.yaml", f"deck: D\n{line}\ncards: [{{front: a, back: b}}]\n".encode())
    assert [(each.line, each.code) for each in read.diagnostics] == [(2, code)]
    if line.startswith("card:"):
        assert read.diagnostics[0].help == "did you mean `cards`?"


def test_a_deck_with_an_unusable_id_is_checked_but_not_studied() -> None:
    read = read_deck("x.yaml", b"deck: x\nid: no way\ncards:\n- {front: a}\n")
    assert read.deck is None
    assert [each.code for each in read.diagnostics] == ["E207", "E302"]


def test_a_file_that_is_not_yaml_has_no_deck() -> None:
    read = read_deck("x.yaml", b"deck: x\ncards:\n- front: a: b\n")
    assert read.deck is None
    assert [each.code for each in read.diagnostics] == ["E105"]


def test_very_many_problems_end_in_one_that_says_so() -> None:
    read = read_deck("x.yaml", b"deck: x\ncards:\n" + b"- front: a\n" * 5000)
    assert len(read.diagnostics) == 1001
    assert read.diagnostics[-1].code == "E115"
    assert read.deck is None


def test_very_many_warnings_keep_no_note_from_being_studied() -> None:
    notes = "".join(f"- {{front: a, back: b{number}}}\n" for number in range(1500))
    read = read_deck("x.yaml", f"deck: x\ncards:\n{notes}".encode())
    assert {each.code for each in read.diagnostics} == {"W401"}
    assert read.deck is not None
    assert len({card.key for card in read.deck.cards}) == 1500


def test_a_deck_with_too_many_cards_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decks, "MAX_CARDS", 2)
    read = read_deck("x.yaml", b"deck: x\ncards:\n- {text: '{{a}} {{b}}'}\n- {text: '{{c}}'}\n")
    assert [(each.code, each.line) for each in read.diagnostics] == [("E114", 3)]
