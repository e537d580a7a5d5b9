"""Files emptied, deleted, cut short, replaced by older ones, moved and copied, over days of study.

That happens between sessions and during them.

Whatever the program does then, it drops no event that some file of the data folder still holds.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sco_quiz.errors import BehindError, ProgressError
from sco_quiz.learning.cards import Card, key_of
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.study_day import DAY_MS, EPOCH_DAY, Moment
from sco_quiz.progress import backup, backup_reach, doctor, log, restoring
from sco_quiz.progress.salvage import whole_events
from sco_quiz.progress.store import Progress
from sco_quiz.workspace import safekeeping
from sco_quiz.workspace.workspace import open_progress

CARD = Card(
    key=key_of("a"), note=key_of("b"), deck="d", kind=Kind.BASIC, prompt="?", answers=("!",)
)
OUTSIDE = (
    "empty", "delete", "cut", "an older copy", "a backup over it", "delete the note",
    "move", "copy",
)  # fmt: skip
OURS = (
    "study", "study", "study meanwhile", "study meanwhile", "back up", "bring back", "leave behind",
    "restore", "rebuild",
)  # fmt: skip


class Home:
    """A data folder and copies of it, and who studies and tampers in them."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self.path = folder / "data" / "progress.db"
        self.day = EPOCH_DAY + 20_000
        self.copies: list[bytes] = []
        self.folders = 1

    @property
    def now(self) -> Moment:
        return Moment(self.day * DAY_MS, 0, self.day)

    def held(self) -> set[tuple[str, int, bytes]]:
        """What names the events that any file holds."""
        files = [path for path in self.root.rglob("*.db") if path.is_file()]
        return {
            (event.device, event.seq, event.sum[:8])
            for path in files
            for event in whole_events(path.read_bytes())
        }

    def files(self) -> dict[Path, bytes]:
        return {each: each.read_bytes() for each in self.root.rglob("*.db")}

    def do(self, step: str, number: int) -> None:
        backups = [*backup_reach.backups_of(self.path).values()]
        if step == "study":
            progress, _ = open_progress(self.path, read_only=False, mend=True)
            with progress:
                progress.append(log.flag(self.now, CARD, 1), log.flag(self.now, CARD, 2))
            safekeeping.back_up_if_due(self.path, self.day)
            self.copies.append(self.path.read_bytes())
            self.day += number
        elif step == "study meanwhile":
            self.study_meanwhile(number)
        elif step == "back up":
            backup.back_up(self.path, self.day)
        elif step == "bring back":
            with Progress.open(self.path) as progress:
                restoring.bring_back(progress)
        elif step == "leave behind":
            with Progress.open(self.path) as progress:
                restoring.leave_behind(progress, self.now)
        elif step == "restore" and backups:
            restoring.restore(self.path, backups[number % len(backups)], self.now)
        elif step == "rebuild" and self.path.exists():
            doctor.rebuild(self.path)

    def study_meanwhile(self, number: int) -> None:
        """Study while something happens to the files; what was acknowledged is not lost."""
        path = self.path
        progress, _ = open_progress(path, read_only=False, mend=True)
        acknowledged: list[log.Event] = []
        wanted: set[tuple[str, int, bytes]] = set()
        try:
            with progress:
                acknowledged += progress.append(log.flag(self.now, CARD, 3))
                if number % 2:
                    safekeeping.back_up_if_due(path, self.day)
                self.tamper(OUTSIDE[number % len(OUTSIDE)], number)
                wanted = self.held()
                acknowledged += progress.append(log.flag(self.now, CARD, 4))
        finally:
            wanted |= {(event.device, event.seq, event.sum[:8]) for event in acknowledged}
            assert wanted <= self.held()
            self.day += 1

    def tamper(self, step: str, number: int) -> None:
        backups = [*backup_reach.backups_of(self.path).values()]
        if step == "empty":
            self.path.write_bytes(b"")
        elif step == "delete":
            self.path.unlink(missing_ok=True)
        elif step == "cut" and self.path.exists():
            data = self.path.read_bytes()
            self.path.write_bytes(data[: len(data) * number // 40])
        elif step == "an older copy" and self.copies:
            self.path.write_bytes(self.copies[number % len(self.copies)])
        elif step == "a backup over it" and backups:
            self.path.write_bytes(backups[number % len(backups)].read_bytes())
        elif step in ("move", "copy"):
            folder = self.path.parent
            self.folders += 1
            other = self.root / f"data-{self.folders}"
            if step == "move":
                folder.rename(other)
            else:
                shutil.copytree(folder, other)
            if step == "move" or number % 2:
                self.path = other / self.path.name
        elif step == "delete the note":
            (self.path.parent / "backups" / ".reach.json").unlink(missing_ok=True)


@pytest.mark.proof(
    "random days with files emptied, deleted, cut, replaced, moved and copied: no event dropped"
)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(st.sampled_from(OUTSIDE + OURS), st.integers(1, 39)), max_size=10))
def test_no_event_that_a_file_still_holds_is_lost_over_days_of_study(
    steps: list[tuple[str, int]],
) -> None:
    with TemporaryDirectory() as folder:
        home = Home(Path(folder))
        home.do("study", 1)
        for step, number in steps:
            if step in OUTSIDE:
                home.tamper(step, number)
                continue
            before, files = home.held(), home.files()
            meanwhile = step == "study meanwhile"
            try:
                home.do(step, number)
            except BehindError:
                assert meanwhile or home.files() == files
            except ProgressError:
                pass
            assert meanwhile or before <= home.held(), step
        backups = backup_reach.reach_of(home.path)
        try:
            home.do("bring back", 1)
        except ProgressError:
            return
        with Progress.open(home.path, read_only=True) as progress:
            assert not backup_reach.find_backups_ahead(progress.connection, home.path)
        assert [*backup_reach.reach_of(home.path)] == [*backups]
        assert doctor.examine(home.path)[1:] == ([], [], None)
