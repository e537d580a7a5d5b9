"""In a terminal of a few lines or columns nothing can be read, and nothing ends the app either."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tui.test_keys_palette_and_help import WAYS, go

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import Open

TINY = ((80, 3), (20, 3), (10, 3), (80, 1))
"""Columns and rows."""
MOVES = ("pageup", "pagedown", "end", "pageup", "home", "pagedown", "up", "down")


@pytest.mark.parametrize("place", WAYS)
async def test_keys_that_move_end_no_screen_where_none_of_its_lines_fits(
    opened: Open, home: Path, kinds: Path, place: str
) -> None:
    (home / "pairs.csv").write_text("front,back\nfar,near\n", encoding="utf-8")
    async with opened() as app:
        screen = await go(app, place)
        for size in TINY[2:]:
            await app.resize(size)
            await app.press(*MOVES, "left", "right", "tab", "shift+tab")
            assert app.app.screen is screen


async def test_keys_that_move_do_not_end_a_palette_where_none_of_its_lines_fits(
    opened: Open,
) -> None:
    async with opened() as app:
        for size in TINY:
            await app.resize(size)
            await app.press("ctrl+p", *MOVES)
            await app.press("h", *MOVES)
            await app.press("escape")
