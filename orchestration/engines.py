"""Where shards are worked on: this process, processes of this machine, or the workers of a Dask cluster.

An engine applies a function to shards and gives the results in their order, holding only a few of them at a time. That is
all the pipeline asks of it, so changing the engine changes no result. Settings: GOUJI_ENGINE is empty for this machine,
`dask` for a cluster started on it, or the address of a scheduler (tcp://...); GOUJI_STORE is where all workers find the
filings (`stores`).
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any, Protocol, TypeVar

Shard = TypeVar("Shard")
Result = TypeVar("Result")

SHARDS_IN_HAND = 2  # per worker, so that none waits for the next one
START_SECONDS = 60.0
STALLED_SECONDS = 1800.0


class EngineError(RuntimeError):
    """The engine cannot work; the message says what to look at."""


class Engine(Protocol):
    """Applies a function to shards."""

    @property
    def shares_memory(self) -> bool:
        """Whether large results may be handed back as they are, rather than through the store."""
        ...

    def map(self, function: Callable[[Shard], Result], shards: Iterable[Shard]) -> Iterator[Result]:
        """The results in the order of the shards. Raises what the function raises, and EngineError."""
        ...


class SerialEngine:
    """This process, one shard after the other."""

    shares_memory = True

    def map(self, function: Callable[[Shard], Result], shards: Iterable[Shard]) -> Iterator[Result]:
        return map(function, shards)


class ProcessEngine:
    """Processes of this machine, started with the first shard and kept to the end."""

    shares_memory = True

    def __init__(self, workers: int) -> None:
        self._workers = workers
        # this process has threads, which a fork would copy half-way
        self._pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))

    def map(self, function: Callable[[Shard], Result], shards: Iterable[Shard]) -> Iterator[Result]:
        pending: deque[Any] = deque()
        for shard in shards:
            pending.append(self._pool.submit(function, shard))
            if len(pending) > SHARDS_IN_HAND * self._workers:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)


class DaskEngine:
    """The workers of a Dask cluster. A shard whose worker dies is given to another one."""

    shares_memory = False

    def __init__(self, client: Any) -> None:
        from distributed import TimeoutError as DaskTimeoutError

        self._client = client
        try:
            client.wait_for_workers(1, timeout=START_SECONDS)
        except DaskTimeoutError as error:
            raise EngineError(f"no worker has joined {client.scheduler.address} in {START_SECONDS:.0f} s") from error

    def map(self, function: Callable[[Shard], Result], shards: Iterable[Shard]) -> Iterator[Result]:
        pending: deque[Any] = deque()
        for shard in shards:
            # not pure: the same shard in a later run has to be worked on again, for what it leaves in the store
            pending.append(self._client.submit(function, shard, pure=False))
            if len(pending) > SHARDS_IN_HAND * max(1, len(self._client.nthreads())):
                yield self._result(pending.popleft())
        while pending:
            yield self._result(pending.popleft())

    def _result(self, future: Any) -> Any:
        from distributed import TimeoutError as DaskTimeoutError
        from distributed.scheduler import KilledWorker

        try:
            return future.result(timeout=STALLED_SECONDS)
        except DaskTimeoutError as error:
            workers = len(self._client.nthreads())
            raise EngineError(
                f"no answer for {STALLED_SECONDS:.0f} s from {self._client.scheduler.address} with {workers} workers; "
                "look at their logs: a worker that cannot import gouji never answers"
            ) from error
        except KilledWorker as error:
            raise EngineError(f"a shard ended every worker that tried it: {error}") from error


def open_engine(setting: str, workers: int) -> AbstractContextManager[Engine]:
    """The engine of a setting (see this module). `workers` counts processes of this machine."""
    if setting:
        return _open_dask(setting, workers)
    return _open_local(workers)


@contextmanager
def _open_local(workers: int) -> Iterator[Engine]:
    if workers < 2:
        yield SerialEngine()
        return
    with closing(ProcessEngine(workers)) as engine:
        yield engine


@contextmanager
def _open_dask(setting: str, workers: int) -> Iterator[Engine]:
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise EngineError("GOUJI_ENGINE asks for Dask, which is not installed: uv sync --extra cluster") from None
    if setting == "dask":
        here = LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None)
        with here as cluster, Client(cluster) as client:
            yield DaskEngine(client)
        return
    try:
        client = Client(setting, timeout=START_SECONDS)
    except (OSError, ValueError) as error:
        raise EngineError(f"no scheduler answers at {setting}: {error}") from error
    with client:
        yield DaskEngine(client)
