"""The words people read in a checked report: names of codes, clues, causes, and the sentences about them.

Each stands once, in `wording.yaml`, in Chinese and in English. Labels of rows, columns and rules are no words of this
file: they belong to the forms and to the register.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from catalogue.load import CATALOGUE_ROOT, read_yaml, validate
from catalogue.model import Frozen

Language = Literal["zh", "en"]


class Phrase(Frozen):
    """A phrase in both languages; `{names}` in it are filled by the code that uses it."""

    chinese: str
    english: str

    def in_language(self, language: Language) -> str:
        return self.chinese if language == "zh" else self.english

    def fill(self, **values: object) -> Phrase:
        """The phrase with its names filled; a Phrase as value is filled language by language."""
        chinese = {name: value.chinese if isinstance(value, Phrase) else value for name, value in values.items()}
        english = {name: value.english if isinstance(value, Phrase) else value for name, value in values.items()}
        return Phrase(chinese=self.chinese.format(**chinese), english=self.english.format(**english))


class ClueWording(Phrase):
    """What speaks for an explanation: whose mistake it suggests (null: nobody's in particular), and how strongly it
    speaks for the change it was found on."""

    cause: Literal["filer", "reader"] | None = None
    weight: int = 0


class Wording(Frozen):
    """Everything `wording.yaml` declares."""

    confusable_digits: tuple[str, ...]  # digits of one string look alike
    clues: dict[str, ClueWording]
    causes: dict[str, Phrase]
    explanations: dict[str, Phrase]
    tables: dict[str, Phrase]  # short names of the statutory tables
    fields: dict[str, Phrase]  # metadata fields, in the order they are shown
    values: dict[str, dict[str, Phrase]]  # field -> code -> words
    methods: dict[str, Phrase]  # how a field was read
    report: dict[str, Phrase]  # fixed words of the clerk's report

    def value(self, field: str, code: str) -> Phrase:
        """The words of a coded value; a code without words stands for itself."""
        return self.values.get(field, {}).get(code) or Phrase(chinese=code, english=code)


@lru_cache(maxsize=1)
def load_wording(root: Path = CATALOGUE_ROOT) -> Wording:
    """The words this installation was shipped with. Raises CatalogueError naming what is wrong."""
    return validate(Wording, read_yaml(root / "wording.yaml"), "wording.yaml")
