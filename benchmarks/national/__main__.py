"""`python -m benchmarks.national --reports 1000000 --out DIR`: write DIR/staging as a run would have staged it, and DIR/truth beside it."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from benchmarks.national.panel import Plan, write_nation


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes the staged files of a made nation, and the truth about them.")
    parser.add_argument("--reports", type=int, required=True, help="over all years")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--years", default="2019..2024", help="first..last report year (from 2019)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1, help="years made side by side")
    options = parser.parse_args()
    first, last = (int(year) for year in options.years.split(".."))
    started = time.perf_counter()
    plan = Plan(options.out, options.reports, tuple(range(first, last + 1)), options.seed)
    rows = write_nation(plan, options.processes)
    for name, count in sorted(rows.items()):
        print(f"{name:16} {count:>13,} rows")
    print(f"{time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()
