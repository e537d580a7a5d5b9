"""Whatever happens to decks while sessions are open: no answer is lost, none counts for nothing."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sco_quiz.learning.cards import Rating
from sco_quiz.learning.queue import Pick
from sco_quiz.learning.study_day import DAY_MS, MINUTE_MS
from sco_quiz.paths import Paths
from sco_quiz.studying.sessions import begin_study
from sco_quiz.studying.undo import undo
from sco_quiz.workspace.workspace import Workspace
from tests.conftest import FakeClock

if TYPE_CHECKING:
    from sco_quiz.learning.session import StudySession

WORDS = ("river", "capital", "founding year", "highest peak", "currency", "eldest poet")
COUNTRIES = ("Tajikistan", "Kyrgyzstan", "Georgia")
FILES = ("one", "two")
PROGRAMS = st.integers(0, 2)
NOTES = st.integers(0, len(WORDS) * len(COUNTRIES) - 1)


class Note:
    """A note of the learner's; its answer never changes, so that it stays the same card."""

    def __init__(self, number: int) -> None:
        word, country = WORDS[number % len(WORDS)], COUNTRIES[number // len(WORDS)]
        self.question = f"The {word} of {country}, as learned at school"
        self.answer = f"{word} {country} {number}"
        self.file = FILES[number % 2]
        self.there = True
        self.times = 0

    def reword(self) -> None:
        self.times += 1
        self.question = f"{self.question.partition(',')[0]}, told {self.times % 3} times"


class Learner(RuleBasedStateMachine):
    """Studies in up to three programs at once, and edits decks meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        root = Path(self.stack.enter_context(TemporaryDirectory()))
        self.paths = Paths(root / "config", root / "data", root / "cache")
        self.paths.decks_folder.mkdir(parents=True)
        self.clock = FakeClock()
        self.notes = [Note(number) for number in range(len(WORDS) * len(COUNTRIES))]
        self.broken: set[str] = set()
        self.written = 0
        self.acknowledged = 0
        self.sessions: dict[int, StudySession] = {}

    def teardown(self) -> None:
        self.stack.close()

    @initialize()
    def open(self) -> None:
        for file in FILES:
            self.write(file)
        self.programs = [
            self.stack.enter_context(Workspace(paths=self.paths, clock=self.clock))
            for _ in range(3)
        ]
        self.programs[0].refresh()

    def write(self, file: str) -> None:
        lines = [f"deck: {file}", f"id: {file}", "new_per_day: 99", "cards:"]
        lines += [
            f'- {{question: "{note.question}", answer: "{note.answer}"}}'
            for note in self.notes
            if note.file == file and note.there
        ]
        lines += ["  - ["] if file in self.broken else [] if len(lines) > 4 else ["  []"]
        path = self.paths.decks_folder / f"{file}.yaml"
        path.write_text("\n".join(lines) + "\n", "utf-8")
        self.written += 1  # files that change within a tick of the clock have to look changed
        os.utime(path, ns=(self.written * 10**9, self.written * 10**9))

    # What the learner does to decks

    @rule(number=NOTES)
    def reword(self, number: int) -> None:
        self.notes[number].reword()
        self.write(self.notes[number].file)

    @rule(number=NOTES)
    def move(self, number: int) -> None:
        note = self.notes[number]
        note.file = FILES[note.file == FILES[0]]
        for file in FILES:
            self.write(file)

    @rule(number=NOTES)
    def delete_or_restore(self, number: int) -> None:
        note = self.notes[number]
        note.there = not note.there
        self.write(note.file)

    @rule(file=st.sampled_from(FILES))
    def break_or_mend(self, file: str) -> None:
        self.broken ^= {file}
        self.write(file)

    @rule(program=PROGRAMS)
    def look_at_decks(self, program: int) -> None:
        self.programs[program].refresh()

    # What the learner does in sessions

    @rule(program=PROGRAMS, pick=st.sampled_from((Pick.DUE, Pick.DUE, Pick.AHEAD)))
    def begin(self, program: int, pick: Pick) -> None:
        self.programs[program].refresh()
        self.sessions[program] = begin_study(self.programs[program], pick=pick)

    @rule(program=PROGRAMS)
    def follow(self, program: int) -> None:
        if program in self.sessions:
            self.sessions[program].follow()

    @rule(program=PROGRAMS, right=st.booleans())
    def answer(self, program: int, right: bool) -> None:
        session = self.sessions.get(program)
        if session and session.question and session.judgement is None:
            session.answer(session.question.card.answers[0] if right else "x")

    @rule(program=PROGRAMS, rating=st.sampled_from(list(Rating)))
    def rate(self, program: int, rating: Rating) -> None:
        session = self.sessions.get(program)
        if session is None or session.judgement is None or session.question is None:
            return
        before = session.question
        if not session.rate(rating):
            return
        self.acknowledged += 1
        progress = self.programs[program].progress
        event = next(e for e in reversed(list(progress.events())) if e.kind == "review")
        key = progress.card_of(event)
        ((reviews,),) = progress.query("SELECT count(*) FROM review WHERE card = ?", (key,))
        assert progress.state(key or "").reps == reviews
        assert event.details["was"] == int(before.before.state)
        assert progress.query("SELECT 1 FROM library.card WHERE key = ?", (key,))

    @precondition(lambda self: self.acknowledged > 0)
    @rule(program=PROGRAMS)
    def take_back(self, program: int) -> None:
        workspace = self.programs[program]
        ((before,),) = workspace.progress.query("SELECT count(*) FROM review")
        session = self.sessions.get(program)
        if session is not None:
            session.undo()
        else:
            undo(workspace)
        ((after,),) = workspace.progress.query("SELECT count(*) FROM review")
        self.acknowledged += after - before

    @rule(minutes=st.sampled_from((1, 11, 60, 24 * 60, 9 * 24 * 60)))
    def wait(self, minutes: int) -> None:
        self.clock.at += minutes * MINUTE_MS
        assert self.clock.at < 2**53 + DAY_MS

    # What holds

    @invariant()
    def no_answer_is_lost_or_counted_twice(self) -> None:
        if not hasattr(self, "programs"):
            return
        progress = self.programs[0].progress
        ((reviews, cards),) = progress.query("SELECT count(*), count(DISTINCT card) FROM review")
        assert reviews == self.acknowledged
        ((reps, states),) = progress.query(
            "SELECT coalesce(sum(reps), 0), count(*) FROM card_state WHERE reps > 0"
        )
        assert (reps, states) == (self.acknowledged, cards)

    @invariant()
    def totals_count_each_card_once(self) -> None:
        for session in self.sessions.values():
            keys = [*session._queue, *session._finished]
            if session.question:
                keys.append(session.question.card.key)
            assert len(keys) == len(set(keys))
            assert session.total == len(keys)

    def settle(self) -> None:
        """Mend and restore all decks; each answer then counts for a card that is there."""
        self.broken.clear()
        for note in self.notes:
            note.there = True
        for file in FILES:
            self.write(file)
        workspace = self.programs[0]
        workspace.refresh()
        doubtful = {pair.old.key for pair in workspace.relinker.doubtful()}
        orphans = {face.key for face in workspace.relinker.orphans()} - doubtful
        known = {f"{note.answer}" for note in self.notes}
        progress = workspace.progress
        for key in orphans:
            ((answer,),) = progress.query("SELECT answer FROM face WHERE key = ?", (key,))
            assert answer in known
        kept = [progress.query(f"SELECT * FROM {view} ORDER BY 1, 2") for view in VIEWS]
        progress.rebuild()
        assert [progress.query(f"SELECT * FROM {view} ORDER BY 1, 2") for view in VIEWS] == kept


VIEWS = ("card_state", "review", "session", "undone", "kin")


class LearnerWhoSettles(Learner):
    def teardown(self) -> None:
        if hasattr(self, "programs"):
            self.settle()
        super().teardown()


TestLearner = pytest.mark.proof(
    "learners among edited, broken, moved and restored decks: no answer lost, none astray"
)(LearnerWhoSettles.TestCase)
