"""Notes and decks added, deleted and renamed: each one step, taken back with what it did to files.

The file and the event that tells of it stand or fall together. Where a file is as the step left it,
undo puts back every byte that was there before; where another program changed it since, undo takes
out of it, or puts into it, what was the step's, and refuses what it cannot tell apart.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sco_quiz.errors import DeckError
from sco_quiz.library.contents import header_of, notes_of
from sco_quiz.library.deck_tree import SEPARATOR
from sco_quiz.library.decks import read_deck
from sco_quiz.library.editing import (
    places_of,
    put_back,
    remove_notes,
    said_fields,
    set_in_header,
)
from sco_quiz.library.field_splices import same
from sco_quiz.library.files import read_text
from sco_quiz.library.folders import id_of
from sco_quiz.numbers_and_times import many
from sco_quiz.progress import log
from sco_quiz.progress.log import DeckStep
from sco_quiz.text import plain
from sco_quiz.workspace.cards import find_cards
from sco_quiz.workspace.filing import Change, Filing, mode_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from sco_quiz.learning.cards import Card
    from sco_quiz.progress.log import Event, EventDraft
    from sco_quiz.workspace.filing import Copy
    from sco_quiz.workspace.workspace import Workspace

_LONGEST = 60
"""Characters of a title or a prompt by which a step is told."""


def carry_out(workspace: Workspace, changes: Sequence[Change], *drafts: EventDraft) -> None:
    """Change deck files and write events, all or nothing, and see what was written.

    Args:
        workspace: Is refreshed.
        changes: Of deck files of the learner's own.
        drafts: The events; undo finds what the files held by the last of them.

    Raises:
        DeckError: A file cannot be written, or was changed meanwhile.
        ProgressError: The log cannot be written.
    """
    _filing(workspace).carry_out(changes, *drafts)
    workspace.refresh()


def add_decks(
    workspace: Workspace,
    changes: Sequence[Change],
    titles: Mapping[str, str],
    copies: Sequence[Copy] = (),
) -> None:
    """Put new decks into the decks folder, in one step.

    Args:
        workspace: Is refreshed.
        changes: That make their files.
        titles: Their titles, by id.
        copies: What they show and play.

    Raises:
        DeckError: A file cannot be written. Nothing was added.
        ProgressError: The log cannot be written. Nothing was added.
    """
    own = {deck: [title] for deck, title in titles.items()}
    draft = log.decks(workspace.now(), DeckStep.NEW_DECK, next(iter(titles.values())), titles=own)
    _filing(workspace).carry_out(changes, draft, copies=copies)
    workspace.refresh()


def change_of(path: Path, change: Callable[[str], str]) -> Change:
    """Return the change of a deck file that a function of its text makes.

    Raises:
        DeckError: It cannot be read, or not be changed so.
    """
    text = read_text(path)
    try:
        return Change(path, text, change(text))
    except DeckError as error:
        raise DeckError(f"{path}: {error.message}", error.help) from None


def own_file(workspace: Workspace, deck: str) -> Path:
    """Return the file of a deck of the learner's own.

    Raises:
        DeckError: The deck came with the app, or cannot be used.
    """
    if deck not in workspace.catalogue.decks:
        raise DeckError(
            f"the deck {deck!r} cannot be used now", "`sco-quiz check` says why; mend it first"
        )
    path, shipped = workspace.catalogue.file_of(deck)
    if shipped:
        raise DeckError(
            f"the deck {deck!r} came with the app and stays as it is",
            f"`sco-quiz edit --copy {deck}` makes a copy of your own to change",
        )
    return path


def notes_by_file(workspace: Workspace, cards: Sequence[Card]) -> dict[Path, dict[int, Card]]:
    """Return a card of each note of cards, by file and by the line where the note starts.

    Raises:
        DeckError: A deck came with the app, or cannot be used.
    """
    workspace.refresh()
    own = {deck: own_file(workspace, deck) for deck in {card.deck: None for card in cards}}
    files: dict[Path, dict[int, Card]] = {}
    for card, _, line in find_cards(workspace.progress.connection, [card.key for card in cards]):
        files.setdefault(own[card.deck], {}).setdefault(line, card)
    return files


def delete_notes(workspace: Workspace, cards: Sequence[Card]) -> int:
    """Delete the notes of cards from their decks, in one step; what was learned of them stays.

    Returns:
        How many notes were deleted.

    Raises:
        DeckError: A deck came with the app, or a file cannot be written. Nothing was deleted.
        ProgressError: The log cannot be written. Nothing was deleted.
    """
    changes: list[Change] = []
    notes: dict[str, list[dict[str, str | list[str]]]] = {}
    places: dict[str, list[dict[str, object]]] = {}
    keys: list[str] = []
    for path, own in notes_by_file(workspace, cards).items():
        changes.append(change_of(path, partial(remove_notes, lines=list(own))))
        text = changes[-1].before or ""
        said = {note.line: note.fields for note in notes_of(text)}
        standing = _cards_by_line(path, text)
        for line, card in sorted(own.items()):
            if card.key not in (on_line := standing.get(line, [])):
                raise DeckError(f"{path} was changed meanwhile", "look at the cards again")
            notes.setdefault(card.deck, []).append(said[line])
            keys += on_line
        places[own[min(own)].deck] = places_of(text, own)
    if changes:
        draft = log.decks(
            workspace.now(),
            DeckStep.DELETED_NOTES,
            cards[0].prompt,
            notes=notes,
            cards=keys,
            places=places,
        )
        carry_out(workspace, changes, draft)
    return sum(map(len, notes.values()))


def _cards_by_line(path: Path, text: str) -> dict[int, list[str]]:
    """The keys of the cards of a deck, by the line where their note starts."""
    deck = read_deck(path, text.encode()).deck
    cards: dict[int, list[str]] = {}
    for card, line in zip(deck.cards, deck.lines, strict=True) if deck else ():
        cards.setdefault(line, []).append(card.key)
    return cards


def check_deletable(workspace: Workspace, deck: str) -> Path:
    """Return the file of a deck that can be deleted.

    Raises:
        DeckError: It came with the app, or its file is not in the learner's decks folders.
    """
    catalogue = workspace.catalogue
    if deck in catalogue.decks and catalogue.is_shipped(deck):
        raise DeckError(
            f"{plain(catalogue.title(deck))} came with the app and stays",
            "to be asked none of its cards, mark them in Browse and suspend them",
        )
    path = own_file(workspace, deck)
    if _filing(workspace).leads_outside(path):
        raise DeckError(
            f"{path} leads out of your decks folders, to {path.resolve()}, and stays",
            "remove the link, or that file, yourself",
        )
    return path


def delete_deck(workspace: Workspace, deck: str) -> None:
    """Delete the file of a deck; what was learned of its cards stays, as do images and recordings.

    Raises:
        DeckError: As `check_deletable` does; or the file cannot be deleted.
        ProgressError: The log cannot be written. Nothing was deleted.
    """
    workspace.refresh()
    path = check_deletable(workspace, deck)
    title = workspace.catalogue.title(deck)
    draft = log.decks(workspace.now(), DeckStep.DELETED_DECK, title, titles={deck: [title]})
    carry_out(workspace, [Change(path, read_text(path), None)], draft)


def rename_deck(workspace: Workspace, deck: str, title: str) -> None:
    """Give a deck another title; its id stays, and with it the history of its cards.

    Decks that are named as below it follow. A file that was named by the title gets another name,
    after its id was written into it.

    Args:
        workspace: Is refreshed.
        deck: Its id.
        title: `Parent::Child` puts it below another.

    Raises:
        DeckError: The title says nothing, or is that of another deck; the deck came with the app;
            or a file cannot be written. Nothing was renamed.
        ProgressError: The log cannot be written. Nothing was renamed.
    """
    workspace.refresh()
    title = " ".join(title.split())
    if not title:
        raise DeckError("a deck needs a title", "write what it is about")
    path, before = own_file(workspace, deck), workspace.catalogue.title(deck)
    if title == before:
        return
    if title in workspace.catalogue.titles.values():
        raise DeckError(f"there is a deck called {title!r} already", "choose another title")
    changes = _renaming(workspace, deck, path, title)
    titles = {deck: [before, title]}
    for other, old in workspace.catalogue.titles.items():
        if old.startswith(before + SEPARATOR) and not workspace.catalogue.is_shipped(other):
            new = title + old.removeprefix(before)
            titles[other] = [old, new]
            changes.append(_retitling(workspace.catalogue.file_of(other)[0], new))
    draft = log.decks(workspace.now(), DeckStep.RENAMED_DECK, title, titles=titles)
    carry_out(workspace, changes, draft)


def _retitling(path: Path, title: str) -> Change:
    return change_of(path, lambda text: set_in_header(text, {"deck": title}))


def _renaming(workspace: Workspace, deck: str, path: Path, title: str) -> list[Change]:
    """Return the changes that rename a deck, and its file where that was named by the title."""
    header = header_of(read_text(path)).texts
    stem = id_of(title.rpartition(SEPARATOR)[2])
    target = path.with_name(f"{stem}{path.suffix}")
    stands_for_folder = path.with_suffix("").is_dir() or path.parent.name == path.stem
    names = {
        id_of(workspace.catalogue.title(deck)),
        id_of(header.get("deck", "").rpartition(SEPARATOR)[2]),
    }
    moves = (
        id_of(path.stem) in names
        and not stands_for_folder
        and not target.exists()
        and not _filing(workspace).leads_outside(path)
    )
    values = {"deck": title}
    if moves and not header.get("id"):
        values["id"] = deck
    change = change_of(path, lambda text: set_in_header(text, values))
    if not moves:
        return [change]
    new = Change(target, None, change.after, mode_of(path))
    return [new, Change(path, change.before, None)]


def take_back(workspace: Workspace, event: Event) -> bool:
    """Undo a step, in the files of decks as in the log.

    Returns:
        False, and nothing was done, where another program has taken it back meanwhile.

    Raises:
        DeckError: A file was changed since, so that what was the step's cannot be told apart; or it
            cannot be written. Nothing was taken back.
        ProgressError: The log cannot be written. Nothing was taken back.
    """
    workspace.refresh()
    catalogue, details = workspace.catalogue, event.details
    concerned = {*details.get("notes", ()), *details.get("decks", ())}
    own = {
        deck: path
        for deck in concerned
        if (path := catalogue.owner_of(deck)) is not None and not catalogue.is_shipped(deck)
    }
    changes = changes_back(
        workspace, event, own.values(), lambda exact: _merged(details, own, exact)
    )
    return go_back(workspace, event, changes, log.undo(workspace.now(), event))


def changes_back(
    workspace: Workspace,
    event: Event,
    own: Iterable[Path],
    merge: Callable[[Mapping[Path, Change]], Sequence[Change]],
) -> Sequence[Change]:
    """Return the changes that take a step back in the files of decks.

    Args:
        workspace: Whose decks.
        event: By which the step is known.
        own: The files of the learner's decks that it is about.
        merge: Makes them where a file was changed since, of those for files that were not, by file;
            none where that cannot be done. May raise a DeckError.

    Raises:
        DeckError: They cannot be made.
    """
    back = _filing(workspace).find_way_back(event, own)
    if back is not None and not back.refused:
        return back.changes
    exact = back.changes if back is not None else []
    changes = merge({change.path: change for change in exact})
    if not changes:
        told, help_ = "what its files held is not known any more", "write it anew"
        if back is not None:
            told, help_ = str(back.refused[0]), back.refused[0].help
        raise DeckError(f"{told}, so this is not taken back", help_)
    return changes


def go_back(
    workspace: Workspace, event: Event, changes: Sequence[Change], *drafts: EventDraft
) -> bool:
    """Take a step back, in the files of decks as in the log.

    Args:
        workspace: Is refreshed.
        event: By which the step is known.
        changes: Of its files; see `changes_back`.
        drafts: The events; the last one undoes that by which the step is known.

    Returns:
        False, and nothing was done, where another program has taken it back meanwhile.

    Raises:
        DeckError: A file cannot be written, or was changed meanwhile. Nothing was taken back.
        ProgressError: The log cannot be written. Nothing was taken back.
    """
    is_done = _filing(workspace).go_back(event, changes, *drafts)
    workspace.refresh()
    return is_done


def _merged(
    details: Mapping[str, Any], own: Mapping[str, Path], exact: Mapping[Path, Change]
) -> list[Change]:
    """Return the changes that take a step back where files were changed since; none for a deck.

    Args:
        details: Of the event.
        own: The files of the decks that it is about, as far as they are there.
        exact: By file, the changes of those that were not changed since.
    """
    step = details["step"]
    if step == DeckStep.RENAMED_DECK:
        return [_title_back(_file(own, deck), *titles) for deck, titles in details["decks"].items()]
    if step not in (DeckStep.NEW_NOTE, DeckStep.DELETED_NOTES):
        return []
    changes = []
    for deck, notes in details["notes"].items():
        path = _file(own, deck)
        if path in exact:
            changes.append(exact[path])
        elif step == DeckStep.NEW_NOTE:
            changes.append(change_of(path, partial(_without, notes=notes)))
        else:
            places = details.get("places", {}).get(deck, ())
            changes.append(change_of(path, partial(put_back, notes=notes, places=places)))
    return changes


def _file(own: Mapping[str, Path], deck: str) -> Path:
    if deck not in own:
        raise DeckError(
            f"the deck {deck!r} is not there any more, so this is not taken back",
            "bring its file back, then undo",
        )
    return own[deck]


def _title_back(path: Path, before: str, after: str) -> Change:
    def change(text: str) -> str:
        if header_of(text).texts.get("deck") != after:
            raise DeckError(
                f"the deck is not called {after!r} any more, so this is not taken back",
                "rename it, or change its title in your editor",
            )
        return set_in_header(text, {"deck": before})

    return change_of(path, change)


def _without(text: str, notes: Iterable[Mapping[str, str | list[str]]]) -> str:
    """Return a deck without notes that were added to it, wherever they stand by now."""
    standing = notes_of(text)
    lines = set()
    for note in notes:
        found = [
            each.line for each in standing if same(said_fields(each.fields), said_fields(note))
        ]
        if not found:
            raise DeckError(
                "the note was changed since, so it is not taken back",
                "undo that change first, or delete the note",
            )
        lines.add(found[-1])
    return remove_notes(text, lines)


def in_words(event: Event) -> str:
    """Tell a step by what it did, to follow a colon."""
    details = event.details
    title = " ".join(plain(str(details["title"])).split())
    name = f"“{title if len(title) <= _LONGEST else f'{title[: _LONGEST - 1]}…'}”"
    match details["step"]:
        case DeckStep.NEW_NOTE:
            return f"the new card {name}"
        case DeckStep.NEW_DECK:
            count = len(details["decks"])
            return f"the new deck {name}" if count == 1 else many(count, "new deck")
        case DeckStep.DELETED_NOTES:
            count = sum(map(len, details["notes"].values()))
            return f"the deletion of {name if count == 1 else many(count, 'note')}"
        case DeckStep.DELETED_DECK:
            return f"the deletion of the deck {name}"
        case _:
            return f"the new name {name} of a deck"


def _filing(workspace: Workspace) -> Filing:
    return Filing(workspace.paths, workspace.config, workspace.progress)
