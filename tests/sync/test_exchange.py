from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sco_quiz.learning.cards import CardState
from sco_quiz.learning.study_day import DAY_MS
from sco_quiz.progress import log
from sco_quiz.progress.appending import ForeignEvents
from sco_quiz.progress.backup import write_copy
from sco_quiz.progress.restoring import restore
from tests.progress.test_replay import ACTS, Step, correction_of, draft_of
from tests.sync.conftest import Device, carry, moment

if TYPE_CHECKING:
    from sco_quiz.learning.cards import Card

STEPS = st.lists(
    st.builds(
        Step,
        device=st.integers(0, 2),
        act=st.sampled_from(
            [*(act for act in ACTS if act != "sync"), *("sync",) * 14, "keep", "go back"]
        ),
        card=st.integers(0, 3),
        number=st.integers(0, 50),
        passed=st.sampled_from((0, 1, 60_000, DAY_MS, 9 * DAY_MS, -1, -DAY_MS * 365)),
    ),
    max_size=40,
)


def play(device: Device, number: int, step: Step, cards: list[Card]) -> None:
    now, file, kept = device.now(), device.paths.progress_file, device.home / "kept.db"
    if step.act == "keep" and file.exists():
        write_copy(file, kept)
    elif step.act == "go back" and kept.exists():
        restore(file, kept, now)
    if step.act in ("keep", "go back"):
        return
    with device.open() as progress:
        if step.act == "clock":
            if progress.query("SELECT 1 FROM event LIMIT 1"):
                progress.append(correction_of(progress, step.number, now))
        elif step.act == "undo":
            if events := list(progress.events()):
                progress.undo(events[-1 - step.number % len(events)], now)
        elif step.act == "import":
            past = moment(now.at - step.number * DAY_MS)
            review = draft_of(step._replace(act="review"), past, cards, lambda _: CardState())
            name = f"import{number}"
            progress.append_with(
                lambda _: None,
                log.imported(now, "a file", {}, device=name),
                brought=ForeignEvents(name, [review._replace(session=None)]),
            )
        else:
            progress.append(draft_of(step, now, cards, progress.state))


def meet(devices: list[Device]) -> None:
    """Have every file come everywhere, and every device take and give."""
    for _ in range(4):
        for device in devices:
            device.sync()
        for source in devices:
            for target in devices:
                carry(source.folder, target.folder)


@pytest.mark.proof("random histories on three devices over files late, truncated, out of order")
@given(steps=STEPS, seed=st.integers(0, 2**32))
def test_all_devices_end_with_the_same_log(cards: list[Card], steps: list[Step], seed: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        root, chance = Path(name), random.Random(seed)
        devices = [Device(root / f"{number}", root / f"copy-{number}") for number in range(3)]
        for number, step in enumerate(steps):
            device = devices[step.device]
            device.at += step.passed
            if step.act == "sync":
                device.sync(quietly=step.number % 2 == 0)
                carry(device.folder, devices[step.number % 3].folder, chance)
            else:
                play(device, number, step, cards)
        meet(devices)
        check_alike(devices)
        assert all(device.sync().in_words() == "Nothing new." for device in devices)
        assert not any(device.sync().troubles for device in devices)


@pytest.mark.proof("random histories of a cloned disk, a third device beside: the same everywhere")
@given(
    steps=st.lists(STEPS.map(lambda steps: steps[:12]), min_size=3, max_size=3),
    seed=st.integers(0, 2**32),
)
def test_two_homes_with_one_device_id_end_alike_and_lose_nothing(
    cards: list[Card], steps: list[list[Step]], seed: int
) -> None:
    with tempfile.TemporaryDirectory() as name:
        root, chance = Path(name), random.Random(seed)
        first, third = (Device(root / f"{n}", root / f"copy-{n}") for n in (0, 2))
        devices = [first]

        def go_on(steps: list[Step]) -> None:
            for number, step in enumerate(steps):
                device = devices[step.device % len(devices)]
                device.at += abs(step.passed)
                if step.act == "sync":
                    device.sync()
                    carry(device.folder, devices[step.number % len(devices)].folder, chance)
                elif step.act == "import":
                    continue
                else:
                    play(device, number, step, cards)

        with first.open() as progress:
            progress.append(log.device(first.now(), "first"))
        go_on(steps[0])
        devices = [first, first.clone(root / "1", root / "copy-1"), third]
        go_on(steps[1])
        go_on(steps[2])
        meet(devices)
        check_alike(devices)
        assert all(device.sync().in_words() == "Nothing new." for device in devices)


def check_alike(devices: list[Device]) -> None:
    first, *others = (device.contents() for device in devices)
    for other in others:
        for table, rows in other.items():
            assert rows == first[table], table
