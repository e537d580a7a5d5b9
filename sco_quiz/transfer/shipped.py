"""The learner's own copies of shipped decks: made to be corrected, and kept up to date.

A copy is an import of the shipped deck: the log knows of each field what it said there, so that of
what a newer version changes only that comes through which the learner left alone. The whole is one
step, and undo takes it back.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from sco_quiz.errors import DeckError
from sco_quiz.interchange.material import ForeignDeck, ForeignNote
from sco_quiz.library.contents import notes_of
from sco_quiz.library.files import is_shipped, read_text
from sco_quiz.library.kinds import texts_of
from sco_quiz.library.media import MEDIA_KEYS, find
from sco_quiz.library.source import DeckText
from sco_quiz.numbers_and_times import many
from sco_quiz.progress import log
from sco_quiz.text import clean
from sco_quiz.transfer import importing
from sco_quiz.transfer.destinations import Destination
from sco_quiz.transfer.merging import Plan, digests_of
from sco_quiz.workspace.filing import Change, Filing, copy_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sco_quiz.workspace.filing import Copy
    from sco_quiz.workspace.workspace import Workspace

_VERSIONS = """
SELECT json_extract(data, '$.shipped.text'), json_extract(data, '$.shipped.header'),
  (device, seq) NOT IN undone
FROM event WHERE card IS NULL AND kind = 'import' AND json_extract(data, '$.shipped.deck') = ?
ORDER BY stamp, device, seq"""


def copy_to_own(workspace: Workspace, deck: str) -> Path:
    """Copy a shipped deck, with what it shows and plays, to the learner's own folder.

    It stands in the shipped one's place from then on; its cards keep their history.

    Args:
        workspace: Is refreshed.
        deck: The id of a shipped deck.

    Returns:
        The new file.

    Raises:
        DeckError: A file of that name is there, or one cannot be read or written.
        ProgressError: The log cannot be written.
    """
    shipped, title = workspace.catalogue.owner_of(deck), workspace.catalogue.title(deck)
    if shipped is None or not is_shipped(shipped):
        raise DeckError(f"the deck {deck!r} is your own already", "change it as it is")
    text = read_text(shipped)
    path = workspace.paths.decks_folder / shipped.name
    if path.exists():
        path = path.with_name(f"{deck}.yaml")
    if path.exists():
        raise DeckError(f"{path} is there, with another deck in it", "rename it first")
    record = {
        str(placed.fields["id"]): (f"={placed.fields['id']}", digests_of(placed.fields))
        for placed in notes_of(text)
        if placed.fields.get("id")
    }
    draft = log.imported(
        workspace.now(),
        f"your copy of {clean(title, multiline=False)}",
        {deck: record},
        shipped=_version(deck, text),
    )
    copies = list(_media_of(shipped, text, path.parent))
    _file(workspace).carry_out([Change(path, None, text)], draft, copies=copies)
    workspace.refresh()
    return path


def follow_shipped(workspace: Workspace) -> str:
    """Bring into the learner's copies what newer versions of the shipped decks changed.

    A field that the learner changed stays; so does what is above the notes, if it was changed.

    Returns:
        The changes, in sentences; empty for none.

    Raises:
        DeckError: A deck cannot be read or written.
        ProgressError: The log cannot be written.
    """
    told = [
        words
        for deck, shipped in workspace.catalogue.replaced.items()
        if (words := _follow(workspace, deck, shipped))
    ]
    if told:
        workspace.refresh()
    return " ".join(told)


def _follow(workspace: Workspace, deck: str, shipped: Path) -> str:
    versions = workspace.progress.query(_VERSIONS, (deck,))
    path = workspace.catalogue.owner_of(deck)
    if path is None or is_shipped(path) or not any(counts for *_, counts in versions):
        return ""
    text = read_text(shipped)
    if _digest(text) in {version for version, *_ in versions}:
        return ""  # taken, or taken back
    notes = [
        ForeignNote(dict(placed.fields), str(placed.fields["id"]), f"line {placed.line}")
        for placed in notes_of(text)
        if placed.fields.get("id")
    ]
    place = Destination(deck, workspace.catalogue.title(deck), path)
    plan = Plan(workspace, place, [ForeignDeck(deck, notes)], importing.known_notes(workspace))
    before = read_text(path)
    after = before if plan.change is None else plan.change.after or before
    header = next(header for _, header, counts in reversed(versions) if counts)
    if _digest(_header(after)) == header:
        after = _header(text) + after[len(_header(after)) :]
    if after == before and not plan.record:
        return ""
    title = clean(workspace.catalogue.title(deck), multiline=False)
    draft = log.imported(
        workspace.now(),
        f"the changes of a newer version of {title}",
        {deck: plan.record},
        shipped=_version(deck, text),
    )
    changes = [] if after == before else [Change(path, before, after)]
    _file(workspace).carry_out(changes, draft, copies=list(_media_of(shipped, text, path.parent)))
    report = plan.report
    parts = [
        (report.updated, f"{many(report.updated, 'note')} changed"),
        (report.new, f"{many(report.new, 'note')} came"),
        (len(report.kept), f"{many(len(report.kept), 'note')} stayed as you changed it"),
    ]
    words = ", ".join(words for count, words in parts if count) or "its header changed"
    return f"A newer version of {title} is here: {words}."


def _media_of(shipped: Path, text: str, folder: Path) -> Iterator[Copy]:
    """The images and recordings that notes name, as far as they can be used and are not there."""
    names = {
        (name, sort)
        for placed in notes_of(text)
        for key, sort in MEDIA_KEYS.items()
        for name in texts_of(placed.fields.get(key, []))
    }
    for name, sort in sorted(names, key=lambda pair: pair[0]):
        target = folder / name
        if target.exists():
            continue
        try:
            source = find(shipped, name, sort)
        except DeckError:
            continue  # `check` says why
        yield copy_of(source, target)


def _file(workspace: Workspace) -> Filing:
    return Filing(workspace.paths, workspace.config, workspace.progress)


def _version(deck: str, text: str) -> dict[str, str]:
    return {"deck": deck, "text": _digest(text), "header": _digest(_header(text))}


def _header(text: str) -> str:
    """The header of a deck, above its notes."""
    return text[: DeckText(text).root.spot("cards").key]


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()
