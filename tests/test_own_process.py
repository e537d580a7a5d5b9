"""Processes that the app starts beside itself."""

from __future__ import annotations

import subprocess
import sys
from time import monotonic, sleep
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LEFT = """
import runpy, sys, threading, time
from sco_quiz import own_process
sent, send = threading.Event(), own_process.Helper.send
def told(helper, message):
    send(helper, message)
    sent.set()
own_process.Helper.send = told
call = lambda: own_process.call_beside(runpy.run_path, sys.argv[1], outlives=True)
threading.Thread(target=call, daemon=True).start()
sent.wait()
"""


def test_what_outlives_its_program_is_finished(tmp_path: Path) -> None:
    script, made = tmp_path / "slow.py", tmp_path / "made"
    script.write_text(
        f"import time, pathlib\ntime.sleep(0.5)\npathlib.Path({str(made)!r}).touch()\n"
    )
    subprocess.run([sys.executable, "-c", LEFT, script], check=True)
    assert not made.exists()
    until = monotonic() + 30
    while not made.exists():
        assert monotonic() < until
        sleep(0.05)
