"""The keys that the documentation names are those of the table of actions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sco_quiz.commands.actions import ACTIONS, PRESETS
from sco_quiz.commands.keys import typed

ROOT = Path(__file__).parents[2]
SENTENCES = {
    "README.md": {
        "home.minutes": "`{}` studies for so many minutes",
        "home.ahead": "`{}` studies ahead",
        "home.hardest": "`{}` goes over the hardest cards",
        "home.quiz": "`{}` is a quiz",
        "home.catch_up": "`{}` offers a plan",
        "home.leave": "`{}` leads back from everywhere",
        "home.history": "`{}` opens the history",
        "home.browse": "`{}` opens Browse",
        "home.find": "`{}` its search",
        "home.new_deck": "`{}` begins a deck",
        "home.add": "`{}` writes a card",
        "home.import": "`{}` imports",
        "home.export": "`{}` exports the selected deck",
        "home.settings": "`{}` in the app shows every setting",
        "study.undo": "`{}` takes back the last step",
        "study.accept": "`{}` accepts an answer",
        "study.edit": "`{}` corrects one while you study it",
        "study.editor": "`{}` opens your editor",
        "settings.add_key": "`{}` one more",
        "app.choose_theme": "`{}` lists the themes",
        "app.help": "`{}` shows what can be done here first",
    },
    "docs/accessibility.md": {"app.choose_theme": "as does `{}` in the app"},
    "docs/moving.md": {
        "home.import": "`{}` asks for the file",
        "home.export": "`{}` exports the selected deck",
        "import.undo": "or `{}` in the app",
        "import.into": "`{}` chooses the deck",
    },
    "docs/deck-format.md": {
        "home.new_deck": "`{}` begins a deck",
        "home.add": "`{}` writes a card",
        "study.image": "In the app `{}`",
    },
    "docs/searching.md": {"home.browse": "`{}` in the app opens Browse"},
}
"""Places where a key is named, by its action."""


@pytest.mark.parametrize(
    ("page", "action", "sentence"),
    [
        (page, action, sentence)
        for page, named in SENTENCES.items()
        for action, sentence in named.items()
    ],
)
def test_a_key_in_the_documentation_is_the_one_that_acts(
    page: str, action: str, sentence: str
) -> None:
    text = re.sub(r"\s+", " ", (ROOT / page).read_text(encoding="utf-8"))
    key = next(key for key in ACTIONS[action].keys if key != "escape")
    assert sentence.format(typed(key)) in text


def test_the_readme_names_the_presets() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for preset in PRESETS:
        assert preset in text
