"""A folder that git carries: divergent commits, merge, rebase, and other line ends."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.progress.test_replay import Step
from tests.sync.conftest import Device
from tests.sync.test_exchange import check_alike, play

if TYPE_CHECKING:
    from sco_quiz.learning.cards import Card

if shutil.which("git") is None:
    pytest.skip("git is not installed", allow_module_level=True)

ENVIRONMENT = {
    **os.environ,
    **{
        f"GIT_{role}_{what}": "quiz@example.org"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    },
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-C", str(folder), *arguments],
        check=True, capture_output=True, env=ENVIRONMENT, text=True,
    )  # fmt: skip


def commit(device: Device) -> None:
    git(device.folder, "add", "--all")
    git(device.folder, "commit", "--quiet", "--allow-empty", "--message", "sync")


@pytest.mark.parametrize("rebase", ["false", "true"], ids=["merge", "rebase"])
@pytest.mark.parametrize("ends", ["false", "true"], ids=["lf", "crlf"])
def test_two_diverged_clones_merge_without_a_conflict(
    tmp_path: Path, cards: list[Card], rebase: str, ends: str
) -> None:
    origin = tmp_path / "origin.git"
    subprocess.run(
        ["git", "init", "--quiet", "--bare", "--initial-branch=main", origin],
        check=True,
        env=ENVIRONMENT,
    )
    devices = []
    for number in range(2):
        device = Device(tmp_path / f"{number}", tmp_path / f"clone{number}")
        git(tmp_path, "clone", "--quiet", str(origin), str(device.folder))
        git(device.folder, "config", "core.autocrlf", ends if number else "false")
        git(device.folder, "config", "pull.rebase", rebase)
        git(device.folder, "checkout", "--quiet", "-B", "main")
        devices.append(device)
    first, second = devices
    first.sync()
    commit(first)
    git(first.folder, "push", "--quiet", "origin", "main")
    git(second.folder, "pull", "--quiet", "origin", "main")
    for turn in range(4):
        for number, device in enumerate(devices):  # each goes on before it hears of the other
            for each in range(3 + turn):
                device.at += 1_000
                play(device, each, Step(0, "review", each % 4, each + number, 0), cards)
            device.sync()
            commit(device)
        for device in (first, second, first):
            git(device.folder, "pull", "--quiet", "--no-edit", "origin", "main")
            git(device.folder, "push", "--quiet", "origin", "main")
        for device in devices:
            assert device.sync().troubles == []
    for device in (first, second, first):
        device.sync()
        commit(device)
        git(device.folder, "pull", "--quiet", "--no-edit", "origin", "main")
        git(device.folder, "push", "--quiet", "origin", "main")
        device.sync()
    check_alike(devices)
    if ends == "true":
        assert any(b"\r\n" in path.read_bytes() for path in second.folder.rglob("*.jsonl"))


def test_the_documented_hook_and_timer_sync_from_an_empty_repository_on(
    tmp_path: Path, cards: list[Card]
) -> None:
    manual = (Path(__file__).parents[2] / "docs" / "syncing.md").read_text(encoding="utf-8")
    of_git = manual.partition("**git**")[2].partition("## ")[0]
    _, hook, timer = re.findall("```sh\n(.*?)```", of_git, re.DOTALL)
    origin = tmp_path / "quiz.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(origin))

    def set_up(name: str) -> Device:
        user = tmp_path / name
        user.mkdir()
        git(user, "clone", "--quiet", str(origin), "quiz")
        script = user / "quiz" / ".git" / "hooks" / "post-commit"
        script.parent.mkdir(exist_ok=True)
        script.write_text(textwrap.dedent(hook))
        script.chmod(0o755)
        return Device(tmp_path / f"home of {name}", user / "quiz")

    def carry(device: Device) -> None:
        device.sync()
        done = subprocess.run(
            ["sh", "-c", textwrap.dedent(timer)],
            check=True, capture_output=True, env={**ENVIRONMENT, "HOME": str(device.folder.parent)},
        )  # fmt: skip
        assert done.stdout == b""  # a timer would mail it
        device.sync()

    first = set_up("first")
    carry(first)
    second = set_up("second")
    carry(second)
    devices = [first, second]
    for device in devices:
        for each in range(3):
            device.at += 1_000
            play(device, each, Step(0, "review", each, each, 0), cards)
    for device in (first, second, first, second):
        carry(device)
    assert first.sync().in_words() == "Nothing new."
    check_alike(devices)
