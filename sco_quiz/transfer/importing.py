"""Foreign files into decks, and the report of what became of each note."""

from __future__ import annotations

import json
from collections import Counter, deque
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.collector import collector_paused
from sco_quiz.errors import UsageError
from sco_quiz.interchange.formats import NAMES, TableOptions, look, read
from sco_quiz.interchange.material import Remark
from sco_quiz.library.files import read_text
from sco_quiz.progress import log
from sco_quiz.progress.appending import ForeignEvents, new_device
from sco_quiz.text import plain
from sco_quiz.transfer.destinations import Destinations
from sco_quiz.transfer.histories import ForeignHistories
from sco_quiz.transfer.locate_imported_notes import group_by_present_deck
from sco_quiz.transfer.media import MediaFolder
from sco_quiz.transfer.merging import DeckReport, ImportedNote, Plan
from sco_quiz.workspace.filing import Filing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from sco_quiz.interchange.material import ForeignDeck, ForeignNote
    from sco_quiz.progress.log import Event, EventDraft
    from sco_quiz.transfer.histories import Addition
    from sco_quiz.workspace.filing import Copy
    from sco_quiz.workspace.workspace import Workspace

__all__ = [
    "NAMES",
    "ImportPhase",
    "ImportReport",
    "ImportStep",
    "TableOptions",
    "grouped",
    "import_files",
    "look",
    "take_back",
    "undo_last",
]

_IMPORTS = """
SELECT data FROM event
WHERE card IS NULL AND kind = 'import' AND (device, seq) NOT IN undone
ORDER BY stamp, device, seq"""


@dataclass(slots=True)
class ImportReport:
    """The report of an import that was done, or is only planned.

    Attributes:
        decks: Deck by deck.
        skipped: What is no note of a deck.
        lossy: What came along, but not all of it.
    """

    decks: list[DeckReport] = field(default_factory=list)
    skipped: list[Remark] = field(default_factory=list)
    lossy: list[Remark] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Tell whether no deck has, or gets, a note of all that was read."""
        return not any(deck.has_notes for deck in self.decks)

    def in_words(self) -> str:
        """The counts of all decks together, and of what is no note of any."""
        whole = DeckReport("", Path())
        for deck in self.decks:
            whole.add(deck)
        whole.read += len(self.skipped)
        whole.skipped += self.skipped
        return f"in all {whole.in_words()}"

    @property
    def changes(self) -> bool:
        """Tell whether any deck changed, or would."""
        return any(deck.new or deck.updated or deck.reviews or deck.marked for deck in self.decks)


class ImportPhase(StrEnum):
    """The phases of an import, in words."""

    READING = "Reading files"
    COMPARING = "Comparing notes"
    WRITING = "Writing reviews"
    SCHEDULING = "Scheduling cards"


class ImportStep(NamedTuple):
    """The progress of an import.

    Attributes:
        phase: What it is at; phases follow one another.
        done: How many are done: files, decks, cards.
        of: Of how many.
    """

    phase: ImportPhase
    done: int
    of: int

    @property
    def share(self) -> float:
        """About what share (0 to 1) of the whole import is done."""
        start, end = _SHARES[self.phase]
        return start + (end - start) * self.done / max(self.of, 1)


_SHARES = {
    ImportPhase.READING: (0.0, 0.2),
    ImportPhase.COMPARING: (0.2, 0.4),
    ImportPhase.WRITING: (0.4, 0.9),
    ImportPhase.SCHEDULING: (0.9, 1.0),
}
"""The parts of the whole at which each phase begins and ends, as a package of 200,000 reviews takes
its time. The cards that the log does not know are scheduled while their reviews are written, so the
last phase is short."""


@collector_paused()
def import_files(
    workspace: Workspace,
    files: Sequence[Path],
    *,
    into: str = "",
    options: TableOptions,
    dry_run: bool = False,
    told: Callable[[ImportStep], None] = lambda _: None,
) -> ImportReport:
    """Write the notes of foreign files into decks of the learner's own, all of them or none.

    Args:
        workspace: Knows the decks; to be refreshed afterwards.
        files: What to import.
        into: The id or the title of the deck that takes everything; empty for a deck of each deck
            in the files.
        options: What the files do not say of themselves.
        dry_run: Only say what would be done.
        told: Called now and then with how far it is.

    Raises:
        DeckError: A file cannot be read, or a deck cannot be written. Nothing was imported.
        UsageError: A file's format is not known, or the options do not fit it.
        ProgressError: The log cannot be written. Nothing was imported.
    """
    report = ImportReport()
    plans, copies = _plans(workspace, files, into, options, report, told)
    histories, additions = _histories(workspace, plans)
    changes = [change for plan in plans if (change := plan.change) is not None]
    record = {plan.name: plan.record for plan in plans if plan.record}
    if not dry_run and (changes or record or additions or histories.marks):
        brought = _brought(workspace, histories, additions, told) if additions else None
        source = ", ".join(file.name for file in files)
        draft = log.imported(
            workspace.now(), source, record, histories.marks, brought and brought.device
        )
        Filing(workspace.paths, workspace.config, workspace.progress).carry_out(
            changes, draft, copies=copies, brought=brought
        )
        for plan in plans:
            if plan.composed is not None:
                workspace.expect(plan.report.path, plan.composed.text, plan.composed.read)
    return report


def _plans(
    workspace: Workspace,
    files: Sequence[Path],
    into: str,
    options: TableOptions,
    report: ImportReport,
    told: Callable[[ImportStep], None],
) -> tuple[list[Plan], list[Copy]]:
    """Read files, and compare them with the decks; return what is to be done.

    What was read is let go, since it takes as much memory as the log will.
    """
    sources: dict[str, list[ForeignDeck]] = {}
    destinations = Destinations(workspace)
    for number, file in enumerate(files):
        told(ImportStep(ImportPhase.READING, number, len(files)))
        material = read(file, options)
        report.skipped += _in(file, material.skipped, files)
        report.lossy += _in(file, material.lossy, files)
        named = {each.name: each for each in material.media}
        for deck in material.decks:
            place = destinations.named(into) if into else destinations.of(deck.title or file.stem)
            notes = _in_notes(file, deck.notes, files)
            sources.setdefault(place.id, []).append(deck._replace(notes=notes, files=named))
    known = known_notes(workspace)
    if known and not into:
        sources = group_by_present_deck(workspace, sources, known)
    plans: list[Plan] = []
    media: dict[Path, MediaFolder] = {}
    for number, (name, decks) in enumerate(sources.items()):
        told(ImportStep(ImportPhase.COMPARING, number, len(sources)))
        place = destinations.known(name)
        folder = media.setdefault(place.path.parent, MediaFolder(place.path.parent))
        owner = workspace.catalogue.owner_of(name)
        if owner is not None and any(deck.files for deck in decks):
            folder.know(owner, read_text(owner))
        arrived = [folder.bring(deck) for deck in decks]
        report.lossy += [remark for _, remarks in arrived for remark in remarks]
        plan = Plan(workspace, place, [deck for deck, _ in arrived], known)
        plans.append(plan)
        report.decks.append(plan.report)
    return plans, [copy for folder in media.values() for copy in folder.copies]


def _histories(
    workspace: Workspace, plans: Collection[Plan]
) -> tuple[ForeignHistories, deque[Addition]]:
    """Take what is new in the histories of cards, and count it in the reports of their decks."""
    histories = ForeignHistories(workspace, [card for plan in plans for card, _ in plan.histories])
    additions: deque[Addition] = deque()
    for plan in plans:
        report = plan.report
        found, plan.histories = plan.histories, []  # let go when they are written
        for card, history in found:
            addition, impossible = histories.compare(card, history)
            if addition is not None:
                additions.append(addition)
                report.reviews += len(addition.reviews)
                report.marked += addition.suspended is not None or addition.flag is not None
            if impossible:
                reason = "answers that lie in the future, or before 1970"
                report.lossy.append(Remark(f"{impossible:,} of {plain(card.prompt)[:60]}", reason))
    return histories, additions


def _brought(
    workspace: Workspace,
    histories: ForeignHistories,
    additions: deque[Addition],
    told: Callable[[ImportStep], None],
) -> ForeignEvents:
    cards = [addition.card.key for addition in additions]

    def drafts() -> Iterator[EventDraft]:
        for number in range(len(cards)):
            if number % 500 == 0:
                told(ImportStep(ImportPhase.WRITING, number, len(cards)))
            yield from histories.drafts(additions.popleft())

    def scheduled(done: int, of: int) -> None:
        told(ImportStep(ImportPhase.SCHEDULING, done, of))

    ((greatest_device,),) = workspace.progress.query("SELECT max(device) FROM event")
    return ForeignEvents(new_device(greatest_device), drafts(), cards, scheduled)


def take_back(workspace: Workspace, event: Event) -> bool:
    """Undo an import, in the decks as in the log.

    Returns:
        False, and nothing was done, where another program has taken it back meanwhile.

    Raises:
        DeckError: A deck was changed since, or cannot be written.
        ProgressError: The log cannot be written.
    """
    filing = Filing(workspace.paths, workspace.config, workspace.progress)
    is_done = filing.take_back(event, log.undo(workspace.now(), event))
    workspace.refresh()
    return is_done


def _in(file: Path, remarks: list[Remark], files: Sequence[Path]) -> list[Remark]:
    if len(files) == 1:
        return remarks
    return [Remark(f"{file.name}, {where}".rstrip(", "), reason) for where, reason in remarks]


def _in_notes(file: Path, notes: list[ForeignNote], files: Sequence[Path]) -> list[ForeignNote]:
    """Notes that say of which file they are, where there are several."""
    if len(files) == 1:
        return notes
    return [note._replace(where=f"{file.name}, {note.where}".rstrip(", ")) for note in notes]


def known_notes(
    workspace: Workspace, endings: tuple[str, ...] = ("",)
) -> dict[str, dict[str, ImportedNote]]:
    """Return the notes that earlier imports wrote: by deck, and by their name in the source.

    Args:
        workspace: Has the log.
        endings: How the names of the files ended that are meant.
    """
    known: dict[str, dict[str, ImportedNote]] = {}
    for (data,) in workspace.progress.query(_IMPORTS):
        details = json.loads(data)
        if not str(details.get("source", "")).casefold().endswith(endings):
            continue
        for deck, notes in details["notes"].items():
            own = known.setdefault(deck, {})
            for name, (key, fields) in notes.items():
                own[key] = ImportedNote(name, fields)
    return known


def grouped(remarks: Sequence[Remark], most: int = 5) -> list[str]:
    """Remarks as lines: each reason once, with the first places it holds for."""
    places: dict[str, list[str]] = {}
    for where, reason in remarks:
        places.setdefault(reason, []).append(where)
    lines = []
    for reason, wheres in places.items():
        named = [where for where in wheres if where]
        shown = "; ".join(list(Counter(named))[:most])
        more = f" and {len(named) - most:,} more" if len(named) > most else ""
        times = f", {len(wheres):,} times" if len(wheres) > most else ""
        lines.append(f"{reason}{times} ({shown}{more})" if shown else f"{reason}{times}")
    return lines


def undo_last(workspace: Workspace) -> str:
    """Take back the last import if it was the learner's last step; what was imported, if it was.

    Raises:
        DeckError: A deck was changed since, or cannot be written.
        ProgressError: The log cannot be written.
        UsageError: Something else was done since.
    """
    rows = workspace.progress.query(_IMPORTS)
    event = workspace.progress.last_undoable()
    if not rows or event is None:
        return ""
    if event.kind != log.EventKind.IMPORT or "shipped" in event.details:
        raise UsageError(
            "something else was done after the last import",
            "`u` in the app takes back one step after the other",
        )
    take_back(workspace, event)
    return str(event.details["source"])
