"""One writer per home."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.locks import HomeBusyError, hold_home

TRY_TO_HOLD = """
import sys
from pathlib import Path
from orchestration.locks import HomeBusyError, hold_home
try:
    with hold_home(Path(sys.argv[1]), wait=False):
        print("held")
except HomeBusyError as error:
    print(error)
"""


def try_in_another_process(home: Path) -> str:
    command = [sys.executable, "-c", TRY_TO_HOLD, str(home)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_another_process_is_told_who_holds_the_home(tmp_path: Path) -> None:
    with hold_home(tmp_path, wait=False):
        answer = try_in_another_process(tmp_path)
    assert answer.startswith(f"{tmp_path.resolve()} is in use by process ")


def test_the_holder_may_take_it_again_and_gives_it_up_once(tmp_path: Path) -> None:
    with hold_home(tmp_path, wait=False):
        with hold_home(tmp_path, wait=True):
            pass
        assert "in use" in try_in_another_process(tmp_path)
    assert try_in_another_process(tmp_path) == "held"


def test_a_killed_holder_leaves_no_lock(tmp_path: Path) -> None:
    hold_and_wait = TRY_TO_HOLD.replace('print("held")', 'print("held", flush=True); sys.stdin.read()')
    holder = subprocess.Popen(
        [sys.executable, "-c", hold_and_wait, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    with pytest.raises(HomeBusyError), hold_home(tmp_path, wait=False):
        pass
    holder.kill()
    holder.communicate()
    with hold_home(tmp_path, wait=False):
        pass
