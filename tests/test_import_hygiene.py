"""What is loaded when, and who may import whom."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import sco_quiz.learning

if TYPE_CHECKING:
    from collections.abc import Iterable

HEAVY = {"textual", "rich", "yaml", "fsrs", "msgspec", "markdown_it", "rapidfuzz", "asyncio"}
"""What a shell prompt must not wait for."""
ROOT = Path(__file__).parent.parent


def modules_after(code: str) -> set[str]:
    """The names of all modules that a fresh process has loaded after some code."""
    print_modules = "import json, sys; print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{print_modules}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


def packages(modules: Iterable[str]) -> set[str]:
    return {name.split(".")[0] for name in modules}


@pytest.fixture
def fresh_index(home: Path) -> None:
    """A home whose decks are all read."""
    subprocess.run(
        [sys.executable, "-m", "sco_quiz", "due", "--short"], check=True, capture_output=True
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["due", "--short"],
        ["due"],
        ["due", "--json"],
        ["decks"],
        ["decks", "--json"],
        ["paths"],
        ["config"],
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("fresh_index")
def test_a_command_that_only_reads_loads_nothing_heavy(arguments: list[str]) -> None:
    loaded = modules_after(f"from sco_quiz.cli.main import run\nassert run({arguments}) == 0")
    assert "sco_quiz.workspace.workspace" in loaded or arguments in (["paths"], ["config"])
    assert packages(loaded) & HEAVY == set()


@pytest.mark.usefixtures("fresh_index")
def test_after_an_answer_due_still_loads_nothing_heavy() -> None:
    command = [sys.executable, "-m", "sco_quiz"]
    study = [*command, "study", "--plain", "sco-timeline"]
    subprocess.run(study, input=b"\n4\n:q\n", check=True, capture_output=True)
    loaded = modules_after("from sco_quiz.cli.main import run\nassert run(['due', '--short']) == 0")
    assert packages(loaded) & HEAVY == set()


@pytest.mark.usefixtures("fresh_index")
def test_line_mode_loads_no_textual() -> None:
    code = "import io, sys\nsys.stdin = io.StringIO(':q\\n')\nfrom sco_quiz.cli.main import run\n"
    loaded = modules_after(code + "assert run(['study', '--plain']) == 0")
    assert "sco_quiz.plain" in loaded
    assert packages(loaded) & {"textual", "rich", "yaml", "asyncio"} == set()


def test_a_frame_is_painted_before_anything_heavy_is_loaded() -> None:
    code = (
        "import sys\nsys.argv = ['sco-quiz', '--none']\nfrom sco_quiz import first_frame, __main__"
    )
    loaded = modules_after(code)
    ours = {name for name in loaded if name.startswith("sco_quiz.")}
    assert ours == {
        "sco_quiz.__main__",
        "sco_quiz.errors",
        "sco_quiz.first_frame",
        "sco_quiz.paths",
    }
    slow = {"platformdirs", "sqlite3", "click", "shutil", "hashlib"}  # json is this test's own
    assert packages(loaded) & (HEAVY | slow) == set()


def test_learning_knows_nothing_of_decks_files_progress_and_screens() -> None:
    names = [
        f"sco_quiz.learning.{module.name}"
        for module in pkgutil.iter_modules(sco_quiz.learning.__path__)
    ]
    assert len(names) > 5
    loaded = modules_after("\n".join(f"import {name}" for name in names))
    ours = {name for name in loaded if name.startswith("sco_quiz.")} - set(names)
    assert {name.split(".")[1] for name in ours} <= {
        "learning",
        "errors",
        "text",
        "formula",
        "numbers_and_times",
    }
    assert packages(loaded) & {"sqlite3", "yaml", "msgspec", "textual", "click"} == set()


def test_the_import_contracts_are_kept() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
