"""Files of every format, several dialects and languages, with the notes that they should give.

Beside each file lies another of its name and `.notes`: a note on each line, as JSON.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sco_quiz.interchange.formats import TableOptions, read

if TYPE_CHECKING:
    from sco_quiz.interchange.material import Field

CORPUS = Path(__file__).with_name("corpus")
FILES = sorted(path.with_suffix("") for path in CORPUS.glob("*.notes"))
FEWEST = 123


def expected(file: Path) -> list[dict[str, Field]]:
    written = file.with_name(f"{file.name}.notes").read_text(encoding="utf-8")
    return [json.loads(line) for line in written.splitlines()]


def given(file: Path) -> list[dict[str, Field]]:
    return [note.fields for deck in read(file, TableOptions()).decks for note in deck.notes]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_gives_the_notes_that_were_meant(file: Path) -> None:
    assert given(file) == expected(file)


def test_the_corpus_agrees_in_all_files(capsys: pytest.CaptureFixture[str]) -> None:
    agreeing = sum(given(file) == expected(file) for file in FILES)
    with capsys.disabled():
        print(f"\nfiles of the corpus that give the notes meant: {agreeing} of {len(FILES)}")
    assert agreeing == len(FILES) >= FEWEST


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_says_the_same_under_another_name(file: Path, tmp_path: Path) -> None:
    other = tmp_path / f"other{'.txt' if file.suffix != '.txt' else '.csv'}"
    if file.suffix in {".md", ".org", ".txt", ".csv", ".tsv"}:
        other = tmp_path / f"other{file.suffix}"
    other.write_bytes(file.read_bytes())
    assert given(other) == expected(file)
