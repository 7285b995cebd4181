"""`gouji run`: the whole journey in this process, with progress, a closing summary and an exit code.

The work is the Dagster job `whole_run`; here it is started, watched and told about.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    import dagster as dg

PUBLISHED, REFUSED, COULD_NOT_RUN = 0, 1, 2
INTERRUPTED = 130


class CannotRunError(Exception):
    """The run cannot start; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to run: checked paths, report years (None: all), the number of worker processes (None: one per core), and
    whether to wait while another process writes to the home, and whether to fetch what the source lists name."""

    inbox: Path
    home: Path
    years: tuple[int, int] | None
    workers: int | None
    wait: bool = True
    fetch: bool = False


def run_pipeline(
    inbox: Path,
    home: Path,
    years: str | None = None,
    workers: int | None = None,
    wait: bool = True,
    fetch: bool = False,
) -> int:
    """Run everything and return the exit code: 0 published or unchanged, 1 refused by validation, 2 could not run.

    While another process writes to the home, waits for it, or without `wait` gives up at once."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 110)
    try:
        order = replace(check_order(inbox, home, years, workers), wait=wait, fetch=fetch)
        return carry_out(order, console)
    except CannotRunError as error:
        console.print(f"[red]gouji run:[/] {error}", soft_wrap=True)
        return COULD_NOT_RUN
    except KeyboardInterrupt:
        console.print("stopped; run the same command again to carry on where it was")
        return INTERRUPTED


def check_order(inbox: Path, home: Path, years: str | None, workers: int | None) -> Order:
    """The order with its paths made absolute. Raises CannotRunError."""
    inbox, home = inbox.expanduser().resolve(), home.expanduser().resolve()
    if not inbox.is_dir():
        raise CannotRunError(f"the inbox {inbox} is not a folder; name one with --inbox")
    if home.is_relative_to(inbox) and not any(part.startswith(".") for part in home.relative_to(inbox).parts):
        raise CannotRunError(
            f"the home {home} lies inside the inbox and would be received as filings; name another --home"
        )
    if home.exists() and not home.is_dir():
        raise CannotRunError(f"the home {home} is not a folder")
    return Order(inbox, home, check_years(years), workers)


def check_years(years: str | None) -> tuple[int, int] | None:
    from orchestration.partitions import parse_years

    if years is None:
        return None
    try:
        return parse_years(years)
    except ValueError as error:
        raise CannotRunError(str(error)) from None


def carry_out(order: Order, console: Console) -> int:
    """Run the job under the home's lock, then tell how it ended."""
    from orchestration.locks import HomeBusyError

    started_at = time.monotonic()
    try:
        with hold_for_run(order, console), run_environment(order):
            result, problem = execute(order)
            return tell(order, result, problem, console, time.monotonic() - started_at)
    except HomeBusyError as error:
        raise CannotRunError(str(error)) from None


@contextlib.contextmanager
def hold_for_run(order: Order, console: Console) -> Iterator[None]:
    """Hold the home for the whole run; when it is in use, say by whom and wait. Raises HomeBusyError without `wait`."""
    from orchestration.locks import HomeBusyError, hold_home

    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(hold_home(order.home, wait=False))
        except HomeBusyError as error:
            if not order.wait:
                raise
            console.print(f"{error.home} is in use by {error.holder}; waiting for it to end", soft_wrap=True)
            stack.enter_context(hold_home(order.home, wait=True))
        yield


@contextlib.contextmanager
def run_environment(order: Order) -> Iterator[None]:
    """The variables the resources and the Dagster instance read, for the time of the run."""
    from orchestration.instance import prepare_instance

    given = {"GOUJI_HOME": str(order.home), "GOUJI_INBOX": str(order.inbox)}
    given["DAGSTER_HOME"] = str(prepare_instance(order.home))
    if order.workers:
        given["GOUJI_WORKERS"] = str(order.workers)
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


def execute(order: Order) -> tuple[dg.ExecuteInProcessResult | None, str]:
    """Execute the job quietly; returns its result, or None and what went wrong."""
    with quiet(order.home) as terminal:
        with terminal.status("starting"):
            import dagster as dg

            from orchestration.dbt_manifest import ManifestError
            from orchestration.display import Display
            from orchestration.instance import STARTED_BY, close_dead_runs
            from orchestration.jobs import all_partitions, year_range
            from orchestration.progress import listening
            from orchestration.run_log import WHAT_FOR

            try:
                from orchestration.definitions import defs
            except ManifestError as error:
                return None, str(error)
        tags = year_range(*order.years) if order.years else all_partitions()
        with dg.DagsterInstance.get() as instance, Display(terminal) as display, listening(display.show):
            close_dead_runs(instance)
            try:
                job = "fetch_and_run" if order.fetch else "whole_run"
                result = defs.resolve_job_def(job).execute_in_process(
                    instance=instance,
                    tags=tags | {STARTED_BY: "gouji run", WHAT_FOR: "gouji run"},
                    run_config={"loggers": {"console": {"config": {"log_level": "ERROR"}}}},
                    raise_on_error=False,
                )
            except dg.DagsterError as error:
                return None, str(error)
    return result, ""


@contextlib.contextmanager
def quiet(home: Path) -> Iterator[Console]:
    """Send what Dagster and dbt print to HOME/logs/run.log; yields a console on the real terminal."""
    folder = home / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    terminal = os.fdopen(os.dup(sys.stdout.fileno()), "w") if has_descriptor() else sys.stdout
    with (folder / "run.log").open("w", encoding="utf-8") as log, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.captureWarnings(True)
        with contextlib.redirect_stdout(log), contextlib.redirect_stderr(log):
            yield Console(file=terminal, highlight=False)


def has_descriptor() -> bool:
    """Whether standard output is a real stream; under test runners it may be an object in memory."""
    try:
        sys.stdout.fileno()
    except (AttributeError, OSError, ValueError):
        return False
    return True


def tell(order: Order, result: dg.ExecuteInProcessResult | None, problem: str, console: Console, seconds: float) -> int:
    """Print the closing summary, or why there is none, and return the exit code."""
    from orchestration.summary import print_failure, print_refusal, print_summary

    if result is None:
        print_failure(console, order.home, [problem])
        return COULD_NOT_RUN
    failures = [describe_failure(event) for event in result.all_events if event.is_step_failure]
    if refused_by_gate(result):
        print_summary(console, order.home, seconds, published=False)
        print_refusal(console, order.home)
        return REFUSED
    if not result.success:
        print_failure(console, order.home, failures)
        return COULD_NOT_RUN
    return PUBLISHED if print_summary(console, order.home, seconds, published=True) else COULD_NOT_RUN


def refused_by_gate(result: dg.ExecuteInProcessResult) -> bool:
    """Whether a blocking check of the gate failed, as opposed to a step that broke."""
    from orchestration.checks.gate import GATE

    return any(
        evaluation.check_name == GATE and not evaluation.passed for evaluation in result.get_asset_check_evaluations()
    )


def describe_failure(event: dg.DagsterEvent) -> str:
    """What the step itself raised, in one paragraph; Dagster wraps it in an error of its own."""
    error = event.step_failure_data.error
    if error is not None and error.cause is not None and (error.cls_name or "").startswith("Dagster"):
        error = error.cause
    return f"{event.step_key}: {error.message.strip() if error else event.message}"
