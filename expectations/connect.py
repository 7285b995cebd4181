"""The read-only door from Great Expectations to a DuckDB warehouse file.

Great Expectations 1.24 has no DuckDB datasource; it reaches the file through SQLAlchemy and duckdb-sqlalchemy. Nothing
is written: no temporary table, no project folder, no usage event.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from disclosure.publish.limits import memory_limit

if TYPE_CHECKING:
    from great_expectations.data_context import EphemeralDataContext
    from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
    from sqlalchemy import Engine


def open_context() -> EphemeralDataContext:
    """A Great Expectations context that lives in memory, with analytics and progress bars off."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read at import
    import great_expectations
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = great_expectations.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


@contextmanager
def open_warehouse(context: EphemeralDataContext, warehouse: Path) -> Iterator[SQLDatasource]:
    """The warehouse file as a datasource of the context, read-only; its connections are closed at the end.

    Raises FileNotFoundError when there is no such file: DuckDB would say so in other words for every check.
    """
    if not warehouse.is_file():
        raise FileNotFoundError(f"no warehouse to validate at {warehouse}; build the models first")
    source = context.data_sources.add_sql(
        name=f"warehouse_{len(context.data_sources.all())}",
        connection_string=f"duckdb:///{warehouse.resolve()}",
        kwargs={"connect_args": {"read_only": True, "config": {"memory_limit": memory_limit()}}},  # type: ignore[call-arg]  # missing in the stub of 1.24
    )
    engines = (source.get_engine(), source.get_execution_engine().engine)
    for engine in engines:
        _keep_pending_rows(engine)
    try:
        yield source
    finally:
        source.get_execution_engine().close()
        for engine in engines:
            engine.dispose()
        context.data_sources.delete(source.name)


def _keep_pending_rows(engine: Engine) -> None:
    """Buffer every result of this engine at once.

    Great Expectations closes its connection before it fetches; DuckDB then drops the rows still pending, and nearly every
    expectation dies with "list index out of range".
    """
    from sqlalchemy import event

    event.listen(engine, "after_cursor_execute", _buffer_result)


def _buffer_result(
    connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
) -> None:
    from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

    if connection.dialect.name == "duckdb" and cursor.description:
        context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
            cursor, cursor.description, initial_buffer=cursor.fetchall()
        )
