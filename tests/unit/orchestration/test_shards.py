"""Shards, the stores they work on and the engines that carry them out."""

from __future__ import annotations

import pickle
import threading
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from disclosure.stage import in_batches
from orchestration.engines import ProcessEngine, SerialEngine
from orchestration.shards import time_limit
from orchestration.stores import BucketStore, FolderStore, copy_missing, open_store


def square(number: int) -> int:
    return number * number


def test_items_in_batches() -> None:
    assert list(in_batches(range(5), 2)) == [(0, 1), (2, 3), (4,)]
    assert list(in_batches([], 2)) == []


def test_every_engine_keeps_the_order() -> None:
    assert list(SerialEngine().map(square, range(5))) == [0, 1, 4, 9, 16]
    engine = ProcessEngine(2)
    try:
        assert list(engine.map(square, range(20))) == [number * number for number in range(20)]
    finally:
        engine.close()


def test_an_engine_takes_shards_only_as_it_needs_them() -> None:
    taken = 0

    def shards() -> Iterable[int]:
        nonlocal taken
        for number in range(100):
            taken += 1
            yield number

    engine = ProcessEngine(1)
    try:
        results = engine.map(square, shards())
        next(iter(results))
        assert taken <= 4
    finally:
        engine.close()


@pytest.mark.parametrize("off_main_thread", [False, True])
def test_code_that_takes_too_long_is_interrupted(off_main_thread: bool) -> None:
    ended: list[str] = []

    def work() -> None:
        try:
            with time_limit(0.2):
                until = time.monotonic() + 20
                while time.monotonic() < until:
                    pass
            ended.append("went on")
        except TimeoutError:
            ended.append("interrupted")

    if off_main_thread:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    else:
        work()
    assert ended == ["interrupted"]


def test_code_that_is_in_time_is_left_alone() -> None:
    def work() -> None:
        with time_limit(0.1):
            pass
        time.sleep(0.3)
        ended.append("whole")

    ended: list[str] = []
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ended == ["whole"]


def test_a_folder_as_a_store(tmp_path: Path) -> None:
    store = open_store("", tmp_path)
    assert not store.holds("a/b")
    with pytest.raises(FileNotFoundError):
        store.read("a/b")
    store.write("a/b", b"one")
    assert (store.read("a/b"), store.local_path("a/b", tmp_path / "copies")) == (b"one", tmp_path / "a" / "b")
    assert (list(store.names("a")), list(store.names("never"))) == (["b"], [])
    store.remove(["a/b", "never/there"])
    assert not store.holds("a/b")


def test_only_what_is_missing_is_copied(tmp_path: Path) -> None:
    here, there = FolderStore(tmp_path / "here"), FolderStore(tmp_path / "there")
    here.write("a", b"new")
    here.write("b", b"other")
    there.write("b", b"kept")
    copy_missing(here, there, ["a", "b"])
    assert (there.read("a"), there.read("b")) == (b"new", b"kept")


def test_a_bucket_travels_as_its_address() -> None:
    store = open_store("s3://bucket/prefix", Path("/nowhere"))
    assert pickle.loads(pickle.dumps(store)) == BucketStore("s3://bucket/prefix")
