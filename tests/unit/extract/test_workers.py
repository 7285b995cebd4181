"""Many files in separate processes: one hostile file costs only itself."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from disclosure.archive import sniff
from disclosure.extract import extract_many, workers
from disclosure.extract.workers import Item
from disclosure.findings import FindingCode

_HOSTILE = """
import os, sys, time
from disclosure.extract import worker_process, workers

def read(item):
    if item.file_name == "hang":
        time.sleep(600)
    if item.file_name == "die":
        os._exit(9)
    if item.file_name == "chatter":
        print("noise from a library")
    return workers.extract_here(item)

worker_process.extract_here = read
"""


def _item(folder: Path, name: str, text: str = "一、总体情况") -> Item:
    path = folder / f"{name}.txt"
    path.write_text(text, encoding="utf-8")
    return Item(path, sniff(path), name, name)


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Workers whose reader misbehaves by file name: the interpreter's start-up hook replaces it."""
    hook = tmp_path / "hook"
    hook.mkdir()
    (hook / "misbehave.py").write_text(_HOSTILE)
    monkeypatch.setenv("PYTHONPATH", str(hook))
    monkeypatch.setattr(
        workers,
        "_COMMAND",
        ("-c", "import misbehave, sys; from disclosure.extract.worker_process import serve; serve(int(sys.argv[1]))"),
    )
    return tmp_path


def test_hostile_files_cost_only_themselves(hostile: Path) -> None:
    items = [_item(hostile, name) for name in ("a", "hang", "b", "die", "c", "chatter", "d")]
    taken: dict[str, float] = {}
    found = extract_many(items, workers=2, timeout_seconds=2, timed=taken.__setitem__)
    documents = {document.sha256: document for document in found}
    assert set(documents) == set(taken) == {item.sha256 for item in items}
    assert min(taken.values()) > 0
    codes = {name: [found.code for found in document.findings] for name, document in documents.items()}
    assert codes.pop("hang") == [FindingCode.READER_TIMEOUT]
    assert codes.pop("die") == [FindingCode.READER_FAILED]
    assert codes == {name: [] for name in ("a", "b", "c", "chatter", "d")}
    assert all(documents[name].blocks for name in codes)


@pytest.mark.parametrize(
    ("program", "words"), [("import time; time.sleep(60)", "未能启动"), ("raise SystemExit(3)", "意外结束")]
)
def test_a_process_that_does_not_start_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, words: str
) -> None:
    monkeypatch.setattr(workers, "_COMMAND", ("-c", program))
    monkeypatch.setattr(workers, "_START_SECONDS", 1.0)
    (document,) = extract_many([_item(tmp_path, "any")], workers=1)
    assert [found.code for found in document.findings] == [FindingCode.READER_FAILED]
    assert words in document.findings[0].message


def test_memory_is_limited(tmp_path: Path) -> None:
    small, large = _item(tmp_path, "small"), _item(tmp_path, "large", "规章\t0\n" * 200_000)
    found = {d.sha256: d for d in extract_many([large, small], workers=1, memory_bytes=260 * 1024 * 1024)}
    assert [finding.code for finding in found["large"].findings] == [FindingCode.RESOURCE_LIMIT]
    assert found["small"].findings == ()


@pytest.mark.parametrize("count", [0, 2])
def test_isolated_and_in_process_give_the_same_documents(tmp_path: Path, count: int) -> None:
    items = [_item(tmp_path, f"{number}", f"第{number}份报告，收到申请{number}件。") for number in range(12)]
    documents = {d.sha256: d for d in extract_many(items, workers=count)}
    assert {sha256: d.paragraphs[0].text for sha256, d in documents.items()} == {
        f"{number}": f"第{number}份报告，收到申请{number}件。" for number in range(12)
    }


def test_a_missing_file_is_a_finding(tmp_path: Path) -> None:
    gone = Item(tmp_path / "gone.txt", "text/plain", "gone", "gone.txt")
    for count in (0, 1):
        (document,) = extract_many([gone], workers=count)
        assert [found.code for found in document.findings] == [FindingCode.READER_FAILED]


def test_items_are_taken_only_as_workers_become_free(tmp_path: Path) -> None:
    taken: list[str] = []

    def items() -> Iterator[Item]:
        for number in range(20):
            taken.append(f"{number}")
            yield _item(tmp_path, f"{number}")

    documents = extract_many(items(), workers=2)
    next(documents)
    assert len(taken) <= 3
    documents.close()  # type: ignore[attr-defined]
    gc.collect()


def test_nothing_to_do_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers._Worker, "_start", lambda self: pytest.fail("a worker was started"))
    assert list(extract_many([], workers=2)) == []
