"""Every screen as text, at four sizes; `--update-frames` keeps what is shown now."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from rich.color import ColorSystem

from sco_quiz.learning.cards import Rating
from sco_quiz.learning.results import QuizOptions
from sco_quiz.studying.quizzes import begin_quiz
from sco_quiz.studying.sessions import begin_study
from sco_quiz.tui.messages import OpenProblems
from sco_quiz.workspace.catalogue import Problem
from sco_quiz.workspace.workspace import Workspace
from tests.tui.test_history_cursor import learn

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import AssertFrames, AssertKept, FixedClock, Open, Opened, Shots


async def browsed(app: Opened) -> Shots:
    """What is shown of cards, but for the day on which they came."""
    of_today = re.compile(r"added( +)\d{4}-\d\d-\d\d")
    return {
        size: of_today.sub(r"added\1the-day-it", frame)
        for size, frame in (await app.shots()).items()
    }


def digits(app: Opened, options: list[str]) -> list[str]:
    """The keys of options."""
    lines = app.frame.splitlines()
    return [next(line.split()[0] for line in lines if line.endswith(each)) for each in options]


async def test_home_of_a_newcomer(opened: Open, assert_frames: AssertFrames) -> None:
    async with opened() as app:
        assert_frames("home", {"home": await app.shots()})


async def test_home_while_many_decks_are_read(opened: Open, assert_frames: AssertFrames) -> None:
    async with opened() as app:
        app.app.home.show_reading(37, 100)
        await app.settle()
        assert_frames("home-reading", {"home-reading": await app.shots()})


async def test_home_after_weeks_of_study_with_own_decks_and_a_broken_one(
    opened: Open, assert_frames: AssertFrames, clock: FixedClock, kinds: Path
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
    async with opened() as app:
        assert_frames("home-weeks", {"home-weeks": await app.shots()})


async def test_home_when_all_is_done(opened: Open, assert_frames: AssertFrames, home: Path) -> None:
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text("new_per_day = 0\n", encoding="utf-8")
    async with opened() as app:
        await app.press("enter")
        assert_frames("home-done", {"home-done": await app.shots()})


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


@pytest.mark.parametrize("note", ANSWERS)
async def test_study(opened: Open, assert_frames: AssertFrames, kinds: Path, note: str) -> None:
    frames = {}
    async with opened(deck="kinds", tag=note) as app:
        if note in ("typed", "choice"):
            await app.press("tab")
        frames["asked"] = await app.shots()
        for outcome, answer in ANSWERS[note].items():
            if isinstance(answer, str):
                await app.type(answer)
            else:
                await app.press(*digits(app, answer))
                if note in ("multi", "order"):
                    frames[f"{outcome}, picked"] = await app.shots()
                    await app.press("enter")
            frames[outcome] = await app.shots()
            await app.press("1")
    assert_frames(f"study-{note}", frames)


async def test_summary(
    opened: Open, assert_frames: AssertFrames, clock: FixedClock, kinds: Path
) -> None:
    async with opened(deck="kinds") as app:
        for rating in ("3", "4", "1"):
            clock.move(minutes=0.2)
            await app.press("enter")
            await app.press(rating)
        await app.press("escape")
        assert_frames("summary", {"summary": await app.shots()})


async def test_browse(
    opened: Open, assert_frames: AssertFrames, clock: FixedClock, kinds: Path
) -> None:
    async with opened(deck="kinds") as app:
        for rating in ("3", "1", "4"):
            await app.press("enter")
            await app.press(rating)
            clock.move(minutes=2)
    clock.move(days=3)
    async with opened() as app:
        frames = {}

        await app.press("b")
        frames["all cards"] = await browsed(app)
        await app.press("/")
        await app.type("deck:kinds rated:7")
        frames["found"] = await browsed(app)
        await app.press("enter", "space", "space", "exclamation_mark")
        frames["two suspended"] = await browsed(app)
        await app.press("home", "enter")
        frames["a card"] = await browsed(app)
        await app.press("escape", "o")
        frames["what to sort by"] = await browsed(app)
        await app.press("escape", "T")
        frames["tags"] = await browsed(app)
        await app.press("escape", "slash")
        await app.type(" is:deu")
        frames["a mistake"] = await browsed(app)
        assert_frames("browse", frames)


async def test_help(opened: Open, assert_frames: AssertFrames, kinds: Path) -> None:
    async with opened(deck="kinds", tag="basic") as app:
        await app.press("question_mark")
        frames = {"from study": await app.shots()}
        await app.press("escape", "escape", "f1")
        assert_frames("help", frames | {"from home": await app.shots()})


async def test_problems(opened: Open, assert_frames: AssertFrames) -> None:
    path = "/home/farangis/.local/share/sco-quiz/decks/capitals.yaml"
    problems = [
        Problem(path, 3, 5, "error", "E201", "unknown key `anwser`", "did you mean `answer`?"),
        Problem(path, 9, 11, "error", "E305", "a deletion is not closed", ""),
        Problem(path, 2, 1, "warning", "W401", "the note on line 9 has the same prompt", "ids"),
    ]
    async with opened() as app:
        app.app.open(OpenProblems(problems, ["/mnt/decks: cannot be searched (I/O error)"]))
        await app.settle()
        assert_frames("problems", {"problems": await app.shots()})


async def test_settings(opened: Open, assert_frames: AssertFrames, home: Path) -> None:
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text(
        'retention = 0.85\ntheme = "paper"\nkeys.home.quiz = "Z"\n', encoding="utf-8"
    )
    async with opened() as app:
        await app.press("s")
        frames = {"settings": await app.shots()}
        await app.press("enter")
        await app.type("000")
        frames["changing"] = await app.shots()
        await app.press("escape")
        await app.press("slash")
        await app.type("quiz")
        assert_frames("settings", frames | {"found": await app.shots()})


async def test_palette(opened: Open, assert_frames: AssertFrames) -> None:
    async with opened() as app:
        await app.press("ctrl+p")
        frames = {"palette": await app.shots()}
        await app.type("stud")
        frames["found"] = await app.shots()
        await app.press("escape")
        await app.press("C")
        assert_frames("palette", frames | {"themes": await app.shots()})


@pytest.mark.parametrize(
    ("colours", "term", "system"),
    [("256", "xterm-256color", ColorSystem.EIGHT_BIT), ("16", "xterm", ColorSystem.STANDARD)],
    ids=["256", "16"],
)
async def test_with_few_colours(
    opened: Open,
    assert_kept: AssertKept,
    monkeypatch: pytest.MonkeyPatch,
    clock: FixedClock,
    kinds: Path,
    colours: str,
    term: str,
    system: ColorSystem,
) -> None:
    monkeypatch.delenv("COLORTERM")
    monkeypatch.setenv("TERM", term)
    frames: dict[str, str] = {}

    async def keep(label: str) -> None:
        for theme in ("samarkand", "paper"):
            app.app.preferences.show_theme(theme)
            await app.settle()
            frames[f"{label}, {theme}"] = app.painted(system)

    async with opened() as app:
        learn(app, 90)
        app.app.home.show_workspace()
        await keep("home")
        app.app._study(begin_study(app.workspace, ["kinds"], tag="choice"))
        await app.settle()
        await app.press(*digits(app, ["Kazakhstan"]))
        await keep("a wrong choice")
        await app.press("1", "escape", "enter")
        clock.move(minutes=1)
        app.app._take(begin_quiz(app.workspace, ["kinds"], QuizOptions(2), tag="typed", seed=1))
        await app.settle()
        await app.type("Tashkend\n\n")
        await keep("a result")
        await app.press("enter", "h")
        await app.press("right", "left", "left")
        await keep("scores")
        await app.press("tab")
        await keep("reviews")
    shown = "\n".join(f"== {label}\n{frame}\n" for label, frame in frames.items())
    assert_kept(f"in-{colours}-colours.txt", shown)
