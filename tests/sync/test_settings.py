"""Settings that decide what is due, on several devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.config import load
from sco_quiz.config.file import change
from sco_quiz.progress import log
from tests.conftest import POISON
from tests.sync.conftest import Device

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def write(device: Device, text: str) -> None:
    device.paths.config.mkdir(exist_ok=True)
    device.paths.config_file.write_text(text, encoding="utf-8")


def read(device: Device) -> str:
    return device.paths.config_file.read_text(encoding="utf-8")


def test_settings_that_decide_due_cards_are_synced_and_the_rest_of_the_file_stays(
    devices: list[Device],
) -> None:
    first, second = devices
    write(first, "retention = 0.85\nlearning_steps = [2, 5]\ntheme = 'paper'\n")
    write(second, "# mine\ntheme = 'nord'  # dark\nretention = 0.9  # for now\n")
    first.sync()
    told = second.sync().told
    assert "retention is 0.85 now, set elsewhere" in told
    assert read(second).startswith("# mine\ntheme = 'nord'  # dark\nretention = 0.85  # for now\n")
    assert load(second.paths.config_file)[0].learning_steps == (2.0, 5.0)
    assert load(first.paths.config_file)[0].theme == "paper"
    assert second.sync().told == []


def test_the_newest_change_of_each_setting_holds_and_so_does_its_removal(
    devices: list[Device],
) -> None:
    first, second = devices
    write(first, "retention = 0.85\n[deck]\ngeo.new_per_day = 3\na.b.retention = 0.95\n")
    first.sync()
    second.sync()
    config, _ = load(second.paths.config_file)
    assert config.deck == {"geo": {"new_per_day": 3}}
    change(second.paths.config_file, "retention", 0.8)
    change(first.paths.config_file, "retention", 0.75)
    change(first.paths.config_file, "deck.geo.new_per_day", None)
    second.at += 1
    first.sync()
    second.sync()  # its change was made before it heard of the other, and sent after
    first.sync()
    for device in devices:
        config, problems = load(device.paths.config_file)
        assert config.retention == 0.8
        assert "new_per_day" not in config.deck.get("geo", {})
        assert problems == [] or device is first


@given(
    steps=st.lists(
        st.tuples(
            st.integers(0, 2),
            st.sampled_from(
                [
                    *(("retention", None), ("retention", 0.8)),
                    *(("new_in_all", 3), ("new_in_all", 9)),
                    *(("deck.geo.new_per_day", 4), ("deck.geo.new_per_day", None)),
                    *(None, None),
                ]
            ),
        ),
        max_size=15,
    )
)
def test_all_devices_end_with_the_same_settings(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, tuple[str, object] | None]]
) -> None:
    root = tmp_path_factory.mktemp("settings")
    devices = [Device(root / f"{number}", root / "shared") for number in range(3)]
    for number, setting in steps:
        device = devices[number]
        device.at += 1
        if setting is None:
            device.sync()
        else:
            change(device.paths.config_file, *setting)
    for device in [*devices, *devices]:
        device.sync()
    found = [load(device.paths.config_file)[0] for device in devices]
    assert all(each.chosen == found[0].chosen for each in found)
    assert all(each.deck.get("geo", {}) == found[0].deck.get("geo", {}) for each in found)


def test_invalid_settings_from_other_devices_are_ignored(devices: list[Device], home: Path) -> None:
    first, second = devices
    first.sync()
    with first.open() as progress:
        progress.append(
            log.settings(
                first.now(),
                {
                    "retention": 7, "theme": "paper", "decks": ["/"], "sync": "/etc", "nothing": 1,
                    f"deck.{POISON}.retention": 0.8, "deck..retention": 0.8, "rollover": [1],
                    "new_in_all": 5,
                },
            )
        )  # fmt: skip
    first.sync()
    second.sync()
    assert [line for line in read(second).splitlines() if not line.startswith("#")] == [
        "new_in_all = 5"
    ]


def test_answers_are_synced_even_with_an_unreadable_settings_file(
    devices: list[Device],
) -> None:
    first, second = devices
    first.sync()
    write(second, "retention = \n")
    done = second.sync()
    assert done.rows
    assert "settings were not synced" in done.told[0]
    assert read(second) == "retention = \n"
