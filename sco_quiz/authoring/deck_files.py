"""The learner's deck files: made, added, found and tidied."""

from __future__ import annotations

import os
from filecmp import cmp
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz import config as settings
from sco_quiz.authoring import steps
from sco_quiz.errors import DeckError, ProgressError, UsageError
from sco_quiz.files import make_folder, remove, sync_folder
from sco_quiz.library.check import ids_beside, read_id
from sco_quiz.library.composing import template
from sco_quiz.library.contents import find_note
from sco_quiz.library.decks import read_deck
from sco_quiz.library.files import edit_file, is_shipped, read_data, read_text
from sco_quiz.library.folders import (
    COPY_HELP,
    find_conflict_copies,
    find_decks,
    id_of,
    is_deck_name,
)
from sco_quiz.library.formatting import format_file
from sco_quiz.library.media import files_of, find
from sco_quiz.paths import find_paths
from sco_quiz.progress import log
from sco_quiz.text import clean
from sco_quiz.workspace.filing import Change, copy_of
from sco_quiz.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sco_quiz.library.formatting import FormattedDeck


class _Addition(NamedTuple):
    """A deck to be added: the files it comes from and goes to, its contents, its id and title."""

    source: Path
    target: Path
    data: bytes
    deck: str
    title: str


def new_place(workspace: Workspace, title: str) -> tuple[str, Path]:
    """The id and the file of a new deck.

    Raises:
        DeckError: The title says nothing, or there is such a deck.
    """
    if not title.strip():
        raise DeckError("a deck needs a title", "write what it is about")
    name = id_of(title)
    path = workspace.paths.decks_folder / f"{name}.yaml"
    owner = workspace.catalogue.owner_of(name)
    if owner is not None or path.exists():
        raise DeckError(
            f"there is a deck {name!r} already: {owner or path}",
            f"choose another title, or open it: `sco-quiz edit {name}`",
        )
    return name, path


def create(workspace: Workspace, title: str) -> Path:
    """Write a template for a new deck into the decks folder; a step that undo takes back.

    Raises:
        DeckError: There is such a deck already, or it cannot be written.
        ProgressError: The log cannot be written.
    """
    name, path = new_place(workspace, title)
    title = clean(title, multiline=False).strip()
    steps.add_decks(workspace, [Change(path, None, template(title, name))], {name: title})
    return path


def add(workspace: Workspace, files: Sequence[Path], *, link: bool = False) -> list[Path]:
    """Copy deck files into the decks folder, with what they show and play, all of them or none.

    It is a step that undo takes back, unless they are linked to.

    Args:
        workspace: Knows the decks that are there.
        files: Sound deck files.
        link: Link to them instead, so that they stay where they are.

    Returns:
        The new files; none for a deck that is there already.

    Raises:
        DeckError: A name or a deck id is taken, or a file cannot be read or written.
        ProgressError: The log cannot be written.
    """
    planned: dict[Path, _Addition] = {}
    media: dict[Path, Path] = {}
    for file in files:
        addition = _plan(workspace, file)
        if addition is not None:
            other = planned.setdefault(addition.target, addition)
            if other is not addition:
                raise DeckError(
                    f"{other.source} and {file} have the same name", "rename one of them"
                )
            if not link:
                _plan_media(workspace, addition, media)
    if link:
        _link_all(planned.values())
    elif planned:
        changes = [Change(each.target, None, each.data.decode()) for each in planned.values()]
        titles = {each.deck: each.title for each in planned.values()}
        copies = [copy_of(source, target) for target, source in media.items()]
        steps.add_decks(workspace, changes, titles, copies)
    return list(planned)


def _link_all(planned: Iterable[_Addition]) -> None:
    linked: list[Path] = []
    try:
        for each in planned:
            _link(each)
            linked.append(each.target)
    except BaseException:
        for path in linked:
            remove(path)
        raise


def _plan_media(workspace: Workspace, addition: _Addition, planned: dict[Path, Path]) -> None:
    """Add the images and recordings of a deck to what is to be copied: from where, by target.

    What cannot be used stays where it is; `check` says so.
    """
    deck = read_deck(addition.source.name, addition.data).deck
    named = {pair for card in deck.cards for pair in files_of(card)} if deck else set()
    for sort, name in sorted(named, key=lambda pair: pair[1]):
        try:
            source = find(addition.source, name, sort)
        except DeckError:
            continue
        target = workspace.paths.decks_folder / name
        there = planned.get(target) or (target if os.path.lexists(target) else None)
        if there is None:
            planned[target] = source
        elif not _are_same(source, there):
            raise DeckError(
                f"{source} and {there} would have the same place", "rename one, in its deck too"
            )


def _are_same(one: Path, other: Path) -> bool:
    try:
        return cmp(one, other, shallow=False)
    except OSError:
        return False


def _plan(workspace: Workspace, file: Path) -> _Addition | None:
    """Plan the addition of a deck file; None if the same deck is there already."""
    if not is_deck_name(file.name):
        raise DeckError(f"{file} is not named like a deck", "give it a name that ends in .yaml")
    target = workspace.paths.decks_folder / file.name
    data = read_data(file)
    if target.exists() and read_data(target) == data:
        return None
    if os.path.lexists(target):
        raise DeckError(f"{target} is there, with another deck in it", f"rename {file} first")
    deck = read_deck(file.name, data).deck
    owner = workspace.catalogue.owner_of(deck.id) if deck is not None else None
    if deck is not None and owner is not None:
        if read_data(owner) != data:
            raise DeckError(
                f"{file}: the deck id {deck.id!r} is taken by {owner}",
                "give the new deck another `id`",
            )
        if not is_shipped(owner):
            return None
    return _Addition(file, target, data, deck.id if deck else "", deck.title if deck else file.stem)


def _link(addition: _Addition) -> None:
    target = addition.target
    try:
        make_folder(target.parent)
        target.symlink_to(addition.source.absolute())
        sync_folder(target.parent)
    except OSError as error:
        raise DeckError(
            f"{target} cannot be made a link ({error.strerror})", "copy the deck: leave out --link"
        ) from None


def place_of(workspace: Workspace, deck: str, note: str = "") -> tuple[Path, int]:
    """The file of a deck of the learner's own and the line of a note in it.

    A deck that cannot be used is found by its file's name, and shown where it is broken.

    Args:
        workspace: Knows the decks.
        deck: An id, the beginning of one, or a path.
        note: An id, a number, or part of a prompt; empty for the deck itself.

    Raises:
        DeckError: The deck came with the app, or cannot be read.
        UsageError: No deck or note is called that.
    """
    path = file_called(workspace, deck)
    if is_shipped(path):
        raise DeckError(
            f"{path} came with the app and is not changed",
            f"`sco-quiz edit --copy {deck}` makes a copy of your own to change",
        )
    text = read_data(path).decode("utf-8-sig", "replace")
    errors = [each for each in read_deck(path, text.encode()).diagnostics if each.code[0] == "E"]
    if not note:
        return path, errors[0].line if errors else 1
    try:
        return path, find_note(text, note)
    except DeckError:  # no YAML: that has to be mended first
        return path, errors[0].line


def file_called(workspace: Workspace, deck: str) -> Path:
    """The file of a deck that is named by its id, the beginning of it, or a path, broken or not.

    Raises:
        UsageError: No deck is called that.
    """
    try:
        return workspace.catalogue.file_of(workspace.catalogue.find_deck(deck))[0]
    except UsageError:
        broken = {Path(problem.path) for problem in workspace.catalogue.problems()}
        for path in [path for path in broken if deck in {path.stem, id_of(path.stem)}]:
            return path
        if Path(deck).is_file():
            return Path(deck)
        raise


def tidy(
    paths: Sequence[str], *, ids: bool = False, write: bool = True
) -> Iterator[tuple[Path, bool | DeckError]]:
    """Tidy deck files; cards that get another key by ids keep their history.

    Args:
        paths: Files and folders; none stands for the learner's own folders.
        ids: Whether to give notes ids.
        write: Whether to write, or only to say what would change.

    Yields:
        Each file with whether it was changed, or would be, or why it cannot be; each folder that
        cannot be searched.

    Raises:
        UsageError: A path does not exist; nothing was changed.
        ConfigError: The settings, which name the learner's folders, cannot be read.
        ProgressError: The log cannot be used.
    """
    failures: list[OSError] = []
    files = list(dict.fromkeys(_named(paths, failures.append)))
    for failure in failures:
        yield Path(failure.filename), _not_searched(failure)
    copies = _find_copies(files)
    for copy, original in copies.items():
        yield (
            Path(copy),
            DeckError(
                f"{copy} is left as it is: a synchroniser's conflict copy of {original}", COPY_HELP
            ),
        )
    files = [file for file in files if str(file) not in copies]
    if not (ids and write):
        for file in files:
            formatted = _formatted(file, ids=ids, write=write)
            yield file, formatted if isinstance(formatted, DeckError) else formatted.changed
        return
    with Workspace(extra=files) as workspace:
        workspace.refresh()
        for file in files:
            try:
                yield file, _give_ids(workspace, file)
            except DeckError as error:
                yield file, error
        workspace.refresh()


def _give_ids(workspace: Workspace, file: Path) -> bool:
    """Tidy a file, give its notes ids, and have its cards keep their history; or do nothing.

    Returns:
        True if the file was changed.

    Raises:
        DeckError: The file cannot be changed.
        ProgressError: The log cannot be written; it says so where the file could not be put back.
    """
    before = read_text(file)
    formatted = format_file(file, ids=True)
    after = read_text(file)
    known = workspace.progress.states(old for old, _ in formatted.cards)
    moment = workspace.now()
    try:
        workspace.progress.append(
            *(log.relink(moment, old, card) for old, card in formatted.cards if old in known)
        )
    except ProgressError as error:
        try:
            edit_file(file, lambda text: before if text == after else text)
        except DeckError:
            raise ProgressError(f"{error.message}; {file} has the ids", error.help) from error
        raise
    return formatted.changed


def _find_copies(files: Sequence[Path]) -> dict[str, str]:
    """Find the conflict copies among files, each with its original, which may be another file."""
    ids: dict[str, str | None] = dict.fromkeys(map(str, files))
    for file in files:
        beside = ids_beside(file)
        if beside:
            ids.update({**beside, str(file): read_id(file)})
    return find_conflict_copies(ids)


def _formatted(file: Path, *, ids: bool, write: bool) -> FormattedDeck | DeckError:
    try:
        return format_file(file, ids=ids, write=write)
    except DeckError as error:
        return error


def _named(paths: Iterable[str], failed: Callable[[OSError], None]) -> Iterator[Path]:
    """The deck files that paths name."""
    found = [Path(path) for path in paths]
    for path in found:
        if not os.path.lexists(path):
            raise UsageError(f"there is no file or folder {path}", "see whether it is misspelt")
    if not found:
        places = find_paths()
        config, _ = settings.load(places.config_file)
        folders = (places.decks_folder, *config.folders)
        found = [folder for folder in folders if folder.is_dir()]
    for path in found:
        if path.is_dir():
            yield from find_decks([path], failed)
        else:
            yield path


def _not_searched(error: OSError) -> DeckError:
    return DeckError(
        f"{error.filename} cannot be searched ({error.strerror})",
        "check its permissions and, if it is a link, where it leads",
    )
