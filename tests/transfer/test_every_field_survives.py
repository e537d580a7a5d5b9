"""Whatever a note of whatever kind says goes through every format and the form, or is told."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sco_quiz.authoring.note_fields import note_of
from sco_quiz.authoring.notes import preview_note
from sco_quiz.interchange import formats
from sco_quiz.learning.checking import Verdict, judge
from sco_quiz.learning.kinds import KINDS, Judging, Kind
from sco_quiz.learning.question import Question, options_of
from sco_quiz.library.composing import compose
from sco_quiz.library.contents import notes_of
from sco_quiz.library.decks import read_deck
from sco_quiz.library.kinds import fields_of, kind_of
from sco_quiz.library.media import MEDIA_KEYS, MediaSort
from sco_quiz.library.schema import NOTES
from sco_quiz.paths import HOME_VARIABLE
from sco_quiz.plain.lines import given_of
from sco_quiz.transfer.exporting import Target, export, save
from sco_quiz.transfer.importing import TableOptions, import_files
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sco_quiz.learning.cards import Card
    from sco_quiz.library.kinds import FieldSpec

FILES = {MediaSort.IMAGE: ("png", b"\x89PNG\r\n\x1a\n"), MediaSort.AUDIO: ("mp3", b"ID3")}
FAILING_WITH_MORE = {
    "test_the_examples_show_every_kind_and_every_key",
    "test_the_table_of_kinds_agrees_with_the_code",
    "test_each_kind_is_shown_under_its_name_with_its_keys",
    "test_the_table_of_common_keys_is_whole",
    "test_the_saved_schema_is_the_one_of_the_reader",
}
"""The tests that fail for a kind and a field that the documentation does not know."""


def value_of(field: FieldSpec, kind: Kind) -> str | list[str]:
    """Return a text for a field that nothing else says."""
    if field.choices:
        return "true"
    if field.name in MEDIA_KEYS:
        names = names_of(field.name)
        return names if field.several else names[0]
    if field.several:
        return [f"{field.name}-one", f"{field.name}-two"]
    if kind.spec.has_gaps and field.name == kind.spec.prompt:
        return "The text has {{c1::a gap::a hint}}."
    return {"as_of": "2024-10-03", "id": f"the-{kind.word}".replace("/", "-")}.get(
        field.name, f"some {field.name}"
    )


def names_of(field: str) -> list[str]:
    """Return the names of the files for a field."""
    ending, _ = FILES[MEDIA_KEYS[field]]
    return [f"media/{field}.{ending}", f"media/the other, {field}.{ending}"]


def full_note(kind: Kind) -> dict[str, str | list[str]]:
    """Return a note that says something in every field."""
    return {field.name: value_of(field, kind) for field in fields_of(kind)}


def written(fields: Mapping[str, str | list[str]]) -> dict[str, str]:
    """Fields as they are written in a form."""
    return {
        name: "\n".join(value) if isinstance(value, list) else value
        for name, value in fields.items()
    }


def test_a_full_note_says_something_in_every_field_of_the_schema() -> None:
    for kind, note in NOTES.items():
        assert set(full_note(kind)) == set(note.__struct_fields__)
        assert kind_of(full_note(kind)) is kind


@pytest.mark.parametrize("target", Target)
@pytest.mark.parametrize("kind", Kind)
def test_every_field_survives_export_and_import_or_is_reported_by_name(
    kind: Kind, target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = full_note(kind)
    decks = tmp_path / "here" / "data" / "decks"
    (decks / "media").mkdir(parents=True)
    for name, sort in MEDIA_KEYS.items():
        for each in names_of(name):
            (decks / each).write_bytes(FILES[sort][1] + each.encode())
    (decks / "full.yaml").write_text(compose({"deck": "Full", "id": "full"}, [note]).text)
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "here"))
    with Workspace() as workspace:
        workspace.refresh()
        exported = export(workspace, ["full"], target)
    file = tmp_path / f"full{target.ending}"
    save(exported, file)
    material = formats.read(file, formats.TableOptions())
    (arrived,) = [each.fields for deck in material.decks for each in deck.notes]
    told = " ".join(each.reason for each in (*exported.lossy, *material.lossy))
    assert {name for name in note if name not in arrived} == set(re.findall(r"`(\w+)`", told))

    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "there"))
    with Workspace() as workspace:
        workspace.refresh()
        report = import_files(workspace, [file], into="full", options=TableOptions())
        assert not report.lossy
        assert not report.skipped
    ((_, kept),) = notes_of((tmp_path / "there" / "data" / "decks" / "full.yaml").read_text())
    assert kept == {name: note[name] for name in kept}
    assert {name for name in note if name not in kept} == set(re.findall(r"`(\w+)`", told))


def test_an_unknown_field_is_reported_by_name(decks_folder: Path) -> None:
    (decks_folder / "a.yaml").write_text(
        "deck: A\ncards:\n  - {front: a, back: b}\n  - {front: c, back: d, colour: red}\n"
    )
    with Workspace() as workspace:
        workspace.refresh()
        for target in set(Target) - {Target.ANKI}:
            exported = export(workspace, ["a"], target)
            assert [each.reason for each in exported.lossy] == ["there is no field `colour`"]
            assert b"red" not in exported.data


@pytest.mark.parametrize("kind", Kind)
def test_every_field_survives_the_form(kind: Kind) -> None:
    note = full_note(kind)
    assert {field.name for field in fields_of(kind)} == set(NOTES[kind].__struct_fields__)
    assert note_of(kind, written(note)) == note
    look = preview_note(kind, written(note))
    assert not look.mistakes
    assert {card.kind for card in look.cards} == {kind}


def card_of(kind: Kind) -> Card:
    """The first card of the example of a kind."""
    deck = read_deck("x.yaml", compose({"deck": "X"}, [kind.spec.example]).text.encode()).deck
    assert deck is not None
    return deck.cards[0]


@pytest.mark.parametrize("kind", Kind)
def test_the_example_of_a_kind_is_a_note_of_it_and_can_be_answered(kind: Kind) -> None:
    card = card_of(kind)
    assert card.kind is kind
    question = Question(card, card, options_of(card, 0), 0, before=None)  # type: ignore[arg-type]
    right = judge(card, given_of(question, "; ".join(card.answers)))
    by_learner = kind.spec.judging is Judging.OWN
    assert right.verdict is (None if by_learner else Verdict.CORRECT)
    assert judge(card, "").verdict is None


def test_a_kind_has_a_name_and_a_sentence_of_its_own() -> None:
    for told in ([spec.name for spec in KINDS.values()], [spec.about for spec in KINDS.values()]):
        assert len(set(told)) == len(Kind)
    assert all(spec.about.endswith(".") for spec in KINDS.values())


def test_a_ninth_kind_and_a_new_field_fail_only_the_documentation() -> None:
    tests = Path(__file__).parents[1]
    chosen = ["transfer/test_every_field_survives.py", "docs/test_deck_format.py"]
    chosen += ["library/test_schema.py", "library/test_json_schema.py", "library/test_semantics.py"]
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-n0", "--tb=line"),
            *("-p", "tests.transfer.more_to_a_note"),
            *("-k", "not ninth and not refuse_the_same"),
            *(str(tests / name) for name in chosen),
        ],
        cwd=tests.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    failed = set(re.findall(r"^(?:FAILED|ERROR) \S+?::(\w+)", ran.stdout, re.MULTILINE))
    assert failed == FAILING_WITH_MORE, ran.stdout
    assert " passed" in ran.stdout
