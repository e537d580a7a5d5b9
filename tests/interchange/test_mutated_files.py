"""Files of every format, damaged at random, end in notes or in a message, and soon."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from sco_quiz.errors import SCOQuizError
from sco_quiz.interchange.formats import TableOptions, read

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

CORPUS = Path(__file__).with_name("corpus")
FILES = sorted(path for path in CORPUS.iterdir() if path.suffix != ".notes")
FEW, MANY = 400, 10_000
MOST_SECONDS = 10
"""Of computing, for any one file."""
PIECES = (
    b"{", b"}", b"[", b"]]", b"==", b"::", b"\n", b'"', b"#", b"```", b"<b>", b"\\", b"$", b"\0",
    b"<div style='display:none'>", b"|", b"---", b"\t", b"* ", b":END:", b"<details>", b"A. ",
    b"ANSWER: A", b"\xff\xfe", b"<!--", b"{{cloze ", b"<quiz>", b"<!DOCTYPE a>",
)  # fmt: skip


def mutated(data: bytes, chance: Random) -> bytes:
    """A file with a few things wrong with it."""
    found = bytearray(data)
    for _ in range(chance.randrange(1, 4)):
        at, size = chance.randrange(len(found) + 1), chance.randrange(1, 30)
        match chance.randrange(9):
            case 0:
                found[at:at] = chance.randbytes(size)
            case 1:
                del found[at : at + size]
            case 2:
                found[at:at] = found[at : at + size] * chance.choice((2, 50))
            case 3:
                del found[at:]
            case 4 if found:
                found[at % len(found)] ^= 1 << chance.randrange(8)
            case 5:
                found[at:at] = chance.choice(PIECES) * chance.choice((1, 3, 200))
            case 6:
                found = found.replace(b"\n", b"\r\n")
            case 7:
                found = bytearray(found.decode("utf-8", "replace").encode("utf-16"))
            case _:
                found[at:at] = chance.choice(FILES).read_bytes()
    return bytes(found)


def test_a_file_damaged_anywhere_gives_notes_or_a_message(
    tmp_path: Path, pytestconfig: pytest.Config, proved: Callable[[str], None]
) -> None:
    chance = Random(20)
    count = MANY if pytestconfig.getoption("--full") else FEW
    for _ in range(count):
        source = chance.choice(FILES)
        file = tmp_path / f"x{chance.choice((source.suffix, source.suffix, '.txt', '.md'))}"
        file.write_bytes(mutated(source.read_bytes(), chance))
        began = time.process_time()
        try:
            material = read(file, TableOptions())
        except SCOQuizError:
            continue
        finally:
            assert time.process_time() - began < MOST_SECONDS
        notes = [note for deck in material.decks for note in deck.notes]
        assert all(note.fields or note.where for note in notes)  # else no import could tell of it
    proved(f"{count:,} damaged files of every format: read, or refused in words")
