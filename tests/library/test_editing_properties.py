"""Edits of decks in every layout: only the edited note changes, and it says what it should.

Formatting them changes nothing but the ends of lines, and ids bring no other change with them.

A layout is drawn piece by piece: the text before the notes, each note, what stands between them,
and the rest, so that what must not change is known without asking the code under test.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sco_quiz.library import editing
from sco_quiz.library.contents import notes_of
from sco_quiz.library.decks import read_deck
from sco_quiz.library.formatting import give_ids, tidy
from sco_quiz.library.nodes import MappingNode, SequenceNode
from sco_quiz.library.yaml_reading import read
from sco_quiz.library.yaml_writing import scalar

if TYPE_CHECKING:
    from random import Random

Data: TypeAlias = dict[str, Any]
"""A note: texts and lists of texts by key."""

LONG = (
    "A rather long sentence that goes on and on about the capital of some country in the east, "
    "and then goes on still further, so that no line of a hundred characters can hold it all."
)
WORDS = st.sampled_from(
    [
        "Astana", "Ünïcode", "中文", "emoji 🏔️", "Tajikistan: a country", "# no comment", "no",
        "012", "1:30", "it's", 'say "hi"', "back\\slash", "a #b", "x, y", "{{Osh}} is a city",
        "[bracket]", "- dash", "? mark", "true", "*star", "&and", "!bang", "%", "@at", "`tick`",
        "|pipe", ">", "tab\there", "1991", "2024-10-03", "…", "end:", "---", "=", "~", "null",
        "e\u0301", "a\u00a0b", LONG,
    ]
)  # fmt: skip
LINES = st.lists(
    st.sampled_from(["one", "two: three", "# four", "- five", "  indented", "", "sechs 🏔️", "a  b"]),
    min_size=2,
    max_size=4,
).map(lambda lines: "\n".join(lines).strip())
TEXTS = st.one_of(WORDS, WORDS, LINES.filter(bool))
LISTS = st.lists(WORDS, min_size=1, max_size=4)
KEYS = ("question", "answer", "accept", "choices", "hint", "explain", "source", "x-own", "tags")
NOTES = st.dictionaries(st.sampled_from(KEYS), TEXTS, min_size=1, max_size=6).flatmap(
    lambda note: st.fixed_dictionaries(
        {key: LISTS if key in {"accept", "choices", "tags"} else st.just(note[key]) for key in note}
    )
)
TYPED = st.fixed_dictionaries(
    {"question": TEXTS, "answer": WORDS}, optional={"accept": LISTS, "tags": LISTS, "hint": TEXTS}
)
COMMENTS = st.sampled_from(
    ["", "", "", "# a comment", "#: {odd", "# - front: off", "\n", "\n# b\n"]
)


@dataclass
class Layout:
    """A deck in pieces: `before`, the notes and what stands between them, `after`."""

    before: str
    notes: list[str]
    between: list[str]
    after: str
    data: list[Data]

    @property
    def text(self) -> str:
        pieces = [self.before]
        for note, between in zip(self.notes, [*self.between, ""], strict=True):
            pieces += note, between
        return "".join([*pieces, self.after])

    def line(self, number: int) -> int:
        before = self.before + "".join(
            note + between for note, between in zip(self.notes[:number], self.between, strict=False)
        )
        newline = "\n" if "\n" in self.text else "\r"
        return (before + self.notes[number][: self._lead(number)]).count(newline) + 1

    def _lead(self, number: int) -> int:
        """How far into its text a note's first key is."""
        note = self.notes[number]
        at = 0
        while note[at] in " -\r\n" or note[at] == "#":
            if note[at] == "#":
                while note[at] not in "\r\n":
                    at += 1
            at += 1
        return at

    def around(self, number: int) -> tuple[str, str]:
        """What stands before a note and what after it."""
        pieces = Layout(self.before, self.notes[:number], self.between[:number], "", [])
        before = pieces.before + "".join(
            note + between for note, between in zip(pieces.notes, pieces.between, strict=True)
        )
        return before, self.text[len(before) + len(self.notes[number]) :]


def quoted(text: str, style: str) -> str:
    """A text on one line, in a style if that can hold it."""
    if style == "single" and "\n" not in text:
        return "'" + text.replace("'", "''") + "'"
    if style == "plain" and "\n" not in text and scalar(text, flow=True) == text:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


@st.composite
def values(draw: st.DrawFn, value: str | list[str], indent: int, *, flow: bool) -> str:
    """A value as it stands after the colon, with its line end in block style."""
    style = draw(st.sampled_from(["plain", "plain", "single", "double", "literal", "folded"]))
    comment = draw(st.sampled_from(["", "", "  # aside", " #"]))
    if isinstance(value, list):
        items = [quoted(item, draw(st.sampled_from(["plain", "single"]))) for item in value]
        if flow:
            return f"[{', '.join(items)}]"
        if draw(st.booleans()):
            comma = draw(st.sampled_from([", ", ",", f",\n{' ' * (indent + 2)}"]))
            end = draw(st.sampled_from(["]", " ]", ",]"]))
            return f" [{comma.join(items)}{end}{comment}\n"
        dash = (
            " " * (indent + draw(st.sampled_from([0, 2, 3])))
            + "-"
            + draw(st.sampled_from([" ", "  "]))
        )
        between = draw(st.sampled_from(["", "", "      # between\n", "\n"]))
        return f"{comment}\n" + between.join(f"{dash}{item}\n" for item in items)
    if flow:
        return quoted(value, style)
    margin = " " * (indent + draw(st.sampled_from([1, 2, 4])))
    fits = "\t" not in value and not any(
        line != line.strip() or not line for line in value.split("\n")
    )
    if style == "literal" and fits:
        head = draw(st.sampled_from(["|", "|-", "|+"]))
        return f" {head}{comment}\n" + "".join(f"{margin}{line}\n" for line in value.split("\n"))
    if style == "folded" and fits and "\n" not in value and "  " not in value:
        return f" >-{comment}\n{margin}" + value.replace(" ", f"\n{margin}", 1) + "\n"
    written = quoted(value, style)
    if draw(st.booleans()) and " and " in written:
        written = written.replace(" and ", f"\n{margin}and ", 1)
    if draw(st.sampled_from([False, False, False, True])):
        return f"{comment}\n{margin}{written}\n"
    return f" {written}{comment}\n"


@st.composite
def notes_in_text(draw: st.DrawFn, note: Data, column: int) -> str:
    """A note as an item of a block list, its `-` in this column."""
    spaces = draw(st.sampled_from([" ", " ", "  ", "   "]))
    dash = " " * column + "-"
    quote = draw(st.sampled_from(["", "", '"', "'"]))
    if draw(st.sampled_from([False, False, True])):
        gap = draw(st.sampled_from([", ", ",", ", \n" + " " * (column + 4)]))
        colon = draw(st.sampled_from([": ", ":  "]))
        entries = [
            f"{quote}{key}{quote}{colon}{draw(values(value, 0, flow=True))}"
            for key, value in note.items()
        ]
        return f"{dash}{spaces}{{{gap.join(entries)}}}" + draw(st.sampled_from(["\n", " # flow\n"]))
    indent = column + 1 + len(spaces)
    out = f"{dash}{spaces}"
    if draw(st.sampled_from([False, False, False, True])):
        out = f"{dash} # of this note\n{' ' * indent}"
    for number, (key, value) in enumerate(note.items()):
        if number:
            comment = draw(COMMENTS)
            out += {"": "", "\n": "\n"}.get(comment, f"{' ' * indent}{comment.strip()}\n")
            out += " " * indent
        out += f"{quote}{key}{quote}:{draw(values(value, indent, flow=False))}"
    return out


@st.composite
def layouts(draw: st.DrawFn, notes: st.SearchStrategy[Data] = NOTES) -> Layout:
    """A deck of such notes in some layout."""
    data = draw(st.lists(notes, min_size=1, max_size=3))
    column = draw(st.sampled_from([0, 2, 2, 3, 6]))
    before = draw(
        st.sampled_from(
            [
                "deck: A\ncards:\n",
                "# top\n---\ndeck: A # b\n\ncards: # c\n\n",
                '"deck": A\ncards:\n',
            ]
        )
    )
    written = [draw(notes_in_text(note, column)) for note in data]
    gap = draw(st.sampled_from(["", "\n"]))
    between = [gap + draw(st.sampled_from(["", "", "# heading\n", "\n"])) for _ in data[1:]]
    after = draw(
        st.sampled_from(
            ["", "", "\n", "# the end\n", "\n# the end", "description: last\n", "...\n"]
        )
    )
    pieces = [before, *written, *between, after]
    if draw(st.sampled_from([False, False, True])):
        newline = draw(st.sampled_from(["\r\n", "\r\n", "\r"]))
        pieces = [piece.replace("\n", newline) for piece in pieces]
    count = len(data)
    if not after and draw(st.booleans()):
        pieces[count] = pieces[count].rstrip("\r\n")
    layout = Layout(pieces[0], pieces[1 : count + 1], pieces[count + 1 : -1], pieces[-1], data)
    assume(plain(layout.text) == stripped(data))
    return layout


def plain(text: str) -> list[Data]:
    """The notes of a deck as simple data."""
    reading = read(text.encode())
    assert reading.root is not None, reading.problems.sorted()
    cards: Any = reading.root.get("cards") or []
    return stripped([dict(note) for note in cards if isinstance(note, MappingNode)])


def stripped(notes: list[Any]) -> list[Data]:
    """Notes without the spaces around their texts, which a deck does not mind."""
    return [
        {
            key: [item.strip() for item in value] if isinstance(value, list) else value.strip()
            for key, value in note.items()
        }
        for note in notes
    ]


def edited(layout: Layout, number: int, result: str) -> str:
    """The text of the edited note, made sure of that everything around it is as it was."""
    before, after = layout.around(number)
    assert result.startswith(before)
    assert result.endswith(after)
    return result[len(before) : len(result) - len(after)]


PLACES = st.integers(0, 2)


@given(layouts())
def test_generated_layouts_read_back_as_they_were_generated(layout: Layout) -> None:
    for number, note in enumerate(layout.data):
        assert stripped([editing.note_at(layout.text, layout.line(number))]) == stripped([note])


@given(layouts(), PLACES, st.sampled_from(KEYS), TEXTS)
def test_setting_a_text_changes_that_note_only(
    layout: Layout, place: int, key: str, value: str
) -> None:
    number = place % len(layout.data)
    result = editing.set_in_many(layout.text, key, {layout.line(number): value})
    edited(layout, number, result)
    wanted = [dict(note) for note in layout.data]
    wanted[number][key] = value
    assert plain(result) == stripped(wanted)


@given(layouts(), PLACES, st.sampled_from(KEYS), LISTS)
def test_setting_a_list_changes_that_note_only(
    layout: Layout, place: int, key: str, value: list[str]
) -> None:
    number = place % len(layout.data)
    result = editing.set_in_many(layout.text, key, {layout.line(number): value})
    edited(layout, number, result)
    wanted = [dict(note) for note in layout.data]
    wanted[number][key] = value
    assert plain(result) == stripped(wanted)


@given(layouts(), PLACES, st.sampled_from(KEYS), st.one_of(TEXTS, LISTS))
def test_a_field_set_and_set_back_has_its_old_value(
    layout: Layout, place: int, key: str, value: str | list[str]
) -> None:
    number = place % len(layout.data)
    line = layout.line(number)
    changed = editing.set_in_many(layout.text, key, {line: value})
    back = layout.data[number].get(key, "")
    result = editing.set_in_many(changed, key, {line: back})
    edited(layout, number, result)
    assert plain(result) == stripped(layout.data)
    if key not in layout.data[number]:
        assert result == layout.text


@given(layouts(), PLACES, PLACES)
def test_removing_a_field_leaves_the_others(layout: Layout, place: int, which: int) -> None:
    number = place % len(layout.data)
    note = layout.data[number]
    assume(len(note) > 1)
    key = list(note)[which % len(note)]
    result = editing.set_in_many(layout.text, key, {layout.line(number): ""})
    edited(layout, number, result)
    wanted = [dict(note) for note in layout.data]
    del wanted[number][key]
    assert plain(result) == stripped(wanted)


@given(layouts(), PLACES, NOTES)
def test_replacing_a_note_leaves_the_others_and_its_comments(
    layout: Layout, place: int, note: Data
) -> None:
    number = place % len(layout.data)
    result = editing.replace_note(layout.text, layout.line(number), note)
    written = edited(layout, number, result)
    wanted = [*layout.data]
    wanted[number] = note
    assert plain(result) == stripped(wanted)
    if "of this note" in layout.notes[number]:
        assert "# of this note" in written


@given(layouts(), PLACES)
def test_replacing_a_note_by_itself_changes_nothing(layout: Layout, place: int) -> None:
    number = place % len(layout.data)
    line = layout.line(number)
    note = editing.note_at(layout.text, line)
    assert editing.replace_note(layout.text, line, note) == layout.text


@given(layouts(), NOTES)
def test_a_note_is_added_after_the_last_and_removed_without_a_trace(
    layout: Layout, note: Data
) -> None:
    result = editing.add_note(layout.text, note)
    assert plain(result) == stripped([*layout.data, note])
    last = len(layout.data) - 1
    before, after = layout.around(last)
    assert result.startswith(before + layout.notes[last])
    assert result.endswith(after)
    root = read(result.encode()).root
    assert root is not None
    cards = root["cards"]
    assert isinstance(cards, SequenceNode)
    line = result[: cards.spot(last + 1).start].count("\n" if "\n" in result else "\r") + 1
    assert editing.remove_notes(result, [line]) == layout.text


@given(layouts(), PLACES)
def test_removing_a_note_leaves_the_others(layout: Layout, place: int) -> None:
    number = place % len(layout.data)
    result = editing.remove_notes(layout.text, [layout.line(number)])
    before, after = layout.around(number)
    trimmed = before.rstrip("\r\n")
    assert result.startswith(trimmed if len(layout.data) > 1 else trimmed.split("cards:")[0])
    assert result.endswith(after.lstrip("\r\n"))
    assert plain(result) == stripped(layout.data[:number] + layout.data[number + 1 :])


@given(layouts(), st.sets(PLACES, min_size=1))
def test_removed_notes_are_put_back_as_if_they_had_never_been_away(
    layout: Layout, some: set[int]
) -> None:
    lines = [layout.line(number) for number in sorted({each % len(layout.data) for each in some})]
    notes = [editing.note_at(layout.text, line) for line in lines]
    places = editing.places_of(layout.text, lines)
    left = editing.remove_notes(layout.text, lines)
    assert editing.put_back(left, notes, places) == layout.text


@given(layouts(), PLACES, PLACES, TEXTS)
def test_a_removed_note_is_put_back_where_it_stood_though_another_was_changed(
    layout: Layout, place: int, other: int, new: str
) -> None:
    count = len(layout.data)
    assume(len({str({**note, "tags": ""}) for note in layout.data}) == count > 1)
    number = place % count
    changed = (number + 1 + other % (count - 1)) % count
    key, value = next(iter(layout.data[changed].items()))
    field = [new, *value[1:]] if isinstance(value, list) else new
    line = layout.line(number)
    note, places = editing.note_at(layout.text, line), editing.places_of(layout.text, [line])
    left = editing.remove_notes(layout.text, [line])
    row = [each.line for each in notes_of(left)][changed - (changed > number)]
    left = editing.set_in_many(left, key, {row: field})
    wanted = editing.set_in_many(layout.text, key, {layout.line(changed): field})
    assert editing.put_back(left, [note], places) == wanted


@given(layouts(TYPED), PLACES, WORDS)
def test_an_accepted_answer_changes_that_note_only(layout: Layout, place: int, answer: str) -> None:
    number = place % len(layout.data)
    note = layout.data[number]
    result = editing.add_accepted(layout.text, layout.line(number), answer)
    edited(layout, number, result)
    accepted = [*note.get("accept", [])]
    if answer not in accepted and answer != note["answer"]:
        accepted.append(answer)
    wanted = [dict(note) for note in layout.data]
    if accepted:
        wanted[number]["accept"] = accepted
    assert plain(result) == stripped(wanted)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@given(st.lists(NOTES, min_size=1, max_size=3))
def test_a_deck_grows_note_by_note_from_nothing(newline: str, notes: list[Data]) -> None:
    text = f"deck: A{newline}"
    for note in notes:
        text = editing.add_note(text, note)
    assert plain(text) == stripped(notes)
    assert set(text) & {"\r", "\n"} == set(newline)


@given(layouts(), st.randoms(use_true_random=False), st.sampled_from(["", "\n", " \n\t\n", "  "]))
def test_formatting_changes_nothing_but_the_ends_of_lines(
    layout: Layout, random: Random, end: str
) -> None:
    spaces = ["", "", "", " ", "  ", " \t "]
    dirty = re.sub(r"\r\n|\r|\n", lambda end: random.choice(spaces) + end[0], layout.text)
    dirty += end
    assume(read(dirty.encode()).root is not None)
    result = tidy(dirty)
    assert plain(result) == plain(dirty)
    assert tidy(result) == result
    lines = [line.rstrip(" \t") for line in re.split(r"\r\n|\r|\n", dirty)]
    while not lines[-1]:
        lines.pop()
    assert [line.rstrip(" \t") for line in re.split(r"\r\n|\r|\n", result)] == [*lines, ""]


@given(layouts(TYPED))
def test_given_ids_are_unique_and_change_nothing_else(layout: Layout) -> None:
    before = read_deck("a.yaml", layout.text.encode())
    assume(not before.diagnostics)
    assert before.deck is not None
    text, cards = give_ids("a.yaml", layout.text)
    notes = plain(text)
    assert len({note["id"] for note in notes}) == len(notes)
    assert [old for old, _ in cards] == [card.key for card in before.deck.cards]
    assert give_ids("a.yaml", text) == (text, [])
    for note in notes:
        assert next(iter(note)) == "id"
    for _ in notes:
        with_id = re.search(r"\bid: ", text)
        assert with_id
        newline = "\n" if "\n" in text else "\r"
        line = text.count(newline, 0, with_id.start()) + 1
        text = editing.set_in_many(text, "id", {line: ""})
    assert text == layout.text
