"""`sco-quiz stats --workload`: the learner's own cards, and what they would cost."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from sco_quiz.cli.main import run
from sco_quiz.insight.workload import workloads, workloads_in_thread
from sco_quiz.learning.cards import Rating
from sco_quiz.learning.simulating import DAYS, RETENTIONS
from sco_quiz.learning.study_day import Moment
from sco_quiz.studying.sessions import begin_study
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

NOW = Moment(1_772_366_400_000, 0, 739_676)
DECK = "deck: Numbers\nid: numbers\nnew_per_day: 30\ncards:\n" + "".join(
    f"  - {{question: How much is {n} + {n}?, answer: {2 * n}}}\n" for n in range(30)
)


@pytest.fixture
def numbers(decks_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A deck of thirty cards, and no other."""
    empty = decks_folder.parent / "none"
    empty.mkdir()
    monkeypatch.setattr("sco_quiz.workspace.opening.shipped_decks", lambda: empty)
    (decks_folder / "numbers.yaml").write_text(DECK)


@pytest.mark.usefixtures("numbers")
def test_the_simulation_is_of_the_cards_as_they_stand(home: Path) -> None:
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text("new_in_all = 0\n")
    with Workspace(clock=lambda: NOW) as workspace:
        workspace.refresh()
        fresh = workloads(workspace)
        session = begin_study(workspace)
        session.suspend()
        for _ in range(20):
            session.answer()
            session.rate(Rating.EASY)
        later = workloads(workspace)
    assert [each.retention for each in fresh] == list(RETENTIONS)
    assert [each.seen for each in fresh] == [30] * len(fresh)
    assert [each.seen for each in later] == [29] * len(fresh)
    assert later[4].answers < fresh[4].answers - 20 / DAYS


@pytest.mark.usefixtures("numbers")
def test_the_present_retention_is_listed_and_marked(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text("retention = 0.875\n")
    assert run(["stats", "--workload"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split("  ")[0] == "Workload and retention"
    rows = [line.split() for line in lines if " % " in line]
    assert len(rows) == len(RETENTIONS) + 1
    (marked,) = [row for row in rows if row[0] == "›"]
    assert marked[1:3] == ["87.5", "%"]
    assert all("█" in row[-1] for row in rows)
    assert max(map(len, lines)) <= 80


def test_the_limit_for_all_decks_is_simulated(decks_folder: Path, home: Path) -> None:
    cards = "".join(f"  - {{front: What is {n}?, back: '{n}'}}\n" for n in range(1000))
    (decks_folder / "many.yaml").write_text(f"deck: Many\ncards:\n{cards}")
    (home / "config").mkdir()
    for text, seen in (("", 1000), ("new_in_all = 2\n", 2 * DAYS), ("new_per_day = 1\n", DAYS)):
        (home / "config" / "config.toml").write_text(text)
        with Workspace(clock=lambda: NOW) as workspace:
            workspace.refresh()
            assert workloads(workspace, ["many"])[0].seen == seen


@pytest.mark.usefixtures("numbers")
def test_the_figures_come_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["stats", "--workload", "--json"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    assert [each["retention"] for each in found] == list(RETENTIONS)
    assert set(found[0]) == {"retention", "answers", "minutes", "remembered", "seen"}
    assert all(0 < each["remembered"] < each["seen"] == 30 for each in found)


def test_without_cards_there_is_nothing_to_simulate(
    decks_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sco_quiz.workspace.opening.shipped_decks", lambda: decks_folder)
    assert run(["stats", "--workload"]) == 0
    assert "There are no cards to study." in capsys.readouterr().out


@pytest.mark.usefixtures("numbers")
def test_for_one_deck_its_own_cards_and_retention_are_simulated(
    decks_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = "deck: Few\nretention: 0.82\ncards: [{front: a, back: b}, {front: c, back: d}]\n"
    (decks_folder / "few.yaml").write_text(few)
    assert run(["stats", "--workload", "--deck", "few"]) == 0
    (marked,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("›")]
    assert marked.split()[1:3] == ["82", "%"]
    assert " of 2 " in marked


@pytest.mark.usefixtures("numbers")
def test_a_simulation_in_a_thread_uses_its_own_connections() -> None:
    with Workspace(clock=lambda: NOW) as workspace, ThreadPoolExecutor(1) as threads:
        workspace.refresh()
        found = threads.submit(workloads_in_thread, workspace).result()
        assert found == workloads(workspace)
