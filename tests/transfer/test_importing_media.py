"""Images and recordings come with an import, and go with its undoing."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from sco_quiz.library.media import MediaSort, find
from sco_quiz.transfer.importing import ImportReport, TableOptions, import_files, undo_last
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def workspace(decks_folder: Path) -> Iterator[Workspace]:
    with Workspace() as opened:
        opened.refresh()
        yield opened


def bring(workspace: Workspace, file: Path) -> ImportReport:
    report = import_files(workspace, [file], options=TableOptions())
    workspace.refresh()
    return report


def cards_file(path: Path, **members: bytes) -> Path:
    log, source = "<openSM2sync>", path.stem
    for number, name in enumerate(members):
        log += (
            f"<log type='16' o_id='{source}{number}'><f>&lt;img src=\"{name}\"&gt;</f>"
            f"<b>{number}</b></log>"
            f"<log type='6' o_id='c{number}' fact='{source}{number}' card_t='1' fact_v='1.1'/>"
        )
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("cards.xml", log + "</openSM2sync>")
        for name, data in members.items():
            file.writestr(name, data)
    return path


def test_media_are_written_beside_the_deck_and_undone_with_it(
    workspace: Workspace, tmp_path: Path, decks_folder: Path
) -> None:
    file = cards_file(tmp_path / "flags.cards", **{"a.png": PNG + b"1", "b.png": PNG + b"1"})
    report = bring(workspace, file)
    assert [deck.in_words() for deck in report.decks] == ["2 notes read: 2 new (2 cards)"]
    deck = decks_folder / "flags.yaml"
    assert deck.read_text().count("image: media/a.png") == 2
    assert find(deck, "media/a.png", MediaSort.IMAGE).read_bytes() == PNG + b"1"
    assert [path.name for path in (decks_folder / "media").iterdir()] == ["a.png"]
    before = deck.read_bytes()
    assert not bring(workspace, file).changes
    assert deck.read_bytes() == before
    undo_last(workspace)
    assert not deck.exists()
    assert list(decks_folder.iterdir()) == []


def test_another_file_of_the_same_name_leaves_the_first_alone(
    workspace: Workspace, tmp_path: Path, decks_folder: Path
) -> None:
    bring(workspace, cards_file(tmp_path / "one.cards", **{"a.png": PNG + b"1"}))
    bring(workspace, cards_file(tmp_path / "two.cards", **{"a.png": PNG + b"2"}))
    assert "image: media/a-2.png" in (decks_folder / "two.yaml").read_text()
    assert (decks_folder / "media/a.png").read_bytes() == PNG + b"1"
    assert (decks_folder / "media/a-2.png").read_bytes() == PNG + b"2"


def test_unusable_media_are_reported_and_their_notes_are_imported(
    workspace: Workspace, tmp_path: Path, decks_folder: Path
) -> None:
    file = cards_file(tmp_path / "x.cards", **{"../../a.png": PNG, "b.png": b"MZ", "con.png": PNG})
    report = bring(workspace, file)
    assert report.decks[0].in_words() == "3 notes read: 3 new (3 cards)"
    assert [remark.where for remark in report.lossy] == ["fact 1", "fact 2", "fact 3"]
    assert "image:" not in (decks_folder / "x.yaml").read_text()
    assert not list(tmp_path.rglob("*.png"))
