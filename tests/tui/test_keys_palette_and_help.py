"""No key is dangerous in one place and harmless in another; nothing is hidden from the palette."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest

from sco_quiz.commands.actions import ACTIONS, EVERY_TABLE, EVERYWHERE, PRESETS, Danger
from sco_quiz.commands.keys import NONE, character
from sco_quiz.learning.cards import Rating
from sco_quiz.learning.confusions import Confusion
from sco_quiz.learning.results import QuizOptions
from sco_quiz.studying.quizzes import begin_quiz
from sco_quiz.tui.base import Screen
from sco_quiz.tui.messages import (
    OpenCatchUp,
    OpenPair,
    OpenProblems,
    OpenRelink,
    Request,
    StartQuiz,
)
from sco_quiz.tui.palette import ITSELF, Palette, PaletteEntries
from sco_quiz.tui.screens.home import Home
from sco_quiz.tui.screens.study import StudyScreen
from tests.tui.test_actions import screens

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import Open, Opened

GOES_ON = {"enter", "space"}
"""Keys that do what stands first in the key bar, whatever it is."""
WAYS = {
    "Home": [],
    "Help": ["question_mark"],
    "History": ["h"],
    "Browse": ["b"],
    "CardPage": ["b", "enter"],
    "Choosing": ["b", "o"],
    "Retag": ["b", "T"],
    "NoteForm": ["end", "a"],
    "NewDeck": ["N"],
    "ChooseFile": ["i"],
    "Import": ["i", *"pairs", "down", "enter"],
    "ColumnsScreen": ["i", *"pairs", "down", "enter", "c"],
    "Export": ["X"],
    "Settings": ["s"],
    "Themes": ["C"],
    "Minutes": ["m"],
    "QuizSetup": ["z"],
    "RenameDeck": ["end", "f2"],
    "QuizScreen": [],
    "QuizResult": ["x", "enter", "enter"],
    "SessionPage": ["x", "enter", "enter", "enter", "h", "enter"],
    "StudyScreen": ["end", "enter"],
    "Summary": ["end", "enter", "enter", "enter", "enter", "escape"],
    "CatchUp": [],
    "PairPage": [],
    "ProblemsPage": [],
    "RelinkPage": [],
}
"""The keys that open a screen: from Home, or from a quiz that is begun."""
REQUESTS: dict[str, Request[Any]] = {
    "CatchUp": OpenCatchUp(),
    "PairPage": OpenPair(Confusion(("Tashkent", "Dushanbe"), (2, 1), ((), ()))),
    "ProblemsPage": OpenProblems([], ["a setting cannot be used"]),
    "RelinkPage": OpenRelink(),
}
"""Asked for by themselves: what Home and History have to open them takes days."""


async def go(app: Opened, place: str) -> Screen[object]:
    if place in ("QuizScreen", "QuizResult", "SessionPage"):
        quiz = begin_quiz(app.workspace, ["kinds"], QuizOptions(1), tag="typed", seed=1)
        app.app.post_message(StartQuiz(quiz))
        await app.settle()
    if place in REQUESTS:
        app.app.open(REQUESTS[place])
        await app.settle()
    for key in WAYS[place]:
        await app.press(key)
    screen = app.app.screen
    assert type(screen).__name__ == place
    assert isinstance(screen, Screen)
    return screen


def meanings(preset: str) -> dict[str, set[tuple[Danger, str]]]:
    """The meanings of each key anywhere, with their dangers."""
    found = defaultdict(set)
    for table in (*EVERY_TABLE, EVERYWHERE):
        for action in table:
            for key in action.on(PRESETS[preset]).keys:
                found[key].add((action.danger, action.id))
    return found


@pytest.mark.parametrize("preset", PRESETS)
def test_no_key_is_harmless_on_one_screen_and_dangerous_on_another(preset: str) -> None:
    found = meanings(preset)
    mixed = {
        key: sorted(name for _, name in all_of_it)
        for key, all_of_it in found.items()
        if len({danger for danger, _ in all_of_it}) > 1 and key not in GOES_ON
    }
    assert mixed == {}
    dangers = {danger for key in GOES_ON for danger, _ in found[key]}
    assert Danger.DROPS not in dangers


@pytest.mark.parametrize("preset", PRESETS)
def test_saving_setting_aside_exporting_and_editing_never_share_a_key(preset: str) -> None:
    def keys(*names: str) -> set[str]:
        found = (action.on(PRESETS[preset]) for action in ACTIONS.values())
        return {key for action in found if action.name in names for key in action.keys}

    groups = [keys("save"), keys("suspend"), keys("export"), keys("edit"), keys("quiz")]
    assert all(groups)
    assert len(set.union(*groups)) == sum(map(len, groups))
    for preset_key in keys("quiz"):
        assert {name for _, name in meanings(preset)[preset_key]} == {"home.quiz", "summary.quiz"}


@pytest.mark.parametrize("preset", PRESETS)
def test_no_preset_gives_a_key_two_meanings_on_a_screen(preset: str) -> None:
    assert set(PRESETS[preset]) <= set(ACTIONS)
    for table in EVERY_TABLE:
        owners: dict[str, str] = {}
        for action in (*table, *EVERYWHERE):
            for key in action.on(PRESETS[preset]).keys:
                assert owners.setdefault(key, action.id) == action.id
            assert action.on(PRESETS[preset]).keys != (NONE,)


def test_these_tests_open_every_screen() -> None:
    bases = {"CardSteps", "Page", "Form", "WritingForm", "QuestionScreen", "Screen", "ModalScreen"}
    found = {screen.__name__ for screen in screens() if "ACTIONS" in vars(screen)}
    assert found - bases <= set(WAYS)


@pytest.mark.parametrize("place", WAYS)
async def test_a_screen_has_its_actions_in_the_palette_says_why_keys_are_dead_and_is_left_by_q(
    opened: Open, home: Path, kinds: Path, place: str
) -> None:
    (home / "pairs.csv").write_text("front,back\nfar,near\n", encoding="utf-8")
    async with opened() as app:
        screen = await go(app, place)
        has_its_actions_in_the_palette(screen)
        await says_why_keys_are_dead(app, screen)
        await is_left_by_q(app)
        assert "q again leaves sco-quiz" in app.told


def has_its_actions_in_the_palette(screen: Screen[object]) -> None:
    """By their names, each with its sentence and its keys."""
    entries = [*PaletteEntries(screen)._entries()]
    for action in (*screen.ACTIONS, *EVERYWHERE):
        if action.name == "digit":
            assert {*screen.names_of_digits()} <= {each.name for each in entries}
        elif action.name != ITSELF:
            same = [each for each in entries if each.name == action.title]
            shown = [(each.sentence, each.aside) for each in same]
            assert (action.help.rstrip("."), action.all_keys) in shown


async def says_why_keys_are_dead(app: Opened, screen: Screen[object]) -> None:
    for action in screen.ACTIONS:
        if screen.check_action(action.name, ()) or action.name == "digit":
            continue
        key = next((key for key in action.keys if not character(key)), action.keys[0])
        if (character(key) or key == "backspace") and screen.is_typed_at:
            continue
        await app.press(key)
        assert app.app.screen is screen
        if "RowList" not in type(screen.focused).__name__ or character(key):
            assert app.told, action.id


async def is_left_by_q(app: Opened) -> None:
    """Pressed again and again it leads Home, and asks there; where it is typed, ctrl+q does."""
    typed_at = ("NoteForm", "NewDeck", "RenameDeck", "Retag", "ChooseFile", "Export")
    for _ in range(4):
        screen = app.app.screen
        if screen is not app.app.home and isinstance(screen, Screen):
            is_typed_at = screen.is_typed_at or type(screen).__name__ in typed_at
            await app.press("ctrl+q" if is_typed_at else "q")
    assert app.app.screen is app.app.home
    await app.press("q")
    assert not app.app._exit


async def test_q_on_home_asks_once_and_again_after_another_key(opened: Open) -> None:
    async with opened() as app:
        await app.press("q")
        assert app.app.is_running
        await app.press("h", "escape", "q")
        assert not app.app._exit
        await app.press("q")
        assert app.app._exit


async def test_a_key_without_an_action_names_the_key_that_shows_all(opened: Open) -> None:
    async with opened() as app:
        await app.press("w")
        assert app.told == "w does nothing here; ? shows all keys."
        await app.press("escape")
        assert app.told == "esc does nothing here; ? shows all keys."


async def test_with_nothing_due_the_study_key_says_what_else_can_be_done(
    opened: Open, home: Path
) -> None:
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text("new_per_day = 0\n", encoding="utf-8")
    async with opened() as app:
        await app.press("enter")
        assert app.told.startswith("Nothing is due.")
        assert "z takes a quiz" in app.told
        await app.press("A")
        assert app.told == "No learned card can be asked again yet."


WORDS = {
    "export": "Export", "stats": "History", "quit": "Quit", "undo": "Undo",
    "preferences": "Settings", "dark": "Theme", "exam": "Quiz", "search": "Find", "anki": "Import",
    "catch up": "Catch up", "dark mode": "Theme", "color scheme": "Theme", "hotkeys": "Settings",
    "delete card": "Browse", "flag": "Browse", "forecast": "History", "revise": "Study",
    "restore": "Undo", "cloud": "Sync",
}  # fmt: skip
"""Actions, by what is typed to find them."""


async def test_the_palette_finds_an_action_by_its_word_and_by_others(opened: Open) -> None:
    async with opened((100, 30)) as app:
        for typed, name in WORDS.items():
            await app.press("ctrl+p")
            await app.type(typed)
            assert [type(each) for each in app.app.screen_stack] == [Home, Palette]
            rows = [line[10:28].strip() for line in app.frame.splitlines()]
            found = [row for row in rows if row in {each.title for each in ACTIONS.values()}]
            assert name in found[:2], typed
            await app.press("escape")
            assert app.app.screen is app.app.home


async def test_the_palette_says_why_an_action_cannot_be_done(opened: Open) -> None:
    async with opened((100, 30)) as app:
        await app.press("ctrl+p")
        assert "Catch up" not in app.frame
        await app.type("overdue")
        await app.press("enter")
        await app.pilot.pause(0.1)
        assert app.told == "There is no backlog to plan for."


@pytest.mark.parametrize("place", ["History", "CardPage", "Settings", "QuizResult", "Summary"])
async def test_the_palette_of_a_reading_screen_offers_the_actions_of_home(
    opened: Open, kinds: Path, place: str
) -> None:
    async with opened((100, 30)) as app:
        await go(app, place)
        await app.press("ctrl+p")
        assert "Decks: p" not in app.frame  # no deck has a mistake
        await app.type("anki")
        assert "Decks: i" in app.frame
        await app.press("enter")
        await app.settle()
        assert [type(each).__name__ for each in app.app.screen_stack] == ["Home", "ChooseFile"]


@pytest.mark.parametrize("place", ["History", "Browse", "Settings"])
async def test_the_palette_does_not_offer_the_open_screen(opened: Open, place: str) -> None:
    async with opened() as app:
        screen = await go(app, place)
        names = [each.name for each in PaletteEntries(screen)._entries()]
        assert place not in names
        assert {"History", "Browse", "Settings"} - {place} <= set(names)


async def test_the_palette_of_a_reading_screen_studies_a_deck(opened: Open, kinds: Path) -> None:
    async with opened((100, 30)) as app:
        await go(app, "CardPage")
        await app.press("ctrl+p")
        await app.type("study kinds")
        await app.press("enter")
        await app.settle()
        assert [type(each).__name__ for each in app.app.screen_stack] == ["Home", "StudyScreen"]


@pytest.mark.parametrize("place", ["NoteForm", "StudyScreen", "Choosing", "Import"])
async def test_the_palette_never_leaves_unfinished_work(
    opened: Open, home: Path, kinds: Path, place: str
) -> None:
    (home / "pairs.csv").write_text("front,back\nfar,near\n", encoding="utf-8")
    async with opened((100, 30)) as app:
        screen = await go(app, place)
        await app.press("ctrl+p")
        await app.type("exam")
        await app.press("enter")
        await app.settle()
        assert app.app.screen is screen
        assert app.told == "Quiz is where the decks are: leave this first."


async def test_the_palette_never_leaves_a_form_under_the_help(opened: Open, kinds: Path) -> None:
    async with opened((100, 30)) as app:
        await go(app, "NoteForm")
        await app.press("f1", "ctrl+p")
        await app.type("exam")
        await app.press("enter")
        await app.settle()
        assert [type(each).__name__ for each in app.app.screen_stack[1:]] == ["NoteForm", "Help"]


async def test_colours_can_be_chosen_during_a_question(opened: Open, kinds: Path) -> None:
    async with opened((100, 30), deck="kinds", tag="basic") as app:
        study = app.app.screen
        await app.press("ctrl+p")
        await app.type("appearance")
        await app.press("enter")
        await app.settle()
        assert type(app.app.screen).__name__ == "Themes"
        await app.press("escape")
        assert app.app.screen is study


async def test_the_palette_says_so_when_it_finds_nothing_and_offers_help(opened: Open) -> None:
    async with opened((100, 30)) as app:
        await app.press("ctrl+p")
        await app.type("xyzzy")
        assert "Nothing has these words" in app.frame
        await app.press("enter")
        await app.settle()
        assert type(app.app.screen).__name__ == "Help"


async def test_the_palette_rates_an_answer(opened: Open, kinds: Path) -> None:
    async with opened((100, 30), deck="kinds", tag="basic") as app:
        study = app.app.screen
        assert isinstance(study, StudyScreen)
        await app.press("enter", "ctrl+p")
        await app.type("easy")
        await app.press("enter")
        await app.settle()
        assert study.session.tally.ratings[Rating.EASY] == 1


async def test_help_begins_with_the_actions_of_the_screen_and_finds_the_others(
    opened: Open, kinds: Path
) -> None:
    async with opened((100, 30), deck="kinds", tag="basic") as app:
        await app.press("question_mark")
        lines = app.frame.splitlines()
        assert "Study: what you can do now" in lines[2] + lines[3]
        now = app.frame.partition("at other times")[0]
        assert "Show the answer of a card" in now
        assert "Show the hint" not in now
        await app.press("slash")
        await app.type("stats")
        assert "Show scores, answers and cards so far." in app.frame
        assert "Show the answer of a card" not in app.frame
        await app.type(" xyzzy")
        assert "No action has these words." in app.frame
        await app.press("escape")
        assert "Show the answer of a card" in app.frame
        await app.press("q")
        assert isinstance(app.app.screen, StudyScreen)


async def test_the_anki_preset_has_the_keys_of_anki(opened: Open, home: Path, kinds: Path) -> None:
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text(
        '[keys]\npreset = "anki"\nhome.quiz = "Z"\n', encoding="utf-8"
    )
    async with opened((100, 30), deck="kinds") as app:
        study = app.app.screen
        assert isinstance(study, StudyScreen)
        await app.press("space")
        assert study.session.judgement is not None
        await app.press("3", "ctrl+z")
        assert study.session.tally.answers == 0
        await app.press("escape" if study.is_typed_at else "minus")
        await app.press("ctrl+q") if isinstance(app.app.screen, StudyScreen) else None
        while app.app.screen is not app.app.home:
            await app.press("escape")
        await app.press("t")
        assert type(app.app.screen).__name__ == "History"
        await app.press("d")
        assert app.app.screen is app.app.home
        assert "Z Quiz" in app.frame
        await app.press("question_mark")
        assert "t, h" in app.frame


async def test_an_unknown_preset_is_named_with_the_nearest(opened: Open, home: Path) -> None:
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text('keys.preset = "anky"\n', encoding="utf-8")
    async with opened((160, 45)) as app:
        assert "there is no preset 'anky', did you mean 'anki'?" in app.frame
        await app.press("h")
        assert type(app.app.screen).__name__ == "History"
