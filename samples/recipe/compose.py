"""Composes every sample filing and its expectation; `write` puts them into the folders, the freshness test compares.

Composing twice gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from samples.recipe.expected import write_expected
from samples.recipe.page import write_page
from samples.recipe.pdf import write_pdf
from samples.recipe.plain import write_dump, write_prose
from samples.recipe.sample import Sample, load_samples
from samples.recipe.word import write_word

SAMPLES = Path(__file__).parents[1]
WRITERS: dict[str, Callable[[Sample], bytes]] = {
    "pdf": write_pdf,
    "html": write_page,
    "docx": write_word,
    "prose": write_prose,
    "dump": write_dump,
}


def compose() -> dict[Path, bytes]:
    """Path and content of every file of samples/filings and samples/expected, without writing."""
    files: dict[Path, bytes] = {}
    for sample in load_samples():
        name = Path(sample.file)
        files[SAMPLES / "filings" / name] = WRITERS[sample.format](sample)
        files[SAMPLES / "expected" / f"{name.stem}.json"] = write_expected(sample)
    return files


def write() -> None:
    """Write the files and remove filings and expectations no recipe makes any more."""
    files = compose()
    for folder in ("filings", "expected"):
        (SAMPLES / folder).mkdir(exist_ok=True)
        for path in (SAMPLES / folder).iterdir():
            if path not in files:
                path.unlink()
    for path, content in files.items():
        path.write_bytes(content)
