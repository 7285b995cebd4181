"""`gouji ui`: the Dagster UI and its daemon on a home."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from orchestration.instance import prepare_instance

PROJECT = Path(__file__).resolve().parent.parent


def serve(home: Path, inbox: Path | None, host: str, port: int) -> int:
    """Serve the UI until it is stopped; returns the exit code of the server."""
    environment = os.environ | {
        "DAGSTER_HOME": str(prepare_instance(home)),
        "GOUJI_HOME": str(home.expanduser().resolve()),
        "DAGSTER_TELEMETRY_DISABLED": "1",
        "DO_NOT_TRACK": "1",
        "PYTHONWARNINGS": "ignore",
    }
    if inbox is not None:
        environment["GOUJI_INBOX"] = str(inbox.expanduser().resolve())
    command = [str(Path(sys.executable).parent / "dagster"), "dev", "-w", "workspace.yaml"]
    try:
        return subprocess.call([*command, "--host", host, "--port", str(port)], env=environment, cwd=PROJECT)
    except KeyboardInterrupt:
        return 0
