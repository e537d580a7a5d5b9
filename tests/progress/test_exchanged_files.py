"""A progress file that others overwrite, replace or remove while it is in use."""

from __future__ import annotations

import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sco_quiz.errors import ProgressError
from sco_quiz.learning.study_day import EPOCH_DAY, Moment
from sco_quiz.progress import log
from sco_quiz.progress.backup import back_up
from sco_quiz.progress.doctor import examine
from sco_quiz.progress.store import Progress

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sco_quiz.learning.cards import Card

TODAY = EPOCH_DAY + 20_000
NOW = Moment(1, 0, TODAY)


@pytest.fixture
def filled(path: Path, cards: list[Card]) -> Path:
    """A progress file with five events, and a backup of it."""
    with Progress.open(path) as progress:
        progress.append(*(log.flag(NOW, card, 1) for card in cards))
    back_up(path, TODAY)
    return path


def ids_in(path: Path) -> set[tuple[str, int]]:
    with Progress.open(path, read_only=True) as progress:
        return {event.id for event in progress.events()}


def _replace(path: Path, data: bytes) -> None:
    new = path.with_name("new")
    new.write_bytes(data)
    new.replace(path)


WAYS: dict[str, Callable[[Path, bytes], object]] = {
    "overwritten by an older copy": lambda path, older: path.write_bytes(older),
    "replaced by an older copy": _replace,
    "emptied": lambda path, _: path.write_bytes(b""),
    "replaced by nothing": lambda path, _: _replace(path, b""),
    "removed": lambda path, _: path.unlink(),
    "overwritten by garbage": lambda path, older: path.write_bytes(b"garbage!" * (len(older) // 8)),
    "cut short": lambda path, _: path.write_bytes(path.read_bytes()[:8192]),
    "replaced by garbage": lambda path, older: _replace(path, b"garbage!" * (len(older) // 8)),
}


@pytest.mark.parametrize("way", WAYS)
def test_acknowledged_answers_are_saved_into_the_new_file_and_reported(
    filled: Path, cards: list[Card], way: str
) -> None:
    older = filled.read_bytes()
    wanted = ids_in(filled)
    with Progress.open(filled) as progress:
        wanted |= {event.id for card in cards for event in progress.append(log.flag(NOW, card, 2))}
        WAYS[way](filled, older)
        there = filled.read_bytes() if filled.exists() else None
        with pytest.raises(ProgressError, match="was overwritten or removed while in use") as told:
            progress.append(log.flag(NOW, cards[0], 3))
        assert "10 events of all that is known are in it again" in told.value.message
        assert "do it once more" in told.value.help
        for _ in range(2):
            with pytest.raises(ProgressError, match="moved or replaced"):
                progress.append(log.flag(NOW, cards[0], 3))
    assert ids_in(filled) == wanted
    assert examine(filled)[1:] == ([], [], None)
    asides = [*(filled.parent / "backups").glob("overwritten-*.db")]
    assert [aside.read_bytes() for aside in asides] == ([] if there is None else [there])
    with Progress.open(filled) as progress:
        assert progress.state(cards[0].key).flag == 2
        event = progress.last_undoable()
        assert event is not None
        progress.undo(event, NOW)


@pytest.mark.parametrize("way", WAYS)
def test_acknowledged_answers_are_saved_at_the_latest_when_the_file_is_closed(
    filled: Path, cards: list[Card], way: str
) -> None:
    older = filled.read_bytes()
    wanted = ids_in(filled)
    progress = Progress.open(filled)
    wanted |= {event.id for card in cards for event in progress.append(log.flag(NOW, card, 2))}
    WAYS[way](filled, older)
    with pytest.raises(ProgressError, match="10 events of all that is known are in it again"):
        progress.close()
    assert ids_in(filled) == wanted
    progress.close()


@pytest.mark.parametrize("way", WAYS)
def test_acknowledged_answers_are_saved_by_whoever_reads_or_closes_the_file_first(
    filled: Path, cards: list[Card], way: str
) -> None:
    older = filled.read_bytes()
    wanted = ids_in(filled)
    told = []
    with suppress(ProgressError), Progress.open(filled) as progress:
        wanted |= {event.id for card in cards for event in progress.append(log.flag(NOW, card, 2))}
        WAYS[way](filled, older)
        try:
            progress.query("SELECT * FROM kin")
            progress.close()
        except ProgressError as error:
            told.append(error.message)
        with pytest.raises(ProgressError, match="moved or replaced"):
            progress.append(log.flag(NOW, cards[0], 3))
    assert "10 events of all that is known are in it again" in told[0]
    assert ids_in(filled) == wanted
    assert examine(filled)[1:] == ([], [], None)


def test_a_moved_file_keeps_its_events_and_no_new_file_replaces_it(
    filled: Path, cards: list[Card]
) -> None:
    with Progress.open(filled) as progress:
        (event,) = progress.append(log.flag(NOW, cards[0], 2))
        moved = filled.rename(filled.with_name("moved.db"))
    assert not filled.exists()
    assert event.id in ids_in(moved)


@pytest.mark.parametrize("way", ["overwritten by an older copy", "emptied", "removed"])
def test_the_first_step_of_a_session_notices_an_exchanged_file_too(
    filled: Path, cards: list[Card], way: str
) -> None:
    older = filled.read_bytes()
    with Progress.open(filled) as progress:
        progress.append(log.flag(NOW, cards[0], 2))
    back_up(filled, TODAY)
    wanted = ids_in(filled)
    with Progress.open(filled) as progress:
        WAYS[way](filled, older)
        with pytest.raises(ProgressError, match="was overwritten or removed while in use"):
            progress.append(log.flag(NOW, cards[0], 3))
    assert ids_in(filled) == wanted


def test_each_of_two_programs_saves_its_own_events(filled: Path, cards: list[Card]) -> None:
    older = filled.read_bytes()
    with Progress.open(filled) as one, Progress.open(filled) as other:
        written = [*one.append(log.flag(NOW, cards[0], 2))]
        written += other.append(log.flag(NOW, cards[1], 3))
        filled.write_bytes(older)
        for progress in (one, other):
            with pytest.raises(ProgressError, match="was overwritten or removed while in use"):
                progress.append(log.flag(NOW, cards[2], 4))
    assert ids_in(filled) >= {event.id for event in written}
    assert examine(filled)[1:] == ([], [], None)


def test_study_continues_in_a_newer_copy_that_has_every_event(
    filled: Path, cards: list[Card], tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere.db"
    with Progress.open(filled) as progress:
        progress.append(log.flag(NOW, cards[0], 2))
        shutil.copy(filled, elsewhere)
        with Progress.open(elsewhere) as other:
            (theirs,) = other.append(log.flag(NOW, cards[1], 2))
        filled.write_bytes(elsewhere.read_bytes())
        (ours,) = progress.append(log.flag(NOW, cards[2], 2))
    assert ids_in(filled) >= {theirs.id, ours.id}
    assert examine(filled)[1:] == ([], [], None)


def test_events_that_no_file_holds_any_more_are_reported_as_lost(
    filled: Path, cards: list[Card]
) -> None:
    older = filled.read_bytes()
    with Progress.open(filled) as progress:
        progress.append(*(log.flag(NOW, card, 2) for card in cards))  # of no backup
    with Progress.open(filled) as progress:
        progress.append(log.flag(NOW, cards[0], 3))
        filled.write_bytes(older)
        with pytest.raises(ProgressError, match="at least 5 are lost"):
            progress.append(log.flag(NOW, cards[0], 4))
    assert examine(filled)[1:] == ([], [], None)


def test_a_full_disk_leaves_the_files_as_they_were(
    filled: Path, cards: list[Card], monkeypatch: pytest.MonkeyPatch
) -> None:
    older = filled.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with Progress.open(filled) as progress:
        progress.append(log.flag(NOW, cards[0], 2))
        filled.write_bytes(older)
        with monkeypatch.context() as patch:
            patch.setattr("os.link", full)
            patch.setattr("os.replace", full)
            patch.setattr("os.rename", full)
            with pytest.raises(ProgressError, match="No space left"):
                progress.append(log.flag(NOW, cards[0], 3))
        assert filled.read_bytes() == older
        with pytest.raises(ProgressError, match="was overwritten or removed while in use"):
            progress.append(log.flag(NOW, cards[0], 3))
    assert len(ids_in(filled)) == 6


@settings(deadline=None, max_examples=30)
@given(
    days=st.lists(
        st.tuples(st.integers(1, 3), st.booleans(), st.sampled_from([*WAYS])),
        min_size=1,
        max_size=3,
    )
)
def test_no_acknowledged_answer_is_lost_however_often_files_are_exchanged(
    tmp_path_factory: pytest.TempPathFactory, cards: list[Card], days: list[tuple[int, bool, str]]
) -> None:
    path = tmp_path_factory.mktemp("session") / "progress.db"
    with Progress.open(path) as progress:
        written = {event.id for event in progress.append(log.flag(NOW, cards[0], 1))}
    older = path.read_bytes()
    for day, (answers, backed_up, way) in enumerate(days):
        back_up(path, TODAY + day)
        with Progress.open(path) as progress:
            for number in range(answers):
                written |= {event.id for event in progress.append(log.flag(NOW, cards[number], 2))}
            if backed_up:
                back_up(path, TODAY + day)
            WAYS[way](path, older)
            with pytest.raises(ProgressError, match="was overwritten or removed while in use"):
                progress.append(log.flag(NOW, cards[0], 3))
        assert ids_in(path) == written
        assert examine(path)[1:] == ([], [], None)
