"""What time it is, for receipts and releases. A run that is to be repeated byte for byte fixes it from outside."""

from __future__ import annotations

import os
from datetime import UTC, datetime

FIXED = "SOURCE_DATE_EPOCH"  # seconds since 1970; see reproducible-builds.org


def now() -> datetime:
    """The current moment in UTC, or the one SOURCE_DATE_EPOCH fixes. Raises ValueError when that is no number."""
    fixed = os.environ.get(FIXED)
    return datetime.fromtimestamp(int(fixed), UTC) if fixed else datetime.now(UTC)
