"""`python -m benchmarks.corpus --out DIR --pdf 300 --scan 60`: write so many filings of each format, with their truth beside them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.corpus.stream import FORMATS, stream, truth_of


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes made filings and DIR/truth.jsonl, one line per file.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    for name in FORMATS:
        parser.add_argument(f"--{name}", type=int, default=0, metavar="N", help=f"so many filings as {name}")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    counts = {name: getattr(options, name) for name in FORMATS}
    with (options.out / "truth.jsonl").open("w", encoding="utf-8") as truth:
        for made in stream(options.seed, counts):
            (options.out / made.file_name).write_bytes(made.data)
            truth.write(json.dumps(truth_of(made), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
