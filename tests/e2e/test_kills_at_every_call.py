"""A step that is killed at any call that changes a file leaves a home in which all goes on."""

from __future__ import annotations

import errno
import io
import os
import random
import shutil
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from sco_quiz import files
from sco_quiz.cli.main import run
from sco_quiz.learning.cards import Rating
from sco_quiz.paths import HOME_VARIABLE
from sco_quiz.studying.sessions import begin_study
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Rounds

PNG = b"\x89PNG\r\n\x1a\n"
OLD = "# Old\n\na::b\n\n# Gone\n\nx::y\n"
NEWER = "# Old\n\na::c\nd::e\n\n# New\n\nf::g\n"
OWN = "deck: Own\nid: own\ncards:\n- {front: a, back: b, image: img/a.png}\n- {front: c, back: d}\n"
CHANGES = ("link", "rename", "replace", "unlink", "mkdir", "rmdir", "fsync", "utime", "chmod",
           "chown", "symlink", "truncate", "ftruncate")  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR


class Killed(BaseException):
    """The process is gone: nothing that it does from now on changes a file."""


class Calls:
    """The calls that change a file, up to the one before which the process is killed."""

    def __init__(self, last: int) -> None:
        self.count, self._last = 0, last

    def pass_one(self) -> None:
        self.count += 1
        if self.count > self._last:
            raise Killed


@contextmanager
def killed_after(last: int, *, links: bool = True) -> Iterator[Calls]:
    """Let so many calls that change a file pass, and none after them.

    Args:
        last: How many.
        links: Whether the file system has hard links.
    """
    calls = Calls(last)

    class TornFile(io.BufferedWriter):
        """What is written when the process is killed is there by half."""

        def write(self, data: Any, /) -> int:
            try:
                calls.pass_one()
            except Killed:
                super().write(data[: len(data) // 2])
                super().flush()
                raise
            return super().write(data)

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            calls.pass_one()
            return real(*arguments, **options)

        return call

    real_open, real_file = os.open, io.open

    def open_handle(path: Any, flags: int, *rest: Any, **options: Any) -> int:
        if flags & WRITING:
            calls.pass_one()
        return real_open(path, flags, *rest, **options)

    def open_file(path: Any, mode: str = "r", *rest: Any, **options: Any) -> Any:
        if set(mode) & set("wax+"):
            calls.pass_one()
        return real_file(path, mode, *rest, **options)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    with pytest.MonkeyPatch.context() as patch:
        if not links:
            patch.setattr(os, "link", refuse)
        for name in filter(partial(hasattr, os), CHANGES):
            patch.setattr(os, name, counted(getattr(os, name)))
        patch.setattr(os, "open", open_handle)
        patch.setattr(io, "open", open_file)
        patch.setattr(os, "fdopen", lambda handle, _: TornFile(io.FileIO(handle, "wb")))
        yield calls


class Step(NamedTuple):
    """A command, with its arguments below the home, and commands that come before."""

    command: list[str]
    earlier: tuple[list[str], ...] = ()
    links: bool = True


STEPS = {
    "import": Step(["import", "newer/n.md"], (["import", "old/n.md"],)),
    "import with images": Step(["import", "pictures"]),
    "import without links": Step(["import", "newer/n.md"], (["import", "old/n.md"],), links=False),
    "import --undo": Step(["import", "--undo"], (["import", "old/n.md"], ["import", "newer/n.md"])),
    "import --undo with images": Step(["import", "--undo"], (["import", "pictures"],)),
    "export": Step(["export", "own", "--to", "csv", "--output", "out/own.csv"]),
    "add": Step(["add", "more.yaml"]),
    "add --link": Step(["add", "--link", "more.yaml"]),
    "new": Step(["new", "Brand new"]),
    "fmt": Step(["fmt", "--ids", "data/decks/own.yaml"]),
    "config": Step(["config", "theme", "ansi-dark"]),
    "config again": Step(["config", "retention", "0.8"], (["config", "theme", "ansi-dark"],)),
}


def prepare(home: Path, step: Step) -> None:
    decks = home / "data" / "decks"
    (decks / "img").mkdir(parents=True)
    (decks / "own.yaml").write_text(OWN)
    (decks / "img/a.png").write_bytes(PNG)
    for name, text in (("old", OLD), ("newer", NEWER)):
        (home / name).mkdir()
        (home / name / "n.md").write_text(text)
    (home / "out").mkdir()
    (home / "more.yaml").write_text(OWN.replace("own", "more").replace("Own", "More"))
    (home / "img").mkdir()
    (home / "img/a.png").write_bytes(PNG)
    crowd = home / "pictures"
    (crowd / "media").mkdir(parents=True)
    (crowd / "media/b.png").write_bytes(PNG + b"1")
    (crowd / "media/c.png").write_bytes(PNG + b"2")
    (crowd / "pictures.json").write_text(PICTURES)
    with Workspace() as workspace:
        workspace.refresh()
    for command in step.earlier:
        assert run(command) == 0


PICTURES = """{
  "__type__": "Deck", "name": "Pictures", "children": [], "media_files": ["b.png", "c.png"],
  "note_models": [{"__type__": "NoteModel", "crowdanki_uuid": "m", "name": "Basic", "type": 0,
    "flds": [{"name": "Front", "ord": 0}, {"name": "Back", "ord": 1}],
    "tmpls": [{"name": "Card 1", "ord": 0, "qfmt": "{{Front}}",
      "afmt": "{{FrontSide}}<hr id=answer>{{Back}}"}]}],
  "notes": [
    {"__type__": "Note", "guid": "g1", "note_model_uuid": "m", "tags": [],
      "fields": ["Which? <img src=\\"b.png\\">", "This"]},
    {"__type__": "Note", "guid": "g2", "note_model_uuid": "m", "tags": [],
      "fields": ["And? <img src=\\"c.png\\">", "That"]}]
}"""


class State(NamedTuple):
    """What a step may change: files with what they hold, and the kinds of events in the log."""

    decks: dict[str, bytes]
    others: dict[str, bytes]
    events: list[str]
    imports: int


def state_of(home: Path) -> State:
    decks: dict[str, bytes] = {}
    others: dict[str, bytes] = {}
    imports = 0
    for path in sorted(home.rglob("*")):
        name = str(path.relative_to(home))
        if not path.is_file() or name.startswith(("cache", "data/progress", "data/backups")):
            continue
        if path.name.startswith(".sco-quiz-"):  # looked for in the end
            continue
        if path.parent.name == "imports":
            assert path.name != "pending.json"
            imports += 1
        else:
            kind = decks if path.suffix in {".yaml", ".csv", ".toml"} else others
            kind[name] = path.read_bytes()
    with Workspace(read_only=True) as workspace:
        events = [each.kind for each in workspace.progress.events()]
    return State(decks, others, [str(kind) for kind in events], imports)


def study(answers: int = 0) -> None:
    """Open the decks, and answer so many cards; nothing has to be told."""
    with Workspace() as workspace:
        workspace.refresh()
        assert workspace.mended == ""
        session = begin_study(workspace, ["own"])
        assert session.question is not None
        for _ in range(answers):
            session.answer()
            session.rate(Rating.GOOD)


@pytest.mark.parametrize("name", STEPS)
def test_a_kill_at_any_call_leaves_a_home_in_which_all_goes_on(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    rounds: Rounds,
) -> None:
    step = STEPS[name]

    def enter(home: Path) -> Path:
        monkeypatch.setenv(HOME_VARIABLE, str(home))
        monkeypatch.chdir(home)
        return home

    first = tmp_path / "first"
    first.mkdir()
    prepare(enter(first), step)
    before = state_of(first)
    done = enter(shutil.copytree(first, tmp_path / "done", symlinks=True))
    with killed_after(10_000, links=step.links) as calls:
        assert run(step.command) == 0
    after = state_of(done)
    assert after != before
    kills = rounds(min(4, calls.count), calls.count, f"kills at a call of `{name}`: all goes on")
    for last in sorted(random.sample(range(calls.count), kills)):
        home = enter(shutil.copytree(first, tmp_path / str(last), symlinks=True))
        with pytest.raises(Killed), killed_after(last, links=step.links):
            run(step.command)
        files._swept.clear()  # what follows is done by other processes
        capsys.readouterr()
        if last % 3 == 0:  # while it is put right
            with suppress(Killed), killed_after(random.randrange(8), links=step.links):
                study()
        if last % 2:
            study()
        assert run(["doctor"]) == 0
        out = capsys.readouterr().out
        assert "Nothing is wrong" in out
        assert "not put right" not in out
        assert "is left of" not in out
        found = state_of(home)
        if found.events == before.events and found.decks == before.decks:
            assert run(step.command) == 0, capsys.readouterr().err
            found = state_of(home)
        assert found == after
        if name == "export":  # no start knows of the folder
            files._swept.clear()
            assert run([*step.command[:-1], "out/more.csv"]) == 0
        assert list(home.rglob(".sco-quiz-*")) == []
        study(answers=1)
        shutil.rmtree(home)
