"""Slips that are well formed: found by `check`, and seldom where there is none."""

from __future__ import annotations

from datetime import date

import pytest

from sco_quiz.library.decks import look_into
from sco_quiz.library.semantics import look_for_slips

TODAY = date(2026, 3, 1)


def slips(text: str, max_age: int | None = None) -> list[tuple[int, int, str]]:
    reading, deck = look_into("x.yaml", text.encode())
    before = len(reading.problems.found)
    look_for_slips(reading, deck, TODAY, max_age)
    return [(each.line, each.column, each.code) for each in reading.problems.found[before:]]


def codes(*notes: str, header: str = "deck: D") -> list[str]:
    return [code for *_, code in slips(f"{header}\ncards:\n" + "".join(f"- {n}\n" for n in notes))]


@pytest.mark.parametrize(
    "note",
    [
        "{question: In which city was the Shanghai Five founded?, answer: Shanghai}",
        "{question: 'What is the SCO''s full name, if not S.C.O.?', answer: sco}",
        "{question: 'In 2001, in which year was it founded?', answer: 2001}",
        "{front: Why is the *red* panda called that?, back: Red}",
        "{question: Which Astana is it?, answer: Astana (the city)}",
        "{question: Which Akmola is it?, answer: Astana / Akmola}",
        "{question: What do the five stans share?, answers: [stans, steppe], choices: [sea]}",
        "{question: 'Name the neighbours, such as Iran', list: [Iran, China]}",
        "{question: Where does the Tashkent agency sit?, answer: Tashkent, choices: [Bishkek]}",
    ],
)
def test_an_answer_that_stands_in_its_question_is_given_away(note: str) -> None:
    assert codes(note) == ["W405"]


@pytest.mark.parametrize(
    "note",
    [
        "{question: How many 1 s has 101?, answer: 1}",
        "{question: Which of the 10 is it?, answer: no}",
        "{question: Is Shanghaiing a crime?, answer: Shanghai}",
        "{front: Hotel, back: hotel}",
        "{front: Hotel (Spanish), back: hotel}",
        "{front: The panda is red, back: red, reverse: true}",
        "{text: '{{Astana}} was Astana before.'}",
        "{statement: It is true that the earth is flat., answer: true}",
        "{question: Order one and two, order: [one, two]}",
        "{question: Is Astana or Bishkek larger?, answer: Astana}",
        "{question: 'Which is larger: Astana, Bishkek?', answer: Astana, choices: [Bishkek]}",
        "{question: Which organisation is the oldest?, answer: A regional organisation}",
    ],
)
def test_an_answer_that_only_seems_to_stand_in_its_question_is_not_reported(note: str) -> None:
    assert codes(note) == []


def test_an_answer_in_a_series_of_questions_is_not_given_away() -> None:
    series = "{question: What is the capital of Luxembourg?, answer: Luxembourg}"
    assert codes(series, "{question: What is the capital of France?, answer: Paris}") == []
    assert codes(series, "{question: Who wrote Faust?, answer: Goethe}") == ["W405"]


def test_a_note_with_an_error_is_skipped() -> None:
    assert codes("{question: Where is Oslo?, answer: Oslo, as_of: soon}") == []


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("front: A C #sharp", 14),
        ("front: A C\n    D # text", 7),
        ("front: A C #", 14),
        ("front: a\n  hint: #1", 9),
    ],
)
def test_an_unquoted_hash_that_may_be_text_is_pointed_out(line: str, column: int) -> None:
    text = f"deck: D\ncards:\n- {line}\n  back: b\n"
    place = 3 + line.count("\n")
    assert slips(text) == [(place, column, "W406")]


@pytest.mark.parametrize(
    "line",
    [
        "front: a  # a comment",
        "front: a  #no space after it",
        "front: 'C #sharp' # a comment",
        "front: C#",
        "front: |  # a comment\n    C #sharp",
        "front: a\n  # a comment",
        "front: a\n  hint: # to be written",
        "front: a\n  reverse: true # both",
        "front: a\n  as_of: 2024 # roughly",
        "front: a\n  tags: [a, b] # two",
    ],
)
def test_a_plain_comment_is_not_reported(line: str) -> None:
    assert slips(f"deck: D\ncards:\n- {line}\n  back: b\n") == []


def test_a_hash_is_found_in_lists_and_in_the_header() -> None:
    text = (
        "deck: The #1 deck\ncards:\n- front: a\n  back: b\n  tags:\n  - a #1\n  - b  # a comment\n"
    )
    assert slips(text) == [(1, 11, "W406"), (6, 7, "W406")]


def test_a_source_that_no_note_cites_is_named() -> None:
    header = "deck: D\nsources:\n  atlas: {title: A}\n  map: {title: M}\n  log: {title: L}"
    cited = "{front: a, back: b, source: 'atlas, p. 3'}"
    assert codes(cited, header=header) == ["W407", "W407"]
    assert codes(cited, header=f"{header}\ndefaults: {{source: log}}") == ["W407"]
    misspelt = "{front: a, back: b, source: 'atlsa, p. 3'}"
    assert codes(misspelt, header=header) == ["W407", "W407"]
    assert slips(f"{header}\ndefaults: {{source: log}}\ncards: [{cited}]") == [(4, 3, "W407")]


@pytest.mark.parametrize(
    "note",
    [
        "{question: q, answer: The Hague, choices: [Hague, Rome]}",
        "{question: q, answer: U.S.A., choices: [usa, UK]}",
        "{question: q, answers: ['1,000', b], choices: ['1000']}",
        "{question: q, list: [the Hague, Rome, Hague]}",
        "{question: q, answer: Bed & breakfast, choices: [bed and breakfast, hotel]}",
    ],
)
def test_answers_that_count_as_the_same_are_reported(note: str) -> None:
    assert codes(note) == ["W408"]


@pytest.mark.parametrize(
    "note",
    [
        "{question: q, answer: '1,5', choices: ['15', '-15']}",
        "{question: q, answer: Rome, choices: [The Hague, Hague]}",
        "{question: q, order: [The Hague, Hague]}",
        "{question: q, answer: resume, choices: [résumé]}",
    ],
)
def test_answers_that_count_as_different_are_not_reported(note: str) -> None:
    assert codes(note) == []


def test_articles_are_those_of_the_decks_language() -> None:
    note = "{question: q, answer: Der Hund, choices: [Hund]}"
    assert codes(note) == []
    assert codes(note, header="deck: D\nlanguage: de") == ["W408"]


@pytest.mark.parametrize(
    ("as_of", "age"),
    [("2026-02-19", 10), ("2026-01", 29), ("2025", 60), ("2024-02", 731)],
)
def test_the_age_of_a_fact_counts_from_the_last_day_its_date_may_mean(as_of: str, age: int) -> None:
    text = f"deck: D\ncards:\n- {{front: a, back: b, as_of: {as_of}}}\n"
    stale = text.index(as_of) - text.index("- {") + 1
    assert slips(text, max_age=age - 1) == [(3, stale, "W409")]
    assert slips(text, max_age=age) == []
    assert slips(text) == []


def test_facts_of_the_future_and_impossible_dates_are_not_stale() -> None:
    notes = "- {front: a, back: b, as_of: 2030}\n- {front: c, back: d, as_of: 2021-02-30}\n"
    assert slips(f"deck: D\ncards:\n{notes}", max_age=0) == []


def test_a_stale_default_is_reported_once() -> None:
    notes = "- {front: a, back: b}\n- {front: c, back: d}\n"
    text = f"deck: D\ndefaults: {{as_of: 2020}}\ncards:\n{notes}"
    assert slips(text, max_age=100) == [(2, 19, "W409")]


@pytest.mark.parametrize(
    "text", ["", "[", "deck: D", "cards: x", "cards: {a: b}", "cards: [a]\nsources: []", "a: #b"]
)
def test_a_file_that_is_not_a_deck_gets_no_warnings(text: str) -> None:
    assert [code for *_, code in slips(text, max_age=0) if code != "W406"] == []


def test_gaps_that_may_be_meant_as_code_are_reported_at_their_place() -> None:
    notes = """\
- text: "Use `{{ x }}` to print x; the tag is {{print}}."
- text: |
    {{Jinja}} puts out
    ```
    {{ user }} and {{def}}
    ```
- {text: "{{c1::a}} and {{c2::std::vector}}"}
- {question: 'What does `{{ x }}` do?', answer: it prints}
"""
    assert slips(f"deck: D\ncards:\n{notes}") == [(3, 15, "W412"), (7, 5, "W412"), (9, 25, "W412")]


def test_gaps_after_the_last_listed_problem_cause_no_error() -> None:
    notes = ["{front: a}"] * 1001 + [r"{text: 'a {{b and `{{ c }}`'}"]
    assert "W412" not in codes(*notes)


@pytest.mark.parametrize(
    "note",
    [
        "{question: q?, answer: A square framed by three madrasahs, choices: [A river, A dish]}",
        "{question: q?, answer: A dam, choices: [Squares framed by halls, A hall of the old emir]}",
        "{question: q?, answer: Osh, choices: [Pune, Bam, The city of the seven hills and halls]}",
        "{question: q?, answer: Osh., choices: [Pune, Bam]}",
        "{question: q?, answer: tax, wrong: [Duty, Fee]}",
        "{question: q?, answer: Summit of 2001, wrong: [Summit in Ufa, Summit in Astana]}",
        "{question: q?, answer: river, choices: [a dish, the metro]}",
        "{question: q?, answers: [Osh, Ufa], choices: [bam, pune]}",
        "{question: q?, answer: Report drills, choices: [Never hold drills, Share bases]}",
        "{question: q?, answer: Curb the trade, choices: [Put an end to the trade, Tax the trade]}",
    ],
)
def test_a_right_choice_that_stands_out_is_reported(note: str) -> None:
    assert codes(note) == ["W415"]


@pytest.mark.parametrize(
    "note",
    [
        "{question: q?, answer: Tashkent, choices: [Bishkek, Dushanbe, Astana]}",
        "{question: q?, answer: 2001, wrong: [1996, 2003]}",
        "{question: q?, answer: The Charter, choices: [A treaty, Peace Mission, The summit]}",
        "{question: q?, answer: Never, choices: [Always, Only in May]}",
        "{question: q?, answer: Osh., choices: [Pune]}",
        "{question: q?, answer: def, wrong: [Def, DEF], strict: true}",
        "{question: q?, answer: def}",
        "{question: q?, answers: [Osh, bam], choices: [Ufa, pune]}",
    ],
)
def test_choices_that_look_alike_are_not_reported(note: str) -> None:
    assert "W415" not in codes(note)


def test_extreme_words_are_looked_for_only_in_english() -> None:
    note = "{question: q?, answer: Osh, choices: [Solo Bam, Only Ufa]}"
    assert codes(note) == ["W415"]
    assert codes(note, header="deck: D\nlanguage: es") == []
