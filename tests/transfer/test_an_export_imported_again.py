"""An export that is imported again changes nothing, however its deck is written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.learning.kinds import Kind
from sco_quiz.library.contents import header_of, notes_of
from sco_quiz.paths import HOME_VARIABLE
from sco_quiz.transfer.exporting import Target, export, save
from sco_quiz.transfer.importing import TableOptions, import_files
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sco_quiz.transfer.merging import DeckReport

PNG = b"\x89PNG\r\n\x1a\n"
DEFAULTS = """\
defaults:
  tags: [geography]
  source: Look it up
  category: lake
  as_of: 2024-10
  strict: true
"""
PARTS = (
    *("Aral", "Sea", "é", "7", "  ", "\n", "\n\n", "\n  ", "\t", "; ", ", ", '"', "'", "|", "? "),
    *(
        "*b*",
        "`c  d`",
        "$x^2$",
        "\\(",
        "&amp;",
        "<b>",
        "\n# ",
        "\n- ",
        "\nA: ",
        "\n---\n",
        "\u202e",
    ),
)


def written(key: str, value: str | list[str], style: int) -> str:
    """A field in one of the styles in which people write it."""
    if isinstance(value, list):
        return f"    {key}: {json.dumps(value, ensure_ascii=False)}\n"
    is_printable = all(line.isprintable() for line in value.split("\n"))
    if style and is_printable and value not in {"true", "false"}:
        text = value.replace("\n", "\n\n") if style == 2 else value
        return f"    {key}: {' |>'[style]}\n" + "".join(
            f"      {line}\n" for line in text.split("\n")
        )
    return f"    {key}: {json.dumps(value, ensure_ascii=False)}\n"


def deck_of(notes: list[dict[str, str | list[str]]], style: int, above: str = "") -> str:
    """A deck in one of the styles in which people write theirs."""
    rows = [f"  -\n{''.join(written(key, note[key], style) for key in note)}" for note in notes]
    return f"deck: Mine\nid: mine\n{above}cards:\n{''.join(rows)}"


@st.composite
def decks(draw: st.DrawFn) -> str:
    """Decks with a note of each of some kinds and texts that are spaced in any way."""
    texts = st.lists(st.sampled_from(PARTS), min_size=1, max_size=6).map("".join)
    has_ids = draw(st.booleans())
    notes: list[dict[str, str | list[str]]] = []
    for number, kind in enumerate(draw(st.lists(st.sampled_from(Kind), min_size=1, unique=True))):
        note: dict[str, str | list[str]] = {"id": f"n{number}"} if has_ids else {}
        for key, value in kind.spec.example.items():
            note[key] = varied(key, value, kind, draw(texts))
        notes.append(note)
    above = draw(st.sampled_from(["", DEFAULTS]))
    return deck_of(notes, draw(st.integers(0, 2)), above)


def varied(key: str, value: str | list[str], kind: Kind, text: str) -> str | list[str]:
    """The value of a field with more in it."""
    if isinstance(value, list):
        return [f"{value[0]} {text}", *value[1:]]
    has_text = key not in {"id", "reverse"} and not (key == "answer" and kind.spec.options)
    return f"{value} {text}" if has_text else value


def imported_again(
    folder: Path, deck: str, target: Target, files: Mapping[str, bytes]
) -> DeckReport:
    """Export a deck and import it again, which leaves all files as they are; what is reported."""
    home = folder / "data" / "decks"
    for name, data in {"mine.yaml": deck.encode(), **files}.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(data)
    file = folder / "elsewhere" / f"export{target.ending}"
    file.parent.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(folder))
        with Workspace() as workspace:
            workspace.refresh()
            exported = export(workspace, ["mine"], target)
            save(exported, file)
            report = import_files(workspace, [file], options=TableOptions())
    assert not [*exported.lossy, *report.lossy, *report.skipped]
    assert not report.changes
    lying = {str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()}
    assert lying == {"mine.yaml", *files}
    assert (home / "mine.yaml").read_bytes() == deck.encode()
    (told,) = report.decks
    assert not [*told.kept, *told.skipped]
    assert told.read == exported.notes == told.unchanged + len(told.merged)
    return told


@pytest.mark.parametrize("target", Target)
@given(deck=decks())
def test_an_export_changes_nothing_when_it_is_imported_again(
    target: Target, deck: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    told = imported_again(tmp_path_factory.mktemp("home"), deck, target, {})
    assert told.read


@pytest.mark.parametrize("target", Target)
@pytest.mark.parametrize("has_ids", [True, False])
def test_files_that_lie_anywhere_beside_the_deck_are_known_again(
    target: Target, has_ids: bool, tmp_path: Path
) -> None:
    files = {name: PNG + name.encode() for name in ("p/1.png", "media/1.png", "two.png", "é ü.png")}
    notes: list[dict[str, str | list[str]]] = [
        {"front": "A file elsewhere", "back": "a", "image": "p/1.png"},
        {"front": "Another of that name", "back": "b", "answer_image": "media/1.png"},
        {"front": "Several", "back": "c", "image": ["two.png", "é ü.png", "media/1.png"]},
    ]
    for number, note in enumerate(notes if has_ids else ()):
        note["id"] = f"n{number}"
    told = imported_again(tmp_path, deck_of(notes, 0), target, files)
    assert told.read == len(notes)


def test_a_new_home_gets_the_texts_as_they_were_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deck = (
        "deck: Mine\nid: mine\nlanguage: de\nprompt_language: es\ncards:\n"
        "  - id: n\n    text: '{{std\\::vector}} and {{a list::what}}'\n\n"
        "  - id: m\n    question: Which?\n    answer: this\n    accept: ['\\(lit\\)', a  b]\n"
    )
    decks = tmp_path / "here" / "data" / "decks"
    decks.mkdir(parents=True)
    (decks / "mine.yaml").write_text(deck)
    for target in (Target.JSON, Target.ANKI):
        file = tmp_path / f"mine{target.ending}"
        monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "here"))
        with Workspace() as workspace:
            workspace.refresh()
            save(export(workspace, ["mine"], target), file)
        monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / target))
        with Workspace() as workspace:
            workspace.refresh()
            import_files(workspace, [file], options=TableOptions())
        arrived = (tmp_path / target / "data" / "decks" / "mine.yaml").read_text()
        assert [note.fields for note in notes_of(arrived)] == [
            note.fields for note in notes_of(deck)
        ]
        languages = {"language", "prompt_language"} if target is Target.ANKI else set()
        texts, expected = header_of(arrived).texts, header_of(deck).texts
        assert texts == {key: expected[key] for key in expected if key not in languages}
