"""The versions of Python that the package promises are the ones that are tried."""

from __future__ import annotations

import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
OF_A_VERSION = "Programming Language :: Python :: 3."


def test_every_supported_python_is_tested_and_the_oldest_with_the_lowest_versions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    promised = [
        each.rpartition(" ")[2] for each in project["classifiers"] if each.startswith(OF_A_VERSION)
    ]
    assert promised == workflow["jobs"]["newest"]["strategy"]["matrix"]["python"]
    first = promised[0]
    assert project["requires-python"] == f">={first}"
    used = [step.get("with", {}) for step in workflow["jobs"]["lowest"]["steps"]]
    assert {"python-version": first} in used
