"""Writes every file that is made from the catalogue: `python -m catalogue.derive`.

Here belongs only which files there are. Their content is made in `derive_forms.py` (forms, identities, indicators) and
`derive_marts.py` (published tables); nobody edits a derived file by hand, and a test proves that none is stale.
"""

from __future__ import annotations

from pathlib import Path

from catalogue.derive_forms import derive_forms
from catalogue.derive_marts import derive_marts
from catalogue.load import CATALOGUE_ROOT
from catalogue.model import Catalogue

PROJECT_ROOT = CATALOGUE_ROOT.parent


def derive(root: Path = PROJECT_ROOT, catalogue: Catalogue | None = None) -> dict[Path, str]:
    """Path -> content of every derived file, from the shipped catalogue unless another is given. Nothing is written."""
    return {**derive_forms(root, catalogue), **derive_marts(root, catalogue)}


def main() -> None:
    """Write the derived files that differ from those on disk, and name them."""
    for path, content in derive().items():
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8", newline="\n")
            print(f"wrote {path.relative_to(PROJECT_ROOT)}")


if __name__ == "__main__":
    main()
