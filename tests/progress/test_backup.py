from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.errors import DamagedError, ProgressError
from sco_quiz.learning.study_day import EPOCH_DAY, Moment
from sco_quiz.progress import backup, database, log
from sco_quiz.progress.backup import Contents, back_up, choose_kept_days, contents_of
from sco_quiz.progress.backup_reach import backups_of
from sco_quiz.progress.restoring import restore
from sco_quiz.progress.store import Progress

if TYPE_CHECKING:
    from pathlib import Path

    from sco_quiz.learning.cards import Card

TODAY = EPOCH_DAY + 20_000
NOW = Moment(1, 0, TODAY)


def flag(card: Card, flag: int, day: int = TODAY) -> log.EventDraft:
    return log.flag(Moment(1, 0, day), card, flag)


@pytest.fixture
def filled(path: Path, cards: list[Card]) -> Path:
    """A progress file with five events."""
    with Progress.open(path) as progress:
        progress.append(*(flag(card, 1) for card in cards))
    return path


def events_in(path: Path) -> list[log.Event]:
    with Progress.open(path, read_only=True) as progress:
        return list(progress.events())


def damage(path: Path) -> None:
    """Change one letter of an answer."""
    data = path.read_bytes()
    assert data.count(b'"flag":1') == 5
    path.write_bytes(data.replace(b'"flag":1', b'"flag":3', 1))


def test_a_backup_is_a_progress_file_with_every_event(filled: Path) -> None:
    made = back_up(filled, TODAY)
    assert made == filled.parent / "backups" / f"progress-{date.fromordinal(TODAY)}.db"
    assert events_in(made) == events_in(filled)
    assert contents_of(made) == contents_of(filled) == Contents(5, 0, 5, (TODAY, TODAY), 1)
    assert [*made.parent.glob("*.db")] == [made]


def test_the_backup_of_a_day_can_be_made_again(filled: Path, cards: list[Card]) -> None:
    back_up(filled, TODAY)
    with Progress.open(filled) as progress:
        progress.append(flag(cards[0], 2))
    made = back_up(filled, TODAY)
    assert made is not None
    assert events_in(made) == events_in(filled)
    assert backups_of(filled) == {date.fromordinal(TODAY): made}


def test_an_empty_log_is_not_backed_up(path: Path) -> None:
    assert back_up(path, TODAY) is None
    Progress.open(path).close()
    assert back_up(path, TODAY) is None
    assert backups_of(path) == {}


def test_a_backup_is_made_while_another_program_writes(filled: Path, cards: list[Card]) -> None:
    with closing(sqlite3.connect(filled)) as other:
        other.execute("BEGIN IMMEDIATE")
        made = back_up(filled, TODAY)
    assert made is not None
    assert events_in(made) == events_in(filled)


def test_a_damaged_file_never_replaces_a_backup(filled: Path) -> None:
    made = back_up(filled, TODAY)
    assert made is not None
    before = made.read_bytes()
    damage(filled)
    for day in (TODAY, TODAY + 1):
        with pytest.raises(DamagedError, match=r"event \d of device \w+ is changed"):
            back_up(filled, day)
    assert made.read_bytes() == before
    assert [*made.parent.glob("*.db")] == [made]


def test_a_backups_folder_that_cannot_be_made_is_reported(filled: Path) -> None:
    (filled.parent / "backups").write_text("in the way")
    with pytest.raises(ProgressError, match="backups") as caught:
        back_up(filled, TODAY)
    assert caught.value.help
    assert (filled.parent / "backups").read_text() == "in the way"


def test_after_a_year_backups_of_seven_days_five_weeks_and_twelve_months_are_kept() -> None:
    days: set[date] = set()
    for number in range(400):
        days.add(date(2025, 1, 1) + timedelta(number))
        days = choose_kept_days(days)
    today = date(2025, 1, 1) + timedelta(399)
    assert {today - timedelta(n) for n in range(7)} <= days
    assert len({day.isocalendar()[:2] for day in days}) >= 5
    assert len({(day.year, day.month) for day in days}) == 12
    assert len(days) <= 7 + 5 + 12
    ends = [day for day in days if day < today - timedelta(40)]
    assert all((day + timedelta(1)).day == 1 for day in ends)


@given(st.sets(st.dates(date(2024, 1, 1), date(2026, 12, 31)), max_size=60))
def test_the_newest_backups_are_always_kept(days: set[date]) -> None:
    left = choose_kept_days(days)
    assert left <= days
    assert set(sorted(days)[-7:]) <= left
    assert choose_kept_days(left) == left
    months = sorted({(day.year, day.month) for day in days})
    assert months[-12:] == sorted({(day.year, day.month) for day in left})[-12:]


def test_old_backups_are_removed(filled: Path) -> None:
    folder = filled.parent / "backups"
    for number in range(30):
        back_up(filled, TODAY + number)
    own = folder / "progress-of-mine.db"
    own.touch()
    back_up(filled, TODAY + 30)
    assert len(backups_of(filled)) <= 24
    assert set(backups_of(filled)) == choose_kept_days(backups_of(filled))
    assert own.exists()


def test_a_restore_keeps_the_replaced_file_and_undo_works_across_it(
    filled: Path, cards: list[Card], tmp_path: Path
) -> None:
    source = tmp_path / "copy.db"
    backup.write_copy(filled, source)
    with Progress.open(filled) as progress:
        progress.append(flag(cards[0], 2))
    before = filled.read_bytes()
    aside = restore(filled, source, NOW)
    assert aside is not None
    assert aside.read_bytes() == before
    assert aside.name.startswith("before-restore-")
    assert events_in(filled) == events_in(source)
    with Progress.open(filled) as progress:
        event = progress.last_undoable()
        assert event is not None
        progress.undo(event, Moment(2, 0, TODAY))
        assert progress.state(cards[4].key).flag == 0


def test_events_after_a_restore_have_another_device_id_than_the_replaced_ones(
    filled: Path, cards: list[Card]
) -> None:
    made = back_up(filled, TODAY)
    assert made is not None
    with Progress.open(filled) as progress:
        (lost,) = progress.append(flag(cards[0], 2))
    aside = restore(filled, made, NOW)
    assert aside is not None
    with Progress.open(filled) as progress:
        (new,) = progress.append(flag(cards[0], 3))
        assert new.device != lost.device
        with Progress.open(aside, read_only=True) as other:
            assert progress.merge(other.events()) == 1


def test_a_backup_copied_over_the_file_by_hand_writes_under_another_id(
    filled: Path, cards: list[Card]
) -> None:
    made = back_up(filled, TODAY)
    assert made is not None
    with Progress.open(filled) as progress:
        (lost,) = progress.append(flag(cards[0], 2))
    filled.write_bytes(made.read_bytes())
    with Progress.open(filled) as progress:
        (new,) = progress.append(flag(cards[0], 3))
    assert new.device != lost.device


def test_a_backup_can_be_restored_where_no_progress_file_is(filled: Path, tmp_path: Path) -> None:
    path = tmp_path / "new" / "progress.db"
    assert restore(path, filled, NOW) is None
    assert events_in(path) == events_in(filled)


def test_an_app_that_is_open_during_a_restore_refuses_the_next_answer(
    filled: Path, cards: list[Card]
) -> None:
    made = back_up(filled, TODAY)
    assert made is not None
    with Progress.open(filled) as progress:
        restore(filled, made, NOW)
        with pytest.raises(ProgressError, match="moved or replaced"):
            progress.append(flag(cards[0], 2))
    assert events_in(filled) == events_in(made)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path.unlink(), "there is no file"),
        (lambda path: path.write_bytes(b"something else" * 100), "not a progress file"),
        (damage, "is damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[:8192]), "is damaged"),
        (lambda path: _set_version(path, database.VERSION + 1), "newer version"),
    ],
)
def test_an_unusable_backup_is_refused_and_changes_nothing(
    filled: Path, tmp_path: Path, make: object, says: str
) -> None:
    assert callable(make)
    source = tmp_path / "source.db"
    shutil.copy(filled, source)
    make(source)
    before = filled.read_bytes()
    with pytest.raises(ProgressError, match=says):
        restore(filled, source, NOW)
    assert filled.read_bytes() == before
    assert {entry.name for entry in filled.parent.iterdir()} <= {filled.name, source.name}


@pytest.mark.parametrize("content", [b"something else" * 100, b"", b"x"])
def test_a_restore_keeps_whatever_was_in_the_place_of_the_file(
    filled: Path, path: Path, tmp_path: Path, content: bytes
) -> None:
    source = filled.rename(tmp_path / "source.db")
    path.write_bytes(content)
    aside = restore(path, source, NOW)
    assert aside is not None
    assert aside.read_bytes() == content
    assert events_in(path) == events_in(source)


@pytest.mark.parametrize("step", ["fsync", "replace", "link"])
def test_an_interrupted_restore_leaves_one_whole_file(
    filled: Path, cards: list[Card], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    source = tmp_path / "source" / "source.db"
    source.parent.mkdir()
    backup.write_copy(filled, source)
    with Progress.open(filled) as progress:
        progress.append(flag(cards[0], 2))
    whole = (events_in(filled), events_in(source))
    real = getattr(os, step)
    for number in range(1, 20):
        calls = 0

        def breaking(*arguments: object, **named: object) -> object:
            nonlocal calls
            calls += 1
            if calls == number:  # noqa: B023 -- called in this round only
                raise OSError(5, "Input/output error")
            return real(*arguments, **named)

        with monkeypatch.context() as patch:
            patch.setattr(os, step, breaking)
            try:
                restore(filled, source, NOW)
            except ProgressError as error:
                assert "cannot be used" in error.message  # noqa: PT017 -- or it did not break
        assert events_in(filled) in whole
        assert not list(filled.parent.glob(".sco-quiz-*"))
        if calls < number:
            break
    assert number > 1


def _set_version(path: Path, version: int) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {version}")
