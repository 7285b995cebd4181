"""Containers taken apart: names, junk, nesting, mail, limits, and what the archive makes of the files in them."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from email.message import EmailMessage
from pathlib import Path

import pytest

from catalogue.load import load_catalogue
from disclosure.archive import Archive, sniff
from disclosure.archive import media_type as media
from disclosure.archive.containers import ContainerError, Limits, unpack
from disclosure.archive.member_names import safe_name
from disclosure.extract import extract
from disclosure.findings import FindingCode
from disclosure.parse import parse_report
from disclosure.report import Asserted, ReadingStatus

_REPORT = "甲局2023年政府信息公开工作年度报告\n一、总体情况\n".encode()


def _zip(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def _zip_with_raw_names(*names: bytes, flags: int = 0) -> bytes:
    """A ZIP whose names are bytes without the UTF-8 flag, as Chinese programs write them."""
    marks = [f"{number:0{len(name)}d}" for number, name in enumerate(names)]
    data = _zip(*((mark, _REPORT + mark.encode()) for mark in marks), method=zipfile.ZIP_STORED)
    for mark, name in zip(marks, names, strict=True):
        for signature in (b"PK\x03\x04", b"PK\x01\x02"):
            start = 0
            while (at := data.find(signature, start)) >= 0:
                header = 30 if signature == b"PK\x03\x04" else 46
                start = at + 4
                if data[at + header : at + header + len(name)] == mark.encode():
                    flag = at + (6 if header == 30 else 8)
                    data = data[:flag] + bytes([flags, 0]) + data[flag + 2 :]
                    data = data[: at + header] + name + data[at + header + len(name) :]
    return data


def _unpack(tmp_path: Path, data: bytes, limits: Limits | None = None) -> list[str]:
    source, folder = tmp_path / "container", tmp_path / "members"
    source.write_bytes(data)
    folder.mkdir(exist_ok=True)
    return [member.name for member in unpack(source, sniff(data), folder, limits or Limits()).members]


def _findings(data: bytes) -> list[tuple[FindingCode, str]]:
    return [(found.code, found.message) for found in extract(data, sniff(data), "0" * 64).findings]


def _receive(tmp_path: Path, name: str, data: bytes) -> Archive:
    path = tmp_path / "inbox" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    archive = Archive(tmp_path / "home")
    archive.receive_folder(tmp_path / "inbox")
    return archive


def test_every_file_is_a_filing_with_its_origin(tmp_path: Path) -> None:
    inner = _zip(("乙局/报告.txt", _REPORT + b"2"))
    data = _zip(("2021/甲局/报告.txt", _REPORT), ("街道.zip", inner))
    archive = _receive(tmp_path, "全市.zip", data)
    outer = tmp_path / "inbox" / "全市.zip"
    receipts = {receipt.source: receipt for receipt in archive.receipts()}
    assert set(receipts) == {
        str(outer), f"{outer}!2021/甲局/报告.txt", f"{outer}!街道.zip", f"{outer}!街道.zip!乙局/报告.txt",
    }  # fmt: skip
    member = receipts[f"{outer}!2021/甲局/报告.txt"]
    assert (member.file_name, member.media_type, member.asserted_year) == ("报告.txt", media.TEXT, 2021)
    assert member.asserted_agency == "甲局"
    assert archive.read_bytes(member.sha256) == _REPORT
    sha256 = hashlib.sha256(data).hexdigest()
    assert (receipts[str(outer)].container_sha256, member.container_sha256) == (None, sha256)
    nested = receipts[f"{outer}!街道.zip!乙局/报告.txt"]
    assert nested.container_sha256 == hashlib.sha256(inner).hexdigest()


def test_what_the_inbox_asserts_of_a_container_holds_for_its_files(tmp_path: Path) -> None:
    archive = _receive(tmp_path, "2019/丙局/年报.zip", _zip(("报告.txt", _REPORT)))
    assert {(one.asserted_year, one.asserted_agency) for one in archive.receipts()} == {(2019, "丙局")}


def test_a_container_is_taken_apart_once_and_again_after_an_interruption(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = _zip(("a.txt", _REPORT), ("b.txt", _REPORT + b"b"))
    with monkeypatch.context() as patch:
        patch.setattr(Archive, "_register_members", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
        archive = _receive(tmp_path, "a.zip", data)
    assert len(list(archive.receipts())) == 1
    intake = archive.receive_folder(tmp_path / "inbox")
    assert (intake.unchanged, intake.unpacked, len(list(archive.receipts()))) == (1, 2, 3)
    assert archive.receive_folder(tmp_path / "inbox").unpacked == 0
    assert not list((tmp_path / "home/archive/incoming").iterdir())


def test_a_container_is_no_report_and_says_what_it_held() -> None:
    document = extract(_zip(("a.txt", _REPORT), ("Thumbs.db", b"x")), media.ZIP, "0" * 64, "a.zip")
    assert [found.code for found in document.findings] == [FindingCode.CONTAINER_UNPACKED]
    assert "共 1 个文件，跳过 1 个" in document.findings[0].message
    report = parse_report(document, Asserted(), load_catalogue())
    assert report.status is ReadingStatus.NOT_A_REPORT


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_without_the_flag_are_decoded(tmp_path: Path, encoding: str) -> None:
    names = ["绥滨县司法局/年度报告.txt", "附件一：申请情况表.txt"]
    assert _unpack(tmp_path, _zip_with_raw_names(*(name.encode(encoding) for name in names))) == names


@pytest.mark.parametrize(
    ("name", "expected", "unsafe"),
    [
        ("../../etc/报告.txt", "etc/报告.txt", True),
        ("/root/报告.txt", "root/报告.txt", True),
        ("C:\\年报\\报告.txt", "年报/报告.txt", True),
        ("年报\\报告.txt", "年报/报告.txt", False),
        ("./报告.txt", "报告.txt", False),
        ("报告\x1b[31m.txt", "报告[31m.txt", True),
        ("..", "未命名", True),
    ],
)
def test_names_cannot_lead_out(name: str, expected: str, unsafe: bool) -> None:
    assert safe_name(name) == (expected, unsafe)


def test_a_path_out_of_the_container_is_a_warning_and_writes_nothing_outside(tmp_path: Path) -> None:
    data = _zip(("../../../escaped.txt", _REPORT))
    archive = _receive(tmp_path, "a.zip", data)
    assert [one.file_name for one in archive.receipts()] == ["a.zip", "escaped.txt"]
    assert not list(tmp_path.rglob("escaped.txt"))
    assert [code for code, _ in _findings(data)] == [FindingCode.CONTAINER_NAME_UNSAFE, FindingCode.CONTAINER_UNPACKED]


def test_what_surrounds_a_page_is_skipped_and_pictures_alone_are_not(tmp_path: Path) -> None:
    page = _zip(
        ("报告/年报.html", b"<p>1</p><p>2</p>"), ("报告/年报_files/style.css", b"x"), ("报告/年报_files/a.htm", b"x"),
        ("报告/图.png", b"x"), ("__MACOSX/报告/._年报.html", b"x"), ("报告/.DS_Store", b"x"), ("扫描/1.jpg", b"x"),
    )  # fmt: skip
    assert _unpack(tmp_path, page) == ["报告/年报.html", "扫描/1.jpg"]


def test_an_encrypted_file_is_a_finding_of_the_container_and_the_others_are_read(tmp_path: Path) -> None:
    data = _zip_with_raw_names(b"secret.txt", flags=1)
    assert [code for code, _ in _findings(data)] == [FindingCode.ENCRYPTED]
    mixed = _zip(("open.txt", _REPORT), ("locked.txt", _REPORT + b"!"))
    at = mixed.rindex(b"PK\x01\x02")
    mixed = mixed[: at + 8] + b"\x01\x00" + mixed[at + 10 :]
    found = dict(_findings(mixed))
    assert set(found) == {FindingCode.ENCRYPTED, FindingCode.CONTAINER_UNPACKED}
    assert "locked.txt" in found[FindingCode.ENCRYPTED]
    assert _unpack(tmp_path, mixed) == ["open.txt"]
    document = extract(mixed, media.ZIP, "0" * 64)
    assert parse_report(document, Asserted(), load_catalogue()).status is ReadingStatus.UNREADABLE


def test_a_damaged_member_costs_only_itself(tmp_path: Path) -> None:
    data = _zip(("good.txt", _REPORT), ("bad.txt", b"x" * 5000), method=zipfile.ZIP_STORED)
    data = data.replace(b"x" * 5000, b"x" * 4999 + b"y")
    assert _unpack(tmp_path, data) == ["good.txt"]
    found = dict(_findings(data))
    assert "bad.txt" in found[FindingCode.DAMAGED]


def _nested(depth: int) -> bytes:
    data = _zip(("报告.txt", _REPORT))
    for level in range(depth - 1):
        data = _zip((f"{level}.zip", data))
    return data


def test_depth_is_bounded(tmp_path: Path) -> None:
    assert _unpack(tmp_path, _nested(3)) == ["1.zip", "1.zip!0.zip", "1.zip!0.zip!报告.txt"]
    archive = _receive(tmp_path, "deep.zip", _nested(4))
    assert [one.file_name for one in archive.receipts()] == ["deep.zip"]
    assert [code for code, _ in _findings(_nested(4))] == [FindingCode.RESOURCE_LIMIT]


@pytest.mark.parametrize(
    ("data", "limits"),
    [
        (_zip(("bomb.txt", b"0" * 4_000_000)), Limits(size=1_000_000)),
        (_zip(("a.zip", _zip(("b.txt", b"0" * 600_000))), ("c.txt", b"0" * 600_000)), Limits(size=1_000_000)),
        (_zip(*((f"{n}.txt", b"x") for n in range(20))), Limits(members=10)),
        (_zip(("a.zip", _zip(*((f"{n}.txt", b"x") for n in range(20))))), Limits(members=10)),
    ],
)
def test_size_and_number_are_bounded_over_all_levels(tmp_path: Path, data: bytes, limits: Limits) -> None:
    with pytest.raises(ContainerError) as refused:
        _unpack(tmp_path, data, limits)
    assert refused.value.code is FindingCode.RESOURCE_LIMIT
    written = sum(path.stat().st_size for path in (tmp_path / "members").iterdir())
    assert written <= limits.size


def test_a_huge_directory_is_refused_before_it_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("disclosure.archive.zip_directory.DIRECTORY_LIMIT", 1000)
    data = _zip(*((f"{n:040d}.txt", b"x") for n in range(50)))
    monkeypatch.setattr(zipfile.ZipFile, "__init__", lambda *_, **__: pytest.fail("the directory was loaded"))
    assert [code for code, _ in _findings(data)] == [FindingCode.RESOURCE_LIMIT]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (_zip(("a.txt", _REPORT))[:-20], FindingCode.DAMAGED),
        (_zip(), FindingCode.EMPTY_FILE),
        (_zip(("style.css", b"x")), FindingCode.EMPTY_FILE),
    ],
)
def test_containers_without_filings(tmp_path: Path, data: bytes, code: FindingCode) -> None:
    assert [found for found, _ in _findings(data)] == [code]
    assert len(list(_receive(tmp_path, "a.zip", data).receipts())) == 1


def _mail(text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", "年报"
    message.set_content(text)
    return message


def test_attachments_of_a_mail_are_filings_and_a_covering_note_is_not(tmp_path: Path) -> None:
    message = _mail("请查收附件。")
    message.add_attachment(_REPORT, "text", "plain", filename="年度报告.txt")
    message.add_attachment(_zip(("乙局.txt", _REPORT + b"2")), "application", "zip", filename="其他.zip")
    data = bytes(message)
    assert sniff(data) == media.MAIL
    assert _unpack(tmp_path, data) == ["年度报告.txt", "其他.zip", "其他.zip!乙局.txt"]
    assert "共 2 个文件，跳过 1 个" in _findings(data)[0][1]


def test_the_text_of_a_mail_is_a_filing_when_it_is_all_there_is(tmp_path: Path) -> None:
    assert _unpack(tmp_path, bytes(_mail("一、总体情况"))) == ["正文.txt"]
    long = _mail("一、总体情况" * 200)
    long.add_attachment(b"x", "application", "pdf", filename="表.pdf")
    assert _unpack(tmp_path, bytes(long)) == ["表.pdf", "正文.txt"]


@pytest.mark.parametrize(
    "parameter",
    [
        b'filename="=?GBK?B?' + b"xOq2yLGouOYudHh0" + b'?="',
        b'filename="' + "年度报告.txt".encode("gbk") + b'"',
        b"filename*=utf-8''%E5%B9%B4%E5%BA%A6%E6%8A%A5%E5%91%8A.txt",
    ],
)
def test_attachment_names_in_every_spelling(tmp_path: Path, parameter: bytes) -> None:
    head = b"From: a@example.org\r\nTo: b@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
    part = b"--x\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; " + parameter
    assert _unpack(tmp_path, head + part + b"\r\n\r\n" + _REPORT + b"\r\n--x--\r\n") == ["年度报告.txt"]


def test_a_mail_in_a_mail_and_nesting_without_end(tmp_path: Path) -> None:
    inner = _mail("转发")
    inner.add_attachment(_REPORT, "text", "plain", filename="报告.txt")
    outer = _mail("见附件")
    outer.add_attachment(inner, filename="原邮件.eml")
    assert _unpack(tmp_path, bytes(outer)) == ["原邮件.eml", "原邮件.eml!报告.txt"]
    endless = b"From: a@b\r\nTo: c@d\r\nMIME-Version: 1.0\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 3000
    assert all(code is not FindingCode.READER_FAILED for code, _ in _findings(endless))
    assert len(list(_receive(tmp_path, "endless.eml", endless).receipts())) >= 1


def test_the_unicode_path_field_wins(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("name.txt")
    field = b"\x01" + zlib.crc32(b"name.txt").to_bytes(4, "little") + "年度报告.txt".encode()
    info.extra = b"\x75\x70" + len(field).to_bytes(2, "little") + field
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(info, _REPORT)
    assert _unpack(tmp_path, buffer.getvalue()) == ["年度报告.txt"]
