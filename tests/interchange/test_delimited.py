"""Tables from everywhere become notes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.errors import DeckError, UsageError
from sco_quiz.interchange import cells, delimited
from sco_quiz.interchange.delimited import look, read
from sco_quiz.interchange.material import ForeignNote


def fields(text: str, **options: str | tuple[str, ...]) -> list[dict[str, str | list[str]]]:
    material = read(text, **options)  # type: ignore[arg-type]
    return [note.fields for deck in material.decks for note in deck.notes]


@pytest.mark.parametrize("mark", ["\t", ",", ";", "|"])
def test_the_separator_is_recognised(mark: str) -> None:
    assert fields(f"a, b{mark}c\nd{mark}e\n") == [
        {"front": "a, b" if mark != "," else "a", "back": "c" if mark != "," else "b"},
        {"front": "d", "back": "e"},
    ]


def test_a_preview_shows_the_meaning_of_each_column() -> None:
    shown = look("Term;Definition;Foo\na;b;c\n\nd;e\n")
    assert (shown.separator, shown.columns) == (";", ["front", "back", "-"])
    assert shown.names == ["Term", "Definition", "Foo"]
    assert shown.rows == [["a", "b", "c"], ["d", "e"]]
    assert not shown.unsure_of_header
    assert look("#separator:tab\n#tags column:3\na\tb\tc\n").columns == ["front", "back", "tags"]
    assert look("", columns=["back", "front"]).columns == ["back", "front"]


def test_a_header_row_is_not_a_note_even_if_other_names_are_chosen() -> None:
    text = "term,definition\nBishkek,Kyrgyzstan\n"
    swapped = ("back", "front")
    assert look(text).rows == look(text, columns=swapped).rows == [["Bishkek", "Kyrgyzstan"]]
    assert fields(text, columns=swapped) == [{"back": "Bishkek", "front": "Kyrgyzstan"}]


@given(st.text(alphabet='ab,;\t|"\n#', max_size=60), st.integers(0, 3))
def test_a_preview_agrees_with_the_import(text: str, width: int) -> None:
    names = ("front", "back", "tags")[:width]
    shown = look(text, columns=names)
    again = read(text, columns=shown.columns, separator=shown.separator)
    assert again.decks == read(text, columns=names).decks


def test_a_separator_may_be_any_text() -> None:
    assert fields("a - b\nc-d - e\n", separator=" - ") == [
        {"front": "a", "back": "b"},
        {"front": "c-d", "back": "e"},
    ]


def test_a_cell_in_quotes_may_hold_everything() -> None:
    assert fields('"a, ""b""\nc",d\r\ne,f') == [
        {"front": 'a, "b"\nc', "back": "d"},
        {"front": "e", "back": "f"},
    ]


def test_a_quote_that_is_not_closed_is_text() -> None:
    assert fields('5" disk\t"never closed\n"Hello" he said\tx\n') == [
        {"front": '5" disk', "back": '"never closed'},
        {"front": '"Hello" he said', "back": "x"},
    ]


def test_a_header_row_names_the_columns() -> None:
    text = "Tags,Question,Answer,Choices\nx; y,Capital?,Rome,Paris;Oslo\n"
    assert fields(text) == [
        {"question": "Capital?", "answer": "Rome", "choices": ["Paris", "Oslo"], "tags": ["x", "y"]}
    ]


def test_the_learner_can_name_the_columns() -> None:
    text = "1,Rome,Italy\n2,Oslo,Norway\n"
    assert fields(text, columns=("-", "answer", "question"))[0] == {
        "question": "Italy",
        "answer": "Rome",
    }
    with pytest.raises(UsageError, match="no column 'colour'"):
        read(text, columns=("colour", "front"))
    with pytest.raises(UsageError, match="two columns are called 'front'"):
        read(text, columns=("front", "front"))


def test_what_is_said_of_a_left_out_column_names_no_option_that_the_app_has_not() -> None:
    for text in ("a,b,c\nd,e,\n", "front,back,colour\na,b,c\n"):
        (remark,) = read(text).lossy
        assert remark.reason.endswith("nothing says what it holds")


def test_a_left_out_column_is_reported() -> None:
    (remark,) = read("a,b,c\nd,e,\n").lossy
    assert remark.where == "column 3"
    assert "something in 1 row:" in remark.reason


ANKI = """\
#separator:tab
#html:true
#guid column:1
#notetype column:2
#deck column:3
#tags column:6
k1>Basic>Geo::Asia><b@Tashkent</b@>of Uzbekistan<br@since 1930>a b
# a comment
k2>Basic (and reversed card)>Geo::Asia>"say ""hi"" now">y>
k3>Basic (type in the answer)>Geo>q>a>
k4>Cloze>Geo>{{c1::Osh}} and {{c1::Naryn::a city}}>extra>
k5>Cloze>Geo>{{c1::a {{c2::b}} c}}>>
""".replace(">", "\t").replace("@", ">")


def test_a_text_export_of_anki_is_understood() -> None:
    material = read(ANKI)
    assert [deck.title for deck in material.decks] == ["Geo::Asia", "Geo"]
    asia, geo = (deck.notes for deck in material.decks)
    assert asia[0] == ForeignNote(
        {"front": "**Tashkent**", "back": "of Uzbekistan\nsince 1930", "tags": ["a", "b"]},
        "k1",
        "line 7",
    )
    assert asia[1].fields == {"front": 'say "hi" now', "back": "y", "reverse": "true"}
    assert [note.fields for note in geo] == [
        {"question": "q", "answer": "a"},
        {"text": "{{c1::Osh}} and {{c1::Naryn::a city}}", "explain": "extra"},
        {"text": "{{c1::a b c}}"},
    ]
    assert [remark.where for remark in material.lossy] == ["line 12"]


def test_a_file_with_too_many_notes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "MAX_NOTES", 10)
    monkeypatch.setattr("sco_quiz.interchange.material.MAX_NOTES", 10)
    assert len(fields("a,b\n" * 10)) == 10
    with pytest.raises(DeckError, match="more than 10 notes"):
        read("a,b\n" * 12)


@pytest.mark.parametrize("start", ['"', '"a\n', '"a"b,', '""",\n""', "\0,\0\n"])
def test_hostile_quotes_are_read_in_one_pass(start: str) -> None:
    assert sum(len(row.cells) for row in cells.rows_of(start * 30_001, ",", 1)) > 0


@given(st.lists(st.lists(st.text(), min_size=2, max_size=4), min_size=1, max_size=4))
def test_any_table_is_read_cell_by_cell(table: list[list[str]]) -> None:
    quoted = (",".join('"' + each.replace('"', '""') + '"' for each in row) for row in table)
    rows = list(cells.rows_of("\n".join(quoted), ",", 1))
    assert [row.cells for row in rows] == [row for row in table if any(map(str.strip, row))]


@given(st.text(alphabet='ab",;\t\n\r#\0', max_size=80))
def test_any_table_is_read_without_an_error(text: str) -> None:
    for deck in read(text).decks:
        assert all(note.fields for note in deck.notes)
