"""What is loaded when, and who may import whom."""

from __future__ import annotations

import ast
import json
import pkgutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import sco_quiz.learning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

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
def begun(call: Callable[..., tuple[int, str, str]]) -> None:
    """A home with a progress file, in which all decks are read."""
    assert call("due")[0] == 0


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
@pytest.mark.usefixtures("begun")
def test_a_command_that_only_reads_loads_nothing_heavy(arguments: list[str]) -> None:
    loaded = modules_after(f"from sco_quiz.cli.main import run\nassert run({arguments}) == 0")
    assert "sco_quiz.workspace.workspace" in loaded or arguments in (["paths"], ["config"])
    assert packages(loaded) & HEAVY == set()


@pytest.mark.usefixtures("begun")
def test_after_an_answer_due_still_loads_nothing_heavy() -> None:
    command = [sys.executable, "-m", "sco_quiz"]
    study = [*command, "study", "--plain", "sco-timeline"]
    subprocess.run(study, input=b"\n4\n:q\n", check=True, capture_output=True)
    loaded = modules_after("from sco_quiz.cli.main import run\nassert run(['due', '--short']) == 0")
    assert packages(loaded) & HEAVY == set()


@pytest.mark.usefixtures("begun")
def test_line_mode_loads_no_textual() -> None:
    code = "import io, sys\nsys.stdin = io.StringIO(':q\\n')\nfrom sco_quiz.cli.main import run\n"
    loaded = modules_after(code + "assert run(['study', '--plain']) == 0")
    assert "sco_quiz.plain" in loaded
    assert packages(loaded) & {"textual", "rich", "yaml", "asyncio"} == set()


@pytest.mark.parametrize("name", ["ssl", "textual.types"])
def test_what_textual_is_imported_without_can_be_had_afterwards(name: str) -> None:
    code = f"from sco_quiz.cli import opening\nopening.prepare_app('home')\nimport {name}"
    assert name not in modules_after(code.rpartition("\n")[0])
    modules_after(f"{code}\nassert {name}.__spec__.name == '{name}'")


def test_a_textual_that_needs_more_of_its_types_is_imported_with_them() -> None:
    code = (
        "import textual, types\ntextual._types = types.ModuleType('without the one that is wanted')"
        "\nfrom sco_quiz.cli import opening\nopening.prepare_app('home')"
    )
    assert {"textual.types", "textual.command"} <= modules_after(code)


def test_a_frame_is_painted_before_anything_heavy_is_loaded() -> None:
    code = (
        "import sys\nsys.argv = ['sco-quiz', '--none']\nfrom sco_quiz import first_frame, __main__"
    )
    loaded = modules_after(code)
    ours = {name for name in loaded if name.startswith("sco_quiz.")}
    assert ours == {"sco_quiz.__main__", "sco_quiz.errors", "sco_quiz.first_frame"}
    slow = {
        "pathlib",
        "platformdirs",
        "sqlite3",
        "click",
        "shutil",
        "hashlib",
    }  # json is this test's own
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


def imported_before_their_packages(source: str) -> set[str]:
    """Return the submodules that a module imports without having imported their packages."""
    tree = ast.parse(source)
    packages: set[str] = set()
    submodules = set()
    for node in _that_run(tree):
        if isinstance(node, ast.Import):
            names = {alias.name for alias in node.names}
        else:
            names = {node.module} if node.module else set()
        submodules |= {name for name in names if name.rpartition(".")[0] not in {"", *packages}}
        packages |= names
    return submodules


def _that_run(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Give the imports that are not for types alone, in their order."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield from _that_run(node)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from a.b import c", {"a.b"}),
        ("import a.b", {"a.b"}),
        ("import a\nfrom a.b import c", set()),
        ("from a import b", set()),
        ("if TYPE_CHECKING:\n    from a.b import c", set()),
        ("def load():\n    from a.b import c", {"a.b"}),
        ("from a.b import c\nimport a", {"a.b"}),
    ],
)
def test_a_submodule_that_is_imported_before_its_package_is_found(
    source: str, found: set[str]
) -> None:
    assert imported_before_their_packages(source) == found


def test_no_two_threads_can_wait_for_each_others_imports() -> None:
    """Prove it for packages that import their submodules.

    One thread would have the submodule and wait for the package, the other the other way round:
    Python ends one of them with an error. Textual and rich are there before there are threads.
    """
    found = set[str]()
    for path in sorted((ROOT / "sco_quiz").rglob("*.py")):
        found |= imported_before_their_packages(path.read_text(encoding="utf-8"))
    found = {name for name in found if name.partition(".")[0] not in {"textual", "rich"}}
    packages = {name.rpartition(".")[0] for name in found}
    loaded_by = {package: modules_after(f"import {package}") for package in packages}
    assert len(loaded_by) > 10
    assert {name for name in found if name in loaded_by[name.rpartition(".")[0]]} == set()
