"""`gouji ui`: the Dagster UI and its daemon on a home."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

from orchestration.instance import prepare_instance

PROJECT = Path(__file__).resolve().parent.parent


def serve(home: Path, inbox: Path | None, host: str, port: int) -> NoReturn:
    """Become the UI's server, so that stopping this process stops everything it started."""
    environment = os.environ | {
        "DAGSTER_HOME": str(prepare_instance(home)),
        "GOUJI_HOME": str(home.expanduser().resolve()),
        "DAGSTER_TELEMETRY_DISABLED": "1",
        "DO_NOT_TRACK": "1",
        "PYTHONWARNINGS": "ignore",
    }
    if inbox is not None:
        environment["GOUJI_INBOX"] = str(inbox.expanduser().resolve())
    dagster = str(Path(sys.executable).parent / "dagster")
    os.chdir(PROJECT)  # workspace.yaml is found there
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background job ignores it, and Dagster then SIGTERM too
    os.execve(dagster, [dagster, "dev", "-w", "workspace.yaml", "--host", host, "--port", str(port)], environment)
