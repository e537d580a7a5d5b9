"""The search language: what is read, what is told, and that nothing can upset it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.learning.cards import Card
from sco_quiz.learning.checking import judge
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.search import LONGEST, STATES, Term, other_spellings, parse, searchable


def read(text: str) -> list[str]:
    """The terms of a search as one would write them."""
    return ["-" * term.negated + term.written for term in parse(text).terms]


def told(text: str) -> list[str]:
    return [trouble.message for trouble in parse(text).troubles]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        ("   ", []),
        ("Tashkent  metro", ["tashkent", "metro"]),
        ('"lies in" -x', ['"lies in"', "-x"]),
        ("Zürich ÉTÉ", ["zurich", "ete"]),
        ("is:DUE -is:leech", ["is:due", "-is:leech"]),
        ("rated:007 added:30 flag:0", ["rated:7", "added:30", "flag:0"]),
        ('tag:"two words" deck:Asia kind:true/false', ['tag:"two words"', "deck:asia",
         "kind:true_false"]),
        ("TAG:Cities", ["tag:cities"]),
        ("1:30 12:x", ['"1:30"', '"12:x"']),
        ('"is:due"', ['"is:due"']),
        ('-"a b', ['-"a b"']),
        (r'"say \"yes\""', [r'"say \"yes\""']),
        ("- -- “”", ['-"-"', r'"\"\""']),
        ("card:1A2b", ["card:1a2b"]),
    ],
)  # fmt: skip
def test_a_search_is_read_term_by_term(text: str, terms: list[str]) -> None:
    assert read(text) == terms
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("is:deu", "there is no is:deu; did you mean is:due?"),
        ("is:", "is: wants a state: due, new, learning"),
        ("is:purple", "there is no is:purple, but due, new"),
        ("rated:x", "rated: wants days: rated:7"),
        ("rated:0", "rated: goes from 1 to 36,500"),
        ("added:99999999999999", "added: wants days"),
        ("rated:٣", "rated: wants days"),
        ("flag:8", "flag: goes from 0 to 7"),
        ("tag:", "tag: wants a tag"),
        ('deck:""', "deck: wants a deck"),
        ("kind:typd", "there is no kind:typd; did you mean kind:typed?"),
        ("tags:x", "there is no tags:; did you mean tag:?"),
        ("http://x.org", "there is no http:, put it in quotes to find it as text"),
    ],
)
def test_an_unreadable_term_is_reported_with_the_nearest_valid_one(text: str, message: str) -> None:
    (trouble,) = parse(f"lake {text} -tag:x").troubles
    assert trouble.message.startswith(message)
    assert (trouble.start, trouble.end) == (5, 5 + len(text))
    assert read(f"lake {text} -tag:x") == ["lake", "-tag:x"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("is:new is:due", "no card is both is:new and is:due"),
        ("is:suspended is:due", "no card is both is:suspended and is:due"),
        ("tag:x -tag:X", "no card is both tag:x and not tag:x"),
        ("-kent Tashkent", "no card is both not kent and tashkent"),
        ("kind:typed kind:cloze", "no card is both kind:typed and kind:cloze"),
        ("flag:0 is:flagged", "no card is both flag:0 and is:flagged"),
        ("flag:2 -is:flagged", "no card is both flag:2 and not is:flagged"),
        ("-is:new -is:review -is:learning", "every card is new, in learning or in review"),
    ],
)
def test_a_search_that_no_card_can_match_is_reported(text: str, message: str) -> None:
    assert told(text) == [message]
    assert len(parse(text).terms) == len(text.split())


@pytest.mark.parametrize(
    "text",
    ["is:due is:leech", "is:learning is:due", "tag:a tag:b", "-tag:a -tag:b", "deck:a deck:b",
     "Tashkent -kents", "is:flagged flag:2", "rated:7 rated:30", "is:due is:due", "x -tag:x"],
)  # fmt: skip
def test_a_search_that_a_card_may_match_is_not_reported(text: str) -> None:
    assert told(text) == []


def test_a_search_of_ten_thousand_characters_is_refused_with_a_message() -> None:
    search = parse("word " * 2_000)
    assert search.terms == ()
    assert [each.message for each in search.troubles] == [
        f"a search has up to {LONGEST:,} characters, and this one 10,000"
    ]


PIECES = st.lists(
    st.sampled_from(
        [
            "is:",
            "due",
            "tag:",
            "-",
            '"',
            "\\",
            " ",
            "é",
            "rated:",
            "7",
            ":",
            "\n",
            "\0",
            "漢",
            "kind:",
        ]
    )
    | st.text(max_size=5),
    max_size=30,
).map("".join)


@given(PIECES)
def test_the_terms_of_any_search_know_their_places(text: str) -> None:
    search = parse(text)
    places = [each[-2:] for each in search.terms]
    assert places == sorted(places)
    for start, end in places + [each[-2:] for each in search.troubles]:
        assert 0 <= start < end <= len(text)
        assert text[start:end].strip()


@given(PIECES)
def test_a_term_written_out_reads_back_the_same(text: str) -> None:
    for term in parse(text).terms:
        again = parse("-" * term.negated + term.written).terms
        assert [each[:3] for each in again] == [term[:3]]


@given(st.lists(st.tuples(st.sampled_from(STATES), st.booleans()), max_size=6))
def test_states_are_read_in_order(states: list[tuple[str, bool]]) -> None:
    text = " ".join(f"{'-' * no}is:{state}" for state, no in states)
    expected: list[tuple[str, str, bool]] = [("is", state, no) for state, no in states]
    assert [term[:3] for term in parse(text).terms] == expected


@given(st.text())
def test_folding_a_searched_text_twice_changes_nothing_more(text: str) -> None:
    once = searchable(text)
    assert searchable(once) == once
    assert Term("", once, negated=False, start=0, end=1).written


def finds(query: str, text: str) -> bool:
    """Whether a search finds a card with a text, as the index does."""
    words = "\n".join([searchable(text), *other_spellings(text)])
    return all(term.value in words for term in parse(query).terms)


SPELLINGS = [
    ("Straße", "strasse"),
    ("STRASSE", "straße"),
    ("Über allem", "uber allem"),
    ("Über allem", "ueber allem"),
    ("U\u0308ber allem", "ueber allem"),
    ("Ørsted", "orsted"),
    ("Ørsted", "oersted"),
    ("Åland", "aaland"),
    ("Łódź", "lodz"),
    ("Œuvre", "oeuvre"),
    ("ﬁnale", "finale"),
    ("Ｔｏｋｙｏ　Ｔｏｗｅｒ", "tokyo tower"),
    ("ﾄｳｷｮｳ", "トウキョウ"),
    ("Ёлка", "елка"),
    ("İzmir", "izmir"),
    ("Ἀθῆναι", "αθηναι"),
    ("شَمْس", "شمس"),
    ("O’Brien", "o'brien"),
    ("O’Brien", "obrien"),
    ("Qur`an", "qur'an"),
    ("U.S.A.", "usa"),
    ("Saint-Étienne", "saint etienne"),
    ("Saint‑Étienne", "saint-etienne"),
    ("Trans–Siberian", "transsiberian"),
    ("١٩٦٠", "1960"),
    ("२०२४", "2024"),
    ("soft\u00adware", "software"),
    ("no\u00a0break", "no break"),
    ("zero\u200bwidth", "zerowidth"),
]


@pytest.mark.parametrize(("answer", "typed"), SPELLINGS)
def test_a_typed_text_that_is_judged_right_is_also_found_by_a_search(
    answer: str, typed: str
) -> None:
    card = Card("k", "n", "d", Kind.TYPED, "?", (answer,))
    assert judge(card, typed).verdict == "correct"
    for query in (typed, typed.upper(), answer, f'"{answer}"'):
        assert finds(query, f"It is {answer}, they say")


@pytest.mark.parametrize(
    ("text", "query"),
    [("май", "маи"), ("blue", "blü e"), ("poet", "pot"), ("os.path", "o spath"), ("10²", "102")],
)
def test_another_word_is_not_found(text: str, query: str) -> None:
    assert not finds(f'"{query}"', text)


def test_signs_and_digits_can_be_looked_for_as_they_stand() -> None:
    for text, query in (("a :: b", "::"), ("x² - 1", "x²"), ("10²", "10^2"), ("5 € – ½", "½")):
        assert finds(f'"{query}"', text)


@given(st.text(), st.text())
def test_a_part_of_a_text_is_found_in_it(before: str, after: str) -> None:
    for word in ("Straße", "Saint-Étienne", "ﬁn", "O’Brien", "漢字"):
        assert finds(f'"{word}"', f"{before} {word} {after}")
