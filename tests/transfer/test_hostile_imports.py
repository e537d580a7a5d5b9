"""Files made to break an import: bounded memory and time, a message, and nothing half-imported."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from sco_quiz.cli.main import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MOST_KIB = 300 << 10
MOST_SECONDS = 10
"""Of computing, that is, whatever else the machine does."""
SIZE = 15 << 20
DEEP = 100_000

IMPORT = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, ({MOST_SECONDS}, {MOST_SECONDS}))
from sco_quiz.cli.main import run
code = run(["import", sys.argv[1]])
status = open("/proc/self/status").read()
print("most", code, status.split("VmHWM:")[1].split()[0])
"""


def notes_of_anki(field: str) -> str:
    model = {
        "crowdanki_uuid": "m", "name": "Basic", "flds": [{"name": "F"}, {"name": "B"}],
        "tmpls": [{"name": "C", "qfmt": "{{F}}", "afmt": "{{FrontSide}}<hr id=answer>{{B}}"}],
    }  # fmt: skip
    note = {"guid": "g", "fields": [field, "x"], "tags": [], "note_model_uuid": "m"}
    return json.dumps({"name": "D", "note_models": [model], "notes": [note]})


def in_cards(
    member: str, start: str, filling: Callable[[int], bytes], times: int
) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with (
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file,
            file.open(member, "w", force_zip64=True) as out,
        ):
            out.write(start.encode())
            for number in range(times):
                out.write(filling(number))

    return write


def text(start: str, endless: str = "", end: str = "") -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_text(start + endless * (SIZE // len(endless.encode() or start)) + end)

    return write


FACT = (
    "<log type='16' o_id='f{0}'><f>a{0}</f><b>b</b></log>"
    "<log type='6' o_id='c{0}' fact='f{0}' card_t='1' fact_v='1.1'/>"
)

HOSTILE = {
    "mixed quoting and NULs.csv": text("", 'a,"b""\0c\n"d\0"e,\'f\n"""g"",h"\x00,"'),
    "a row without end.csv": text("", "ab,"),
    "unclosed braces.gift": text("", "::t:: q {=a ~b\n\n"),
    "nested emphasis.md": text("Q: a\nA: ", "*_`"),
    "deep HTML.csv": text("#html:true\na\t" + "<div><b><ul><li>" * DEEP + "x\n"),
    "deep JSON.json": text('{"note_models": [], "children": [' * DEEP),
    "deep HTML.json": text(notes_of_anki("<i><sup>" * DEEP)),
    "a fold without end.md": text("", "<details><summary>"),
    "a comment without end.md": text("#flashcards\na::", "<!-- "),
    "cards below cards.md": text("".join(" " * at + "- b #card\n" for at in range(3_000))),
    "many items.md": text("", "- a >> b\n"),
    "notes without end.md": text("", "STARTI ["),
    "white space.xml": text("", " \n"),
    "signs without end.org": text("#+TITLE: x\n* a\n", "=a ~b"),
    "one row of answers.txt": text("", "ANSWER: A,B "),
    "formulas without end.csv": text("a,<br>[latex]", "\\(", "[/latex]"),
    "entities.xml": text('<!DOCTYPE q [<!ENTITY a "aa">]><quiz>&a;</quiz>'),
    "deep XML.xml": text("<quiz>" + "<a>" * DEEP),
    "gaps without end.xml": text(
        "<quiz><question type='cloze'><questiontext><text>", "{1:SA:=a",
        "</text></questiontext></question></quiz>",
    ),
    "options as numbers.json": text(
        '[{"question":"a","options":["' + '","'.join(map(str, range(500_000))) + '"],"answer":3}]'
    ),
    "zip bomb.cards": in_cards("cards.xml", "<openSM2sync>", lambda _: b" " * (1 << 20), 200),
    "one long name.cards": in_cards(
        "cards.xml", "<openSM2sync><log ", lambda _: b"a" * (1 << 20), 60
    ),
    "many facts.cards": in_cards(
        "cards.xml", "<openSM2sync>",
        lambda number: FACT.format(number).encode(), 250_000,
    ),
}  # fmt: skip


TAGS = " ".join(f"t{number}" for number in range(101))
DEEP_OR_TAGGED = {
    "deep headings.org": "".join("*" * level + " a :drill:\n" for level in range(1, 60)),
    "deep blocks.md": "".join("  " * level + "- a #card\n" for level in range(60)),
    "deep descriptors.md": "".join("  " * level + "- a >> b\n" for level in range(60)),
    "tags above.org": f"* a :{TAGS.replace(' ', ':')}:\n** b :drill:\nx\n",
    "tags of the file.org": f"#+filetags: {TAGS}\n* b :drill:\nx\n",
    "tags of the page.md": f"---\ntags: [{TAGS.replace(' ', ', ')}]\n---\na::b\n",
}


@pytest.mark.parametrize("name", DEEP_OR_TAGGED)
def test_what_many_notes_would_have_in_common_is_bounded(
    name: str, decks_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / name
    file.write_text(DEEP_OR_TAGGED[name], "utf-8")
    assert run(["import", str(file)]) == 1
    told = capsys.readouterr().err
    assert "nested more than 50 levels deep" in told or "more than 100 tags" in told
    assert list(decks_folder.iterdir()) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads memory from /proc")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_a_message(
    name: str, home: Path, decks_folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / name
    HOSTILE[name](file)
    done = subprocess.run(
        [sys.executable, "-c", IMPORT, file], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    *_, (word, code, most) = (line.split() for line in done.stdout.splitlines())
    assert word == "most"
    assert code in {"0", "1"}, done.stderr
    assert int(most) <= MOST_KIB
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
    assert len(done.stderr) < 5_000
    if code == "1":
        assert list(decks_folder.iterdir()) == []
    assert not (home / "data" / "imports" / "pending.json").exists()
