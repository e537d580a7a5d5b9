"""What all tests share: a home of their own, decks, and as many examples as the run asks for."""

from __future__ import annotations

import asyncio
import gc
import io
import os
import shutil
import sys
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if sys.dont_write_bytecode:  # all would be compiled anew in each worker, and at each start
    sys.pycache_prefix = str(Path(__file__).parent.parent / ".pytest_cache" / "bytecode")
    sys.dont_write_bytecode = False
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

import pytest
from hypothesis import settings

from sco_quiz.cli.main import run
from sco_quiz.learning.cards import Card, key_of
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.study_day import Moment, study_day
from sco_quiz.paths import HOME_VARIABLE
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

DECKS = Path(__file__).parent / "decks"
NOON = int(datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp() * 1000)
"""Of the clock that tests set, UTC ms."""

# A loaded machine is slow, not wrong. The same examples each time show what a change broke;
# --full looks for new ones.
settings.register_profile("quick", max_examples=30, deadline=None, derandomize=True)
settings.register_profile("full", max_examples=300, deadline=None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="try as often as is claimed")
    parser.addoption("--update-frames", action="store_true", help="write the frames of the screens")


MEMORY = Path("/dev/shm")
ROOM = 2**30
"""Bytes that must be free in memory for the tests to keep their files there."""


def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as there are cores: terminals and locks are waited for meanwhile."""
    cores = os.cpu_count() or 1
    return cores + cores // 2


def pytest_configure(config: pytest.Config) -> None:
    # Each answer waits for the disk several times; in memory a test waits for none of them.
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("TMPDIR", str(MEMORY))
        tempfile.tempdir = None  # it may have been looked for before
    os.environ["COLORTERM"] = "truecolor"  # wherever the tests run, screens have all their colours
    asyncio.set_event_loop(None)  # or pytest-asyncio has one made, which nobody closes
    settings.load_profile("full" if config.getoption("--full") else "quick")


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Import all tests, beginning with others in each worker: what one compiled, no other does."""
    worker = getattr(session.config, "workerinput", None)
    if worker is None or session.config.args_source is not session.config.ArgsSource.TESTPATHS:
        return
    root = session.config.rootpath
    paths = [path.relative_to(root) for path in sorted(root.glob("tests/**/test_*.py"))]
    begin = len(paths) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]
    for path in paths[begin:] + paths[:begin]:
        with suppress(Exception, pytest.skip.Exception):  # as it is collected, that is told
            import_module(".".join(path.with_suffix("").parts))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        if "rounds" in getattr(item, "fixturenames", ()):
            item.add_marker("proof")
        named = [name for name in ("proof", "exhaustive") if item.get_closest_marker(name)]
        is_wanted = not named or any(name in config.option.markexpr for name in named)
        (wanted if is_wanted else left).append(item)  # those run only when they are asked for
    config.hook.pytest_deselected(items=left)
    items[:] = wanted


def pytest_collection_finish() -> None:
    # An app makes many objects that stay, and to look through them takes a fifth of all time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("proof"):
        for what in marker.args:
            item.user_properties.append(("proved", f"{settings().max_examples:,} {what}"))


class Rounds(Protocol):
    def __call__(self, quick: int, full: int, what: str) -> int:
        """How often a proof tries; the end of the run tells how often it did, and what."""


@pytest.fixture
def proved(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Have the end of the run tell what was proved, and how often it was tried."""
    return lambda what: record_property("proved", what)


@pytest.fixture
def rounds(pytestconfig: pytest.Config, proved: Callable[[str], None]) -> Rounds:
    def count(quick: int, full: int, what: str) -> int:
        number = full if pytestconfig.getoption("--full") else quick
        proved(f"{number:,} {what}")
        return number

    return count


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    passed = terminalreporter.stats.get("passed", [])
    proved = [what for test in passed for name, what in test.user_properties if name == "proved"]
    if proved:
        terminalreporter.section("proved")
    for what in sorted(proved):
        terminalreporter.line(what)


class FakeClock:
    """Tells noon of a day in UTC until a test moves it.

    Attributes:
        at: UTC ms.
    """

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> Moment:
        return Moment(self.at, 0, study_day(self.at, 0, 4))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder with the index of the shipped decks."""
    home = tmp_path_factory.mktemp("shipped")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(HOME_VARIABLE, str(home))
        with Workspace() as workspace:
            workspace.refresh()
    return home / "cache"


@pytest.fixture
def home(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without config, decks and progress, in which the shipped decks were read."""
    shutil.copytree(cache, tmp_path / "cache")
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    return tmp_path


@pytest.fixture
def empty_home(home: Path) -> Path:
    """A home with nothing in it, as before the first start."""
    shutil.rmtree(home / "cache")
    return home


@pytest.fixture
def call(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str, str]]:
    """Run a command with lines on stdin; its exit code, stdout and stderr."""

    def command(*arguments: str, lines: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
        code = run(list(arguments))
        out, err = capsys.readouterr()
        return code, out, err

    return command


@pytest.fixture
def decks_folder(home: Path) -> Path:
    """The learner's decks folder, empty."""
    folder = home / "data" / "decks"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def unlimited(home: Path) -> None:
    """No limit to the new cards of all decks together."""
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "config.toml").write_text("new_in_all = 0\n", encoding="utf-8")


@pytest.fixture
def kinds(decks_folder: Path) -> Path:
    """A deck of the learner's own with every kind of note."""
    return Path(shutil.copy(DECKS / "kinds.yaml", decks_folder))


CONTROLS = "".join(map(chr, [*range(1, 9), 11, 12, *range(14, 32), *range(127, 160)]))
POISON = (
    "\x1b[31337m\x1b[2J \x1b]52;c;MzEzMzc=\x07 \x1b]8;;http://x.org/31337\x1b\\link\x1b]8;;\x1b\\"
    " \x1bP31337\x1b\\ \x9b31337m\x9d52;c;MzEzMzc=\x9c [bold]b[/bold] [/] [/x] [@click=quit]q[/]"
    " [red] $primary {x} \u202eright\u2066 to left\u200f\u061c \U000e0062\U000e007f \ufeff\u2028"
    f" \ufdd0 👩‍🚀漢字e{chr(0x301) * 50} {CONTROLS}"
)
"""What a terminal or a renderer of markup might act on."""


@pytest.fixture
def hostile(decks_folder: Path) -> Path:
    """A deck that tries to act on the terminal with every text that it has.

    Beside it lie one that cannot be used and one that takes its id, under hostile names.
    """

    def quoted(text: str) -> str:
        shown = (c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text)
        return f'"{"".join(shown)}"'

    def texts(*labels: str) -> str:
        return f"[{', '.join(map(text, labels))}]"

    def text(label: str) -> str:
        return quoted(f"{label} {POISON}")

    cloze = quoted(f"CLOZE {{{{c1::one {POISON}::{POISON}}}}} and {{{{c1::two}}}}")
    common = (
        f"hint: {text('HINT')}, explain: {text('EXPLAIN')}, source: {text('SOURCE')},"
        f" category: {text('CATEGORY')}, tags: {texts('TAG')}"
    )
    notes = [
        f"front: {text('BASIC')}, back: {text('BACK')}, {common}",
        f"question: {text('TYPED')}, answer: {text('RIGHT')}, accept: {texts('ELSE')}, {common}",
        f"text: {cloze}, {common}",
        f"question: {text('CHOICE')}, answer: {text('R')}, choices: {texts('A', 'B')}, {common}",
        f"question: {text('MULTI')}, answers: {texts('R')}, choices: {texts('A', 'B')}, {common}",
        f"statement: {text('STATEMENT')}, answer: true, {common}",
        f"question: {text('ORDER')}, order: {texts('ONE', 'TWO')}, {common}",
        f"question: {text('LIST')}, list: {texts('ONE', 'TWO')}, {common}",
        f"question: LONG, answer: {'x' * 10_000}, explain: {quoted('word ' * 2_000)}",
        f"question: {'y' * 10_000}, answer: z",
        f"question: FLOOD e{chr(0x301) * 300}, answer: {'👩‍👩‍👧' * 60}, choices: [{'漢' * 400}]",
    ]
    header = f"deck: {text('HOSTILE')}\ndescription: {text('ABOUT')}\nnew_per_day: 50\n"
    deck = decks_folder / "hostile.yaml"
    deck.write_text(
        header + "cards:\n" + "".join(f"  - {{{note}}}\n" for note in notes), encoding="utf-8"
    )
    if sys.platform != "win32":
        name = POISON.replace("/", "")[:60]
        (decks_folder / f"{name}.yaml").write_text(
            f"deck: {text('BROKEN')}\n{quoted(POISON[:150])}: {text('V')}\ncards: {text('NONE')}\n"
        )
        (decks_folder / f"z{name}.yaml").write_text(header + f"id: {text('ID')}\ncards: []\n")
        (decks_folder / f"{name}2.yaml").write_text("deck: A\nid: t\ncards: [{front: a, back: b}]")
        (decks_folder / f"{name}3.yaml").write_text("deck: B\nid: t\ncards: [{front: a, back: b}]")
    return deck


@pytest.fixture(scope="session")
def cards() -> list[Card]:
    return [
        Card(
            key=key_of("deck", str(number)),
            note=key_of("note", str(number)),
            deck="asia",
            kind=Kind.TYPED,
            prompt=f"Question {number}?",
            answers=(f"Answer {number}",),
        )
        for number in range(5)
    ]
