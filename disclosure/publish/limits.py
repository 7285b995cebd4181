"""What a DuckDB of this project may take of the machine; dbt_project/profiles.yml says the same to dbt."""

from __future__ import annotations

import os

DEFAULT_MEMORY_LIMIT = "6GB"


def memory_limit() -> str:
    """How much memory DuckDB may take before it spills to the disk (GOUJI_MEMORY_LIMIT)."""
    return os.environ.get("GOUJI_MEMORY_LIMIT") or DEFAULT_MEMORY_LIMIT
