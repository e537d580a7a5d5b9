"""Options: numbers that can be reckoned with, and those of which only one can be meant."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST = 10**9
"""The number that stands for every greater one: more than there is of anything."""


class WholeNumber(click.IntRange):
    """A whole number from a least one on."""

    def convert(
        self,
        value: Any,  # noqa: ANN401 -- click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> int:
        """Read a number; one beyond `MOST` is as good as that."""
        return min(int(super().convert(value, param, ctx)), MOST)


class Number(click.FloatRange):
    """A number between bounds, which `nan` never is, though no comparison finds it outside."""

    def convert(
        self,
        value: Any,  # noqa: ANN401 -- click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> float:
        """Read a number."""
        number = float(super().convert(value, param, ctx))
        if isnan(number):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


def refuse_together(options: Mapping[str, object]) -> None:
    """Refuse a second one of options, which would be ignored beside the first.

    Args:
        options: By name, as typed, what each was given.

    Raises:
        UsageError: More than one was given.
    """
    given = [name for name, value in options.items() if value]
    if len(given) > 1:
        raise click.UsageError(f"{given[0]} and {given[1]} exclude each other")
