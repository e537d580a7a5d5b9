"""The tree of decks: the parent of each deck, the order they are shown in, and the decks below.

The keys of cards do not depend on it: a deck that moves in the tree keeps its history.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from sco_quiz.errors import closest
from sco_quiz.library.folders import id_of, one_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

SEPARATOR = "::"
"""The text between a parent and its child in a title."""
CIRCLE_HELP = "give one of them another `parent`"


class PlacedDeck(NamedTuple):
    """The facts that decide the place of a deck in the tree.

    Attributes:
        id: The id of the deck.
        title: Its title; `Parent::Child` names its parents.
        parent: The id of its parent, as its header says; empty for none.
        folders: The folders between a decks folder and its file, the outermost first.
        stem: The file's name without its ending.
        shipped: True if it came with the app, or is the learner's copy of one that did.
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
        id: The id, by which commands name it.
        name: The name shown in the tree: the last part of a title such as `Parent::Child`.
        parent: The id of its parent; empty at the top.
        is_deck: True if it has a file of its own.
        shipped: True if it came with the app, or is the learner's copy of one that did.
    """

    id: str
    name: str
    parent: str
    is_deck: bool
    shipped: bool


class DeckTree:
    """Decks and their parents. A deck whose parent is missing, or is below it, is at the top.

    Attributes:
        nodes: The nodes by id, in the order in which they are shown: a parent before its children.
        lost: The missing parent's id, by the id of the deck that names it.
        circles: For each node that would be below itself, the ids from it up to itself.
    """

    def __init__(self, decks: Iterable[PlacedDeck]) -> None:
        """Put decks below their parents; among the children of one parent, shipped ones come first.

        Args:
            decks: The shipped decks in their order, then the learner's own, which are sorted by
                name.
        """
        known = _make_nodes(list(decks))
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
        for node in sorted(known.values(), key=_sort_key):
            self._below.setdefault(node.parent, []).append(node.id)
        self.nodes: dict[str, Node] = {name: known[name] for name in self._walk("")}
        self._above: dict[str, tuple[str, ...]] = {"": ()}
        for name, node in self.nodes.items():
            self._above[name] = (node.parent, *self._above[node.parent]) if node.parent else ()

    @property
    def parents(self) -> list[str]:
        """The nodes that have others below them, in order."""
        return [name for name in self.nodes if name in self._below]

    def is_parent(self, name: str) -> bool:
        """Return True if there are nodes below a node."""
        return name in self._below

    def children(self, name: str) -> Sequence[str]:
        """Return the nodes right below a node, in order."""
        return self._below.get(name, ())

    def above(self, name: str) -> Sequence[str]:
        """Return the ancestors of a node, from its parent up to the top."""
        return self._above[name]

    def full_name(self, name: str) -> str:
        """Return the names of a node's ancestors and its own, as a title has them."""
        path = (*reversed(self.above(name)), name)
        return SEPARATOR.join(self.nodes[node].name for node in path)

    def decks(self, name: str) -> list[str]:
        """Return the decks of a subtree in order, itself included if it is a deck."""
        return [below for below in (name, *self._walk(name)) if self.nodes[below].is_deck]

    def part_of(self, decks: Collection[str]) -> str | None:
        """Return the parent that has just these decks, several; empty for all, None for no parent.

        Of parents with the same decks it is the outermost.
        """
        wanted = {name for name in decks if name in self.nodes and self.nodes[name].is_deck}
        if len(wanted) < 2 or len(wanted) < len(decks):
            return None
        first = next(iter(wanted))
        fitting = [
            name for name in (first, *self.above(first), "") if self._sizes[name] == len(wanted)
        ]
        is_whole = fitting and (not fitting[-1] or wanted.issuperset(self.decks(fitting[-1])))
        return fitting[-1] if is_whole else None

    @cached_property
    def _sizes(self) -> Counter[str]:
        """The numbers of decks in each subtree, and of all decks."""
        sizes: Counter[str] = Counter()
        for name, node in reversed(self.nodes.items()):
            sizes[name] += node.is_deck
            sizes[node.parent] += sizes[name]
        return sizes

    def lost_told(self, name: str) -> tuple[str, str]:
        """Return a message that the parent of a deck does not exist, and what to do."""
        parent = one_line(self.lost[name])
        titled = (node_id for node_id, node in self.nodes.items() if node.name == parent)
        suggestions = next(titled, "") or closest(id_of(parent), self.nodes)
        question = f"did you mean {suggestions!r}? " if suggestions else ""
        return (
            f"there is no deck {parent!r} for this one to be below",
            f"{question}`parent` is the id of a deck; `sco-quiz decks` lists them",
        )

    def circle_told(self, name: str) -> str:
        """Return a message that a deck would be below itself."""
        return f"this deck would be below itself: {' → '.join(self.circles[name])}"

    def _walk(self, name: str) -> Iterator[str]:
        """Yield the nodes below a node, each before its children; all nodes for an empty name."""
        waiting = list(reversed(self._below.get(name, ())))
        while waiting:
            name = waiting.pop()
            yield name
            waiting += reversed(self._below.get(name, ()))


def _sort_key(node: Node) -> tuple[bool, str]:
    return not node.shipped, "" if node.shipped else node.name.casefold()


def _make_nodes(decks: Sequence[PlacedDeck]) -> dict[str, Node]:
    """Return nodes by id: the decks, and parents without a file that titles and folders name."""
    if not any(deck.parent or deck.folders or SEPARATOR in deck.title for deck in decks):
        return {deck.id: Node(deck.id, deck.title, "", True, deck.shipped) for deck in decks}
    ids = {deck.id for deck in decks}
    by_title = _ParentIds({_parts(deck.title): deck.id for deck in reversed(decks)})
    by_folder = _ParentIds({(*deck.folders, deck.stem): deck.id for deck in reversed(decks)})
    nodes: dict[str, Node] = {}
    for deck in decks:
        *above, name = _parts(deck.title)
        parent = deck.parent
        if parent:
            name = deck.title
        elif above or deck.folders:
            path = tuple(above) or deck.folders
            for part, parent_id in zip(path, (by_title if above else by_folder)[path], strict=True):
                if parent_id == deck.id:  # as `geo/geo.yaml`, it is the deck of its folder
                    continue
                if parent_id not in ids and parent_id not in nodes:
                    nodes[parent_id] = Node(parent_id, one_line(part), parent, False, deck.shipped)
                parent = parent_id
        nodes[deck.id] = Node(deck.id, name, parent, True, deck.shipped)
    return nodes


class _ParentIds(dict[tuple[str, ...], list[str]]):
    """The ids of a path's parents, by the path of their names; the outermost comes first."""

    def __init__(self, ids_by_path: Mapping[tuple[str, ...], str]) -> None:
        """Take the ids of decks that are parents themselves, by their paths."""
        super().__init__()
        self._ids_by_path = ids_by_path

    def __missing__(self, path: tuple[str, ...]) -> list[str]:
        names = list(map(id_of, path))
        self[path] = [
            self._ids_by_path.get(path[:end], ".".join(names[:end]))
            for end in range(1, len(path) + 1)
        ]
        return self[path]


def _parts(title: str) -> tuple[str, ...]:
    """Return the parts of a title; a title with an empty part is not divided."""
    if SEPARATOR not in title:
        return (title,)
    parts = tuple(part.strip() for part in title.split(SEPARATOR))
    return parts if all(parts) else (title,)


def _without_empty(nodes: dict[str, Node]) -> dict[str, Node]:
    """Leave out parents without a file that have no deck below them once circles are cut."""
    kept: set[str] = set()
    for node in nodes.values():
        name = node.id if node.is_deck else ""
        while name and name not in kept:
            kept.add(name)
            name = nodes[name].parent
    return {name: node for name, node in nodes.items() if name in kept}


def _find_circles(nodes: Mapping[str, Node]) -> dict[str, tuple[str, ...]]:
    """Return the nodes that lead to themselves from parent to parent, each with the ids between."""
    circles: dict[str, tuple[str, ...]] = {}
    settled: set[str] = set()
    for start, node in nodes.items():
        if not node.parent or node.parent in settled:
            settled.add(start)
            continue
        path: dict[str, None] = {}
        name = start
        while name in nodes and name not in settled and name not in path:
            path[name] = None
            name = nodes[name].parent
        if name in path:
            circle = list(path)[list(path).index(name) :]
            for start_index, node_id in enumerate(circle):
                circles[node_id] = (*circle[start_index:], *circle[:start_index], node_id)
        settled.update(path)
    return circles
