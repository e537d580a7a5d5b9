"""One comparison a module: its docstring is its title, `compare(material)` gives its figures."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.material import Material
    from benchmarks.report import Figure


class Comparison(Protocol):
    """What a module in this folder is."""

    __doc__: str | None

    def compare(self, material: Material) -> Iterator[Figure | str]:
        """Measure; sentences say what has to be known besides, such as what could not be."""


def names() -> list[str]:
    """All there are."""
    return sorted(module.name for module in iter_modules(__path__))


def load(name: str) -> Comparison:
    """The comparison of that name."""
    return cast("Comparison", import_module(f"{__name__}.{name}"))
