"""Numbers on the command line, so that none is more than what reckons with it can take."""

from __future__ import annotations

from math import isnan
from typing import Any

import click

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
