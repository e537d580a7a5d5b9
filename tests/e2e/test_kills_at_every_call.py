"""A step that is killed at any call that changes a file leaves a home in which all goes on."""

from __future__ import annotations

import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from sco_quiz import files
from sco_quiz.authoring import steps
from sco_quiz.authoring.notes import Authoring
from sco_quiz.cli.main import run
from sco_quiz.errors import BehindError
from sco_quiz.learning.cards import Rating
from sco_quiz.learning.kinds import Kind
from sco_quiz.learning.results import QuizOptions
from sco_quiz.paths import HOME_VARIABLE, Paths, find_paths
from sco_quiz.progress import appending, backup, doctor
from sco_quiz.progress.salvage import whole_events
from sco_quiz.progress.store import Progress
from sco_quiz.studying.quizzes import begin_quiz
from sco_quiz.studying.sessions import begin_study
from sco_quiz.studying.undo import undo
from sco_quiz.sync.syncing import synchronise
from sco_quiz.workspace import opening
from sco_quiz.workspace.cards import cards_of_deck
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sco_quiz.learning.session import StudySession
    from tests.conftest import Rounds

if sys.platform == "win32":
    pytest.skip("processes are not copied there", allow_module_level=True)

from tests.e2e import killing

PNG = b"\x89PNG\r\n\x1a\n"
OLD = "# Old\n\na::b\n\n# Gone\n\nx::y\n"
NEWER = "# Old\n\na::c\nd::e\n\n# New\n\nf::g\n"
OWN = (
    "deck: Own\nid: own\nnew_per_day: 50\ncards:\n"
    "- {question: Capital of Kazakhstan?, answer: Astana}\n"
    "- {front: a, back: b, image: img/a.png}\n- {front: c, back: d}\n"
) + "".join(f"- {{front: Card {number}, back: x}}\n" for number in range(20))
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


def command(*arguments: str) -> Callable[[], None]:
    """Return a step that is a command, its paths below the home."""

    def carry_out() -> None:
        assert run([*arguments]) == 0

    return carry_out


def in_workspace(change: Callable[[Workspace], object]) -> Callable[[], None]:
    """Return a step of the app."""

    def carry_out() -> None:
        with Workspace(mend=True) as workspace:
            workspace.refresh()
            change(workspace)

    return carry_out


def in_session(change: Callable[[StudySession], object]) -> Callable[[], None]:
    """Return a step on the first card of a session."""

    def carry_out(workspace: Workspace) -> None:
        session = begin_study(workspace, ["own"])
        assert session.question is not None
        change(session)

    return in_workspace(carry_out)


def answer(session: StudySession) -> None:
    session.answer()
    session.rate(Rating.GOOD)


def answer_and_undo(session: StudySession) -> None:
    answer(session)
    answer(session)
    session.undo()
    answer(session)


def take_quiz(workspace: Workspace) -> None:
    quiz = begin_quiz(workspace, ["own"], options=QuizOptions(3))
    for _ in range(2):
        quiz.answer("Astana")
        quiz.go_on()
    quiz.leave()


def write_deck(workspace: Workspace) -> None:
    Authoring(workspace).new_deck("Mine")


def write_note(workspace: Workspace) -> None:
    Authoring(workspace).add("own", Kind.BASIC, {"front": "new", "back": "one"})


def delete_notes(workspace: Workspace) -> None:
    steps.delete_notes(workspace, cards_of_deck(workspace.progress.connection, "own")[2:5])


def delete_other_deck(workspace: Workspace) -> None:
    steps.delete_deck(workspace, "more")


def rename_decks(workspace: Workspace) -> None:
    steps.rename_deck(workspace, "more", "Most")


def correct_note(workspace: Workspace) -> None:
    authoring = Authoring(workspace)
    (card,) = (
        each
        for each in cards_of_deck(workspace.progress.connection, "own")
        if "Capital" in each.prompt
    )
    note = authoring.note_of(card)
    question = "The capital of Kazakhstan?"
    authoring.save(note, note.kind, {**note.values, "question": question})


def accept_answer(workspace: Workspace) -> None:
    cards = cards_of_deck(workspace.progress.connection, "own")
    Authoring(workspace).accept(
        next(card for card in cards if card.kind is Kind.TYPED), "Nur-Sultan"
    )


def rewrite_progress(script: str) -> Callable[[], None]:
    """Return a step that does what no program of ours would to the progress file."""

    def carry_out() -> None:
        with closing(sqlite3.connect(find_paths().progress_file)) as db:
            db.executescript(script)

    return carry_out


def flip_a_bit() -> None:
    path = find_paths().progress_file
    data = bytearray(path.read_bytes())
    place = data.rindex(b'"rating"')
    data[place] ^= 1
    path.write_bytes(data)


def forget_all() -> None:
    """Leave of a home no more than the decks."""
    shutil.rmtree("cache")
    find_paths().progress_file.unlink()


def cut_short() -> None:
    """Take the end away from the progress file, and with it no event."""
    path = find_paths().progress_file
    data = path.read_bytes()
    path.write_bytes(data[: len(data) - 100])


def empty_progress() -> None:
    find_paths().progress_file.write_bytes(b"")


def back_up_for(*days: int) -> Callable[[], None]:
    """Return a step that makes the backups of some days."""

    def carry_out() -> None:
        path = find_paths().progress_file
        for day in days:
            with Workspace() as workspace:
                workspace.refresh()
                answer(begin_study(workspace, ["own"]))
            backup.back_up(path, day)

    return carry_out


def copy_backup() -> None:
    """Keep a backup that the log has gone on from."""
    shutil.copy(backup.back_up(find_paths().progress_file, 700_000) or "", "kept.db")
    (find_paths().progress_file.parent / "backups" / backup.name_of(700_000)).unlink()


def join(workspace: Workspace) -> None:
    """Have a new card go on with the history of one that is in no deck any more."""
    db = workspace.progress.connection
    orphans = workspace.relinker.orphans()
    if orphans:
        workspace.relinker.join(orphans[0].key, cards_of_deck(db, "own")[-1].key)


def reword(old: str, new: str) -> Callable[[], None]:
    def carry_out() -> None:
        path = find_paths().decks_folder / "own.yaml"
        path.write_text(path.read_text().replace(old, new))

    return carry_out


def exchange_in_session(workspace: Workspace) -> None:
    """Study on while a synchroniser puts an older file over the one in use."""
    path = workspace.paths.progress_file
    older = path.read_bytes()
    session = begin_study(workspace, ["own"])
    answer(session)
    if not Path("exchanged").exists():
        path.write_bytes(older)
        Path("exchanged").touch()


def sync_elsewhere(*, under_one_id: bool = False) -> Callable[[], None]:
    """Return a step in which another home answers and syncs.

    Args:
        under_one_id: It is a copy of this one, made by who copied a disk.
    """

    def carry_out() -> None:
        own = find_paths()
        other = Paths(*(Path("other", name).absolute() for name in ("config", "data", "cache")))
        other.decks_folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(own.decks_folder / "own.yaml", other.decks_folder)
        if under_one_id:
            shutil.copy(own.progress_file, other.progress_file)
            with (
                Progress.open(own.progress_file) as progress,
                closing(sqlite3.connect(other.progress_file, isolation_level=None)) as copy,
            ):
                place = appending._hash_of_place(other.progress_file.stat().st_ino)
                copy.execute("UPDATE device SET place = ? WHERE id = ?", (place, progress.device))
        with Workspace(paths=other) as workspace:
            workspace.refresh()
            session = begin_study(workspace, ["own"])
            for _ in range(3):
                answer(session)
        synchronise(other, lambda: opening.system_now(4), str(Path("shared").absolute()), make=True)
        shutil.rmtree("other")

    return carry_out


class Step(NamedTuple):
    """What is done, and killed.

    Attributes:
        do: The step.
        earlier: Steps that come before.
        links: Whether the file system has hard links.
        parts: Whether it is several things one after another, each of which stands by itself.
        mends: Whether before it something is wrong with the progress file.
    """

    do: Callable[[], None]
    earlier: tuple[Callable[[], None], ...] = ()
    links: bool = True
    parts: bool = False
    mends: bool = False


ONCE = in_session(answer)
IMPORT = (command("import", "old/n.md"),)


def write_more_decks() -> None:
    """Have a deck whose file is named by its title, and one that is below it."""
    folder = find_paths().decks_folder
    (folder / "more.yaml").write_text(OWN.replace("id: own\n", "").replace("Own", "More"))
    (folder / "below.yaml").write_text("deck: More::Below\ncards:\n- {front: a, back: b}\n")


EDITED = f"{sys.executable} -c \"import pathlib, sys; p = pathlib.Path(sys.argv[-1]); \
p.write_text(p.read_text().replace('Capital of', 'The capital of'))\""
STEPS = {
    "import": Step(command("import", "newer/n.md"), IMPORT),
    "import with images": Step(command("import", "pictures")),
    "import without links": Step(command("import", "newer/n.md"), IMPORT, links=False),
    "import --undo": Step(command("import", "--undo"), (*IMPORT, command("import", "newer/n.md"))),
    "import --undo with images": Step(
        command("import", "--undo"), (command("import", "pictures"),)
    ),
    "export": Step(command("export", "own", "--to", "csv", "--output", "out/own.csv")),
    "add": Step(command("add", "more.yaml")),
    "add --link": Step(command("add", "--link", "more.yaml")),
    "new": Step(command("new", "Brand new")),
    "edit": Step(command("edit", "own"), (in_session(answer_and_undo),), parts=True),
    "fmt": Step(command("fmt", "--ids", "data/decks/own.yaml"), (ONCE,), parts=True),
    "config": Step(command("config", "theme", "ansi-dark")),
    "config again": Step(
        command("config", "retention", "0.8"), (command("config", "theme", "ansi-dark"),)
    ),
    "the first start": Step(ONCE, (forget_all,), parts=True),
    "study": Step(in_session(answer_and_undo), (ONCE,), parts=True),
    "suspend": Step(in_session(lambda session: session.suspend()), (ONCE,)),
    "bury": Step(in_session(lambda session: session.bury()), (ONCE,)),
    "flag": Step(in_session(lambda session: session.flag()), (ONCE,)),
    "quiz": Step(in_workspace(take_quiz), (ONCE,), parts=True),
    "undo": Step(in_workspace(undo), (ONCE,)),
    "cards --suspend": Step(command("cards", "--suspend", "Card"), (ONCE,)),
    "cards --tag": Step(command("cards", "--tag", "new", "deck:own"), (ONCE,)),
    "cards --undo of tags": Step(
        command("cards", "--undo"), (command("cards", "--tag", "new", "deck:own"),)
    ),
    "a deck in the app": Step(in_workspace(write_deck)),
    "a note in the app": Step(in_workspace(write_note)),
    "a note in the app, taken back": Step(in_workspace(undo), (in_workspace(write_note),)),
    "notes deleted": Step(in_workspace(delete_notes), (ONCE,)),
    "notes deleted, taken back": Step(in_workspace(undo), (ONCE, in_workspace(delete_notes))),
    "a deck deleted": Step(in_workspace(delete_other_deck), (write_more_decks, ONCE)),
    "a deck deleted, taken back": Step(
        in_workspace(undo), (write_more_decks, in_workspace(delete_other_deck))
    ),
    "a deck renamed": Step(in_workspace(rename_decks), (write_more_decks, ONCE)),
    "a deck renamed without links": Step(
        in_workspace(rename_decks), (write_more_decks, ONCE), links=False
    ),
    "a deck renamed, taken back": Step(
        in_workspace(undo), (write_more_decks, in_workspace(rename_decks))
    ),
    "a correction in the app": Step(in_workspace(correct_note), (in_session(answer_and_undo),)),
    "a correction in the app, taken back": Step(
        in_workspace(undo), (in_session(answer_and_undo), in_workspace(correct_note))
    ),
    "an accepted answer": Step(in_workspace(accept_answer), (ONCE,)),
    "an accepted answer, taken back": Step(in_workspace(undo), (in_workspace(accept_answer),)),
    "relink": Step(in_workspace(lambda _: None), (ONCE, reword("Capital of", "The capital of"))),
    "a history joined": Step(
        in_workspace(join), (ONCE, reword("Kazakhstan?, answer: Astana", "x?, answer: y"))
    ),
    "backup": Step(command("backup"), (ONCE,)),
    "backup again": Step(command("backup"), (ONCE, command("backup"), ONCE)),
    "backup to a file": Step(command("backup", "out/copy.db"), (ONCE,)),
    "backup that lets go of old ones": Step(
        command("backup"),
        (back_up_for(700_000), *[back_up_for(day) for day in range(739_000, 739_010)]),
    ),
    "restore FILE": Step(
        command("restore", "--yes", "kept.db"), (ONCE, copy_backup, ONCE, command("backup"))
    ),
    "restore FILE without links": Step(
        command("restore", "--yes", "kept.db"), (ONCE, copy_backup, ONCE), links=False
    ),
    "restore": Step(command("restore"), (ONCE, command("backup"), empty_progress), mends=True),
    "restore --set-aside": Step(
        command("restore", "--set-aside"), (ONCE, command("backup"), empty_progress), mends=True
    ),
    "doctor --rebuild": Step(
        command("doctor", "--rebuild"),
        (ONCE, rewrite_progress("DELETE FROM card_state")),
        mends=True,
    ),
    "doctor --rebuild of a damaged file": Step(
        command("doctor", "--rebuild"), (ONCE, command("backup"), ONCE, flip_a_bit), mends=True
    ),
    "doctor --rebuild without links": Step(
        command("doctor", "--rebuild"), (ONCE, flip_a_bit), links=False, mends=True
    ),
    "a start that mends": Step(ONCE, (ONCE, cut_short), parts=True, mends=True),
    "sync": Step(command("sync", "shared"), (ONCE, sync_elsewhere()), parts=True),
    "sync that puts files together": Step(
        command("sync", "shared"), (ONCE, command("sync", "shared"), ONCE), parts=True
    ),
    "sync that parts two homes under one id": Step(
        command("sync", "shared"), (ONCE, sync_elsewhere(under_one_id=True), ONCE), parts=True
    ),
    "an upgrade of views": Step(
        in_workspace(lambda _: None),
        (ONCE, rewrite_progress("UPDATE meta SET value = 0 WHERE name = 'views'")),
    ),
}

MORE = {
    "export": "export own --to csv --output out/more.csv",
    "backup to a file": "backup out/more.db",
    "sync": "sync shared",
    "sync that puts files together": "sync shared",
    "sync that parts two homes under one id": "sync shared",
}
"""Commands that write once more into a folder of the learner's, or look into it."""


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
    for carry_out in step.earlier:
        carry_out()


class State(NamedTuple):
    """What a step may change.

    Attributes:
        decks: Decks, settings and exports with what they hold, and copies of the progress file.
        others: Other files with what they hold.
        events: The kinds of the events in the log.
        imports: How many notes of imports there are.
    """

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
        if not path.is_file() or name.startswith(("cache", "data/backups", "data/progress")):
            continue
        if path.name.startswith(".sco-quiz-") or path.name.endswith("-journal"):
            continue  # looked for in the end
        if path.parent.name == "imports":
            assert path.name != "pending.json"
            imports += 1
        else:
            kind = decks if path.suffix in {".yaml", ".csv", ".toml", ".db"} else others
            kind[name] = b"" if path.suffix == ".db" else path.read_bytes()
    with Workspace(read_only=True) as workspace:
        events = [str(each.kind) for each in workspace.progress.events()]
    return State(decks, others, events, imports)


def events_in(home: Path) -> set[tuple[str, int, bytes]]:
    """What names the events that any file of a home holds."""
    return {
        (event.device, event.seq, event.sum[:8])
        for path in home.rglob("*.db")
        for event in whole_events(path.read_bytes())
    }


def left_in(home: Path) -> list[str]:
    """Names of files that no step that ended leaves."""
    found = [path for path in home.rglob("*") if path.is_file() and not path.is_symlink()]
    return [
        path.name
        for path in found
        if path.name.startswith(".sco-quiz-")
        or path.name.endswith((".part", ".tmp", "-journal"))
        or path.stat().st_nlink > 1
    ]


def study(answers: int = 0) -> None:
    """Open the decks, and answer so many cards; nothing has to be told."""
    with Workspace() as workspace:
        workspace.refresh()
        assert workspace.mended == ""
        session = begin_study(workspace, ["own"])
        assert session.question is not None
        for _ in range(answers):
            answer(session)


def start() -> None:
    """Start as the app does, where something may be wrong with the progress file."""
    with suppress(BehindError), Workspace(mend=True) as workspace:
        workspace.refresh()
        assert begin_study(workspace, ["own"]).question is not None


class Proof:
    """A step, carried out in homes that are alike, and killed."""

    def __init__(self, name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.name, self.step = name, STEPS[name]
        self._folder, self._capsys = folder, capsys
        self._patch = pytest.MonkeyPatch()
        self._first = folder / "first"
        self._first.mkdir()
        prepare(self._enter(self._first), self.step)
        self._before = None if self.step.mends else state_of(self._first)
        home = self._enter_copy("done")
        self.step.do()
        self._after = state_of(home)
        self._enter_copy("counted")
        calls = killing.run_apart(self.step.do, links=self.step.links)
        assert calls
        self.calls = calls

    def end(self) -> None:
        self._patch.undo()

    def _enter(self, home: Path) -> Path:
        self._patch.setenv(HOME_VARIABLE, str(home))
        self._patch.chdir(home)
        return home

    def _enter_copy(self, name: str) -> Path:
        return self._enter(shutil.copytree(self._first, self._folder / name, symlinks=True))

    def kill_after(self, last: int) -> None:
        """Kill the step after so many calls, and have all go on."""

        def kill() -> None:
            assert killing.run_apart(self.step.do, last=last, links=self.step.links) is None

        self.go_on_after(kill, last)

    def go_on_after(self, kill: Callable[[], None], last: int) -> None:
        """Kill the step, and have all go on in ways that a number decides."""
        home = self._enter_copy(str(last))
        held = events_in(home)
        kill()
        files._swept.clear()  # what follows is done by other processes
        if last % 3 == 0:  # while it is put right
            killing.run_apart(start, last=random.randrange(30), links=self.step.links)
        if self.step.mends:
            if last % 2:
                start()
            if self._told_by_doctor() or last % 2 == 0:
                self.step.do()
        elif last % 2:
            study()
        told = self._told_by_doctor()
        assert not told, told
        study()
        found = state_of(home)
        if self.step.parts:
            self._compare_parts(found)
        else:
            if self._before and (found.events, found.decks) == self._before[2::-2]:
                self.step.do()
                found = state_of(home)
            assert found == self._after
        if self.name in MORE:  # no start knows of the folder
            files._swept.clear()
            assert run(MORE[self.name].split()) == 0
        study(answers=1)  # with which a journal goes too that there was nothing in
        assert left_in(home) == []
        assert held <= events_in(home)
        for path in home.rglob("*.db"):
            if path.parent.name != "cache" and not path.name.startswith("damaged-"):
                assert not any(doctor.examine(path)[1:3]), path
        shutil.rmtree(home)

    def _compare_parts(self, found: State) -> None:
        """Each file is of before or after, or one that begins; the log goes on from before."""
        if self._before is None:
            return
        for name, data in found.decks.items():
            if name in self._before.decks and name in self._after.decks:
                assert data in {self._before.decks[name], self._after.decks[name]}, name
        assert found.decks.keys() >= self._before.decks.keys() & self._after.decks.keys()
        assert found.events[: len(self._before.events)] == self._before.events

    def _told_by_doctor(self) -> str:
        """What the doctor finds wrong; empty where nothing is."""
        self._capsys.readouterr()
        code = run(["doctor"])
        out = "".join(self._capsys.readouterr())
        is_well = code == 0 and "Nothing is wrong" in out
        left = "not put right" in out or "is left over" in out
        return "" if is_well and not left else out


@pytest.fixture
def proof(
    request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[Proof]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EDITOR", EDITED)
        patch.delenv("VISUAL", raising=False)
        patch.setattr(opening, "shipped_decks", lambda: tmp_path / "none")
        proof = Proof(request.param, tmp_path, capsys)
        yield proof
        proof.end()


@pytest.mark.parametrize("proof", STEPS, indirect=True)
def test_a_kill_at_any_call_leaves_a_home_that_still_works(proof: Proof, rounds: Rounds) -> None:
    most = proof.calls
    kills = rounds(1, min(6, most), f"of {most} kills at a call of `{proof.name}`: all goes on")
    for last in sorted(random.sample(range(most), kills)):
        proof.kill_after(last)


@pytest.mark.exhaustive
@pytest.mark.parametrize("proof", STEPS, indirect=True)
def test_a_kill_at_every_call_leaves_a_home_that_still_works(
    proof: Proof, proved: Callable[[str], None]
) -> None:
    for last in range(proof.calls):
        proof.kill_after(last)
    proved(f"{proof.calls:,} kills at every call of `{proof.name}`: all goes on")


CALLS = (
    "pwrite64",
    "fsync",
    "fdatasync",
    "unlink",
    "rename",
    "link",
    "ftruncate",
    "mkdir",
    "write",
)


def strace(*arguments: str) -> int:
    """Run a program under strace; return its exit code, -9 or 137 if it was killed."""
    return subprocess.run(
        ["strace", "-f", "-qq", "-o", os.devnull, *arguments], capture_output=True, check=False
    ).returncode


def calls_of(program: Sequence[str]) -> list[str]:
    """Run a program; return each call of it that changes a file, as strace is told of it."""
    strace("-o", "trace", "-e", f"trace={','.join(CALLS)}", *program)
    counts: Counter[str] = Counter()
    calls = []
    for name in re.findall(
        r"^\d+ +(\w+)\(", Path("trace").read_text(errors="replace"), re.MULTILINE
    ):
        counts[name] += 1
        calls.append(f"{name}:signal=KILL:when={counts[name]}")
    return calls


@pytest.mark.parametrize(
    "proof", ["import", "add", "export", "backup", "restore FILE"], indirect=True
)
def test_a_kill_at_a_system_call_leaves_a_home_that_still_works(
    proof: Proof, rounds: Rounds
) -> None:
    if shutil.which("strace") is None or strace("true"):
        pytest.skip("there is no strace, or it is not allowed to trace")
    arguments = {
        "import": "import newer/n.md", "add": "add more.yaml", "backup": "backup",
        "export": "export own --to csv --output out/own.csv",
        "restore FILE": "restore --yes kept.db",
    }[proof.name].split()  # fmt: skip
    program = (sys.executable, "-B", "-m", "sco_quiz", *arguments)
    proof._enter_copy("traced")
    calls = calls_of(program)

    def kill() -> None:
        assert strace("-e", f"inject={random.choice(calls)}", *program) in {-9, 137}

    kills = rounds(1, 6, f"kills of `{proof.name}` by strace: all goes on")
    for number in range(kills):
        proof.go_on_after(kill, number)
