"""The screens that an app keeps for its next start, compared with what that start then paints."""

from __future__ import annotations

import random
import sys
from collections import Counter
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sco_quiz import first_frame
from sco_quiz.first_frame import Frame, Start
from sco_quiz.learning.cards import Rating
from sco_quiz.studying.overview import overview
from sco_quiz.studying.sessions import begin_study
from sco_quiz.tui import next_start
from sco_quiz.tui.app import SCOQuizApp
from sco_quiz.tui.next_start import keep_first_screens
from sco_quiz.workspace.workspace import Workspace
from tests.tui.conftest import Opened

if sys.platform != "win32":
    import pyte

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from tests.conftest import Rounds
    from tests.tui.conftest import FixedClock

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no frame is kept on Windows")

KEYS = ["down", "up", "end", "enter", "space", "1", "3", "q", "u", "x", "A", "tab", "right", "?"]
THEMES = ["samarkand", "paper", "high-contrast-dark", "ansi-dark", "nord"]
DECK = """\
deck: {title}
ramp: {ramp}
defaults: {{category: {title}}}
cards:
{cards}
"""


@asynccontextmanager
async def started(
    clock: FixedClock, size: tuple[int, int], words: Sequence[str]
) -> AsyncIterator[tuple[Opened, list[str]]]:
    """The app as the command line opens it, and what it painted, in order."""
    with Workspace(clock=clock, mend=True) as workspace:
        if words:
            workspace.refresh()
            session = begin_study(workspace, workspace.catalogue.find_decks(words[1:]))
            app = SCOQuizApp(workspace, study=session)
        else:
            app = SCOQuizApp(workspace, known=overview(workspace))
        painted: list[str] = []

        def display(screen: Any, renderable: Any) -> None:
            is_shown = renderable is not None and not app._batch_count
            if is_shown and screen is app.screen and screen.query("KeyBar"):
                update = screen._compositor.render_full_update()
                painted.append(update.render_segments(app.console))

        app._display = display  # type: ignore[method-assign]
        async with app.run_test(size=size, notifications=True) as pilot:
            opened = Opened(app, pilot, workspace)
            await opened.settle()
            yield opened, painted


async def kept(app: Opened, words: tuple[str, ...] = ()) -> dict[tuple[str, ...], Frame]:
    """The frames that are kept as an app is left, by their command lines."""
    start = Start(words, "as it was", app.app.size)
    await keep_first_screens(app.app, start, studied=True)
    found = [first_frame._read(first_frame.file_of(each)) for each in ((), ("study",))]
    return {frame.start.words: frame for frame in found if frame is not None}


def cells(painting: str, size: tuple[int, int]) -> list[list[Any]]:
    """The cells of a terminal on which this was painted, with colours and all."""
    screen = pyte.Screen(*size)
    pyte.Stream(screen).feed(painting.replace("\n", "\r\n"))
    columns, rows = size
    return [[screen.buffer[y][x] for x in range(columns)] for y in range(rows)]


async def assert_true(clock: FixedClock, frame: Frame, *, to_rest: bool = False) -> None:
    """A start at this time first paints the frame, and, if so asked, nothing else until at rest."""
    size = frame.start.size
    async with started(clock, size, frame.start.words) as (_, painted):
        wanted = cells(frame.painting, size)
        assert cells(painted[0], size) == wanted
        if to_rest:  # else a scroll bar may come, which Textual paints behind all else
            assert cells(painted[-1], size) == wanted


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else writes while a test runs, and a busy machine has the time that it needs."""
    monkeypatch.setattr(next_start, "LONGEST", 60)
    monkeypatch.setattr(first_frame, "is_settled", lambda _: True)


@pytest.fixture
def read(home: Path, clock: FixedClock) -> None:
    """The shipped decks are read."""
    with Workspace(clock=clock) as workspace:
        workspace.refresh()


@pytest.mark.usefixtures("read")
@pytest.mark.parametrize("keys", [(), ("down", "down", "q"), ("enter", "enter", "3", "q", "q")])
async def test_a_start_paints_the_kept_frame_from_whatever_screen_the_app_was_left(
    clock: FixedClock, keys: Sequence[str]
) -> None:
    async with started(clock, (100, 30), ()) as (app, _):
        await app.press(*keys)
        frames = await kept(app)
    assert set(frames) == {(), ("study",)}
    for frame in frames.values():
        await assert_true(clock, frame, to_rest=True)


@pytest.mark.usefixtures("read")
async def test_no_frame_is_kept_while_a_changed_deck_is_unread(
    home: Path, clock: FixedClock
) -> None:
    async with started(clock, (100, 30), ()) as (app, _):
        folder = home / "data" / "decks"
        folder.mkdir(parents=True)
        (folder / "new.yaml").write_text("deck: New\ncards:\n  - {front: a, back: b}\n")
        assert await kept(app) == {}


@pytest.mark.usefixtures("read")
async def test_a_kept_frame_stays_valid_when_a_backup_ends(clock: FixedClock) -> None:
    async with started(clock, (100, 30), ()) as (app, _):
        folder = app.workspace.paths.progress_file.with_name("backups")
        folder.mkdir(exist_ok=True)
        begun = folder / ".sco-quiz-0123456789abcdef.tmp"
        begun.touch()
        frame = (await kept(app))[()]
    state = first_frame.state_of(frame.files, frame.folders)
    begun.unlink()
    assert first_frame.state_of(frame.files, frame.folders) == state == frame.state
    (folder / "progress-2026-01-01.db").touch()
    assert first_frame.state_of(frame.files, frame.folders) != state


@pytest.mark.usefixtures("read")
async def test_no_frame_is_kept_if_the_log_changes_while_it_is_made(
    home: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answered(workspace: Workspace) -> object:
        known = overview(workspace)
        with Workspace(clock=clock) as other:
            session = begin_study(other)
            session.answer()
            session.rate(Rating.GOOD)
        return known

    monkeypatch.setattr(next_start, "overview", answered)
    async with started(clock, (100, 30), ()) as (app, _):
        assert await kept(app) == {}


@pytest.mark.usefixtures("read")
async def test_the_frame_of_a_question_expires_at_the_next_learning_card_and_home_at_the_days_end(
    clock: FixedClock,
) -> None:
    async with started(clock, (100, 30), ("study",)) as (app, _):
        await app.press("enter", "1")
        due = min(step.due_at for step in app.workspace.agenda.steps())
        frames = await kept(app, ("study",))
    assert frames["study",].until == due
    assert frames[()].until > due
    clock.move(minutes=2)
    async with started(clock, (100, 30), ("study",)) as (_, painted):
        assert painted[0] != frames["study",].painting


async def test_kept_frames_are_right_in_random_states(
    home: Path, clock: FixedClock, rounds: Rounds
) -> None:
    count = rounds(3, 20, "states: a frame is what the next start paints")
    await _try_states(home, clock, count)


@pytest.mark.exhaustive
async def test_kept_frames_are_right_in_200_random_states(
    home: Path, clock: FixedClock, proved: Callable[[str], None]
) -> None:
    await _try_states(home, clock, 200)
    proved("200 states: a frame is what the next start paints")


async def _try_states(home: Path, clock: FixedClock, count: int) -> None:
    found: Counter[str] = Counter()
    for seed in range(count):
        await _try_state(home, clock, random.Random(seed), found)
    assert found["Home"] > found["none"]
    assert found["study"]


async def _try_state(
    home: Path, clock: FixedClock, chance: random.Random, found: Counter[str]
) -> None:
    _change_decks(home, chance)
    config = home / "config" / "config.toml"
    config.parent.mkdir(exist_ok=True)
    config.write_text(
        f"theme = '{chance.choice(THEMES)}'\nnew_per_day = {chance.choice([1, 5, 20])}\n"
        f"goal_answers = {chance.choice([0, 9])}\nbacklog_per_day = {chance.choice([0, 0, 3])}\n"
    )
    clock.move(days=chance.choice([0, 0, 1, 2, 30]), minutes=chance.choice([0, 3, 90, 600]))
    with Workspace(clock=clock) as workspace:
        workspace.refresh()
    size = chance.choice([(60, 18), (80, 24), (100, 30), (133, 40), (160, 45)])
    async with started(clock, size, ()) as (app, _):
        await app.press(*chance.choices(KEYS, k=chance.randrange(25)))
        if not app.app.is_running:  # those keys led out of it
            return
        frames = await kept(app)
    for words, frame in frames.items():
        if frame.since <= clock.at < frame.until:
            found["study" if words else "Home"] += 1
            clock.at = chance.choice([frame.since, (frame.since + frame.until) // 2])
            await assert_true(clock, frame)
    found["none"] += () not in frames
    for words in frames:
        Path(first_frame.file_of(words)).unlink()


def _change_decks(home: Path, chance: random.Random) -> None:
    folder = home / "data" / "decks"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(chance.randrange(4)):
        title = chance.choice(["Rivers", "漢字 kanji", "Rivers::Asia", f"Deck {number}"])
        cards = [
            chance.choice(
                [
                    f"  - {{front: front {n} é, back: back {n}}}",
                    f"  - {{question: typed {n}?, answer: answer {n}}}",
                    f"  - {{question: which {n}?, answer: a{n}, choices: [b{n}, c{n}]}}",
                    f'  - {{text: "{{{{gap {n}}}}} and {{{{more}}}}"}}',
                ]
            )
            for n in range(chance.randrange(1, 9))
        ]
        ramp = chance.choice(["true", "false"])
        text = DECK.format(title=title, ramp=ramp, cards="\n".join(cards))
        (folder / f"deck-{number}.yaml").write_text(text, encoding="utf-8")
