"""Moving in and out on a real pseudo-terminal: import, undo, import again, export."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.conftest import Terminal


def test_a_table_is_imported_taken_back_imported_again_and_exported(
    launch: Callable[..., Terminal], tmp_path: Path, decks_folder: Path
) -> None:
    table, written = tmp_path / "the capitals.csv", tmp_path / "out.csv"
    table.write_text("Bishkek,Kyrgyzstan\nDushanbe,Tajikistan\n")
    terminal = launch()
    terminal.wait_for("enter Begin")
    terminal.press("i")
    terminal.wait_for("tab Complete")
    terminal.press("ctrl+u")
    terminal.type(f"{tmp_path}/the")
    terminal.press("tab")
    terminal.wait_for("▌ the capitals.csv", "CSV table", "39 bytes")
    terminal.press("enter")
    terminal.wait_for("2 notes read: 2 new (2 cards)", "enter Import")
    terminal.press("enter")
    terminal.wait_for("✓ Imported.", "u Undo")
    assert len(list(decks_folder.iterdir())) == 1
    terminal.press("u")
    terminal.wait_for("Taken back: the import of the capitals.csv.", "enter Import")
    assert list(decks_folder.iterdir()) == []
    terminal.press("enter")
    terminal.wait_for("✓ Imported.", "enter Decks")
    terminal.press("enter")
    terminal.wait_for("▌ the capitals ", "enter Begin")
    terminal.press("X")
    terminal.wait_for("1 deck, 2 notes", "space Mark")
    terminal.press("tab", "tab")
    terminal.wait_for("▌ to ")
    terminal.press("ctrl+u")
    terminal.type(str(written))
    terminal.wait_for("out.csv")
    terminal.press("enter")
    terminal.wait_for("✓ 2 notes written to")
    terminal.press("escape")
    terminal.wait_for("enter Begin")
    terminal.press("Q")
    assert terminal.wait_until_gone() == 0
    assert terminal.is_restored
    with written.open(newline="") as file:
        rows = [(row["front"], row["back"]) for row in csv.DictReader(file)]
    assert rows == [("Bishkek", "Kyrgyzstan"), ("Dushanbe", "Tajikistan")]


def test_a_file_that_is_dropped_on_the_terminal_is_imported(
    launch: Callable[..., Terminal], tmp_path: Path
) -> None:
    table = tmp_path / "a b.csv"
    table.write_text("Bishkek,Kyrgyzstan\n")
    terminal = launch()
    terminal.wait_for("enter Begin")
    terminal.type(f"\x1b[200~'{table}' \x1b[201~")
    terminal.wait_for("a b.csv · CSV table, 19 bytes", "1 new (1 card)", "enter Import")
    terminal.press("escape")
    terminal.wait_for("enter Begin")
    terminal.press("Q")
    assert terminal.wait_until_gone() == 0
