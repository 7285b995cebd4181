"""The store and its register: what is received once, what again, and what survives a killed process."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time
import tracemalloc
from pathlib import Path

import pytest

from disclosure.archive import Archive, ArchiveError
from disclosure.report import Asserted


def _write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_file_is_stored_under_its_hash_and_registered(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "home")
    source = _write(tmp_path / "inbox" / "报告.txt", "一、总体情况".encode())
    intake = archive.receive_folder(tmp_path / "inbox")
    (receipt,) = archive.receipts()
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    assert (intake.received, intake.unchanged, intake.unreadable_count) == (1, 0, 0)
    assert (receipt.sha256, receipt.size, receipt.media_type) == (digest, 18, "text/plain")
    assert (receipt.source, receipt.file_name) == (str(source), "报告.txt")
    assert archive.object_path(digest) == tmp_path / "home/archive/objects" / digest[:2] / digest
    assert archive.read_bytes(digest) == source.read_bytes()


def test_an_unchanged_file_is_not_opened_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(tmp_path / "home")
    _write(tmp_path / "inbox" / "a.txt", b"a")
    archive.receive_folder(tmp_path / "inbox")
    monkeypatch.setattr(Archive, "_store", lambda *_: pytest.fail("the file was read again"))
    intake = archive.receive_folder(tmp_path / "inbox")
    assert (intake.received, intake.unchanged) == (0, 1)


def test_same_path_and_bytes_give_no_new_receipt_even_when_touched(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "home")
    source = _write(tmp_path / "inbox" / "a.txt", b"a")
    archive.receive_folder(tmp_path / "inbox")
    os.utime(source, ns=(1, 1))
    assert archive.receive_folder(tmp_path / "inbox").received == 0
    assert len(list(archive.receipts())) == 1


def test_same_bytes_elsewhere_and_new_bytes_here_are_new_receipts(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "home")
    first = _write(tmp_path / "inbox" / "a.txt", b"a")
    archive.receive_folder(tmp_path / "inbox")
    _write(tmp_path / "inbox" / "copy" / "a.txt", b"a")
    first.write_bytes(b"changed")
    assert archive.receive_folder(tmp_path / "inbox").received == 2
    receipts = list(archive.receipts())
    assert len(receipts) == 3
    assert len({receipt.receipt_id for receipt in receipts}) == 3
    assert len({receipt.sha256 for receipt in receipts}) == 2


def test_year_and_agency_folders_assert(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "home")
    inbox = tmp_path / "inbox"
    for name in ("2020/甲市财政局/a.txt", "2021年度/b.txt", "2022年/乙县司法局/附件/c.txt", "3020/d.txt", "2020.txt"):
        _write(inbox / name, name.encode())
    archive.receive_folder(inbox)
    asserted = {r.file_name: (r.asserted_year, r.asserted_agency) for r in archive.receipts()}
    assert asserted == {
        "a.txt": (2020, "甲市财政局"),
        "b.txt": (2021, None),
        "c.txt": (2022, "乙县司法局"),
        "d.txt": (None, None),
        "2020.txt": (None, None),
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_source_list_asserts_and_is_no_filing(tmp_path: Path, encoding: str) -> None:
    archive = Archive(tmp_path / "home")
    inbox = tmp_path / "inbox"
    rows = "path,year,agency,url\nx/a.txt,2019年,甲市财政局,https://example.gov.cn/a\nb.txt,不详,,\n"
    _write(inbox / "sources.csv", rows.encode(encoding))
    _write(inbox / "x/a.txt", b"a")
    _write(inbox / "b.txt", b"b")
    _write(inbox / "figures.csv", "机关,件数\n甲,1\n".encode())
    archive.receive_folder(inbox)
    found = {r.file_name: (r.asserted_year, r.asserted_agency, r.source) for r in archive.receipts()}
    assert found["a.txt"] == (2019, "甲市财政局", "https://example.gov.cn/a")
    assert found["b.txt"] == (None, None, str(inbox / "b.txt"))
    assert set(found) == {"a.txt", "b.txt", "figures.csv"}


def test_a_mended_source_list_changes_what_is_asserted_not_the_receipt(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "home")
    inbox = tmp_path / "inbox"
    _write(inbox / "a.txt", b"a")
    archive.receive_folder(inbox)
    (before,) = archive.receipts()
    _write(inbox / "sources.csv", b"path,year\na.txt,2018\n")
    assert archive.receive_folder(inbox).received == 0
    (after,) = archive.receipts()
    assert after.receipt_id == before.receipt_id
    assert after.asserted == Asserted(2018, None, str(inbox / "a.txt"))


def test_lists_are_kept_and_are_no_filings(tmp_path: Path) -> None:
    home, inbox = tmp_path / "home", tmp_path / "inbox"
    archive = Archive(home)
    _write(inbox / "a.txt", b"a")
    _write(inbox / "sources.csv", b"path,year\na.txt,2018\nb.txt,2018\n")
    _write(inbox / "agencies.csv", "agency,region\n某县财政局,320813\n,\n".encode("gb18030"))
    _write(inbox / "population.csv", b"region_code,year,population\n320813,2023,285000\n")
    _write(home / "agencies.csv", "agency\n某市财政局\n".encode())
    archive.receive_folder(inbox)
    assert [receipt.file_name for receipt in archive.receipts()] == ["a.txt"]
    lists = {each.name: (each.kind.value, list(archive.rows_of(each))) for each in archive.lists()}
    assert lists == {
        "sources.csv": ("filings", [(2, {"path": "a.txt", "year": "2018"}), (3, {"path": "b.txt", "year": "2018"})]),
        "agencies.csv": ("agencies", [(2, {"agency": "某县财政局", "region": "320813"})]),
        "population.csv": ("populations", [(2, {"region_code": "320813", "year": "2023", "population": "285000"})]),
        "home/agencies.csv": ("agencies", [(2, {"agency": "某市财政局"})]),
    }
    (inbox / "agencies.csv").unlink()
    archive.receive_folder(inbox)
    assert "agencies.csv" not in {each.name for each in archive.lists()}, "a list that is gone says nothing any more"


def test_hidden_files_loops_and_pipes_are_skipped(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "home")
    inbox = tmp_path / "inbox"
    _write(inbox / "a.txt", b"a")
    _write(inbox / ".hidden", b"h")
    _write(inbox / ".git/config", b"g")
    _write(inbox / "~$a.docx", b"lock")
    (inbox / "loop").symlink_to(inbox)
    (inbox / "self").symlink_to(inbox / "self")
    os.mkfifo(inbox / "pipe")
    archive.receive_folder(inbox)
    assert [receipt.file_name for receipt in archive.receipts()] == ["a.txt"]


def test_an_unreadable_file_is_reported_and_the_others_arrive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(tmp_path / "home")
    _write(tmp_path / "inbox/a.txt", b"a")
    _write(tmp_path / "inbox/b.txt", b"b")
    store = Archive._store

    def refuse_a(self: Archive, path: Path) -> str:
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied")
        return store(self, path)

    monkeypatch.setattr(Archive, "_store", refuse_a)
    intake = archive.receive_folder(tmp_path / "inbox")
    assert (intake.received, intake.unreadable_count) == (1, 1)
    assert intake.unreadable == ((str(tmp_path / "inbox/a.txt"), "Permission denied"),)


def test_changed_and_missing_objects_are_noticed(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "home")
    receipt = archive.receive_file(_write(tmp_path / "a.txt", b"a"))
    path = archive.object_path(receipt.sha256)
    path.chmod(0o644)
    path.write_bytes(b"b")
    with pytest.raises(ArchiveError, match="was changed"):
        archive.read_bytes(receipt.sha256)
    path.unlink()
    with pytest.raises(ArchiveError, match="not in the archive"):
        archive.read_bytes(receipt.sha256)


def test_a_lost_object_is_restored_by_the_next_intake(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "home")
    source = _write(tmp_path / "inbox/a.txt", b"abc")
    archive.receive_folder(tmp_path / "inbox")
    digest = hashlib.sha256(b"abc").hexdigest()
    archive.object_path(digest).unlink()
    archive.receive_folder(source.parent)
    assert archive.read_bytes(digest) == b"abc"
    assert len(list(archive.receipts())) == 1


def test_progress_names_every_file_once(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "home")
    for name in "abc":
        _write(tmp_path / "inbox" / f"{name}.txt", name.encode())
    told: list[tuple[str, str]] = []
    archive.receive_folder(tmp_path / "inbox", lambda path, outcome: told.append((path.name, outcome)))
    assert sorted(told) == [("a.txt", "received"), ("b.txt", "received"), ("c.txt", "received")]


def test_a_missing_inbox_is_an_error_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError, match="missing"):
        Archive(tmp_path / "home").receive_folder(tmp_path / "missing")


def test_readings_are_kept_once_per_hash(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "home")
    assert archive.reading("f" * 64) is None
    archive.set_reading("f" * 64, "pdf", "pdf 1", "undated", "unreadable")
    archive.set_reading("f" * 64, "pdf", "pdf 2", "2020", "read")
    reading = archive.reading("f" * 64)
    assert reading is not None
    assert (reading.reader_version, reading.partition, reading.status) == ("pdf 2", "2020", "read")
    assert len(list(archive.register.readings())) == 1


def test_a_large_file_is_copied_in_pieces(tmp_path: Path) -> None:
    source = tmp_path / "inbox" / "large.txt"
    source.parent.mkdir()
    with source.open("wb") as file:
        file.truncate(40 * 1024 * 1024)
    archive = Archive(tmp_path / "home")
    tracemalloc.start()
    archive.receive_folder(source.parent)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * 1024 * 1024


def _receive(home: Path, inbox: Path) -> None:
    Archive(home).receive_folder(inbox)


def test_two_processes_receive_the_same_inbox_once(tmp_path: Path) -> None:
    for number in range(60):
        _write(tmp_path / "inbox" / f"{number}.txt", f"{number // 2}".encode())
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_receive, args=(tmp_path / "home", tmp_path / "inbox")) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    archive = Archive(tmp_path / "home")
    receipts = list(archive.receipts())
    assert len(receipts) == 60
    assert {archive.read_bytes(receipt.sha256) for receipt in receipts} == {
        f"{number}".encode() for number in range(30)
    }


def test_a_killed_intake_leaves_a_sound_archive(tmp_path: Path) -> None:
    for number in range(400):
        _write(tmp_path / "inbox" / f"{number}.txt", f"{number}".encode() * 2000)
    script = textwrap.dedent(f"""
        from pathlib import Path
        from disclosure.archive import Archive
        Archive(Path({str(tmp_path / "home")!r})).receive_folder(Path({str(tmp_path / "inbox")!r}))
    """)
    process = subprocess.Popen([sys.executable, "-c", script], cwd=Path(__file__).parents[3])
    objects = tmp_path / "home/archive/objects"
    while process.poll() is None and not (objects.exists() and any(objects.iterdir())):
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    archive = Archive(tmp_path / "home")
    for receipt in archive.receipts():
        archive.read_bytes(receipt.sha256)
    archive.receive_folder(tmp_path / "inbox")
    assert len(list(archive.receipts())) == 400
    for receipt in archive.receipts():
        archive.read_bytes(receipt.sha256)
