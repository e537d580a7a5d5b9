"""Images and recordings go along with an export, and come back with its import."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sco_quiz.errors import UsageError
from sco_quiz.transfer.exporting import Target, export, save
from sco_quiz.transfer.importing import TableOptions, import_files
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\n"
DECK = """deck: Flags
cards:
  - front: Which?
    back: Kyrgyzstan
    image: [media/kg.png, media/kg-2.png]
    answer_audio: media/kg.mp3
  - front: And this?
    back: Kazakhstan
    image: media/gone.png
"""


@pytest.fixture
def workspace(decks_folder: Path) -> Iterator[Workspace]:
    (decks_folder / "flags.yaml").write_text(DECK)
    (decks_folder / "media").mkdir()
    (decks_folder / "media/kg.png").write_bytes(PNG)
    (decks_folder / "media/kg-2.png").write_bytes(PNG + b"2")
    (decks_folder / "media/kg.mp3").write_bytes(b"ID3")
    with Workspace() as opened:
        opened.refresh()
        yield opened


@pytest.mark.parametrize("target", [Target.CSV, Target.MARKDOWN, Target.JSON])
def test_an_export_with_media_imports_with_the_same_media(
    workspace: Workspace, tmp_path: Path, decks_folder: Path, target: Target
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    exported = export(workspace, ["flags"], target)
    save(exported, out / f"flags{target.ending}")
    assert [each.where for each in exported.lossy] == ["note 2"]
    assert {path.name for path in (out / "media").iterdir()} == {
        "kg.png", "kg-2.png", "kg.mp3",
    }  # fmt: skip
    report = import_files(workspace, [out / f"flags{target.ending}"], options=TableOptions())
    assert report.decks[0].in_words() == "2 notes read: 2 merged"
    (decks_folder / "flags.yaml").unlink()
    for path in (decks_folder / "media").iterdir():
        path.unlink()
    workspace.refresh()
    import_files(workspace, [out / f"flags{target.ending}"], options=TableOptions())
    text = (decks_folder / "flags.yaml").read_text()
    assert "image: [media/kg.png, media/kg-2.png]\n" in text
    assert "answer_audio: media/kg.mp3" in text
    assert (decks_folder / "media/kg.png").read_bytes() == PNG


def test_another_file_of_the_same_name_is_not_overwritten_unasked(
    workspace: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media/kg.png").write_bytes(b"mine")
    exported = export(workspace, ["flags"], Target.CSV)
    with pytest.raises(UsageError, match="is there already, and is another file"):
        save(exported, tmp_path / "flags.csv")
    assert not (tmp_path / "flags.csv").exists()
    assert sorted(path.name for path in (tmp_path / "media").iterdir()) == ["kg.png"]
    (tmp_path / "flags.csv").write_text("old")
    save(exported, tmp_path / "flags.csv", replace=True)
    assert (tmp_path / "media/kg.png").read_bytes() == PNG


def test_a_file_that_cannot_be_written_leaves_nothing_beside_it(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    exported = export(workspace, ["flags"], Target.CSV)
    monkeypatch.setattr("sco_quiz.transfer.exporting.put", full)
    with pytest.raises(UsageError, match="No space left"):
        save(exported, tmp_path / "flags.csv")
    assert not list(tmp_path.glob("flags.csv"))
    assert not list(tmp_path.glob("media/*"))


def test_decks_with_different_files_of_one_name_cannot_be_exported_together(
    workspace: Workspace, tmp_path: Path, decks_folder: Path
) -> None:
    other = decks_folder / "other"
    (other / "media").mkdir(parents=True)
    (other / "more.yaml").write_text(DECK.replace("Flags", "More"))
    (other / "media/kg.png").write_bytes(PNG + b"2")
    workspace.refresh()
    with pytest.raises(UsageError, match=r"different files called media/kg\.png"):
        export(workspace, ["flags", "more"], Target.CSV)
