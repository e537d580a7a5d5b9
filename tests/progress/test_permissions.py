"""Nobody but their owner reads the progress file and what is made of it."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from stat import S_IMODE
from typing import TYPE_CHECKING

import pytest

from sco_quiz.learning.study_day import EPOCH_DAY, Moment
from sco_quiz.progress import backup, backup_reach, log, restoring
from sco_quiz.progress.renewing import mend
from sco_quiz.progress.store import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sco_quiz.learning.cards import Card

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="folders have other rules there")

TODAY = EPOCH_DAY + 20_000
NOW = Moment(1, 0, TODAY)


@pytest.fixture(autouse=True)
def _open_to_all() -> Iterator[None]:
    with umask(0):
        yield


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.fixture
def filled(tmp_path: Path, cards: list[Card]) -> Path:
    """A progress file with a backup, in a folder that was made for it."""
    path = tmp_path / "data" / "progress.db"
    with Progress.open(path) as progress:
        progress.append(*(log.flag(NOW, card, 1) for card in cards))
    backup.back_up(path, TODAY)
    return path


def mode_of(path: Path) -> int:
    return S_IMODE(path.stat().st_mode)


def assert_private(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        assert mode_of(path) == (0o700 if path.is_dir() else 0o600), path


def test_only_the_owner_can_read_a_progress_file_and_its_backups(filled: Path) -> None:
    assert_private(filled.parent)


def test_only_the_owner_can_read_the_journal_of_an_answer(filled: Path, cards: list[Card]) -> None:
    with Progress.open(filled) as progress:
        progress.append_with(lambda _: assert_private(filled.parent), log.flag(NOW, cards[0], 2))


def test_only_the_owner_can_read_restored_copied_and_set_aside_files(
    filled: Path, tmp_path: Path, cards: list[Card]
) -> None:
    backup.write_copy(filled, tmp_path / "own" / "copy.db")
    assert_private(tmp_path / "own")
    filled.unlink()
    restoring.restore(filled, tmp_path / "own" / "copy.db", NOW)
    restoring.restore(filled, tmp_path / "own" / "copy.db", NOW)
    filled.unlink()
    with Progress.open(filled) as progress:
        restoring.leave_behind(progress, NOW)
        progress.append(log.flag(NOW, cards[0], 2))
    backup_reach.note_reach(filled)
    assert len(list(filled.parent.rglob("*.db"))) == 3
    assert_private(filled.parent)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o660])
def test_a_new_file_has_the_permissions_of_the_one_it_replaces(filled: Path, mode: int) -> None:
    (made,) = backup_reach.backups_of(filled).values()
    filled.chmod(mode)
    restoring.restore(filled, made, NOW)
    assert mode_of(filled) == mode
    filled.write_bytes(filled.read_bytes()[:-4096])
    assert mend(filled) is not None
    assert mode_of(filled) == mode
    assert mode_of(made) == 0o600


def test_existing_folders_keep_their_permissions(tmp_path: Path, cards: list[Card]) -> None:
    (tmp_path / "backups").mkdir()
    with Progress.open(tmp_path / "progress.db") as progress:
        progress.append(log.flag(NOW, cards[0], 1))
    before = mode_of(tmp_path)
    backup.back_up(tmp_path / "progress.db", TODAY)
    assert mode_of(tmp_path / "backups") == 0o777
    assert mode_of(tmp_path) == before
