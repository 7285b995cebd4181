"""Validation of a candidate warehouse: suites planned from the catalogue, run in-database, judged by a gate.

Read in this order: `published` (which tables there are) -> `checks` (what a check is) -> `suites` (the plan) ->
`connect` and `validate` (running it) -> `results` (what came out) -> `gate` (passed or refused) -> `pages` (for people).
What does not belong here: parsing, the SQL that builds the marts (these queries must not share it), and Dagster.
Great Expectations takes many seconds to import, so only functions import it.
"""

from expectations.gate import Verdict, judge
from expectations.limits import Limits, LimitsError, read_accepted
from expectations.pages import write_page
from expectations.results import CheckResult, CheckState, ValidationRun
from expectations.suites import plan_checks
from expectations.validate import validate_warehouse

__all__ = [
    "CheckResult",
    "CheckState",
    "Limits",
    "LimitsError",
    "ValidationRun",
    "Verdict",
    "judge",
    "plan_checks",
    "read_accepted",
    "validate_warehouse",
    "write_page",
]
