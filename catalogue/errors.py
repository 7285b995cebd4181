"""The one error of the catalogue: a declaration that is wrong, with the file and entry where it stands."""

from __future__ import annotations


class CatalogueError(ValueError):
    """A file of the catalogue is wrong or contradicts another one."""

    def __init__(self, file_name: str, entry: str, problem: str) -> None:
        super().__init__(f"{file_name}: {entry}: {problem}")
        self.file_name = file_name
        self.entry = entry
        self.problem = problem
