"""What a YAML file holds: texts, and collections that know where each of their values stands.

A place is an index of characters into the text, ends are exclusive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator


class Spot(NamedTuple):
    """Where a value stands.

    Attributes:
        key: Where its key starts; for an item of a list, where the item starts.
        start: Where the value starts.
        end: Where it ends. A block collection ends with its last value; a block scalar includes
            its last line end.
    """

    key: int
    start: int
    end: int


class Mapping(dict[str, "Node"]):
    """A YAML mapping and where it stands.

    Attributes:
        start: Where it starts.
        end: Where its last value, or its closing brace, ends.
        spots: Three indexes for each entry, in order: its key, the start and end of its value.
    """

    __slots__ = ("end", "spots", "start")
    start: int
    end: int
    spots: list[int]

    def spot(self, key: str) -> Spot:
        """Where the value of a key stands."""
        at = 3 * list(self).index(key)
        return Spot(*self.spots[at : at + 3])

    def each_spot(self) -> Iterator[Spot]:
        """Where each value stands, in order."""
        three = iter(self.spots)
        return map(Spot, three, three, three)


class Sequence(list["Node"]):
    """A YAML sequence and where it stands.

    Attributes:
        start: Where it starts.
        end: Where its last item, or its closing bracket, ends.
        spots: Two indexes for each item, its start and end.
    """

    __slots__ = ("end", "spots", "start")
    start: int
    end: int
    spots: list[int]

    def spot(self, index: int) -> Spot:
        """Where an item stands."""
        start, end = self.spots[2 * index : 2 * index + 2]
        return Spot(start, start, end)

    def each_spot(self) -> Iterator[Spot]:
        """Where each item stands, in order."""
        return map(self.spot, range(len(self)))


Node: TypeAlias = str | Mapping | Sequence
