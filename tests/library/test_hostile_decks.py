"""Whatever bytes a deck file holds: a deck or problems with places, and nothing else."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sco_quiz.library import yaml_reading
from sco_quiz.library.decks import DeckFile, read_deck
from sco_quiz.library.diagnostics import CODES, TextLines, render

SAMPLE = """\
deck: Central Asia
id: central-asia
sources:
  atlas: {title: "A World Atlas", year: 2020}
defaults: {tags: [geography], strict: false}
retention: 0.9
cards:
  - front: Astana  # comment
    back: 'Capital of Kazakhstan'
    reverse: true
  - question: In which year?
    answer: 1977
    accept: ["'77"]
    source: atlas p. 12
  - text: "{{c1::Dushanbe}} is the capital of {{Tajikistan::a land}}."
  - {question: Which, answer: Uzbekistan, choices: [Kazakhstan, Kyrgyzstan]}
  - question: Which border the Caspian Sea?
    answers:
      - Kazakhstan
      - Turkmenistan
    choices: [Uzbekistan, Tajikistan]
  - statement: Bishkek lies in Uzbekistan.
    answer: false
    explain: |
      It lies
      in Kyrgyzstan. é 日本
  - question: Put them in order
    order: [Kazakhstan, Turkmenistan, Uzbekistan]
    as_of: 2024-10-03
  - {id: five, question: Name them, list: [a, b, c]}
""".encode()

PIECES = [
    b"{{", b"}}", b"[", b"]", b"{", b"}", b"&x ", b"*x", b"!!str ", b"\t", b"\n", b"\r", b": ",
    b"- ", b"'", b'"', b"|", b">", b"#", b"@", b"`", b"? ", b"<<: ", b"    ", b"---\n", b"...\n",
    b"\x00", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xff\xfe", b"\xc2\x85",
    b"\xe2\x80\xa8", b"\xe2\x80\xae", b'"\\ud800"', b'"\\x1b]52;c;"', b"%YAML 1.1\n",
    b"cards:\n", b"id: five\n",
]  # fmt: skip


def hold(data: bytes) -> DeckFile:
    """Read, and check what must hold of any file."""
    read = read_deck("x.yaml", data)
    assert read.deck is not None or read.diagnostics
    lines = TextLines(data.removeprefix(b"\xef\xbb\xbf").decode(errors="replace"))
    for each in read.diagnostics:
        assert each.code in CODES
        assert 1 <= each.line <= data.count(b"\n") + data.count(b"\r") + 1
        assert (each.end_line, each.end_column) > (each.line, each.column) >= (1, 1)
        shown = render(each, "x.yaml", lines)
        assert all(unicodedata.category(char) != "Cc" for char in shown.replace("\n", ""))
    if read.deck is not None:
        assert len({card.key for card in read.deck.cards}) == len(read.deck.cards)
        for card in read.deck.cards:
            assert card.prompt
            assert all(card.answers)
            "\n".join((card.prompt, *card.answers, card.explain, *card.tags)).encode()
    return read


def mutated(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(changed) + 1)
        match chance.randrange(6):
            case 0:
                changed[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                changed[at:at] = chance.choice(PIECES)
            case 2:
                del changed[at : at + chance.randint(1, 30)]
            case 3:
                changed[at:at] = changed[at : at + chance.randint(1, 200)]
            case 4:
                changed[at:at] = chance.choice(PIECES) * chance.randint(2, 60)
            case _:
                if chance.random() < 0.2:
                    del changed[at:]
    return bytes(changed)


@pytest.mark.parametrize("seed", range(20))
def test_mutated_decks_are_read_or_explained(seed: int) -> None:
    chance = random.Random(seed)
    outcomes = {hold(mutated(SAMPLE, chance)).deck is None for _ in range(40)}
    assert outcomes == {True, False}


def test_mutated_decks_are_read_or_explained_without_libyaml(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(yaml_reading, "CParser", None)
    chance = random.Random(99)
    outcomes = {hold(mutated(SAMPLE, chance)).deck is None for _ in range(60)}
    assert outcomes == {True, False}


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_any_bytes_are_explained(data: bytes) -> None:
    hold(data)


@settings(max_examples=150)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(
                ["front", "back", "question", "answer", "text", "choices", "id", "list"]
            ),
            st.sampled_from(
                ["", "a", "true", "'{{a}}'", "[a, b]", "[a, [b]]", "{a: b}", "''", "[]", "[A, a]"]
            ),
            max_size=4,
        ),
        max_size=6,
    )
)
def test_any_mixture_of_keys_and_forms_is_read_or_explained(notes: list[dict[str, str]]) -> None:
    written = [
        "- {" + ", ".join(f"{key}: {value}" for key, value in note.items()) + "}" for note in notes
    ]
    read = hold("\n".join(["deck: x", "cards:", *written, ""]).encode())
    assert read.deck is not None


HEAD = b"deck: x\ncards:\n  - front: "


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (HEAD + b"[" * 100_000, "E106"),
        (HEAD + b"{a: " * 100_000, "E106"),
        (b"deck: x\ncards:\n  " + b"- " * 100_000, "E106"),
        (HEAD + b"a" * 5_000_000 + b"\n    back: b\n", "E211"),
        (HEAD + b'"' + b"a " * 2_500_000, "E105"),
        (HEAD + b"a: " * 500_000, "E105"),
        (b"deck: x\ncards:\n  - text: '" + b"{{a}} " * 10_000 + b"'\n", "E305"),
        (b"deck: x\ncards:\n  - text: '" + b"{{a{ " * 10_000 + b"'\n", "E305"),
        (HEAD + b"a\0b", "E104"),
        (SAMPLE.decode().encode("utf-16"), "E103"),
        (SAMPLE.decode().encode("utf-16-le"), "E103"),
        (SAMPLE.decode().encode("utf-32-be"), "E103"),
        (SAMPLE.replace(b"Astana", b"Astan\xe9"), "E103"),
        (HEAD + b'"\\ud800"\n    back: b\n', "E105"),
        (b"deck: x\ncards: [" + b"{a: b}," * 20_000 + b"]", "E301"),
        (b"deck: x\ncards:\n- {" + b",".join(b"k%d" % n for n in range(50_000)) + b"}", "E301"),
        (b"a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]\ncards: [*c, *c]\n", "E107"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_malicious_bytes_get_a_message(data: bytes, code: str) -> None:
    assert code in {each.code for each in hold(data).diagnostics}


def test_the_sample_itself_is_sound() -> None:
    read = hold(SAMPLE)
    assert read.diagnostics == ()
    assert read.deck is not None
    assert len(read.deck.cards) == 10
