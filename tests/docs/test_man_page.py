"""The man page says what the commands say."""

from __future__ import annotations

import shutil
import subprocess
import tomllib

import pytest

from docs.man.make import PAGE, README, SEARCHING, page, readme, searching
from sco_quiz.cli.main import COMMANDS
from sco_quiz.config import SETTINGS
from sco_quiz.insight.card_columns import COLUMNS


def test_the_man_page_is_up_to_date_with_the_commands() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python docs/man/make.py"


def test_the_wheel_installs_the_man_page() -> None:
    settings = tomllib.loads((PAGE.parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    installed = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert installed == {"docs/man/sco-quiz.1": "share/man/man1/sco-quiz.1"}


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not there")
def test_the_man_page_formats_cleanly_and_names_every_command_and_setting() -> None:
    done = subprocess.run(
        ["groff", "-man", "-ww", "-Tascii", "-P-cbou", str(PAGE)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    for name in COMMANDS:
        assert f"sco-quiz {name}" in done.stdout
    for name in SETTINGS:
        assert f"\n       {name}" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_the_readme_lists_every_setting_with_its_meaning_and_default() -> None:
    text = README.read_text(encoding="utf-8")
    assert text == readme(), "run: python docs/man/make.py"
    assert all(f"| `{name}` | " in text for name in SETTINGS)


def test_the_man_page_documents_every_column_of_cards() -> None:
    text = SEARCHING.read_text(encoding="utf-8")
    assert text == searching(), "run: python docs/man/make.py"
    assert all(f"| `{name}` | {column.meaning} | " in text for name, column in COLUMNS.items())
