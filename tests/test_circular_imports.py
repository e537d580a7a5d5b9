"""No module imports another that imports it, however far round, for types and in functions too."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROOT = Path(__file__).parent.parent


def circles(imports: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Return the groups of modules of which each leads to each other, by Tarjan's algorithm.

    Args:
        imports: What each module imports; what is no key is passed over.
    """
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []
    found = []

    def visit(module: str) -> None:
        order[module] = lowest[module] = len(order)
        path.append(module)
        for other in imports[module]:
            if other in imports and other not in order:
                visit(other)
            if other in path:
                lowest[module] = min(lowest[module], lowest[other])
        if lowest[module] == order[module]:
            group = path[path.index(module) :]
            del path[path.index(module) :]
            if len(group) > 1 or module in imports[module]:
                found.append(sorted(group))

    for module in imports:
        if module not in order:
            visit(module)
    return found


@cache
def imports_of(package: str) -> dict[str, frozenset[str]]:
    """Return what each module of a package imports of it, at its top or anywhere below."""
    files = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if any(part.startswith(".") for part in parts):  # other programs, for the benchmarks
            continue
        files[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return {name: _imported(path, files) for name, path in files.items()}


def _imported(path: Path, known: Iterable[str]) -> frozenset[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module, f"{path}: relative imports are not looked at"
            for alias in node.names:
                module = f"{node.module}.{alias.name}"
                names.add(module if module in known else node.module)
    return frozenset(names.intersection(known))


@pytest.mark.parametrize("package", ["sco_quiz", "benchmarks"])
def test_the_package_has_no_circular_import(package: str) -> None:
    imports = imports_of(package)
    assert len(imports) > 10
    assert circles(imports) == []


@pytest.mark.parametrize(
    ("imports", "found"),
    [
        ({"a": ["b", "c"], "b": ["c"], "c": ["sys"]}, []),
        ({"a": ["b"], "b": ["a"]}, [["a", "b"]]),
        ({"a": ["b"], "b": ["c"], "c": ["d", "b"], "d": ["b"]}, [["b", "c", "d"]]),
        ({"a": ["b"], "b": ["a", "c"], "c": ["d"], "d": ["c"]}, [["c", "d"], ["a", "b"]]),
        ({"a": ["a"]}, [["a"]]),
    ],
    ids=["none", "of two", "behind another", "two", "itself"],
)
def test_a_circular_import_is_found(imports: dict[str, list[str]], found: list[list[str]]) -> None:
    assert circles(imports) == found
    turned = circles(dict(reversed(imports.items())))
    assert sorted(turned) == sorted(found)


def test_a_circular_import_put_into_the_package_is_found() -> None:
    imports = imports_of("sco_quiz")
    imports = {**imports, "sco_quiz.errors": imports["sco_quiz.errors"] | {"sco_quiz.tui.app"}}
    assert any("sco_quiz.tui.app" in circle for circle in circles(imports))


def test_imports_for_types_and_in_functions_count() -> None:
    imports = imports_of("sco_quiz")
    assert "sco_quiz.commands.actions" in imports["sco_quiz.tui.messages"]  # for types alone
    assert "sco_quiz.tui.screens.browse" in imports["sco_quiz.tui.app"]  # in a function
