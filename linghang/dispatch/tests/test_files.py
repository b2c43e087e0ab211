"""Files of a sheet: what may be kept, who opens it, and the signed scan that is filed back."""

import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from linghang.dispatch import actions
from linghang.dispatch.tests.test_actions import issued, make_order
from linghang.kernel import clock
from linghang.kernel.models import Attachment

DAY = date(2026, 10, 12)
PDF = b"%PDF-1.7 signed"


@pytest.fixture(autouse=True)
def monday(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    with clock.at(DAY):
        yield


def upload(content: bytes = PDF, name: str = "签字件.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def office_file(*names: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return out.getvalue()


@pytest.mark.mechanism("S0-13")
def test_a_signed_scan_is_filed_back_and_opened_by_whoever_sees_the_sheet(
    cast: Any, hospital: Any, client_of: Any
) -> None:
    order = issued(cast, make_order(cast, hospital))
    client = client_of(cast.clerk_office)
    assert client.post(f"{order.get_absolute_url()}file-scan/", {"file": upload()}).status_code == 302
    order.refresh_from_db()
    page = client_of(cast.secretary).get(order.get_absolute_url()).content.decode()
    assert "签字件" in page
    url = f"/dispatch/files/{order.scan_id}/"
    assert url in page
    answer = client_of(cast.secretary).get(url)
    assert answer.content == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for stranger in (cast.outsider, cast.admin, cast.auditor):
        assert client_of(stranger).get(url).status_code == 404


def test_a_drafts_file_is_not_opened_by_the_branch(cast: Any, hospital: Any, client_of: Any) -> None:
    order = make_order(cast, hospital)
    actions.attach_file(order, cast.clerk_office, file=upload(name="通知.pdf"))
    url = f"/dispatch/files/{Attachment.objects.get().pk}/"
    assert client_of(cast.secretary).get(url).status_code == 404
    issued(cast, order)
    assert client_of(cast.secretary).get(url).status_code == 200


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"MZ\x90", "a.exe", "只收"),
        (b"MZ\x90", "a.pdf", "不是 pdf 格式"),
        (b"<svg onload=alert(1)>", "a.svg", "只收"),
        (b"<html>", "a.html", "只收"),
        (b"", "a.pdf", "空的"),
        (PDF + b"x" * 2**20, "a.pdf", "不能超过 1 MB"),
        (office_file("word/document.xml", "word/vbaProject.bin"), "a.docx", "宏"),
        (b"PK\x03\x04broken", "a.docx", "损坏"),
    ],
)
def test_what_carries_a_program_or_is_too_large_is_refused(
    cast: Any, hospital: Any, monkeypatch: Any, content: bytes, name: str, words: str
) -> None:
    from linghang.kernel.attachments import attach

    order = make_order(cast, hospital)
    with pytest.raises(ValidationError, match=words):
        attach(cast.clerk_office, order, upload(content, name), most=1)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("content", "name"),
    [(PDF, "回执.PDF"), (b"\xff\xd8\xff\xe0", "照片.jpg"), (office_file("word/document.xml"), "台账.docx")],
)
def test_honest_files_are_kept_under_a_name_of_ours(
    cast: Any, hospital: Any, content: bytes, name: str
) -> None:
    order = make_order(cast, hospital)
    actions.attach_file(order, cast.clerk_office, file=upload(content, f"../../{name}"))
    held = Attachment.objects.get()
    assert (held.name, held.size, held.by) == (name, len(content), cast.clerk_office.ref)
    assert ".." not in held.file.name
    assert name not in held.file.name


def test_a_branch_reports_with_a_file_or_without(cast: Any, hospital: Any, client_of: Any) -> None:
    order = issued(cast, make_order(cast, hospital))
    first, second = order.lines.all()
    client = client_of(cast.secretary)
    client.post(f"{first.get_absolute_url()}report/", {"result": "已开", "file": upload(name="照片.pdf")})
    client.post(f"{second.get_absolute_url()}report/", {"result": "已报"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("confirmed", "confirmed")
    assert "照片.pdf" in client_of(cast.office).get(first.get_absolute_url()).content.decode()
    with pytest.raises(PermissionDenied):
        actions.attach_file(order, cast.secretary, file=upload())


def test_a_closed_sheet_takes_its_scan_and_nothing_else(cast: Any, hospital: Any) -> None:
    order = issued(cast, make_order(cast, hospital))
    for line in order.lines.all():
        actions.report(line, cast.secretary, result="已办")
        actions.review(line, cast.reviewer)
    order.refresh_from_db()
    with pytest.raises(ValidationError):
        actions.attach_file(order, cast.clerk_office, file=upload())
    actions.file_scan(order, cast.clerk_office, file=upload())
    earlier = order.scan
    actions.file_scan(order, cast.clerk_office, file=upload(PDF + b" better"))
    assert order.scan != earlier
    assert Attachment.objects.filter(subject=order.ref).count() == 2
