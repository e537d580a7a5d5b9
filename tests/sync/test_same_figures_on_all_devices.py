"""Commands say the same on several devices in the end, to the byte."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sco_quiz.cli.main import run
from sco_quiz.errors import DeckError
from sco_quiz.learning.cards import Rating
from sco_quiz.learning.results import QuizOptions
from sco_quiz.learning.study_day import DAY_MS, Moment, study_day
from sco_quiz.paths import HOME_VARIABLE
from sco_quiz.studying.quizzes import begin_quiz
from sco_quiz.studying.sessions import begin_study
from sco_quiz.studying.undo import undo
from sco_quiz.sync.syncing import synchronise
from sco_quiz.workspace.workspace import Workspace
from tests.sync.conftest import Device, carry

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.conftest import Rounds

START = int(datetime(2026, 3, 2, 9, tzinfo=UTC).timestamp() * 1000)
DECK = "deck: Own\nid: own\nnew_per_day: 50\ncards:\n" + "".join(
    f"  - {{id: n{number}, question: Number {number}?, answer: a{number}}}\n" for number in range(9)
)
SAID = (("due", "--json"), ("history", "--json"), ("stats", "--json"))


class Learner:
    """Somebody who does this and that on several devices."""

    def __init__(self, root: Path, chance: random.Random, patch: pytest.MonkeyPatch) -> None:
        self.root, self.chance, self.patch = root, chance, patch
        self.at = START
        self.devices = [Device(root / f"home{n}", root / f"copy{n}") for n in range(3)]
        decks = root / "decks"
        decks.mkdir()
        (decks / "own.yaml").write_text(DECK)
        for device in self.devices:
            device.paths.decks_folder.symlink_to(decks)
        patch.setattr("sco_quiz.workspace.workspace.system_now", lambda _: self.now())

    def now(self) -> Moment:
        return Moment(self.at, 0, study_day(self.at, 0, 4))

    def act(self, number: int) -> None:
        device = self.chance.choice(self.devices)
        self.at += self.chance.choice([1_000, 60_000, 3_600_000, DAY_MS])
        self.patch.setenv(HOME_VARIABLE, str(device.home))
        match self.chance.choice(
            ["study", "study", "quiz", "undo", "edit", "import", *["sync"] * 4]
        ):
            case "sync":
                synchronise(
                    device.paths, self.now, str(device.folder), make=True,
                    quietly=self.chance.random() < 0.5,
                )  # fmt: skip
                carry(device.folder, self.chance.choice(self.devices).folder, self.chance)
            case "import":
                table = self.root / f"{self.chance.randrange(2)}.csv"
                table.write_text(f"front,back\nx{number},y\n")
                assert run(["import", str(table)]) == 0
            case "edit":
                path = self.root / "decks" / "own.yaml"
                text = path.read_text()
                path.write_text(text.replace(f"Number {number % 9}?", f"Number {number % 9}, now?"))
            case act:
                with Workspace() as workspace:
                    workspace.refresh()
                    self._in(workspace, act)

    def _in(self, workspace: Workspace, act: str) -> None:
        if act == "undo":
            with suppress(DeckError):  # another device has added to the deck it made, and is told
                undo(workspace)
        elif act == "quiz":
            quiz = begin_quiz(workspace, ["own"], options=QuizOptions(2))
            quiz.answer("a1")
            quiz.go_on()
            quiz.leave()
        else:
            session = begin_study(workspace, ["own"])
            for _ in range(3):
                if session.question is not None:
                    self.at += 7_000
                    session.answer()
                    session.rate(self.chance.choice([*Rating]))
            session.end()

    def meet(self) -> None:
        for _ in range(4):
            for device in self.devices:
                with suppress(FileNotFoundError):
                    synchronise(device.paths, self.now, str(device.folder), make=True)
                self.patch.setenv(HOME_VARIABLE, str(device.home))
                with Workspace() as workspace:  # edited cards keep their history
                    workspace.refresh()
            for source in self.devices:
                for target in self.devices:
                    carry(source.folder, target.folder)


def test_due_history_and_stats_are_the_same_on_all_devices(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    rounds: Rounds,
) -> None:
    for number in range(rounds(3, 40, "histories on three devices: `due`, `stats` alike")):
        root = tmp_path / f"{number}"
        root.mkdir()
        learner = Learner(root, random.Random(number), monkeypatch)
        for step in range(25):
            learner.act(step)
        learner.meet()
        for arguments in SAID:
            said = []
            for device in learner.devices:
                monkeypatch.setenv(HOME_VARIABLE, str(device.home))
                capsys.readouterr()
                assert run([*arguments]) == 0
                said.append(capsys.readouterr().out)
            assert said[1:] == said[:1] * 2, (number, arguments)
            assert len(said[0]) > 20
