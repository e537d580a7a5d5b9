"""Every screen as text, at three sizes; `--update-frames` keeps what is shown now."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from sco_quiz.learning.cards import Rating
from sco_quiz.studying.sessions import begin_study
from sco_quiz.tui.messages import OpenProblems
from sco_quiz.tui.screens.browse import Browse
from sco_quiz.workspace.catalogue import Problem
from sco_quiz.workspace.workspace import Workspace
from tests.tui.conftest import SIZES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import AssertFrames, FixedClock, Open, Opened, Size


def named(name: str, size: Size) -> str:
    return f"{name}-{size[0]}x{size[1]}"


async def at_rest(app: Opened) -> None:
    """Wait until Browse has looked up the card under the cursor."""
    while isinstance(app.app.screen, Browse) and app.app.screen._timer is not None:
        await app.pilot.pause(0.01)
    await app.settle()


def digits(app: Opened, options: list[str]) -> list[str]:
    """The keys of options."""
    lines = app.frame.splitlines()
    return [next(line.split()[0] for line in lines if line.endswith(each)) for each in options]


@SIZES
async def test_home_of_a_newcomer(opened: Open, assert_frames: AssertFrames, size: Size) -> None:
    async with opened(size) as app:
        assert_frames(named("home", size), {"home": app.frame})


@SIZES
async def test_home_while_many_decks_are_read(
    opened: Open, assert_frames: AssertFrames, size: Size
) -> None:
    async with opened(size) as app:
        app.app.home.show_reading(37, 100)
        await app.settle()
        assert_frames(named("home-reading", size), {"home-reading": app.frame})


@SIZES
async def test_home_after_weeks_of_study_with_own_decks_and_a_broken_one(
    opened: Open, assert_frames: AssertFrames, clock: FixedClock, kinds: Path, size: Size
) -> None:
    (kinds.parent / "rivers.yaml").write_text(
        "deck: The longest rivers of Central and Eastern Asia, their sources, their mouths\n"
        "cards:\n  - front: Amur\n    back: Sea of Okhotsk\n",
        encoding="utf-8",
    )
    (kinds.parent / "cities.yaml").write_text(
        "deck: 中亚的城市\ncards:\n  - question: Capital?\n    anwser: Astana\n", encoding="utf-8"
    )
    ratings = [Rating.GOOD, Rating.EASY, Rating.AGAIN, Rating.GOOD, Rating.HARD]
    for day in range(20):
        with Workspace(clock=clock) as workspace:
            workspace.refresh()
            session = begin_study(workspace, most=(day * 7) % 45)
            while session.question and day % 9 != 4:
                session.answer("")
                session.rate(ratings[session.tally.answers % len(ratings)])
        clock.move(days=1)
    async with opened(size) as app:
        assert_frames(named("home-weeks", size), {"home-weeks": app.frame})


@SIZES
async def test_home_when_all_is_done(
    opened: Open, assert_frames: AssertFrames, home: Path, size: Size
) -> None:
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text("new_per_day = 0\n", encoding="utf-8")
    async with opened(size) as app:
        await app.press("enter")
        assert_frames(named("home-done", size), {"home-done": app.frame})


ANSWERS: dict[str, dict[str, str | list[str]]] = {
    "basic": {"revealed": "\n"},
    "typed": {
        "correct": "tashkent\n",
        "accepted": "Toshkent\n",
        "close": "Tashkend\n",
        "wrong": "Samarkand\n",
        "revealed": "\n",
    },
    "cloze": {
        "correct": "Dushanbe, Tajikistan\n",
        "close": "Dushanbe, Tajikstan\n",
        "wrong": "Dushanbe, Kazakhstan\n",
        "revealed": "\n",
    },
    "choice": {"correct": ["Uzbekistan"], "wrong": ["Kazakhstan"]},
    "multi": {
        "correct": ["Kazakhstan", "Turkmenistan"],
        "wrong": ["Kazakhstan", "Tajikistan"],
        "revealed": [],
    },
    "true-false": {"correct": ["False"], "wrong": ["True"]},
    "order": {
        "correct": ["Kazakhstan", "Turkmenistan", "Uzbekistan"],
        "wrong": ["Turkmenistan", "Kazakhstan", "Uzbekistan"],
    },
    "list": {
        "correct": "Iran, India\nPakistan\n\n",
        "close": "Pakistn\nIndia\nIran\n\n",
        "wrong": "India\nBelarus\n\n",
        "revealed": "\n",
    },
    "year": {"correct": "1977\n", "wrong": "1978\n"},
}
"""What to answer to which note, by what comes of it: a text to type, or options to pick."""


@SIZES
@pytest.mark.parametrize("note", ANSWERS)
async def test_study(
    opened: Open, assert_frames: AssertFrames, kinds: Path, note: str, size: Size
) -> None:
    frames = {}
    async with opened(size, deck="kinds", tag=note) as app:
        if note in ("typed", "choice"):
            await app.press("tab")
        frames["asked"] = app.frame
        for outcome, answer in ANSWERS[note].items():
            if isinstance(answer, str):
                await app.type(answer)
            else:
                await app.press(*digits(app, answer))
                if note in ("multi", "order"):
                    frames[f"{outcome}, picked"] = app.frame
                    await app.press("enter")
            frames[outcome] = app.frame
            await app.press("1")
            if size[0] == 160:  # as the others, only with more room around
                break
    assert_frames(named(f"study-{note}", size), frames)


@SIZES
async def test_summary(
    opened: Open, assert_frames: AssertFrames, clock: FixedClock, kinds: Path, size: Size
) -> None:
    async with opened(size, deck="kinds") as app:
        for rating in ("3", "4", "1"):
            clock.move(minutes=0.2)
            await app.press("enter")
            await app.press(rating)
        await app.press("escape")
        assert_frames(named("summary", size), {"summary": app.frame})


@SIZES
async def test_browse(
    opened: Open, assert_frames: AssertFrames, clock: FixedClock, kinds: Path, size: Size
) -> None:
    async with opened(size, deck="kinds") as app:
        for rating in ("3", "1", "4"):
            await app.press("enter")
            await app.press(rating)
            clock.move(minutes=2)
    clock.move(days=3)
    async with opened(size) as app:
        frames = {}

        async def keep(label: str) -> None:
            await at_rest(app)
            frames[label] = re.sub(r"added( +)\d{4}-\d\d-\d\d", r"added\1the-day-it", app.frame)

        await app.press("b")
        await keep("all cards")
        await app.press("/")
        await app.type("deck:kinds rated:7")
        await keep("found")
        await app.press("enter", "space", "space", "exclamation_mark")
        await keep("two suspended")
        await app.press("home", "enter")
        await keep("a card")
        await app.press("escape", "o")
        await keep("what to sort by")
        await app.press("escape", "T")
        await keep("tags")
        await app.press("escape", "slash")
        await app.type(" is:deu")
        await keep("a mistake")
        assert_frames(named("browse", size), frames)


@SIZES
async def test_help(opened: Open, assert_frames: AssertFrames, kinds: Path, size: Size) -> None:
    async with opened(size, deck="kinds", tag="basic") as app:
        await app.press("question_mark")
        frames = {"from study": app.frame}
        await app.press("escape", "escape", "f1")
        assert_frames(named("help", size), frames | {"from home": app.frame})


@SIZES
async def test_problems(opened: Open, assert_frames: AssertFrames, size: Size) -> None:
    path = "/home/farangis/.local/share/sco-quiz/decks/capitals.yaml"
    problems = [
        Problem(path, 3, 5, "error", "E201", "unknown key `anwser`", "did you mean `answer`?"),
        Problem(path, 9, 11, "error", "E305", "a deletion is not closed", ""),
        Problem(path, 2, 1, "warning", "W401", "the note on line 9 has the same prompt", "ids"),
    ]
    async with opened(size) as app:
        app.app.open(OpenProblems(problems, ["/mnt/decks: cannot be searched (I/O error)"]))
        await app.settle()
        assert_frames(named("problems", size), {"problems": app.frame})


@SIZES
async def test_settings(opened: Open, assert_frames: AssertFrames, home: Path, size: Size) -> None:
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text(
        'retention = 0.85\ntheme = "paper"\nkeys.home.quiz = "Z"\n', encoding="utf-8"
    )
    async with opened(size) as app:
        await app.press("s")
        frames = {"settings": app.frame}
        await app.press("enter")
        await app.type("000")
        frames["changing"] = app.frame
        await app.press("escape")
        await app.press("slash")
        await app.type("quiz")
        assert_frames(named("settings", size), frames | {"found": app.frame})


@SIZES
async def test_palette(opened: Open, assert_frames: AssertFrames, size: Size) -> None:
    async with opened(size) as app:
        await app.press("ctrl+p")
        frames = {"palette": app.frame}
        await app.type("stud")
        frames["found"] = app.frame
        await app.press("escape")
        await app.press("C")
        assert_frames(named("palette", size), frames | {"themes": app.frame})
