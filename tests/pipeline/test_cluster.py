"""The stages that read filings, on the workers of a Dask cluster that find the filings in an object store."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from distributed import Client, LocalCluster
from moto.server import ThreadedMotoServer
from pipeline_run import staged_bytes

from orchestration import engines
from orchestration.assets.archive import filings
from orchestration.assets.extract import documents
from orchestration.assets.parse import reports
from orchestration.engines import EngineError, open_engine
from orchestration.jobs import all_partitions
from orchestration.resources import Cluster, Home, Workers

COPIES = 6  # of every sample, so that there is more than a shard for each worker


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """An S3-compatible store on this machine; workers started after it find it through their environment."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    address = "http://{}:{}".format(*server.get_host_and_port())
    urllib.request.urlopen(urllib.request.Request(f"{address}/filings", method="PUT"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", address)
        patch.setenv("AWS_ALLOW_HTTP", "true")
        patch.setenv("AWS_REGION", "us-east-1")
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        yield "s3://filings/gouji"
    server.stop()


@pytest.fixture(scope="module")
def cluster(bucket: str) -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as local:
        yield local


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Path:
    folder = tmp_path_factory.mktemp("cluster") / "inbox"
    for number in range(COPIES):
        shutil.copytree(samples, folder / f"{number}")
        for path in (folder / f"{number}").iterdir():
            if path.suffix in (".txt", ".html"):  # other bytes, the same report
                path.write_bytes(path.read_bytes() + b"\n" * number)
    return folder


def read(inbox: Path, home: Path, cluster: Cluster) -> dg.ExecuteInProcessResult:
    resources = {"home": Home(folder=str(home), inbox_folder=str(inbox)), "workers": Workers(processes=2)}
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize(
            [filings, documents, reports],
            resources=resources | {"cluster": cluster},
            tags=all_partitions(),
            instance=instance,
        )


@pytest.fixture(scope="module")
def local_home(inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("local")
    assert read(inbox, home, Cluster()).success
    return home


def kill_a_busy_worker(address: str, killed: list[int]) -> None:
    """Wait until a worker has a shard in hand, and kill it as the system would."""
    with Client(address) as client:
        give_up_at = time.monotonic() + 60
        while not killed and time.monotonic() < give_up_at:
            busy = [worker for worker, tasks in client.processing().items() if tasks]
            if busy:
                killed.append(client.run(os.getpid, workers=[busy[0]])[busy[0]])
                os.kill(killed[0], signal.SIGKILL)
            time.sleep(0.02)


def test_a_cluster_stages_the_same_bytes_though_a_worker_is_killed(
    inbox: Path, local_home: Path, cluster: LocalCluster, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.assets.extract.FILES_PER_SHARD", 4)
    monkeypatch.setattr("orchestration.assets.parse.REPORTS_PER_SHARD", 4)
    killed: list[int] = []
    killer = threading.Thread(target=kill_a_busy_worker, args=(cluster.scheduler_address, killed))
    killer.start()
    result = read(inbox, tmp_path, Cluster(engine=cluster.scheduler_address, store=bucket))
    killer.join()
    assert killed, "no worker was ever busy"
    assert result.success
    assert staged_bytes(tmp_path) == staged_bytes(local_home)
    assert not (tmp_path / "documents").exists(), "documents belong to the store of the cluster"
    assert shards_left(bucket) == []


def shards_left(bucket: str) -> list[str]:
    import obstore
    from obstore.store import from_url

    return [entry["path"] for batch in obstore.list(from_url(bucket), prefix="shards") for entry in batch]


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "START_SECONDS", 0.2)
    with (
        pytest.raises(EngineError, match="no scheduler answers at tcp:"),
        open_engine("tcp://127.0.0.1:9", 2),
    ):
        pass


def test_a_scheduler_without_workers_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "START_SECONDS", 0.2)
    with (
        LocalCluster(n_workers=0, processes=False, dashboard_address=None) as empty,
        pytest.raises(EngineError, match="no worker has joined"),
        open_engine(empty.scheduler_address, 2),
    ):
        pass
