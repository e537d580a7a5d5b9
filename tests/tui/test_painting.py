"""How often the screen is painted for a key: each time takes a terminal and the learner's eyes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from textual._compositor import Compositor

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

FRAMES_FOR_A_KEY = 1
"""When a card is revealed or rated. A second one holds up the next key by 10 ms.

There is one whenever a part of the card takes more or fewer lines than it last did: Textual then
lays out the screen twice.
"""


@pytest.fixture
def painting_waits() -> None:
    """Each painting counts here, also one that is soon painted over."""


async def test_a_key_in_study_paints_the_screen_once(
    opened: Callable[..., AbstractAsyncContextManager[Any]],
    decks_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cards = "".join(f"- {{front: Front {number}, back: Back {number}}}\n" for number in range(5))
    (decks_folder / "plain.yaml").write_text(f"deck: Plain\ncards:\n{cards}", "utf-8")
    painted = []
    render = Compositor.render_update

    def counted(compositor: Compositor, *arguments: Any, **named: Any) -> object:
        update = render(compositor, *arguments, **named)
        if update is not None:
            painted.append(update)
        return update

    monkeypatch.setattr(Compositor, "render_update", counted)
    async with opened((100, 30), deck="plain") as app:
        await app.press("space")
        await app.press("3")
        for key in ("space", "3", "space", "1", "enter", "enter"):
            before = app.frame
            painted.clear()
            await app.press(key)
            assert app.frame != before
            assert len(painted) == FRAMES_FOR_A_KEY, key
