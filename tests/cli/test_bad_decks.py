"""Bad decks on the command line: every mistake at its place, and no bytes that end it."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sco_quiz.authoring.checking import check
from sco_quiz.cli.main import run
from sco_quiz.library.diagnostics import CODES

if TYPE_CHECKING:
    from tests.conftest import Rounds

SAMPLE = (Path(__file__).parents[1] / "decks" / "kinds.yaml").read_bytes()
CUT_OFF = SAMPLE[: SAMPLE.index(b"choices: [") + 12]

# A comment `#= code@column-end…` says what is wrong on its line; the end is exclusive.
MISTAKES = """\
deck: Central Asia
language: english                                         #= E210@11-18
retention: 9                                              #= E206@12-13
sources:
  atlas: {title: Atlas, url: example.org}                 #= E209@30-41
  census: {title: Census}                                 #= W407@3-9
cards:
  - question: Which city is the capital of Uzbekistan?
    anwser: Tashkent                                      #= E201@5-11
  - front: Almaty                                         #= E302@5-10
  - {front: Osh, back: A city, statement: mixed}          #= E303@32-41
  - hint: nothing is asked                                #= E301@5-6
  - {id: osh, front: Osh, back: In Kyrgyzstan}
  - {id: osh, front: Jalal-Abad, back: In Kyrgyzstan}     #= E304@10-13
  - {id: a b, front: Naryn, back: In Kyrgyzstan}          #= E207@10-13
  - text: "The Aral Sea is {{drying"                      #= E305@28-30
  - {statement: Bishkek is in Asia, answer: yes}          #= E205@45-48
  - {question: Largest?, answer: [Kazakhstan]}            #= E203@34-46
  - {question: Largest?, answer: A, choices: [B, A]}      #= E307@50-51
  - {question: By area, order: [Kazakhstan]}              #= E306@32-44
  - {front: a, back: b, as_of: 2023-02-30}                #= E208@32-42
  - {text: "{{a}} and {{b}}", accept: [c]}                #= E308@31-42
  - question: Where is the
      Bishkek garrison?
    answer: Bishkek                                       #= W405@13-20
  - {front: Talas, back: A town, source: atlsa p. 3}      #= W403@42-52
  - front: C #sharp                                       #= W406@14-72
    back: b
  - {question: The seat?, answer: The Hague, choices: [Hague]} #= W408@56-61
  - {front: alone, back: a, front: again}                 #= E110@29-34
  - {front: Talas, back: Something else, as_of: 1999}     #= W401@13-18 W409@49-53
  - {front: *talas, back: b}                              #= E107@13-19
"""


def expected(text: str) -> list[tuple[int, int, int, str]]:
    return [
        (number, *map(int, place.split("-")), code)  # type: ignore[misc]
        for number, line in enumerate(text.splitlines(), 1)
        for code, place in (each.split("@") for each in line.partition("#= ")[2].split())
    ]


def test_each_of_more_than_twenty_mistakes_is_reported_at_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = expected(MISTAKES)
    assert len({code for *_, code in wanted}) == len(wanted) > 20
    deck = tmp_path / "mistakes.yaml"
    deck.write_text(MISTAKES)
    assert run(["check", "--max-age", "7000", "--format", "json", str(deck)]) == 1
    rows = json.loads(capsys.readouterr().out)
    assert [(row["line"], row["column"], row["end_column"], row["code"]) for row in rows] == wanted
    assert all(row["help"] for row in rows)


PIECES = [
    b"{{", b"}}", b"[", b"]", b"{", b"}", b"&x ", b"*x", b"!!str ", b"\t", b"\n", b"\r", b": ",
    b"- ", b"'", b'"', b"|", b">", b" #", b"@", b"? ", b"<<: ", b"    ", b"---\n", b"...\n",
    b"\x00", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xff\xfe", b"\xc2\x85",
    b"\xe2\x80\xa8", b"\xe2\x80\xae", b'"\\ud800"', b'"\\x1b]52;c;"', b"%YAML 1.1\n", b"true",
    b"cards:\n", b"id: list\n", b"as_of: 2024-02-30\n", b"source: x 1\n", b"/ ", b"(", b")",
]  # fmt: skip


def mutated(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(changed) + 1)
        piece = chance.choice(PIECES)
        match chance.randrange(7):
            case 0:
                changed[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                changed[at:at] = piece
            case 2:
                changed[at : at + len(piece)] = piece
            case 3:
                del changed[at : at + chance.randint(1, 30)]
            case 4:
                changed[at:at] = changed[at : at + chance.randint(1, 300)]
            case 5:
                changed[at:at] = piece * chance.randint(2, 60)
            case _ if chance.random() < 0.2:
                del changed[at:]
    return bytes(changed)


@pytest.mark.parametrize("seed", range(4))
def test_mutated_decks_get_messages_with_places(seed: int, tmp_path: Path, rounds: Rounds) -> None:
    chance = random.Random(seed)
    count = rounds(75, 2500, "mutated decks: each problem told with its place")
    for number in range(count):
        (tmp_path / f"{number}.yaml").write_bytes(mutated(SAMPLE, chance))
    outcomes = set()
    for file in check([str(tmp_path)], today=date(2026, 3, 1), max_age=30):
        assert file.notes or file.errors
        bytes_ = Path(file.name).read_bytes()
        last = bytes_.count(b"\n") + bytes_.count(b"\r") + 1
        for each in file.diagnostics:
            assert each.code in CODES
            assert 1 <= each.line <= last
            assert (each.end_line, each.end_column) > (each.line, each.column) >= (1, 1)
        for shown in file.shown():
            assert shown.replace("\n", "").isprintable()
        outcomes.add((bool(file.notes), bool(file.errors)))
    assert outcomes == {(True, False), (True, True), (False, True)}


HEAD = b"deck: x\ncards:\n  - front: "
BOMB = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (letter, letter, b",".join([b"*%c" % (letter - 1)] * 9))
    for letter in range(ord("b"), ord("p"))
)


@pytest.mark.parametrize(
    ("name", "data", "code", "line"),
    [
        ("deep lists", HEAD + b"[" * 100_000, "E106", 3),
        ("deep mappings", HEAD + b"{a: " * 100_000, "E106", 3),
        ("deep blocks", b"deck: x\ncards:\n  " + b"- " * 100_000, "E106", 3),
        ("an alias bomb", BOMB, "E107", 2),
        ("NUL bytes", HEAD + b"\0" * 1000, "E104", 3),
        ("nothing but NUL", b"\0" * 1000, "E103", 1),
        ("a lone surrogate", HEAD + b"\xed\xa0\x80", "E103", 3),
        ("an escaped surrogate", HEAD + b'"\\ud800"', "E105", 3),
        ("Latin 1", HEAD + "é".encode("latin-1"), "E103", 3),
        ("half a character", HEAD + "é".encode()[:1], "E103", 3),
        ("UTF-16", SAMPLE.decode().encode("utf-16"), "E103", 1),
        ("UTF-16 without a mark", SAMPLE.decode().encode("utf-16-be"), "E103", 1),
        ("UTF-32", SAMPLE.decode().encode("utf-32"), "E103", 1),
        ("nothing", b"", "E113", 1),
        ("a list of everything", b"- " * 30 + b"\n" * 10_000 + b"x", "E113", 1),
        ("cut off", CUT_OFF, "E105", CUT_OFF.count(b"\n") + 1),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_malicious_bytes_are_reported_with_their_line(
    name: str, data: bytes, code: str, line: int, form: str, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    deck = tmp_path / "x.yaml"
    deck.write_bytes(data)
    assert run(["check", "--format", form, str(deck)]) == 1
    told = capsys.readouterr()
    assert told.err.endswith("in 1 of 1 file\n")
    assert told.out.replace("\n", "").isprintable()
    if form == "json":
        assert (code, line) in {(row["code"], row["line"]) for row in json.loads(told.out)}
    elif form == "github":
        assert f"file={deck},line={line}," in told.out
        assert f"title={code}::" in told.out
    else:
        assert f"{deck}:{line}:" in told.out
        assert f": error[{code}] " in told.out


def test_a_line_of_sixty_megabytes_is_reported_in_short_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deck = tmp_path / "x.yaml"
    deck.write_bytes(HEAD + b"a " * 30_000_000 + b"\n    back: b\n")
    assert run(["check", str(deck)]) == 1
    place, source, caret, way_out = capsys.readouterr().out.strip().split("\n")
    assert place.startswith(f"{deck}:3:12: error[E211] ")
    assert max(map(len, (source, caret, way_out))) < 100
