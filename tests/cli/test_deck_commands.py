"""`new`, `add`, `edit` and `fmt`: decks of one's own from the command line."""

from __future__ import annotations

import os
import re
import shlex
import sys
from pathlib import Path

import pytest

from sco_quiz.cli.main import run
from sco_quiz.errors import ProgressError
from sco_quiz.learning.cards import Rating
from sco_quiz.learning.kinds import Kind
from sco_quiz.library.composing import template
from sco_quiz.library.decks import read_deck
from sco_quiz.paths import shipped_decks
from sco_quiz.progress.store import Progress
from sco_quiz.studying.sessions import begin_study
from sco_quiz.workspace.workspace import Workspace

DECK = """\
deck: Capitals
id: capitals
cards:
  - question: Capital of Kazakhstan?
    answer: Astana

  - id: kg
    question: Capital of Kyrgyzstan?
    answer: Bishkek
"""


@pytest.fixture
def here(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, which is not the decks folder."""
    folder = home / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("VISUAL", raising=False)
    return folder


@pytest.fixture
def decks(home: Path) -> Path:
    """The decks folder, with a deck."""
    folder = home / "data" / "decks"
    folder.mkdir(parents=True)
    (folder / "capitals.yaml").write_text(DECK, encoding="utf-8")
    return folder


@pytest.fixture
def edits(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What an editor called vi was called with; `edit.py` beside it may say what it does."""
    folder = home / "editor"
    folder.mkdir()
    script = folder / "edit.py"
    script.write_text("", encoding="utf-8")
    calls = folder / "calls"
    program = folder / "vi"
    program.write_text(
        f"#!{sys.executable}\nimport sys\n"
        f"open({str(calls)!r}, 'a').write(' '.join(sys.argv[1:]) + '\\n')\n"
        f"exec(open({str(script)!r}).read())\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setenv("EDITOR", shlex.quote(str(program)))
    return calls


def shipped() -> Path:
    folder = shipped_decks()
    assert isinstance(folder, Path)
    return min(folder.glob("*.yaml"))


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> tuple[str, str]:
    capsys.readouterr()
    assert run(list(arguments)) == code
    out, err = capsys.readouterr()
    return out, err


# new


def test_a_new_deck_can_be_studied_at_once(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = told(capsys, "new", "Rivers: of Asia")
    path = home / "data" / "decks" / "rivers-of-asia.yaml"
    assert out == f"{path}\n"
    file = read_deck(path, path.read_bytes())
    assert file.diagnostics == ()
    assert file.deck is not None
    assert (file.deck.title, file.deck.id) == ("Rivers: of Asia", "rivers-of-asia")
    assert len(file.deck.cards) == 3
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=https://raw.githubusercontent.com/")


def test_every_commented_note_of_the_template_is_valid_once_uncommented() -> None:
    header, _, cards = template("A", "a").partition("cards:\n")
    header = re.sub(r"(?m)^# (?=description|language|sources|defaults|  atlas)", "", header)
    notes = re.sub(r"(?m)^  # (?=- |  )", "  ", cards)
    file = read_deck("a.yaml", f"{header}cards:\n{notes}".encode())
    assert [each for each in file.diagnostics if each.code != "W403"] == []
    assert file.deck is not None
    assert {card.kind for card in file.deck.cards} == set(Kind)


def test_a_new_deck_never_replaces_one(
    home: Path, decks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, err = told(capsys, "new", "Capitals", code=1)
    assert "there is a deck 'capitals' already" in err
    assert "sco-quiz edit capitals" in err
    _, err = told(capsys, "new", "SCO essentials", code=1)
    assert "there is a deck 'sco-essentials' already" in err
    assert "a deck needs a title" in told(capsys, "new", " ", code=2)[1]
    assert [path.name for path in decks.iterdir()] == ["capitals.yaml"]


def test_a_new_deck_opens_in_the_editor(edits: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, err = told(capsys, "new", "Rivers", "--edit")
    assert edits.read_text() == f"+1 {out}"
    assert err == ""


# add


@pytest.mark.usefixtures("here")
def test_decks_are_copied_into_the_decks_folder(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("sub").mkdir()
    Path("a.yaml").write_text(DECK, encoding="utf-8")
    Path("sub/b.yml").write_text(DECK.replace("capitals", "b"), encoding="utf-8")
    out, err = told(capsys, "add", "a.yaml", "sub")
    folder = home / "data" / "decks"
    assert out == f"{folder / 'a.yaml'}\n{folder / 'b.yml'}\n"
    assert (folder / "a.yaml").read_text(encoding="utf-8") == DECK
    assert told(capsys, "add", "a.yaml", "sub") == ("", "2 already there\n")
    assert err == ""


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_linked_deck_stays_where_it_is(
    here: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("a.yaml").write_text(DECK, encoding="utf-8")
    told(capsys, "add", "--link", "a.yaml")
    link = home / "data" / "decks" / "a.yaml"
    assert link.readlink() == here / "a.yaml"


@pytest.mark.usefixtures("here")
def test_all_decks_are_added_or_none(decks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("fine.yaml").write_text(DECK.replace("capitals", "fine"), encoding="utf-8")
    Path("broken.yaml").write_text("deck: A\ncards:\n  - front: a\n", encoding="utf-8")
    Path("taken.yaml").write_text(DECK + "# mine\n", encoding="utf-8")
    Path("deck.txt").write_text(DECK.replace("capitals", "text"), encoding="utf-8")
    out, err = told(capsys, "add", "fine.yaml", "broken.yaml", code=1)
    assert "broken.yaml:3:5: error[E302] `front` without `back`" in err
    assert "nothing was added" in err
    assert out == ""
    _, err = told(capsys, "add", "fine.yaml", "taken.yaml", code=1)
    assert f"the deck id 'capitals' is taken by {decks / 'capitals.yaml'}" in err
    Path("capitals.yaml").write_text(DECK.replace("id: capitals", "id: other"), encoding="utf-8")
    _, err = told(capsys, "add", "fine.yaml", "capitals.yaml", code=1)
    assert "is there, with another deck in it" in err
    _, err = told(capsys, "add", "fine.yaml", "deck.txt", code=1)
    assert "ends in .yaml" in err
    _, err = told(capsys, "add", "fine.yaml", "missing.yaml", code=2)
    assert "there is no file 'missing.yaml'" in err
    Path("empty").mkdir()
    assert "there is no deck in there" in told(capsys, "add", "empty", code=1)[1]
    assert [path.name for path in decks.iterdir()] == ["capitals.yaml"]


@pytest.mark.parametrize("way", ["add", "edit"])
@pytest.mark.usefixtures("here")
def test_a_copy_of_a_shipped_deck_stands_in_its_place_and_is_taken_back(
    way: str, home: Path, edits: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, err = told(capsys, "edit", "sco-essentials", code=1)
    assert "`sco-quiz edit --copy sco-essentials`" in err
    copy = home / "data" / "decks" / shipped().name
    if way == "add":
        assert told(capsys, "add", str(shipped())) == (f"{copy}\n", "")
        told(capsys, "edit", "sco-essentials")
    else:
        _, err = told(capsys, "edit", "--copy", "sco-essentials:sco-founding-year")
        assert err == f"Your copy: {copy}\n"
        line = copy.read_text().split("\n").index("  - id: sco-founding-year") + 1
        assert edits.read_text() == f"+{line} {copy}\n"
        edits.unlink()
        told(capsys, "edit", "--copy", "sco-essentials")
    assert edits.read_text() == f"+1 {copy}\n"
    with Workspace() as workspace:
        workspace.refresh()
        assert workspace.catalogue.owner_of("sco-essentials") == copy
        assert workspace.catalogue.problems() == []
    assert told(capsys, "check")[1].endswith("no problems\n")
    listed = told(capsys, "decks")[0]
    assert [line.split()[0] for line in listed.splitlines()][1] == "sco-essentials"
    told(capsys, "cards", "--undo")
    assert not copy.exists()


# edit


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("capitals", 1), ("cap:kg", 7), ("capitals:2", 7), ("capitals:1", 4),
        ("capitals:of  kyrgyz", 7), ("capitals:Kazakhstan?", 4),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("here")
def test_the_editor_opens_at_the_note(
    name: str, line: int, decks: Path, edits: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(capsys, "edit", name) == ("", "")
    assert edits.read_text() == f"+{line} {decks / 'capitals.yaml'}\n"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("capitals:capital", "2 prompts have 'capital', those on lines 4, 7"),
        ("capitals:kk", "none of the deck's 2 notes is called 'kk'"),
        ("capitals:3", "none of the deck's 2 notes is called '3'"),
        ("capitols", "did you mean 'capitals'?"),
        ("missing.yaml:2", "missing.yaml is not there"),
    ],
)
@pytest.mark.usefixtures("here", "decks", "edits")
def test_a_note_that_cannot_be_found_is_named(
    name: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert message in told(capsys, "edit", name, code=2)[1]


@pytest.mark.usefixtures("here")
def test_a_file_is_edited_wherever_it_is(
    here: Path, edits: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("a.yaml").write_text(DECK, encoding="utf-8")
    told(capsys, "edit", "a.yaml:kg")
    assert edits.read_text() == f"+7 {here / 'a.yaml'}\n"


@pytest.mark.usefixtures("here")
def test_problems_left_by_an_edit_are_reported(
    decks: Path, edits: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edits.with_name("edit.py").write_text(
        "text = open(sys.argv[2]).read(); open(sys.argv[2], 'w').write(text + '  - front: a\\n')"
    )
    _, err = told(capsys, "edit", "capitals", code=1)
    path = decks / "capitals.yaml"
    assert err.startswith(f"{path}:10:5: error[E302] `front` without `back`\n  |   - front: a\n")
    path.write_text(DECK + '    hint: "unclosed\n', encoding="utf-8")
    edits.unlink()
    edits.with_name("edit.py").write_text(f"open(sys.argv[2], 'w').write({DECK!r})")
    assert told(capsys, "edit", "capitals:kg") == ("", "")
    assert edits.read_text() == f"+10 {path}\n"


@pytest.mark.usefixtures("here")
def test_a_prompt_edited_by_hand_keeps_its_history(
    decks: Path, edits: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study()
    edits.with_name("edit.py").write_text(
        "text = open(sys.argv[2]).read().replace('Capital of Ka', 'The capital of Ka')\n"
        "open(sys.argv[2], 'w').write(text)"
    )
    assert told(capsys, "edit", "capitals") == ("", "1 edited card kept its history\n")


# fmt


def study() -> None:
    """Answer every card of the deck once."""
    with Workspace() as workspace:
        workspace.refresh()
        session = begin_study(workspace, ["capitals"])
        for _ in range(2):
            session.answer("Astana")
            session.rate(Rating.EASY)
        session.end()


def states(deck: Path) -> list[int]:
    """How often each card of the deck was answered."""
    file = read_deck(deck, deck.read_bytes())
    assert file.deck is not None
    with Workspace() as workspace:
        workspace.refresh()
        return [workspace.progress.state(card.key).reps for card in file.deck.cards]


@pytest.mark.usefixtures("here")
def test_fmt_formats_decks_and_names_them(decks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = decks / "capitals.yaml"
    path.write_text(DECK.replace("Astana\n", "Astana  \n") + "\n", encoding="utf-8")
    Path("tidy.yaml").write_text(DECK, encoding="utf-8")
    assert told(capsys, "fmt", "--check", code=1) == (f"{path}\n", "")
    assert told(capsys, "fmt", "--check", "tidy.yaml") == ("", "")
    assert told(capsys, "fmt") == (f"{path}\n", "")
    assert path.read_text(encoding="utf-8") == DECK
    assert told(capsys, "fmt", str(decks), "tidy.yaml") == ("", "")


@pytest.mark.usefixtures("here")
def test_cards_that_get_ids_keep_their_history(
    decks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = decks / "capitals.yaml"
    study()
    assert states(path) == [1, 1]
    assert told(capsys, "fmt", "--ids", "--check", code=1) == (f"{path}\n", "")
    assert path.read_text(encoding="utf-8") == DECK
    assert told(capsys, "fmt", "--ids") == (f"{path}\n", "")
    assert "  - id: capital-of-kazakhstan\n    question" in path.read_text(encoding="utf-8")
    assert states(path) == [1, 1]
    assert told(capsys, "fmt", "--ids") == ("", "")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("is_stuck", [False, True], ids=["put back", "not put back"])
def test_ids_whose_histories_cannot_be_kept_are_taken_out_again_or_named(
    decks: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, is_stuck: bool
) -> None:
    path = decks / "capitals.yaml"
    study()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    def not_appended(*_: object) -> None:
        if is_stuck:
            patch.setattr("sco_quiz.library.files.put", full)
        raise ProgressError("the disk is full", "free some space")

    with monkeypatch.context() as patch:
        patch.setattr(Progress, "append", not_appended)
        _, err = told(capsys, "fmt", "--ids", code=3)
    has_ids = "id: capital-of-kazakhstan" in path.read_text(encoding="utf-8")
    assert has_ids == is_stuck == (f"{path} has the ids" in err)
    assert states(path) == [1, 1]


@pytest.mark.usefixtures("here")
def test_fmt_names_decks_it_cannot_format_and_formats_the_rest(
    decks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (decks / "a.yaml").write_text("deck: [\n", encoding="utf-8")
    (decks / "z.yaml").write_text(DECK.replace("capitals", "z") + "\n", encoding="utf-8")
    out, err = told(capsys, "fmt", code=1)
    assert out == f"{decks / 'z.yaml'}\n"
    assert err.startswith(f"error: {decks / 'a.yaml'}: line ")
    _, err = told(capsys, "fmt", str(shipped()), code=1)
    assert "came with the app" in err
    assert "there is no file or folder nowhere" in told(capsys, "fmt", "nowhere", code=2)[1]


@pytest.mark.skipif(sys.platform == "win32", reason="links of POSIX")
@pytest.mark.usefixtures("here")
def test_fmt_names_conflict_copies_and_unfollowed_links_and_formats_the_rest(
    decks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    untidy = DECK + "\n"
    cloud = decks.parent / "cloud" / "capitals.YML"
    copy = cloud.with_name("capitals.sync-conflict-20261128-101010-ABCDEFG.YML")
    cloud.parent.mkdir()
    for file in (cloud, copy):
        file.write_text(untidy, encoding="utf-8")
    (decks / "cloud").symlink_to(cloud.parent)
    (decks / "home").symlink_to(decks.parent)
    out, err = told(capsys, "fmt", code=1)
    assert out == f"{decks / 'cloud/capitals.YML'}\n"
    assert f"{decks / 'home'} cannot be searched (a link to a folder that it lies in)" in err
    assert f"{decks / 'cloud' / copy.name} is left as it is" in err
    assert (cloud.read_text(encoding="utf-8"), copy.read_text(encoding="utf-8")) == (DECK, untidy)


@pytest.mark.usefixtures("here")
def test_a_conflict_copy_in_a_folder_is_named_and_not_added(
    decks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("d").mkdir()
    for name in ("more.yaml", "more (Ann's conflicted copy 2026-11-28).yaml"):
        Path("d", name).write_text(DECK.replace("capitals", "more"), encoding="utf-8")
    out, err = told(capsys, "add", "d")
    assert out == f"{decks / 'more.yaml'}\n"
    assert "warning[W411]" in err
    assert [path.name for path in decks.glob("more*")] == ["more.yaml"]


@pytest.mark.usefixtures("home")
def test_fmt_without_decks_does_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "fmt", "--check") == ("", "")


def with_image(folder: Path, image: bytes) -> Path:
    (folder / "maps").mkdir(parents=True)
    (folder / "maps" / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + image)
    deck = folder / f"{folder.name}.yaml"
    deck.write_text(
        f"deck: {folder.name}\ncards:\n- front: a\n  back: b\n  image: maps/a.png\n"
        "  answer_audio: gone.mp3\n",
        encoding="utf-8",
    )
    return deck


def test_the_images_of_a_deck_are_added_with_it(here: Path, home: Path) -> None:
    one, same, other = (
        with_image(here / name, image)
        for name, image in (("one", b"1"), ("same", b"1"), ("other", b"2"))
    )
    assert run(["add", str(one)]) == 0
    added = home / "data" / "decks"
    assert (added / "maps" / "a.png").read_bytes() == (here / "one/maps/a.png").read_bytes()
    assert run(["add", str(same)]) == 0
    before = sorted(added.rglob("*"))
    assert run(["add", str(other)]) == 1
    assert sorted(added.rglob("*")) == before
    assert run(["add", "--link", str(other)]) == 0
