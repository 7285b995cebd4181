"""The project's own expectation. Importing this module imports Great Expectations: import it inside functions only.

A query of plain `UnexpectedRowsExpectation` cannot tell "nothing is wrong" from "nothing was looked at", is run twice,
and fetches every failing row. This one is run once and answers with one row of counts and the first failing rows.
"""

from __future__ import annotations

from typing import Any, ClassVar

from great_expectations.expectations.core import UnexpectedRowsExpectation

COUNTS = ("population", "matched", "assessed", "unexpected")


class ExpectNoCountedRows(UnexpectedRowsExpectation):
    """Holds when the query's `unexpected` is 0.

    The query returns one row with the columns population, matched, assessed, unexpected (numbers, see `CheckResult`) and
    `rows`, a list of structs that are the first failing rows. A query that judges several rules in one scan returns such a
    row for each, told apart by a column `line`: every rule has its expectation, `line` says which row is its own, and Great
    Expectations runs the query they share once. A rule without a row has nothing in the table.
    """

    line: str | None = None

    success_keys: ClassVar[tuple[str, ...]] = ("unexpected_rows_query", "line")
    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.table",)

    def _validate(
        self, metrics: dict, runtime_configuration: dict | None = None, execution_engine: Any = None
    ) -> dict[str, Any]:
        answer = self._own_row(metrics["unexpected_rows_query.table"])
        counts = {name: int(answer[name]) for name in COUNTS}
        return {
            "success": counts["unexpected"] == 0,
            "result": {"observed_value": counts["unexpected"], "details": {**counts, "rows": answer["rows"] or []}},
        }

    def _own_row(self, answers: list[dict[str, Any]]) -> dict[str, Any]:
        if self.line is None:
            (answer,) = answers
            return answer
        own = [answer for answer in answers if answer["line"] == self.line]
        (answer,) = own or [{**dict.fromkeys(COUNTS, 0), "rows": None}]
        return answer
