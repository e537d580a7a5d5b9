"""The data of a YAML file: texts, and collections that know the place of each of their values.

A place is the index of a character in the text of the file; ends are exclusive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Spot(NamedTuple):
    """The place of a value in the text.

    Attributes:
        key: The start of its key; for an item of a list, the start of the item.
        start: The start of the value.
        end: The end of the value. A block collection ends with its last value; a block scalar
            includes its last line end.
    """

    key: int
    start: int
    end: int


class MappingNode(dict[str, "Node"]):
    """A YAML mapping and its place.

    Attributes:
        start: Its start.
        end: The end of its last value or of its closing brace.
        spots: Three indexes for each entry, in order: its key, the start and end of its value.
    """

    __slots__ = ("end", "spots", "start")
    start: int
    end: int
    spots: list[int]

    def spot(self, key: str) -> Spot:
        """Return the place of the value of a key."""
        at = 3 * list(self).index(key)
        return Spot(*self.spots[at : at + 3])

    def each_spot(self) -> Iterator[Spot]:
        """Return the place of each value, in order."""
        three = iter(self.spots)
        return map(Spot, three, three, three)


class SequenceNode(list["Node"]):
    """A YAML sequence and its place.

    Attributes:
        start: Its start.
        end: The end of its last item or of its closing bracket.
        spots: Two indexes for each item, its start and end.
    """

    __slots__ = ("end", "spots", "start")
    start: int
    end: int
    spots: list[int]

    def spot(self, index: int) -> Spot:
        """Return the place of an item."""
        start, end = self.spots[2 * index : 2 * index + 2]
        return Spot(start, start, end)

    def each_spot(self) -> Iterator[Spot]:
        """Return the place of each item, in order."""
        return map(self.spot, range(len(self)))


Node: TypeAlias = str | MappingNode | SequenceNode


def has_blank(nodes: Iterable[Node]) -> bool:
    """Return True if a text in some data is empty or white space."""
    for node in nodes:
        if type(node) is str:
            if not node or node.isspace():
                return True
        elif has_blank(node.values() if isinstance(node, MappingNode) else node):
            return True
    return False
