"""What speed rests on, in numbers that no busy machine can change.

A change may raise one of them; it then has to say, in the line below it, what for.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from sco_quiz.learning.cards import Rating
from sco_quiz.studying.sessions import begin_study
from sco_quiz.workspace import quick_counts
from sco_quiz.workspace.quick_counts import waiting
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULES_OF_DUE = 23
"""Ours, for `due --short`. Each costs 0.2 ms; the whole command takes some 36.

One of them is `files`: the last number is noted, for when another program holds the files. Another
is `library.deck_tree`: the limits of parents hold for what is below them."""
NEEDLESS_FOR_DUE = {"click", "dataclasses", "difflib", "importlib.resources", "inspect", "json"}
"""What it does without. Each would cost from 2 to 26 ms."""
DATABASES_OF_DUE = ["index.db", "progress.db"]
"""What it connects to. Another costs 0.5 ms."""
FILES_OF_DUE = ["due-short", "index-state"]
"""What it opens in the cache folder besides; the last number is noted only where it is another."""
STATEMENTS_FOR_COUNTS = 9
"""Besides one for each deck with several cards of a note that may lack new cards.

Another costs 0.1 ms, and 0.001 ms for each card it looks at. Four of them, of 0.003 ms, ask whether
another program wrote: one for what is due, three for how many cards are begun."""
DRAWN = """\
deck: Cities
ramp: true
defaults: {category: capital}
cards:
  - {question: Capital of Uzbekistan?, answer: Tashkent}
  - {question: Capital of Kyrgyzstan?, answer: Bishkek}
  - {question: Capital of Tajikistan?, answer: Dushanbe}
  - {question: Capital of Kazakhstan?, answer: Astana}
"""
"""Cards for each of which wrong choices have to be drawn."""
STATEMENTS_FOR_AN_ANSWER = {
    "BEGIN": 1,
    "COMMIT": 1,
    "INSERT": 7,
    "PRAGMA": 3,
    "SELECT": 13,
    "WITH": 1,
}
"""From a rating to the next question. A transaction costs 2 ms, another statement 0.02 or more.

Four of them look for wrong choices: the next card is typed, new, and in a deck with a ramp. The
pragmas ask whether others wrote to index or log meanwhile; they take 0.01 ms together. One
question, by the key, is whether the log still holds the answer before, or was overwritten. Two of
the insertions are one by a trigger, which SQLite tells twice: it counts the reviews of the day, so
that no start has to."""

MODULES_OF_HOME = 55
"""Ours, until Home is painted. Each costs from 0.2 to 2 ms.

One of them is `learning.backlog`: Home says whether more waits than a day can take. Another is
`progress.pages`: with it the pages of the file are looked at once a day, and not at each start.
A third is `debug`: the log that `--debug` writes is told what is done; without it nothing is
written, and `logging` not asked for. A fourth is `files`: what a program left behind that was
killed while it wrote is removed. A fifth is `numbers_and_times`: how numbers are said, once for all
screens. A sixth is `library.deck_tree`: decks stand below their parents. A seventh is
`first_frame`: the screen that was kept is there before all the others are loaded."""
MODULES_OF_STUDY = 73
"""Ours, until the first question is painted; `library.deck_tree` among them, for its limits, and
`collector`, which an answer needs anyway: 20,000 cards are chosen without a search for garbage."""
NEEDLESS_FOR_HOME = {
    "PIL", "click", "fsrs", "markdown_it", "msgspec", "rapidfuzz", "tomlkit", "yaml",
    "ssl", "textual.types", "textual.widgets._tree", "textual.widgets._select",
    "textual.widgets._data_table", "textual.widgets._markdown",
}  # fmt: skip
"""What it does without until then. Each would cost from 1 to 60 ms."""
NEEDLESS_FOR_STUDY = NEEDLESS_FOR_HOME - {"fsrs", "msgspec"} | {"sco_quiz.tui.screens.home"}
FILES_OF_HOME = ["app.tcss", "home.tcss", "index-state"]
"""What is opened until then, but for Python's own and databases. Each stylesheet takes 1 ms.

`index-state`, of 0.03 ms, says that the index is as it was left, so that nobody checks it."""
FILES_OF_STUDY = ["app.tcss", "index-state", "study.tcss"]

PAINTED = """
import os, sys
opened = []
sys.addaudithook(lambda event, arguments: event == "open" and opened.append(str(arguments[0])))
from sco_quiz.cli import opening
opening.prepare_app("study" if sys.argv[1:] else "home")
from textual.app import App
from textual._compositor import Compositor
run, render, rendered = App.run, Compositor.render_full_update, []

def run_unseen(app):
    run(app, headless=True, size=(100, 30))

def render_and_note(compositor, **options):
    rendered.append("once")
    return render(compositor, **options)

def display(app, screen, renderable):
    if renderable is not None and not app._batch_count and app.screen.query("KeyBar"):
        for names in (sys.modules, opened, rendered):
            print("", *names, sep="\\n", file=sys.__stdout__, flush=True)
        os._exit(0)

App.run, App._display, opening.is_terminal = run_unseen, display, lambda: True
Compositor.render_full_update = render_and_note
if sys.argv[1:]:
    opening.study(tuple(sys.argv[1:]))
else:
    opening.open_app()
"""

TRACED = """
import sys
opened, connected = [], []
def hook(event, arguments):
    if event == "open":
        opened.append(arguments[0])
    elif event == "sqlite3.connect":
        connected.append(arguments[0])
sys.addaudithook(hook)
sys.argv[1:1] = ["due", "--short"]
from sco_quiz.__main__ import main
from sco_quiz.workspace import quick_counts
quick_counts._SETTLED_NS = int(sys.argv.pop())
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
for names in (sys.modules, opened, connected):
    print("", *names, sep="\\n")
"""


JUST_CHANGED = 2**62
"""An age (ns) that no file has, so that all count as changed just now."""


class Due(NamedTuple):
    """What `due --short` came to, with a fresh index."""

    output: str
    modules: set[str]
    opened: list[str]
    connected: list[str]


@pytest.fixture(scope="module")
def read_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A home whose decks are all read, for processes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCO_QUIZ_HOME", str(tmp_path_factory.mktemp("home")))
        with Workspace() as workspace:
            workspace.refresh()
        yield


@pytest.fixture(scope="module")
def due(read_home: None) -> Due:
    with pytest.MonkeyPatch.context() as patch:  # or what is counted would hang on the tests' speed
        patch.setattr(quick_counts, "_SETTLED_NS", JUST_CHANGED)
        assert waiting()  # the number is noted
    traced = subprocess.run(
        [sys.executable, "-c", TRACED, str(JUST_CHANGED)],
        capture_output=True,
        text=True,
        check=True,
    )
    output, modules, opened, connected = traced.stdout.split("\n\n")
    return Due(output, set(modules.split()), opened.splitlines(), connected.splitlines())


def painted(*study: str) -> tuple[set[str], list[str], list[str]]:
    """The modules, files and screens rendered until the app's first screen is painted."""
    traced = subprocess.run(
        [sys.executable, "-B", "-c", PAINTED, *study], capture_output=True, text=True, check=True
    )
    modules, opened, rendered = traced.stdout.strip("\n").split("\n\n")
    ends = (".py", ".pyc", ".so", ".pyd", ".pth")
    files = [Path(name) for name in opened.splitlines() if not name.endswith(ends)]
    return set(modules.split()), sorted(path.name for path in files), rendered.split()


@pytest.mark.usefixtures("read_home")
@pytest.mark.parametrize(
    ("study", "most", "needless", "files"),
    [
        ((), MODULES_OF_HOME, NEEDLESS_FOR_HOME, FILES_OF_HOME),
        (("sco-timeline",), MODULES_OF_STUDY, NEEDLESS_FOR_STUDY, FILES_OF_STUDY),
    ],
    ids=["Home", "study"],
)
def test_few_modules_and_files_and_no_other_screen_come_before_the_first_paint(
    study: tuple[str, ...], most: int, needless: set[str], files: list[str]
) -> None:
    modules, opened, rendered = painted(*study)
    ours = sorted(name for name in modules if name.partition(".")[0] == "sco_quiz")
    assert len(ours) == most, ours
    assert modules & needless == set()
    assert opened == files
    assert rendered == ["once"]


def test_due_loads_few_modules(due: Due) -> None:
    ours = sorted(name for name in due.modules if name.partition(".")[0] == "sco_quiz")
    assert len(ours) == MODULES_OF_DUE, ours
    assert due.modules & NEEDLESS_FOR_DUE == set()


def test_due_opens_no_deck(due: Due) -> None:
    assert int(due.output) > 0
    assert [Path(name).name for name in due.opened if "cache" in Path(name).parts] == FILES_OF_DUE
    assert [name for name in due.opened if name.endswith((".yaml", ".yml"))] == []
    connected = [Path(name.partition("?")[0]).name for name in due.connected]
    assert sorted(connected) == DATABASES_OF_DUE


@pytest.fixture
def workspace(home: Path) -> Iterator[Workspace]:
    with Workspace() as opened:
        opened.refresh()
        yield opened


@pytest.mark.usefixtures("read_home")
def test_no_deck_is_looked_at_to_open_a_workspace(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []
    stat = os.stat

    def noting(path: Any, **options: Any) -> os.stat_result:
        looked_at.append(str(path))
        return stat(path, **options)

    monkeypatch.setattr(os, "stat", noting)
    with Workspace() as workspace:
        assert looked_at
        assert [path for path in looked_at if path.endswith(".yaml")] == []
        workspace.refresh()
        assert {path for path in looked_at if path.endswith(".yaml")} == {
            deck.path for deck in workspace.catalogue.decks.values()
        }


def statements(workspace: Workspace) -> list[str]:
    """A list that grows with the first word of each statement from now on."""
    seen: list[str] = []
    workspace.progress.connection.set_trace_callback(lambda sql: seen.append(sql.split()[0]))
    return seen


def test_counts_of_all_decks_take_few_questions(workspace: Workspace) -> None:
    seen = statements(workspace)
    decks = workspace.agenda.decks()
    assert set(seen) == {"PRAGMA", "SELECT"}  # the first asks whether another program wrote
    assert len(seen) == STATEMENTS_FOR_COUNTS
    several = [deck for deck in decks if deck.cards > deck.notes]
    assert 0 < len(several) < len(decks)
    begun = max(deck.notes for deck in several) - 9  # so that any may have fewer than ten
    session = begin_study(workspace, most=begun, most_new=begun)
    while session.question:
        session.answer()
        session.rate(Rating.EASY)
    seen.clear()
    workspace.agenda.decks()
    # One more for all decks of which as many new cards are left, if each is alone in its note.
    assert 0 < len(seen) - STATEMENTS_FOR_COUNTS <= len(several) + 2


def test_an_answer_takes_one_transaction_and_few_statements(home: Path) -> None:
    folder = home / "data" / "decks"
    folder.mkdir(parents=True)
    (folder / "cities.yaml").write_text(DRAWN, encoding="utf-8")
    with Workspace() as opened:
        opened.refresh()
        assert_few_statements(opened)


def assert_few_statements(workspace: Workspace) -> None:
    session = begin_study(workspace, ["cities"])
    session.answer()
    session.rate(Rating.GOOD)  # the first also starts the session
    session.answer()
    seen = statements(workspace)
    session.rate(Rating.GOOD)
    assert Counter(seen) == STATEMENTS_FOR_AN_ANSWER
    # To tell SQLite of a function of ours has it prepare each statement anew: 0.6 ms an answer.
    functions = "SELECT count(*) FROM pragma_function_list WHERE name = 'counted'"
    assert workspace.progress.query(functions) == [(0,)]
