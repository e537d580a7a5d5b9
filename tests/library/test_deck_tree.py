"""Decks below their parents: by headers, titles and folders."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.library.deck_tree import DeckTree, PlacedDeck
from sco_quiz.library.folders import id_of
from sco_quiz.text import clean


def drawn(*decks: PlacedDeck) -> list[str]:
    """The tree as lines, each moved in by its depth; parents without a file in parentheses."""
    tree = DeckTree(decks)
    return [
        "  " * len(tree.above(name)) + (node.name if node.is_deck else f"({node.name})")
        for name, node in tree.nodes.items()
    ]


def test_decks_without_parents_stand_side_by_side_shipped_ones_first() -> None:
    decks = [PlacedDeck("z", "Z", shipped=True), PlacedDeck("b", "b"), PlacedDeck("a", "A")]
    assert drawn(*decks) == ["Z", "A", "b"]


def test_a_header_names_the_parent_by_its_id() -> None:
    decks = [PlacedDeck("osh", "Osh", "cities"), PlacedDeck("cities", "Towns")]
    assert drawn(*decks) == ["Towns", "  Osh"]


def test_a_title_makes_parents_and_is_named_by_its_last_part() -> None:
    decks = [
        PlacedDeck("aws-ec2", "AWS::Compute::EC2"),
        PlacedDeck("aws-s3", "AWS :: S3"),
        PlacedDeck("x", "C::"),
    ]
    assert drawn(*decks) == ["(AWS)", "  (Compute)", "    EC2", "  S3", "C::"]
    assert list(DeckTree(decks).nodes) == ["aws", "aws.compute", "aws-ec2", "aws-s3", "x"]


def test_a_deck_with_the_title_of_a_parent_is_that_parent() -> None:
    decks = [
        PlacedDeck("ec2", "AWS::Compute::EC2"),
        PlacedDeck("machines", "AWS::Compute"),
        PlacedDeck("aws", "Amazon"),
    ]
    assert drawn(*decks) == ["Amazon", "  Compute", "    EC2"]


def test_a_group_of_decks_is_named_by_its_parent_or_as_all_decks() -> None:
    decks = [
        PlacedDeck("ec2", "AWS::Compute::EC2"),
        PlacedDeck("vm", "AWS::Compute::VM"),
        PlacedDeck("alone", "Azure::Alone"),
        PlacedDeck("azure", "Azure"),
    ]
    tree = DeckTree(decks)
    assert tree.part_of(["vm", "ec2"]) == "aws"
    assert tree.part_of({"azure", "alone"}) == "azure"
    assert tree.part_of(["ec2", "vm", "alone", "azure"]) == ""
    for others in (["ec2"], ["ec2", "alone"], ["ec2", "vm", "alone"], ["ec2", "gone"], []):
        assert tree.part_of(others) is None
    assert DeckTree(decks[:1]).part_of(["ec2"]) is None
    assert tree.full_name("aws.compute") == "AWS::Compute"


def test_folders_make_parents_unless_a_deck_stands_for_them() -> None:
    decks = [
        PlacedDeck("rivers", "Rivers", folders=("geo", "Central Asia"), stem="rivers"),
        PlacedDeck("seas", "Seas", folders=("geo",), stem="seas"),
        PlacedDeck("geography", "Geography", stem="geo"),
    ]
    assert drawn(*decks) == ["Geography", "  (Central Asia)", "    Rivers", "  Seas"]
    assert list(DeckTree(decks).nodes)[1] == "geo.central-asia"


def test_a_deck_in_the_folder_of_its_own_name_stands_for_it() -> None:
    decks = [
        PlacedDeck("geo", "Geography", folders=("geo",), stem="geo"),
        PlacedDeck("seas", "Seas", folders=("geo",), stem="seas"),
    ]
    assert drawn(*decks) == ["Geography", "  Seas"]


def test_the_header_decides_before_the_title_and_the_title_before_the_folder() -> None:
    decks = [
        PlacedDeck("a", "One::A", "other", folders=("f",)),
        PlacedDeck("b", "One::B", folders=("f",)),
        PlacedDeck("other", "Other"),
    ]
    assert drawn(*decks) == ["(One)", "  B", "Other", "  One::A"]


def test_a_missing_parent_is_reported_and_a_folder_can_be_a_parent() -> None:
    tree = DeckTree(
        [
            PlacedDeck("a", "A", "nowhere"),
            PlacedDeck("b", "B", "geo.asia"),
            PlacedDeck("c", "C", folders=("geo", "asia")),
        ]
    )
    assert tree.lost == {"a": "nowhere"}
    assert tree.nodes["a"].parent == ""
    assert tree.nodes["b"].parent == "geo.asia"


def test_a_circle_of_parents_is_reported_and_cut() -> None:
    decks = [
        PlacedDeck("a", "A", "c"),
        PlacedDeck("b", "B", "a"),
        PlacedDeck("c", "C", "b"),
        PlacedDeck("d", "D", "a"),
        PlacedDeck("e", "E", "e"),
    ]
    assert DeckTree(decks).circles == {
        "a": ("a", "c", "b", "a"),
        "c": ("c", "b", "a", "c"),
        "b": ("b", "a", "c", "b"),
        "e": ("e", "e"),
    }
    assert drawn(*decks) == ["A", "  D", "B", "C", "E"]


NAMES = st.sampled_from(["a", "b", "c", "a::b", "a::b::c", "b::a", "c::a::a", "A", "a.b"])
IDS = st.sampled_from(["a", "b", "c", "d", "e", "a-b"])


@given(
    st.lists(
        st.builds(
            PlacedDeck,
            IDS,
            NAMES,
            st.one_of(st.just(""), IDS, st.just("a.b")),
            st.lists(IDS, max_size=3).map(tuple),
            IDS,
            st.booleans(),
        ),
        unique_by=lambda deck: deck.id,
    )
)
def test_every_deck_stands_exactly_once_in_the_tree(
    decks: list[PlacedDeck],
) -> None:
    tree = DeckTree(decks)
    assert {name for name, node in tree.nodes.items() if node.is_deck} == {d.id for d in decks}
    seen: list[str] = []
    for name, node in tree.nodes.items():
        above = tree.above(name)
        assert above == ((node.parent, *tree.above(node.parent)) if node.parent else ())
        assert set(above) <= set(seen)
        assert name not in above
        seen.append(name)
        assert tree.is_parent(name) == bool(tree.children(name))
        assert node.is_deck or tree.decks(name)
        assert set(tree.decks(name)) == {
            each for each in tree.nodes
            if tree.nodes[each].is_deck and name in (each, *tree.above(each))
        }  # fmt: skip


@given(st.text())
def test_an_id_made_of_a_name_ignores_case_and_encoding(name: str) -> None:
    words = unicodedata.normalize("NFKC", clean(name, multiline=False).strip()).casefold()
    assert id_of(name) == id_of(words)
    assert id_of(id_of(name)) == id_of(name)
