from __future__ import annotations

import gc

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sco_quiz.learning.cards import BLANK, Card, CardMedia, key_of
from sco_quiz.learning.kinds import Kind
from sco_quiz.library.decks import Deck, read_deck
from sco_quiz.library.folders import id_of
from sco_quiz.library.nodes import MappingNode, SequenceNode
from sco_quiz.library.questions import identifier
from sco_quiz.library.schema import Id


def deck(text: str, name: str = "some-deck.yaml") -> Deck:
    read = read_deck(name, text.encode())
    assert read.diagnostics == ()
    assert read.deck is not None
    return read.deck


def cards(*notes: str, header: str = "deck: Test") -> tuple[Card, ...]:
    """The cards of notes, each written as a flow mapping or as the lines of a block."""
    text = "".join("- " + note.replace("\n", "\n  ") + "\n" for note in notes)
    return deck(f"{header}\ncards:\n{text}").cards


def card(note: str, header: str = "deck: Test") -> Card:
    (only,) = cards(note, header=header)
    return only


# Kinds


def test_a_basic_note_is_one_card() -> None:
    made = card("{front: Astana, back: Capital of Kazakhstan}")
    assert (made.kind, made.prompt, made.answers) == (
        Kind.BASIC, "Astana", ("Capital of Kazakhstan",),
    )  # fmt: skip


def test_a_reversible_note_is_also_asked_the_other_way_round() -> None:
    there, back = cards("{front: Astana, back: Kazakhstan, reverse: true}")
    assert (there.prompt, there.answers) == ("Astana", ("Kazakhstan",))
    assert (back.prompt, back.answers) == ("Kazakhstan", ("Astana",))
    assert there.note == back.note
    assert there.key != back.key
    assert len(cards("{front: Astana, back: Kazakhstan, reverse: false}")) == 1


def test_a_card_that_is_turned_round_has_the_language_of_the_prompts() -> None:
    note = "{front: собака, back: dog, reverse: true}"
    there, back = cards(note, header="deck: Test\nlanguage: en\nprompt_language: ru")
    assert (there.language, back.language) == ("en", "ru")
    assert {card.language for card in cards(note, header="deck: Test\nlanguage: en")} == {"en"}


def test_a_typed_note_has_an_answer_and_others_that_are_accepted() -> None:
    made = card('{question: When?, answer: 1977, accept: ["\'77"], strict: true}')
    assert made.kind is Kind.TYPED
    assert (made.answers, made.accept, made.strict) == (("1977",), ("'77",), True)


def test_a_cloze_note_is_a_card_for_each_group_of_deletions() -> None:
    first, second = cards("text: '{{c1::Dushanbe}}, {{c2::Tajikistan::land}}, {{c1::Khujand}}'")
    assert first.kind is Kind.CLOZE
    assert first.prompt == f"{BLANK}, Tajikistan, {BLANK}"
    assert first.answers == ("Dushanbe", "Khujand")
    assert second.prompt == "Dushanbe, [land], Khujand"
    assert second.answers == ("Tajikistan",)
    assert first.note == second.note
    assert card("text: 'in {{Osh}}'\naccept: [Osch]").accept == ("Osch",)


def test_a_choice_note_has_one_right_and_some_wrong_answers() -> None:
    made = card("{question: Which?, answer: no, choices: [yes, maybe]}")
    assert (made.kind, made.answers, made.choices) == (Kind.CHOICE, ("no",), ("yes", "maybe"))


def test_a_multi_note_has_several_right_answers() -> None:
    made = card("{question: Which?, answers: [a, b], choices: [c]}")
    assert (made.kind, made.answers, made.choices) == (Kind.MULTI, ("a", "b"), ("c",))


@pytest.mark.parametrize("answer", ["true", "false"])
def test_a_statement_is_true_or_false(answer: str) -> None:
    made = card(f"{{statement: So it is., answer: {answer}}}")
    assert (made.kind, made.prompt, made.answers) == (Kind.TRUE_FALSE, "So it is.", (answer,))


@pytest.mark.parametrize("kind", [Kind.ORDER, Kind.LIST])
def test_things_to_order_or_to_name_keep_the_authors_order(kind: Kind) -> None:
    made = card(f"{{question: What?, {kind}: [z, a, m]}}")
    assert (made.kind, made.answers) == (kind, ("z", "a", "m"))


@pytest.mark.parametrize(
    "scalar", ["no", "012", "1:30", "2001", "~", "null", "0x1F", "2001-06-15", "1e3", "off"]
)
def test_texts_that_look_like_numbers_or_dates_stay_text(scalar: str) -> None:
    made = card(
        f"{{question: {scalar}, answer: {scalar}, accept: [{scalar}x], explain: {scalar}, "
        f"tags: [{scalar}], category: {scalar}, hint: {scalar}}}"
    )
    assert (made.prompt, made.answers, made.accept) == (scalar, (scalar,), (f"{scalar}x",))
    assert (made.explain, made.tags, made.category) == (scalar, (scalar,), scalar)
    assert made.hint == scalar


# Fields, defaults, sources


def test_every_field_arrives_on_the_card() -> None:
    made = card(
        "{question: q, answer: a, id: n1, tags: [x, y], hint: h, explain: e, source: s, "
        "as_of: 2024-10, category: city}",
        header="deck: D\nid: d\nlanguage: ru",
    )
    note = key_of("id", "d", "n1")
    assert made == Card(
        key=key_of("id", "d", "n1", ""), note=note, deck="d", kind=Kind.TYPED, prompt="q",
        answers=("a",), language="ru", hint="h", explain="e", source="s", as_of="2024-10",
        category="city", tags=("x", "y"),
    )  # fmt: skip


def test_defaults_hold_for_notes_that_say_nothing_else() -> None:
    header = (
        "deck: D\ndefaults: {tags: [all, x], source: the article, category: city, as_of: 2024, "
        "strict: true}"
    )
    bare, own = cards(
        "{question: q, answer: a}",
        "{question: r, answer: a, tags: [x, y], source: a book, category: year, as_of: 2025-01-31, "
        "strict: false}",
        header=header,
    )
    assert (bare.tags, bare.source, bare.category) == (("all", "x"), "the article", "city")
    assert (bare.as_of, bare.strict) == ("2024", True)
    assert (own.tags, own.source, own.category) == (("all", "x", "y"), "a book", "year")
    assert (own.as_of, own.strict) == ("2025-01-31", False)


def test_an_empty_value_counts_as_missing() -> None:
    assert card("front: a\nback: b\nhint:\ntags:\nas_of:\nid:\nreverse: ''") == card(
        "front: a\nback: b"
    )


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("atlas p. 12", "A World Atlas, p. 12"),
        ("atlas, p. 12", "A World Atlas, p. 12"),
        ("atlas", "A World Atlas"),
        ("atlases are fine", "atlases are fine"),
        ("The Times, 3 May 2001", "The Times, 3 May 2001"),
        ("https://example.org/a", "https://example.org/a"),
    ],
)
def test_a_source_that_starts_with_a_key_is_shown_by_its_title(source: str, shown: str) -> None:
    header = "deck: D\nsources: {atlas: {title: A World Atlas, year: 2020}}"
    read = read_deck("d", f"{header}\ncards:\n- front: a\n  back: b\n  source: {source}\n".encode())
    assert read.deck is not None
    assert read.deck.cards[0].source == shown


def test_sources_are_free_text_if_the_deck_lists_none() -> None:
    assert card("{front: a, back: b, source: atlas p. 12}").source == "atlas p. 12"


def test_the_header_sets_what_holds_for_the_deck() -> None:
    made = deck(
        "deck: ' Asia '\nid: asia\ndescription: |\n  Two\n  lines\nlanguage: zh-Hant\n"
        "retention: 0.85\nnew_per_day: 0\nreviews_per_day: 50\ncards:\n- {front: a, back: b}\n"
    )
    assert (made.id, made.title, made.description) == ("asia", "Asia", "Two\nlines")
    assert made.language == "zh-Hant"
    assert made.settings == {"retention": 0.85, "new_per_day": 0, "reviews_per_day": 50}
    plain = deck("deck: Asia\ncards:\n- {front: a, back: b}\n")
    assert (plain.language, plain.settings) == ("en", {})


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Central Asia.yaml", "central-asia"),
        ("/some/where/2-sco_timeline.v2.yaml", "2-sco_timeline.v2"),
        ("Столицы мира.yaml", "столицы-мира"),
        ("Zürich (neu)!.yml", "zürich-neu"),
        ("---.yaml", "deck"),
        ("", "deck"),
        ("x" * 300, "x" * 100),
    ],
)
def test_a_deck_without_an_id_takes_it_from_its_file(name: str, made: str) -> None:
    assert deck("deck: x\ncards: [{front: a, back: b}]", name).id == made
    assert deck(f"deck: x\nid: {made}\ncards: [{{front: a, back: b}}]").id == made


@given(st.text(max_size=30))
def test_every_name_makes_an_id_that_a_deck_may_have(name: str) -> None:
    made = id_of(name)
    assert id_of(made) == made
    assert msgspec.convert(made, Id) == identifier(made) == made


def test_each_card_knows_the_line_of_its_note() -> None:
    made = deck(
        "deck: x\r\ncards:\r\n\r\n  # first\r\n  - text: '{{a}} {{b}}'\r\n\r\n  - front: |\r\n"
        "      é\r\n    back: b\r\n  - {front: c, back: d}\r\n"
    )
    assert made.lines == (5, 5, 7, 10)


def test_texts_are_cleaned_and_trimmed() -> None:
    made = card(
        '{question: " \\e]52;c\\a \\u202ex ", answer: "a\\tb\\n", explain: "one\\n\\ntwo\\n"}'
    )
    assert "\x1b" not in made.prompt
    assert "\u202e" not in made.prompt
    assert made.prompt == made.prompt.strip()
    assert made.answers == ("a b",)
    assert made.explain == "one\n\ntwo"


# Identity

NOTE = "{{question: {0}, answer: {1}, explain: {2}, tags: [{3}]}}"


def test_the_key_of_a_card_depends_on_its_prompt_alone() -> None:
    before = card(NOTE.format("What is it?", "this", "because", "x"))
    for edited in (
        NOTE.format("What is it?", "that", "because", "x"),
        NOTE.format("What is it?", "this", "why not", "x"),
        NOTE.format("What is it?", "this", "because", "y, z"),
        "{question: ' what  IS it', answer: this, hint: h, source: s, as_of: 2024, strict: true}",
    ):
        after = card(edited)
        assert (after.key, after.note) == (before.key, before.note)
    assert before.note == key_of("prompt", "some-deck", "typed", "what is it")
    assert before.key == key_of("prompt", "some-deck", "typed", "what is it", "")
    assert card(NOTE.format("What was it?", "this", "because", "x")).key != before.key


def test_order_and_place_of_the_file_do_not_matter_to_a_card() -> None:
    notes = ["{front: a, back: b}", "{text: '{{c}} {{d}}'}", "{statement: e, answer: true}"]
    header = "deck: x\nid: same\ncards:\n"
    one = deck(header + "".join(f"- {note}\n" for note in notes), "/here/a.yaml")
    two = deck(header + "".join(f"- {note}\n" for note in reversed(notes)), "/there/b.yaml")
    assert {card.key for card in one.cards} == {card.key for card in two.cards}


def test_the_same_note_in_another_deck_or_of_another_kind_is_another_card() -> None:
    note = "{question: a, answer: b}"
    keys = {
        card(note).key,
        card(note, header="deck: x\nid: other").key,
        card("{question: a, answer: b, choices: [c]}").key,
        card("{front: a, back: b}").key,
    }
    assert len(keys) == 4


def test_a_note_with_an_id_keeps_its_key_whatever_else_changes() -> None:
    before = card("{question: a, answer: b, id: n}")
    after = card("{front: quite, back: another, id: n}")
    assert (before.key, before.note) == (after.key, after.note)
    assert card("{question: a, answer: b}").key != before.key


def test_an_id_is_the_same_however_its_accents_are_composed() -> None:
    assert card("{front: a, back: b, id: é}").key == card("{front: a, back: b, id: e\u0301}").key


def test_the_cards_of_a_note_keep_their_keys_when_others_join_them() -> None:
    (one,) = cards("{text: 'the {{c1::a}} and the b'}")
    first, second = cards("{text: 'the {{c1::a}} and the {{c2::b}}'}")
    assert one.key == first.key
    assert first.note == one.note
    assert second.key == key_of("prompt", "some-deck", "cloze", "the a and the b", "c2")
    (alone,) = cards("{front: a, back: b}")
    there, back = cards("{front: a, back: b, reverse: true}")
    assert alone.key == there.key
    assert back.key == key_of("prompt", "some-deck", "basic", "a", "reverse")


def codes(*notes: str) -> tuple[list[str], list[Card]]:
    text = "deck: x\ncards:\n" + "".join(f"- {note}\n" for note in notes)
    read = read_deck("x.yaml", text.encode())
    assert read.deck is not None
    return [each.code for each in read.diagnostics], list(read.deck.cards)


def test_the_second_of_two_notes_with_one_prompt_is_identified_by_its_answer() -> None:
    found, (first, second) = codes("{front: a, back: b}", "{front: A., back: c}")
    assert found == ["W401"]
    assert first.key == codes("{front: a, back: b}")[1][0].key
    assert second.key not in {first.key, codes("{front: a, back: c}")[1][0].key}


def test_a_note_that_repeats_another_is_asked_once() -> None:
    found, made = codes("{front: a, back: b}", "{front: A., back: B}", "{front: a, back: c}")
    assert found == ["W402", "W401"]
    assert [each.answers for each in made] == [("b",), ("c",)]


def test_ids_keep_notes_with_one_prompt_apart() -> None:
    found, made = codes(
        "{front: a, back: b, id: one}", "{front: a, back: b, id: two}", "{front: a, back: b}"
    )
    assert found == ["W401", "W401"]
    assert len({each.key for each in made}) == 3
    assert made[2].key == codes("{front: a, back: b}")[1][0].key


@settings(max_examples=30)
@given(st.permutations(["{front: a, back: b}", "{text: '{{c}} d'}", "{front: e, back: f, id: g}"]))
def test_every_card_of_a_deck_has_its_own_key(notes: list[str]) -> None:
    made = codes(*notes, *notes)[1]
    assert len({each.key for each in made}) == len(made)


# Memory


def test_reading_a_deck_keeps_nothing_but_its_cards() -> None:
    read = read_deck("x.yaml", b"deck: x\ncards:\n- {front: a, back: b, tags: [c]}\n- {x: y}\n")
    gc.collect()
    assert read.deck is not None
    assert not [each for each in gc.get_objects() if isinstance(each, MappingNode | SequenceNode)]
    for value in read.deck.cards[0]:
        assert type(value) in {str, Kind, bool, tuple, CardMedia}


def test_a_source_may_cite_several_works_between_semicolons() -> None:
    header = "deck: Test\nsources: {atlas: {title: A World Atlas}, survey: {title: A Survey}}"
    made = card('{front: a, back: b, source: "atlas p. 12; survey, section 3; an old map"}', header)
    assert made.source == "A World Atlas, p. 12; A Survey, section 3; an old map"
