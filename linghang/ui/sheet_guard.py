"""What a workbook must pass before any parser sees it: real type, size, bombs, macros, passwords, formulas."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO
from xml.etree import ElementTree

from .sheet_text import decoded

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RESAVE = "请用 Excel 或 WPS 打开后另存为 .xlsx 再上传"
_SUFFIXES = (".xlsx", ".xls", ".ods", ".csv")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_ODS_FORMULA = re.compile(rb"\btable:formula=")
_ODS_TABLE = re.compile(rb'<table:table\s[^>]*?table:name="([^"]*)"')
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3}\d+)"')
_DATA_END = re.compile(rb"</(?:\w+:)?sheetData>")
# The record FILEPASS right behind the beginning of a BIFF8 workbook.
_XLS_LOCK = re.compile(rb"\x09\x08\x10\x00\x00\x06\x05\x00.{12}(\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)
_CHUNK = 1 << 20
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class SheetProblem(Exception):
    """A workbook that cannot be taken: what is wrong, where, and what the person can do about it."""

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what, self.where, self.remedy = what, where, remedy
        text = f"{where}：{what}" if where else what
        super().__init__(f"{text}。{remedy}。" if remedy else f"{text}。")


@dataclass(frozen=True)
class Limits:
    """How large a workbook may be, and how much its parser may use."""

    upload: int = 20 * 2**20
    entries: int = 2_000
    unpacked: int = 300 * 2**20
    ratio: int = 200
    ratio_from: int = 20 * 2**20
    rows: int = 50_000
    cells: int = 5_000_000
    memory: int = 2**30
    seconds: int = 30


LIMITS = Limits()


def inspect(content: bytes, name: str, limits: Limits = LIMITS) -> str:
    """Refuse a file that is not an honest, plain workbook; return its kind (xlsx, xls, ods or csv)."""
    suffix = PurePath(name).suffix.lower()
    if not content:
        raise SheetProblem("文件是空的（0 字节）", where=name, remedy="请检查原文件后重新上传")
    if len(content) > limits.upload:
        what = f"文件有 {len(content) / 2**20:.1f} MB，超过上限 {limits.upload // 2**20} MB"
        raise SheetProblem(what, where=name, remedy="请删去图片和无关工作表，或拆成几个文件")
    if suffix == ".xlsm":
        raise _macro(name)
    if suffix not in _SUFFIXES:
        raise SheetProblem(f"不支持“{suffix or '无扩展名'}”文件", where=name, remedy=_RESAVE)
    kind = _kind(content, name, limits, suffix)
    if suffix != f".{kind}":
        what = f"扩展名是“{suffix}”，内容却是“.{kind}”格式"
        raise SheetProblem(what, where=name, remedy=f"请把扩展名改为“.{kind}”，或另存为 .xlsx 再上传")
    return kind


def _macro(name: str) -> SheetProblem:
    remedy = "请另存为不含宏的 .xlsx 工作簿再上传"
    return SheetProblem("文件带有宏，为安全起见不接收", where=name, remedy=remedy)


def _locked(name: str) -> SheetProblem:
    return SheetProblem("文件有打开密码", where=name, remedy="请取消密码并另存后再上传")


def _damaged(name: str) -> SheetProblem:
    return SheetProblem("文件不完整或已损坏", where=name, remedy="请重新下载或从原电脑重新另存一份")


def _kind(content: bytes, name: str, limits: Limits, suffix: str) -> str:
    """The real type by the first bytes and by what lies inside."""
    if content.startswith(_OLE):
        return _inspect_ole(content, name)
    if content.startswith(_ZIP):
        return _inspect_zip(content, name, limits)
    head = content[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"<html", b"<!doctype html", b"<table", b"<meta")):
        raise SheetProblem("内容其实是网页（HTML），不是工作簿", where=name, remedy=_RESAVE)
    if head.startswith(b"<?xml"):
        raise SheetProblem("内容其实是 XML 文本，不是工作簿", where=name, remedy=_RESAVE)
    if suffix == ".csv" and decoded(content) is not None:
        return "csv"
    if suffix != ".csv" and b"\x00" not in head:
        raise SheetProblem("内容其实是文本（如 CSV），不是工作簿", where=name, remedy=_RESAVE)
    raise _damaged(name)


def _inspect_ole(content: bytes, name: str) -> str:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if holds("EncryptedPackage") or _XLS_LOCK.search(content):
        raise _locked(name)
    if holds("_VBA_PROJECT"):
        raise _macro(name)
    if holds("WordDocument") or not (holds("Workbook") or holds("Book")):
        raise SheetProblem("这不是 Excel 工作簿", where=name, remedy=_RESAVE)
    return "xls"


def _inspect_zip(content: bytes, name: str, limits: Limits) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_bomb(archive, name, limits)
            kind = _kind_of_archive(archive, name)
            scan = _scan_xlsx if kind == "xlsx" else _scan_ods
            scan(archive, name)
            return kind
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError) as error:
        raise _damaged(name) from error


def _refuse_bomb(archive: zipfile.ZipFile, name: str, limits: Limits) -> None:
    """Judge by the directory alone: nothing is unpacked before its declared size is known to be modest."""
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    steep = unpacked > limits.ratio_from and unpacked / packed > limits.ratio
    if len(entries) > limits.entries or unpacked > limits.unpacked or steep:
        what = f"文件解压后有 {unpacked / 2**20:.0f} MB、{len(entries)} 个部件，大得不正常"
        raise SheetProblem(what, where=name, remedy="请新建工作簿，只复制有内容的行列后再上传")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise _locked(name)


def _kind_of_archive(archive: zipfile.ZipFile, name: str) -> str:
    names = {entry.filename for entry in archive.infolist()}
    if any(PurePath(entry).name.lower() == "vbaproject.bin" for entry in names):
        raise _macro(name)
    if "xl/workbook.bin" in names:
        raise SheetProblem("不支持二进制工作簿（.xlsb）", where=name, remedy=_RESAVE)
    if "xl/workbook.xml" in names:
        if b"macroEnabled" in _part(archive, "[Content_Types].xml", name):
            raise _macro(name)
        return "xlsx"
    if "content.xml" not in names or b"opendocument.spreadsheet" not in _part(archive, "mimetype", name):
        raise SheetProblem("这不是电子表格，而是别的文件", where=name, remedy=_RESAVE)
    if b"encryption-data" in _part(archive, "META-INF/manifest.xml", name):
        raise _locked(name)
    return "ods"


def _part(archive: zipfile.ZipFile, part: str, name: str) -> bytes:
    """A small part of the package, whole; a large one, or one with a document type, is not honest."""
    with archive.open(part) as stream:
        text = stream.read(_CHUNK + 1)
    if len(text) > _CHUNK or b"<!DOCTYPE" in text:
        raise _damaged(name)
    return text


def _scan_xlsx(archive: zipfile.ZipFile, name: str) -> None:
    titles = _visible_sheets(archive, name)
    for entry in archive.infolist():
        if not entry.filename.endswith(".xml"):
            continue
        title = titles.get(entry.filename)
        with archive.open(entry) as stream:  # reading to the end also checks the CRC: a cut file shows here
            for address in _hits(stream, _FORMULA if title else None, _cell_before, name):
                raise _formula(f"工作表“{title}”{address} 单元格")


def _scan_ods(archive: zipfile.ZipFile, name: str) -> None:
    with archive.open("content.xml") as stream:
        for title in _hits(stream, _ODS_FORMULA, _table_before, name):
            raise _formula(f"工作表“{title}”")


def _formula(where: str) -> SheetProblem:
    remedy = "请复制后选择性粘贴为数值，保存后再上传"
    return SheetProblem("是公式，读到的可能不是当前结果", where=where, remedy=remedy)


def _hits(
    stream: IO[bytes], pattern: re.Pattern[bytes] | None, place: Callable[[bytes], str], name: str
) -> Iterator[str]:
    """Where a pattern occurs in the cell data, read in chunks that overlap by more than one cell's start."""
    tail, inside = b"", pattern is not None
    while chunk := stream.read(_CHUNK):
        window = tail + chunk
        if b"<!DOCTYPE" in window:
            raise _damaged(name)
        end = _DATA_END.search(window)
        hit = pattern.search(window, 0, end.start() if end else len(window)) if pattern and inside else None
        if hit:
            yield place(window[: hit.start()])
        # Behind the cells come conditional formats, whose <xm:f> is no formula of a cell.
        inside = inside and not end
        tail = window[-4096:]


def _cell_before(window: bytes) -> str:
    cells = _CELL.findall(window[-4096:])
    return cells[-1].decode() if cells else ""


def _table_before(window: bytes) -> str:
    titles = _ODS_TABLE.findall(window)
    return titles[-1].decode("utf-8", "replace") if titles else ""


def _visible_sheets(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    """Part name → title of the sheets that will be read; what is hidden is not read and not scanned."""
    try:  # both are small and without a document type, so no entity can be expanded
        book = ElementTree.fromstring(_part(archive, "xl/workbook.xml", name))  # noqa: S314
        relations = ElementTree.fromstring(_part(archive, "xl/_rels/workbook.xml.rels", name))  # noqa: S314
    except ElementTree.ParseError as error:
        raise _damaged(name) from error
    targets = {r.get("Id"): r.get("Target", "") for r in relations}
    sheets = {}
    for sheet in book.iter():
        if sheet.tag.rpartition("}")[2] == "sheet" and sheet.get("state", "visible") == "visible":
            target = next((targets[v] for k, v in sheet.attrib.items() if _is_relation(k, v, targets)), "")
            sheets[target.lstrip("/") if target.startswith("/") else f"xl/{target}"] = sheet.get("name", "")
    return sheets


def _is_relation(key: str, value: str, targets: dict[str | None, str]) -> bool:
    # Strict workbooks use another namespace for the same attribute.
    return (key == _RELATION or key.endswith("}id")) and value in targets
