"""In the app: exporting decks."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from sco_quiz.tui.screens.home import Home

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import AssertFrames, Open, Opened


pytestmark = pytest.mark.usefixtures("own")


@pytest.fixture
def own(home: Path, decks_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home folder in which the app starts, with a deck of three notes."""
    monkeypatch.setenv("HOME", str(home))
    (decks_folder / "rivers.yaml").write_text(
        "deck: Rivers\ncards:\n"
        "- {front: Amu Darya, back: Oxus}\n- {front: Syr Darya, back: Jaxartes}\n"
        "- {front: Chu, back: '?'}\n"
    )


async def go_to_export(app: Opened, deck: str = "Rivers") -> None:
    await app.press("end" if deck == "Rivers" else "home", "X")


async def test_the_selected_deck_is_exported_into_the_working_folder(
    opened: Open, home: Path
) -> None:
    async with opened() as app:
        await go_to_export(app)
        assert "1 deck, 3 notes" in app.frame
        assert "~/rivers.csv" in app.frame
        assert "Progress is not part of this format." in app.frame
        await app.press("enter")
        assert "✓ 3 notes written to ~/rivers.csv" in app.frame
        await app.press("escape")
        assert isinstance(app.app.screen, Home)
    rows = list(csv.DictReader(io.StringIO((home / "rivers.csv").read_text())))
    assert [row["front"] for row in rows] == ["Amu Darya", "Syr Darya", "Chu"]


async def test_an_existing_file_is_replaced_only_after_a_second_enter(
    opened: Open, home: Path
) -> None:
    (home / "rivers.csv").write_text("mine")
    async with opened() as app:
        await go_to_export(app)
        await app.press("enter")
        assert "~/rivers.csv is there already. Enter again replaces it." in app.frame
        await app.press("tab", "right", "left")
        await app.press("enter")
        assert "Enter again" in app.frame, "something was chosen in between"
        assert (home / "rivers.csv").read_text() == "mine"
        await app.press("enter")
        assert "✓ 3 notes written" in app.frame
    assert (home / "rivers.csv").read_text().startswith("front,back")


async def test_every_format_is_offered_with_its_losses(opened: Open, home: Path) -> None:
    async with opened() as app:
        await go_to_export(app)
        await app.press("tab")
        for name, ending in (("Markdown", "md"), ("JSON", "json"), ("Anki package", "apkg")):
            await app.press("right")
            assert f"‹ {name} ›" in app.frame
            await app.press("enter")
            assert f"✓ 3 notes written to ~/rivers.{ending}" in app.frame
        assert (
            "The scores of quizzes stay here; a card that is there keeps its schedule." in app.frame
        )
    assert zipfile.is_zipfile(home / "rivers.apkg")


async def test_marked_decks_are_exported_and_without_a_mark_all(opened: Open, home: Path) -> None:
    async with opened() as app:
        await go_to_export(app)
        await app.press("up", "space")
        assert "2 decks, " in app.frame
        assert "~/decks.csv" in app.frame
        await app.press("enter")
        assert "Rivers" in (home / "decks.csv").read_text()
        await app.press("escape")
        await go_to_export(app, "all of them")
        assert "9 decks, " in app.frame


async def test_the_path_can_be_typed_and_completed(opened: Open, home: Path) -> None:
    (home / "for Anki").mkdir()
    async with opened() as app:
        await go_to_export(app)
        await app.press("tab", "tab", "ctrl+u")
        await app.type("~/for")
        await app.press("tab")
        assert "~/for Anki/" in app.frame
        await app.press("enter")
        assert "✓ 3 notes written to ~/for Anki/rivers.csv" in app.frame
        await app.press("right", "tab")
        assert "space Mark" in app.frame, "from the last field to the first"
    assert (home / "for Anki" / "rivers.csv").exists()


async def test_a_path_from_a_root_typed_behind_the_proposed_one_stands_alone(
    opened: Open, home: Path
) -> None:
    async with opened() as app:
        await go_to_export(app)
        await app.press("tab", "tab")
        await app.type(f"{home}/mine.csv\n")
        assert "✓ 3 notes written to ~/mine.csv" in app.frame


@pytest.mark.parametrize(
    ("path", "told"),
    [("~/none/here.csv", "cannot be written (No such file"), ("", "say where to")],
)
async def test_an_unwritable_path_is_reported_beside_it(opened: Open, path: str, told: str) -> None:
    async with opened((160, 45)) as app:
        await go_to_export(app)
        await app.press("tab", "tab", "ctrl+u")
        await app.type(f"{path}\n")
        assert told in app.frame
        await app.type("x")
        assert told not in app.frame


async def test_the_export_screen_looks_as_kept(opened: Open, assert_frames: AssertFrames) -> None:
    async with opened() as app:
        await go_to_export(app)
        frames = {"export": await app.shots()}
        await app.press("enter")
        frames["written"] = await app.shots()
        await app.press("enter")
        frames["there already"] = await app.shots()
        await app.press("tab", "tab", "ctrl+u")
        await app.type("none/x.csv\n")
        frames["an error"] = await app.shots()
        assert_frames("export", frames)
