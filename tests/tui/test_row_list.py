"""Lists that make only the rows in view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App
from textual.content import Content

from sco_quiz.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from textual.app import ComposeResult


class Rows(App[None]):
    def compose(self) -> ComposeResult:
        yield RowList(lambda index, _: Content(f"row {index}"))


async def test_a_scroll_bar_that_comes_back_stands_at_the_line_on_top() -> None:
    async with Rows().run_test(size=(20, 5)) as pilot:
        rows = pilot.app.query_one(RowList)
        rows.show(7, cursor=6)
        await pilot.pause()
        assert rows.vertical_scrollbar.position == rows.scroll_y == 2
        await pilot.resize_terminal(20, 10)
        await pilot.pause()
        assert not rows.show_vertical_scrollbar
        assert rows.scroll_y == 0
        rows.cursor = 0
        await pilot.resize_terminal(20, 5)
        await pilot.pause()
        assert rows.show_vertical_scrollbar
        assert rows.vertical_scrollbar.position == rows.scroll_y == 0
