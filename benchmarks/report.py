"""What a run found, as a Markdown table and as JSON."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from benchmarks.measuring import Series


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement, by itself or beside another.

    Attributes:
        what: What was done.
        ours: How it went.
        unit: Of its values: s, ms, MB; empty for plain numbers.
        against: What it is held against.
        theirs: How that went, in the same runs.
        ratio_goal: The most that ours over theirs may be.
        goal: The most that ours may be.
    """

    what: str
    ours: Series
    unit: str
    against: str = ""
    theirs: Series | None = None
    ratio_goal: float | None = None
    goal: float | None = None

    @property
    def ratio(self) -> Series | None:
        """Ours over theirs, run by run."""
        return self.ours.over(self.theirs) if self.theirs else None

    @property
    def reached(self) -> bool | None:
        """Whether the goals are met; None where there is none."""
        met = []
        if self.goal is not None:
            met.append(self.ours.median <= self.goal)
        if self.ratio_goal is not None and self.ratio is not None:
            met.append(self.ratio.median <= self.ratio_goal)
        return all(met) if met else None

    def row(self) -> tuple[str, ...]:
        """Its row of the table."""
        goals = []
        if self.ratio_goal is not None:
            goals.append(f"≤ {self.ratio_goal:.3g}×")
        if self.goal is not None:
            goals.append(f"≤ {self.goal:,g} {self.unit}".rstrip())
        ratio = f"{_short(self.ratio)}×" if self.ratio else ""
        theirs = f"{self.against}: {_short(self.theirs)} {self.unit}" if self.theirs else ""
        verdict = {True: "yes", False: "**no**", None: ""}[self.reached]
        ours = f"{_short(self.ours)} {self.unit}".rstrip()
        return self.what, ours, theirs, ratio, ", ".join(goals), verdict

    def as_dict(self) -> dict[str, Any]:
        """All of it, for JSON."""
        return {
            "what": self.what,
            "unit": self.unit,
            "ours": self.ours.values,
            "against": self.against or None,
            "theirs": self.theirs and self.theirs.values,
            "ratio": self.ratio and self.ratio.median,
            "ratio_goal": self.ratio_goal,
            "goal": self.goal,
            "reached": self.reached,
        }


@dataclass(frozen=True, slots=True)
class Section:
    """What one comparison found.

    Attributes:
        title: What was compared.
        figures: In their order.
        notes: What has to be known besides, such as what could not be measured; a sentence each.
    """

    title: str
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()


COLUMNS = ("figure", "sco-quiz", "against", "ratio", "to reach", "reached")


def markdown(sections: Sequence[Section], command: str) -> str:
    """The report for people; values are medians, with the middle half of the runs behind them."""
    lines = [f"`{command}` on {machine()}", "", *_line(COLUMNS), *_line(("---",) * len(COLUMNS))]
    for section in sections:
        lines += _line((f"**{section.title}**", *[""] * (len(COLUMNS) - 1)))
        for figure in section.figures:
            lines += _line(figure.row())
    notes = [f"- {note}" for section in sections for note in section.notes]
    return "\n".join([*lines, *([""] if notes else []), *notes]) + "\n"


def as_json(sections: Sequence[Section], command: str) -> str:
    """The report for programs, with every value."""
    found = {
        "command": command,
        "machine": machine(),
        "sections": [
            {
                "title": each.title,
                "figures": [figure.as_dict() for figure in each.figures],
                "notes": each.notes,
            }
            for each in sections
        ],
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def write(sections: Sequence[Section], command: str, path: Path) -> None:
    """Write both reports, side by side."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".md").write_text(markdown(sections, command), "utf-8")
    path.with_suffix(".json").write_text(as_json(sections, command), "utf-8")


def machine() -> str:
    """What the figures were taken on."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    system = f"{platform.system()} {platform.machine()}"
    return f"{cores} cores, {system}, {python}, SQLite {sqlite3.sqlite_version}"


def _line(cells: Iterable[str]) -> list[str]:
    return [f"| {' | '.join(cells)} |"]


def _short(series: Series) -> str:
    low, high = (_number(value) for value in series.spread)
    middle = _number(series.median)
    return middle if low == high or len(series.values) < 2 else f"{middle} ({low}–{high})"


def _number(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"
