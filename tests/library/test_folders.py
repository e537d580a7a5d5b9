"""Deck files are found wherever they are linked, once each, and told from conflict copies."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.library.folders import find_conflict_copies, find_decks

if TYPE_CHECKING:
    from collections.abc import Iterable

links = pytest.mark.skipif(sys.platform == "win32", reason="links of POSIX")

CERTAIN_NAMES = [
    "geo (Ann's conflicted copy 2026-11-28)",
    "geo (Copie en conflit de Ann 2026-11-28)",
    "geo (In Konflikt stehende Kopie von Ann 2026-11-28)",
    "geo (Anns konfliktkopi 2026-11-28)",
    "geo (Cópia em conflito de Ann 2026-11-28)",
    "geo (конфликтующая копия с Ann 2026-11-28)",
    "geo (Ann の競合コピー 2026-11-28)",
    "geo (Ann 的冲突副本 2026-11-28)",
    "geo (Case Conflict)",
    "geo (Case Conflict) (1)",
    "geo (conflicted copy 2026-11-28 101010)",
    "geo (SFConflict ann@example.org 2026-11-28-10-10-10)",
    "geo.sync-conflict-20261128-101010-ABCDEFG",
    "geo.sync-conflict-20261128-101010",
    "geo.sync-conflict-20261128-101010-ABCDEFG.sync-conflict-20261129-101010-HIJKLMN",
    "geo_conflict-20261128-101010",
    "geo.Conflict",
    "geo.Conflict2",
]
UNCERTAIN_NAMES = ["geo (1)", "geo(2)", "geo 2", "geo-LAPTOP", "geo-DESKTOP-4F8QK2A"]
OTHER_NAMES = [
    "geo-2",
    "geo-asia",
    "geo (Asia)",
    "geo 1945",
    "geography",
    "geo copy",
    "Wars (conflict)",
]


def found(folders: Iterable[Path], problems: list[str] | None = None) -> list[str]:
    told: list[OSError] = []
    paths = [str(path) for path in find_decks(folders, told.append)]
    if problems is None:
        assert told == []
    else:
        problems += [f"{Path(str(each.filename)).name}: {each.strerror}" for each in told]
    return paths


def put(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("deck: A\ncards: [{front: a, back: b}]\n")
    return str(path)


@pytest.mark.parametrize("ending", [".yaml", ".yml", ".YAML", ".YML", ".Yaml", ".yMl"])
def test_an_ending_may_be_in_letters_of_any_case(tmp_path: Path, ending: str) -> None:
    deck = put(tmp_path / f"geo{ending}")
    put(tmp_path / f".hidden{ending}")
    put(tmp_path / f"geo{ending}.txt")
    assert found([tmp_path]) == [deck]


@links
def test_a_file_with_two_names_is_found_by_the_first(tmp_path: Path) -> None:
    deck = put(tmp_path / "a/geo.yaml")
    other = put(tmp_path / "b/geo.yaml")
    (tmp_path / "b/again.yaml").hardlink_to(deck)
    assert found([tmp_path]) == [deck, other]


@links
def test_a_linked_folder_is_searched_with_its_subfolders_and_links(tmp_path: Path) -> None:
    put(tmp_path / "cloud/asia/geo.yaml")
    put(tmp_path / "disk/old.yaml")
    (tmp_path / "cloud/disk").symlink_to(tmp_path / "disk")
    decks = tmp_path / "decks"
    decks.mkdir()
    (decks / "mine").symlink_to(tmp_path / "cloud")
    assert found([decks]) == [str(decks / "mine/asia/geo.yaml"), str(decks / "mine/disk/old.yaml")]


@links
def test_links_in_a_circle_are_followed_once(tmp_path: Path) -> None:
    decks, cloud = tmp_path / "a/decks", tmp_path / "cloud"
    own, other = put(decks / "sub/geo.yaml"), put(cloud / "other.yaml")
    (decks / "sub/again").symlink_to("..")
    (decks / "cloud").symlink_to(cloud)
    (cloud / "back").symlink_to(decks)
    assert found([decks]) == [str(decks / "cloud/other.yaml"), own]
    assert found([cloud]) == [str(cloud / "back/sub/geo.yaml"), other]


@links
def test_a_link_out_to_a_folder_that_it_lies_in_is_named_and_not_followed(tmp_path: Path) -> None:
    decks, cloud = tmp_path / "home/decks", tmp_path / "cloud"
    own = put(decks / "geo.yaml")
    put(tmp_path / "home/much-else.yaml")
    put(cloud / "other.yaml")
    (decks / "home").symlink_to(tmp_path / "home")
    (decks / "cloud").symlink_to(cloud)
    (cloud / "top").symlink_to(tmp_path)
    (cloud / "round").symlink_to(tmp_path / "home")
    problems: list[str] = []
    assert found([decks], problems) == [str(decks / "cloud/other.yaml"), own]
    assert sorted(problems) == [
        f"{name}: a link to a folder that it lies in" for name in ("home", "round", "top")
    ]


@links
def test_a_link_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    (tmp_path / "unplugged").symlink_to(tmp_path / "mnt/disk")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / ".hidden").symlink_to("nowhere")
    problems: list[str] = []
    assert found([tmp_path], problems) == []
    assert sorted(problems) == [
        "loop: a link that leads nowhere",
        "unplugged: a link that leads nowhere",
    ]


@links
def test_a_file_reached_by_several_paths_is_found_once_by_its_real_path(tmp_path: Path) -> None:
    one, other = tmp_path / "a", tmp_path / "b"
    geo, old = put(other / "geo.yaml"), put(other / "sub/old.yaml")
    one.mkdir()
    (one / "geo.yaml").symlink_to(other / "geo.yaml")
    (one / "b").symlink_to(other)
    (one / "sub").symlink_to(other / "sub")
    (other / "sub/0-first.yaml").symlink_to("old.yaml")
    assert found([one, other]) == [geo, old]
    assert found([other, one, other / "sub"]) == [geo, old]
    assert found([one]) == [str(one / "b/geo.yaml"), str(one / "b/sub/old.yaml")]


@pytest.mark.parametrize("name", CERTAIN_NAMES)
def test_a_conflict_copy_is_known_by_its_name_with_any_id(name: str) -> None:
    copy = f"/d/{name}.yaml"
    for its in ("geo", "geo-conflict", None):
        assert find_conflict_copies({copy: its, "/d/geo.yaml": "geo"}) == {copy: "/d/geo.yaml"}
        assert find_conflict_copies({copy: its, "/d/geo.yaml": None}) == {copy: "/d/geo.yaml"}


@pytest.mark.parametrize("name", CERTAIN_NAMES)
def test_a_copy_whose_original_was_moved_or_renamed_gives_way_to_it(name: str) -> None:
    copy = f"/d/{name}.yaml"
    for original in (
        "/d/a/longer/path/than/that/of/the/copy/by/far/and/much/more/geo.yaml",
        "/b.yml",
    ):
        assert find_conflict_copies({copy: "geo", original: "geo"}) == {copy: original}


@pytest.mark.parametrize("name", UNCERTAIN_NAMES)
def test_a_name_that_an_author_may_give_makes_a_copy_only_beside_a_deck_of_its_id(
    name: str,
) -> None:
    copy, original = f"/d/{name}.yaml", "/d/geo.yaml"
    assert find_conflict_copies({copy: "geo", original: "geo"}) == {copy: original}
    assert find_conflict_copies({copy: "geo", original: None}) == {copy: original}
    assert find_conflict_copies({copy: "other", original: "geo"}) == {}
    assert find_conflict_copies({copy: "other", original: None}) == {}
    assert find_conflict_copies({copy: None, original: "geo"}) == {}
    assert find_conflict_copies({copy: "geo", "/elsewhere/geo.yaml": "geo"}) == {}
    assert find_conflict_copies({copy: "geo", "/d/geo.yml": "geo"}) == {}


@pytest.mark.parametrize("name", [*CERTAIN_NAMES, *UNCERTAIN_NAMES, *OTHER_NAMES])
def test_a_copy_without_an_original_is_an_ordinary_deck(name: str) -> None:
    assert find_conflict_copies({f"/d/{name}.yaml": "geo", "/d/else.yaml": "else"}) == {}


@pytest.mark.parametrize("name", OTHER_NAMES)
def test_other_names_are_not_conflict_copies(name: str) -> None:
    decks: dict[str, str | None] = {f"/d/{name}.yaml": "x", "/d/geo.yaml": "x", "/d/Wars.yaml": "w"}
    assert find_conflict_copies(decks) == {}


def test_a_numbered_deck_has_its_own_copies() -> None:
    decks = {"/d/Part 1.yaml": "p1", "/d/Part 1 2.yaml": "p1", "/d/Part 2.yaml": "p2"}
    assert find_conflict_copies(dict(decks)) == {"/d/Part 1 2.yaml": "/d/Part 1.yaml"}


@given(
    st.dictionaries(
        st.sampled_from(CERTAIN_NAMES + UNCERTAIN_NAMES + OTHER_NAMES + ["geo"]),
        st.sampled_from(["geo", "x", None]),
    )
)
def test_a_conflict_copy_always_has_an_original_that_is_not_a_copy(
    decks: dict[str, str | None],
) -> None:
    copies = find_conflict_copies({f"/d/{name}.yaml": deck for name, deck in decks.items()})
    assert not copies.keys() & set(copies.values())
    assert "/d/geo.yaml" not in copies
