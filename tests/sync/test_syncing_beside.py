"""A sync beside somebody who studies: in a process of its own, to the same end."""

from __future__ import annotations

import signal
import subprocess
import sys
from time import monotonic, sleep
from typing import TYPE_CHECKING

import pytest

from sco_quiz import own_process
from sco_quiz.progress import log
from sco_quiz.sync import beside
from sco_quiz.sync.beside import synchronise_beside
from sco_quiz.sync.carrier import SyncError
from tests.processes import Dying, no_room
from tests.sync.test_exchange import check_alike
from tests.sync.test_folder import answer

if TYPE_CHECKING:
    from sco_quiz.learning.cards import Card
    from sco_quiz.sync.syncing import SyncOutcome
    from tests.sync.conftest import Device

MANY = 4_000
PATIENCE = 30.0


def sync_beside(device: Device) -> SyncOutcome:
    return synchronise_beside(device.paths, device.now(), device.where)


def flag_often(device: Device, cards: list[Card], times: int) -> None:
    with device.open() as progress:
        progress.append(*(log.flag(device.now(), cards[0], each % 8) for each in range(times)))


def events_in(device: Device) -> int:
    with device.open() as progress:
        ((events,),) = progress.query("SELECT count(*) FROM event")
    return int(events)


@pytest.fixture
def laptop(devices: list[Device]) -> Device:
    """A device that has synced before."""
    laptop, _ = devices
    laptop.sync()
    return laptop


@pytest.fixture
def desktop(devices: list[Device], laptop: Device) -> Device:
    """The other one, which has too."""
    _, desktop = devices
    desktop.sync()
    devices[0].sync()
    return desktop


def test_rows_of_other_devices_are_received_by_another_process(
    laptop: Device, desktop: Device, cards: list[Card], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(desktop, cards, 3)
    desktop.sync()
    monkeypatch.setattr(beside, "synchronise", None)  # nothing is left for this process
    assert [each.much.answers for each in sync_beside(laptop).came] == [3]
    check_alike([laptop, desktop])


def test_a_sync_with_little_to_do_starts_no_other_process(
    laptop: Device, desktop: Device, cards: list[Card], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_process, "Popen", None)
    assert sync_beside(laptop).in_words() == "Nothing new."
    answer(laptop, cards, 2)
    assert sync_beside(laptop).in_words() == "2 answers sent."
    desktop.sync()
    check_alike([laptop, desktop])


def test_many_rows_are_sent_by_another_process(
    laptop: Device, desktop: Device, cards: list[Card], monkeypatch: pytest.MonkeyPatch
) -> None:
    flag_often(laptop, cards, 500)
    with monkeypatch.context() as patched:
        patched.setattr(beside, "synchronise", None)
        assert sync_beside(laptop).went.rows == 500
    desktop.sync()
    check_alike([laptop, desktop])


def test_an_error_of_the_other_process_is_reported_with_its_message(
    laptop: Device, desktop: Device, cards: list[Card], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(desktop, cards)
    desktop.sync()
    twin = laptop.clone(laptop.home / "twin", laptop.folder)
    answer(twin, cards)
    answer(laptop, cards[1:])
    twin.sync()
    monkeypatch.setattr(beside, "synchronise", None)
    try:
        sync_beside(laptop)
    except SyncError as error:
        told = error
    else:  # the other of the two is to be renamed
        with pytest.raises(SyncError) as caught:
            sync_beside(twin)
        told = caught.value
    assert "another computer wrote under the id of this one" in told.message
    assert "nothing is lost" in told.help


@pytest.mark.parametrize("instead", [no_room, Dying])
def test_rows_are_received_even_if_no_process_can_be_started(
    instead: object,
    laptop: Device,
    desktop: Device,
    cards: list[Card],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer(desktop, cards, 3)
    desktop.sync()
    monkeypatch.setattr(own_process, "Popen", instead)
    assert [each.much.answers for each in sync_beside(laptop).came] == [3]
    check_alike([laptop, desktop])


APP = """
import sys
from pathlib import Path
from sco_quiz.paths import Paths
from sco_quiz.sync.beside import synchronise_beside
from tests.sync.conftest import START, moment

home = Path(sys.argv[1])
paths = Paths(home / "config", home / "data", home / "cache")
synchronise_beside(paths, moment(START), sys.argv[2])
"""


def test_the_process_ends_with_a_killed_app_and_the_next_sync_takes_the_rest(
    laptop: Device, desktop: Device, cards: list[Card]
) -> None:
    flag_often(desktop, cards, MANY)
    desktop.sync()
    before = events_in(laptop)
    app = subprocess.Popen([sys.executable, "-c", APP, str(laptop.home), laptop.where])
    end = monotonic() + PATIENCE
    while (taken := events_in(laptop) - before) == 0:
        assert monotonic() < end
        sleep(0.01)
    app.send_signal(signal.SIGKILL)
    app.wait()
    while taken != (taken := events_in(laptop) - before):
        assert monotonic() < end
        sleep(0.3)
    assert 0 < taken < MANY
    assert sum(each.much.rows for each in laptop.sync().came) == MANY - taken
    desktop.sync()
    check_alike([laptop, desktop])
