"""The tree of decks: who is whose parent, in which order they stand, and what lies below each.

Keys of cards know nothing of it: a deck that moves in the tree keeps its history.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import closest
from sco_quiz.library.folders import id_of, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

SEPARATOR = "::"
"""Stands between a parent and its child in a title."""
CIRCLE_HELP = "give one of them another `parent`"


class PlacedDeck(NamedTuple):
    """The facts that decide the place of a deck in the tree.

    Attributes:
        id: The deck.
        title: Its own; `Parent::Child` names its parents.
        parent: The id of its parent, as its header says; empty for none.
        folders: The folders between a decks folder and its file, the outermost first.
        stem: The file's name without its ending.
        shipped: Whether it came with the app, or is the learner's copy of one that did.
    """

    id: str
    title: str
    parent: str = ""
    folders: tuple[str, ...] = ()
    stem: str = ""
    shipped: bool = False


class Node(NamedTuple):
    """A deck, or a parent that has no file of its own.

    Attributes:
        id: What commands name it by.
        name: What stands in the tree: of a deck titled by its path, the last part.
        parent: The id of its parent; empty at the top.
        is_deck: Whether it has a file of its own.
        shipped: Whether it came with the app, or is the learner's copy of one that did.
    """

    id: str
    name: str
    parent: str
    is_deck: bool
    shipped: bool


class DeckTree:
    """Decks and their parents; a deck whose parent is not there, or is below it, is at the top.

    Attributes:
        nodes: By id, in the order in which they are shown: each before what is below it.
        lost: For each deck whose parent is not there, the id it gives.
        circles: For each deck or parent that would be below itself, the way from it to itself.
    """

    def __init__(self, decks: Iterable[PlacedDeck]) -> None:
        """Put decks below their parents; among those with one parent, shipped ones come first.

        Args:
            decks: The shipped ones in their order, then the learner's own, which are put in the
                order of their names.
        """
        known = _grow(list(decks))
        self.lost = {
            node.id: node.parent
            for node in known.values()
            if node.parent and node.parent not in known
        }
        self.circles = _find_circles(known)
        for name in (*self.lost, *self.circles):
            if known[name].is_deck:
                known[name] = known[name]._replace(parent="")
        known = _without_empty(known)
        self._below: dict[str, list[str]] = {}
        for node in sorted(known.values(), key=_place):
            self._below.setdefault(node.parent, []).append(node.id)
        self.nodes: dict[str, Node] = {name: known[name] for name in self._walk("")}

    @property
    def parents(self) -> list[str]:
        """The nodes that have others below them, in order."""
        return [name for name in self.nodes if name in self._below]

    def is_parent(self, name: str) -> bool:
        """Tell whether anything is below a node."""
        return name in self._below

    def children(self, name: str) -> Sequence[str]:
        """The nodes right below a node, in order."""
        return self._below.get(name, ())

    def above(self, name: str) -> Sequence[str]:
        """The parent of a node, its parent, and so on up to the top."""
        found = []
        while name := self.nodes[name].parent:
            found.append(name)
        return found

    def decks(self, name: str) -> list[str]:
        """The decks of a subtree in order, the node itself among them if it is one."""
        return [each for each in (name, *self._walk(name)) if self.nodes[each].is_deck]

    def lost_told(self, name: str) -> tuple[str, str]:
        """Tell that the parent of a deck is not there, and what to do."""
        parent = one_line(self.lost[name])
        titled = (each for each, node in self.nodes.items() if node.name == parent)
        close = next(titled, "") or closest(id_of(parent), self.nodes)
        suggestion = f"did you mean {close!r}? " if close else ""
        return (
            f"there is no deck {parent!r} for this one to be below",
            f"{suggestion}`parent` is the id of a deck; `sco-quiz decks` lists them",
        )

    def circle_told(self, name: str) -> str:
        """Tell that a deck would be below itself."""
        return f"this deck would be below itself: {' → '.join(self.circles[name])}"

    def _walk(self, name: str) -> Iterator[str]:
        """Go through what is below a node, or through all nodes for an empty name."""
        waiting = list(reversed(self._below.get(name, ())))
        while waiting:
            name = waiting.pop()
            yield name
            waiting += reversed(self._below.get(name, ()))


def _place(node: Node) -> tuple[bool, str]:
    return not node.shipped, "" if node.shipped else node.name.casefold()


def _grow(decks: Sequence[PlacedDeck]) -> dict[str, Node]:
    """The nodes by id: each deck, and the parents without a file that titles and folders name."""
    if not any(deck.parent or deck.folders or SEPARATOR in deck.title for deck in decks):
        return {deck.id: Node(deck.id, deck.title, "", True, deck.shipped) for deck in decks}
    ids = {deck.id for deck in decks}
    by_title = _Parents({_parts(deck.title): deck.id for deck in reversed(decks)})
    by_folder = _Parents({(*deck.folders, deck.stem): deck.id for deck in reversed(decks)})
    nodes: dict[str, Node] = {}
    for deck in decks:
        *above, name = _parts(deck.title)
        parent = deck.parent
        if parent:
            name = deck.title
        elif above or deck.folders:
            path = tuple(above) or deck.folders
            for part, found in zip(path, (by_title if above else by_folder)[path], strict=True):
                if found == deck.id:  # as `geo/geo.yaml`, it stands for the folder that it lies in
                    continue
                if found not in ids and found not in nodes:
                    nodes[found] = Node(found, one_line(part), parent, False, deck.shipped)
                parent = found
        nodes[deck.id] = Node(deck.id, name, parent, True, deck.shipped)
    return nodes


class _Parents(dict[tuple[str, ...], list[str]]):
    """The ids of the parents of a path, by the names of these; the outermost comes first."""

    def __init__(self, standing: Mapping[tuple[str, ...], str]) -> None:
        """Have decks stand for the parents whose path they are given by."""
        super().__init__()
        self._standing = standing

    def __missing__(self, path: tuple[str, ...]) -> list[str]:
        names = list(map(id_of, path))
        self[path] = [
            self._standing.get(path[:end], ".".join(names[:end])) for end in range(1, len(path) + 1)
        ]
        return self[path]


def _parts(title: str) -> tuple[str, ...]:
    """The parts of a title; one that has an empty part is a whole."""
    if SEPARATOR not in title:
        return (title,)
    parts = tuple(part.strip() for part in title.split(SEPARATOR))
    return parts if all(parts) else (title,)


def _without_empty(nodes: dict[str, Node]) -> dict[str, Node]:
    """The nodes but for parents without a file that, a circle being cut, no deck is below."""
    kept: set[str] = set()
    for node in nodes.values():
        name = node.id if node.is_deck else ""
        while name and name not in kept:
            kept.add(name)
            name = nodes[name].parent
    return {name: node for name, node in nodes.items() if name in kept}


def _find_circles(nodes: Mapping[str, Node]) -> dict[str, tuple[str, ...]]:
    """The nodes that lead to themselves from parent to parent, each with its way."""
    found: dict[str, tuple[str, ...]] = {}
    settled: set[str] = set()
    for start in nodes:
        way: dict[str, None] = {}
        name = start
        while name in nodes and name not in settled and name not in way:
            way[name] = None
            name = nodes[name].parent
        if name in way:
            ring = list(way)[list(way).index(name) :]
            for at, each in enumerate(ring):
                found[each] = (*ring[at:], *ring[:at], each)
        settled.update(way)
    return found
