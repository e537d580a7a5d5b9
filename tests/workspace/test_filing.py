"""Files beside the decks that stand or fall with an event of the log."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

import pytest

from sco_quiz.errors import DeckError
from sco_quiz.progress import log
from sco_quiz.workspace.filing import Change, Copy, Filing, digest_of
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sco_quiz.progress.log import Event

PICTURE = os.urandom(1_000_000)
DECK = "deck: D\ncards:\n- {front: a, back: b}\n"


@pytest.fixture
def workspace(decks_folder: Path) -> Iterator[Workspace]:
    with Workspace() as opened:
        yield opened


def filing_of(workspace: Workspace) -> Filing:
    return Filing(workspace.paths, workspace.config, workspace.progress)


def copy(path: Path, data: bytes = PICTURE, *, promised: bytes = PICTURE) -> Copy:
    return Copy(path, digest_of(io.BytesIO(promised)), lambda: io.BytesIO(data))


def bring(workspace: Workspace, folder: Path, *copies: Copy) -> Event:
    draft = log.imported(workspace.now(), "d.apkg", {})
    return filing_of(workspace).carry_out([Change(folder / "d.yaml", None, DECK)], draft, copies)


def undo(workspace: Workspace, event: Event) -> None:
    filing_of(workspace).take_back(event, log.undo(workspace.now(), event))


def left(home: Path) -> list[str]:
    files = (home / "data").rglob("*")
    return sorted(file.name for file in files if file.is_file() and file.name != "progress.db")


def test_a_picture_comes_with_its_deck_and_goes_with_it(
    workspace: Workspace, decks_folder: Path, home: Path
) -> None:
    picture = decks_folder / "media" / "map.png"
    event = bring(
        workspace, decks_folder, copy(picture), copy(decks_folder / "no.mp3", b"", promised=b"")
    )
    assert picture.read_bytes() == PICTURE
    assert (decks_folder / "no.mp3").read_bytes() == b""
    undo(workspace, event)
    assert left(home) == []


def test_a_picture_that_was_changed_since_stays(workspace: Workspace, decks_folder: Path) -> None:
    picture = decks_folder / "map.png"
    event = bring(workspace, decks_folder, copy(picture))
    picture.write_bytes(b"mine")
    undo(workspace, event)
    assert picture.read_bytes() == b"mine"
    assert not (decks_folder / "d.yaml").exists()


@pytest.mark.parametrize("why", ["it cannot be read to its end", "it is another", "it is there"])
def test_a_picture_that_cannot_be_brought_leaves_nothing_behind(
    workspace: Workspace, decks_folder: Path, home: Path, why: str
) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise DeckError("the package is damaged")
            return super().read(size)

    wrong = copy(decks_folder / "b.png", PICTURE[1:])
    if why == "it cannot be read to its end":
        wrong = wrong._replace(open=lambda: Broken(PICTURE))
    elif why == "it is there":
        wrong = copy(decks_folder / "a.png")
    with pytest.raises(DeckError, match=r"damaged|changed meanwhile|already there"):
        bring(workspace, decks_folder, copy(decks_folder / "a.png"), wrong)
    assert left(home) == []
    assert list(workspace.progress.events()) == []


def test_a_power_cut_before_or_after_the_event_is_put_right(
    workspace: Workspace, decks_folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Cut(BaseException):
        pass

    def cut(*_: object) -> None:
        raise Cut

    with monkeypatch.context() as patch:
        patch.setattr(Filing, "settle", lambda _: None)
        patch.setattr("sco_quiz.workspace.filing._chunks_of", cut)
        with pytest.raises(Cut):
            bring(workspace, decks_folder, copy(decks_folder / "a.png"))
    assert left(home) == ["d.yaml", "pending.json"]
    event = bring(workspace, decks_folder, copy(decks_folder / "a.png"))
    with monkeypatch.context() as patch:
        patch.setattr(Filing, "_finish_undo", cut)
        with pytest.raises(Cut):
            undo(workspace, event)
    assert "a.png" in left(home)
    filing_of(workspace).settle()
    assert [name for name in left(home) if not name.endswith(".json")] == []
