"""The report of an import adds up to what was read: at first, again, and after edits."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sco_quiz.interchange.formats import TableOptions, read
from sco_quiz.transfer.importing import import_files
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from sco_quiz.transfer.importing import ImportReport

CORPUS = Path(__file__).parent.parent / "interchange" / "corpus"
FILES = sorted(path.with_suffix("") for path in CORPUS.glob("*.notes"))
PARTS = re.compile(r"([0-9,]+) (?:new|updated|unchanged|merged|left out|skipped)\b")
BACK = re.compile(rb"(?m)^(    back: [A-Za-z]+)$")


def check(report: ImportReport, file: Path) -> int:
    """The notes of which the report says what became of them, after checking that it is all."""
    material = read(file, TableOptions())
    notes = sum(len(deck.notes) for deck in material.decks) + len(material.skipped)
    words = report.in_words()
    said = int(words.removeprefix("in all ").split()[0].replace(",", ""))
    parts = sum(int(number.replace(",", "")) for number in PARTS.findall(words))
    assert said == parts == notes, f"{file.name}: {words}"
    return sum(deck.updated for deck in report.decks)


def test_the_counts_of_a_report_add_up_to_the_notes_read(
    decks_folder: Path, tmp_path: Path
) -> None:
    updated = 0
    with Workspace() as workspace:
        for source in FILES:
            file = tmp_path / source.name
            file.write_bytes(source.read_bytes())
            for _ in range(2):
                check(import_files(workspace, [file], options=TableOptions()), file)
                workspace.refresh()
            assert not import_files(workspace, [file], options=TableOptions()).changes, file.name
        for path in decks_folder.rglob("*.yaml"):
            path.write_bytes(BACK.sub(rb"\1, says the learner", path.read_bytes(), count=1))
        workspace.refresh()
        for source in FILES:
            file = tmp_path / source.name
            file.write_bytes(re.sub(rb"(?<=[a-z])a\b", b"an", file.read_bytes()))
            updated += check(import_files(workspace, [file], options=TableOptions()), file)
            workspace.refresh()
    assert updated
