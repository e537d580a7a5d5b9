"""`sco-quiz optimize`: from a log of reviews to parameters in force, and back."""

from __future__ import annotations

import json
import random
import sys
from typing import TYPE_CHECKING, Any

import pytest

from sco_quiz.cli.main import run
from sco_quiz.insight import fitting, optimizer
from sco_quiz.learning.cards import Card, CardState, Rating, State
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.memory import MemoryModel, Promise
from sco_quiz.learning.study_day import DAY_MS, EPOCH_DAY, Moment
from sco_quiz.progress import log
from sco_quiz.progress.store import Progress
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FIRST_DAY = 739_000


def card_of(key: str) -> Card:
    return Card(key, key, "deck", Kind.TYPED, f"Question {key}?", ("Answer",))


def moment(day: int, minute: int = 0) -> Moment:
    return Moment((day - EPOCH_DAY) * DAY_MS + 43_200_000 + minute * 60_000, 0, day)


def review(card: str, day: int, rating: int, state: CardState) -> tuple[log.EventDraft, CardState]:
    after = MemoryModel().after(state, Rating(rating), day, Promise(State.REVIEW, 0, day + 1, 0))
    return (
        log.review(moment(day), card_of(card), Rating(rating), state, after, session="s"), after
    )  # fmt: skip


def study(cards: int, recalls: float) -> list[log.EventDraft]:
    """Four reviews of each card, a day apart, of which a share succeeds."""
    chance = random.Random(1)
    drafts = []
    for number in range(cards):
        state = CardState()
        for day in range(4):
            rating = 3 if day == 0 or chance.random() < recalls else 1
            draft, state = review(f"{number:03}", FIRST_DAY + number % 50 + day, rating, state)
            drafts.append(draft)
    return sorted(drafts, key=lambda draft: draft.moment.at)


@pytest.fixture
def progress(home: Path) -> Iterator[Progress]:
    """An empty progress file, where the commands look for it."""
    with Progress.open(home / "data" / "progress.db") as opened:
        yield opened


@pytest.fixture
def forgetful(progress: Progress) -> Progress:
    """The log of a learner who forgets far more than the default parameters expect."""
    progress.append(*study(200, 0.6))
    return progress


def test_parameters_are_fitted_applied_and_taken_back(
    forgetful: Progress, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["optimize"]) == 0
    out, err = capsys.readouterr()
    assert "would have predicted your last 120 reviews, since " in out
    assert "% better than those in force" in out
    assert "`sco-quiz optimize --apply`" in out
    assert err == "Fitting parameters to your reviews.\n"
    assert forgetful.parameters == ()
    before = forgetful.state("000")

    assert run(["optimize", "--apply"]) == 0
    assert "in force now" in capsys.readouterr().out
    assert len(forgetful.parameters) == 21
    after = forgetful.state("000")
    assert after.stability != before.stability
    assert after.due_day == before.due_day

    assert run(["optimize"]) == 0
    assert "would not have predicted" in capsys.readouterr().out

    assert run(["optimize", "--undo"]) == 0
    assert "in force again" in capsys.readouterr().out
    assert forgetful.parameters == ()
    assert forgetful.state("000") == before
    assert run(["optimize", "--undo"]) == 0
    assert "nothing to take back" in capsys.readouterr().out


def test_the_figures_come_as_json(forgetful: Progress, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["optimize", "--json", "--apply"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (found["reviews"], found["judged"]) == (800, 120)
    assert found["since"].startswith("2024-")
    assert found["current"]["parameters"] == []
    assert found["new"]["parameters"] == list(forgetful.parameters)
    assert found["new"]["log_loss"] < found["current"]["log_loss"]
    assert 0 < found["gain"] < 1
    assert found["better"]
    assert found["applied"]


def test_few_reviews_are_refused_with_the_reason(
    progress: Progress, capsys: pytest.CaptureFixture[str]
) -> None:
    progress.append(*study(100, 0.9)[:399])
    assert run(["optimize", "--apply"]) == 1
    err = capsys.readouterr().err
    assert "400 reviews are needed" in err
    assert "there are 399" in err
    assert progress.parameters == ()


@pytest.mark.usefixtures("home")
def test_without_a_progress_file_there_are_no_reviews(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["optimize"]) == 1
    assert "there are 0" in capsys.readouterr().err


@pytest.mark.usefixtures("home")
def test_without_the_extra_the_message_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(optimizer, "EXTRA", "not_installed_here")
    assert run(["optimize"]) == 2
    err = capsys.readouterr().err
    assert "error: fitting parameters needs the extra `optimize`" in err
    assert "pip install 'sco-quiz[optimize]'" in err


@pytest.mark.usefixtures("home")
def test_applying_and_undoing_exclude_each_other() -> None:
    assert run(["optimize", "--apply", "--undo"]) == 2


@pytest.mark.usefixtures("home")
def test_a_fit_that_aborts_leaves_a_message_and_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "aborting.py").write_text(
        "import os, sys\nprint('thread panicked', file=sys.stderr, flush=True)\nos.abort()\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(optimizer, "FITTING", "aborting")
    assert run(["optimize"]) == 1
    err = capsys.readouterr().err
    assert "the fit failed (thread panicked)" in err
    assert "Traceback" not in err


@pytest.mark.usefixtures("home")
def test_modules_in_the_current_folder_are_not_taken_for_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('taken')")
    monkeypatch.chdir(tmp_path)
    assert run(["optimize"]) == 1
    assert "there are 0" in capsys.readouterr().err


def test_on_a_terminal_there_is_a_percentage(
    forgetful: Progress, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert run(["optimize"]) == 0
    err = capsys.readouterr().err
    assert [part for part in err.split("\r") if "%" in part][:2] == [
        "Fitting parameters: 0 %",
        "Fitting parameters: 20 %",
    ]


def test_a_fit_can_be_interrupted(forgetful: Progress) -> None:
    def stop(_: float) -> None:
        raise KeyboardInterrupt

    with Workspace() as workspace, pytest.raises(KeyboardInterrupt):
        optimizer.fit_parameters(workspace, stop)
    assert forgetful.parameters == ()


# What is read from the log


@pytest.fixture
def read(progress: Progress, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Any]]:
    """Reads the reviews, three rows at a time: card, day after the first, rating."""
    monkeypatch.setattr(fitting, "_ROWS", 3)
    return lambda: [
        (card, day - FIRST_DAY, rating) for card, day, rating in fitting.reviews(progress)
    ]


def test_reviews_are_read_in_the_order_of_the_log_whatever_the_clock_said(
    progress: Progress, read: Callable[[], list[Any]]
) -> None:
    for day in (9, 3, 12):
        progress.append(review("a", FIRST_DAY + day, 3, progress.state("a"))[0])
        progress.append(review("b", FIRST_DAY + day, 4, progress.state("b"))[0])
    assert read() == [
        ("a", 9, 3),
        ("b", 9, 4),
        ("a", 3, 3),
        ("b", 3, 4),
        ("a", 12, 3),
        ("b", 12, 4),
    ]


def test_reviews_of_two_devices_are_read_together(
    progress: Progress, read: Callable[[], list[Any]], tmp_path: Path
) -> None:
    with Progress.open(tmp_path / "other" / "progress.db") as other:
        for day in (1, 2, 3, 5):
            other.append(review("a", FIRST_DAY + day, 1, other.state("a"))[0])
        progress.append(review("a", FIRST_DAY + 4, 2, progress.state("a"))[0])
        progress.merge(other.events())
    assert read() == [("a", 1, 1), ("a", 2, 1), ("a", 3, 1), ("a", 4, 2), ("a", 5, 1)]


def test_undone_answers_are_not_used_for_the_fit(
    progress: Progress, read: Callable[[], list[Any]]
) -> None:
    now = moment(FIRST_DAY + 9)
    (first,) = progress.append(review("a", FIRST_DAY, 1, CardState())[0])
    progress.append(review("a", FIRST_DAY + 1, 3, progress.state("a"))[0])
    (reset,) = progress.append(log.reset(now, card_of("a")))
    progress.undo(first, now)
    assert read() == [("a", 1, 3), ("a", 9, None)]
    progress.undo(reset, now)
    assert read() == [("a", 1, 3)]


def test_a_reset_follows_its_card_to_its_new_key(
    progress: Progress, read: Callable[[], list[Any]]
) -> None:
    progress.append(
        review("a", FIRST_DAY, 1, CardState())[0],
        log.reset(moment(FIRST_DAY), card_of("a")),
        log.relink(moment(FIRST_DAY), "a", card_of("b")),
    )
    assert read() == [("b", 0, 1), ("b", 0, None)]
