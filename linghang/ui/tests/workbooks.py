"""Workbooks made for tests, in the shapes and with the faults that offices and attackers produce."""

import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter

Rows = Sequence[Sequence[Any]]


def xlsx(write: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    """A workbook that a function fills."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"default_date_format": "yyyy-mm-dd"}) as book:
        write(book)
    return target.getvalue()


def xlsx_of(sheets: dict[str, Rows], merges: dict[str, Sequence[str]] | None = None) -> bytes:
    """A workbook of plain rows; `merges` names ranges whose first cell keeps its value."""

    def write(book: xlsxwriter.Workbook) -> None:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value is not None:
                        sheet.write(at, column, value)
            for span in (merges or {}).get(name, ()):
                first, _, _ = span.partition(":")
                at, column = xlsxwriter.utility.xl_cell_to_rowcol(first)
                sheet.merge_range(span, rows[at][column])

    return xlsx(write)


def with_part(workbook: bytes, part: str, content: bytes, *, replace: bool = False) -> bytes:
    """The same package with one more part, or with one part replaced."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            if not (replace and entry.filename == part):
                new.writestr(entry, old.read(entry))
        new.writestr(part, content)
    return target.getvalue()


def part_of(workbook: bytes, part: str) -> bytes:
    """One part of a package."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return archive.read(part)


def ods_of(name: str, rows: Rows, formula: str = "") -> bytes:
    """The smallest OpenDocument spreadsheet."""
    attribute = f' table:formula="{formula}"' if formula else ""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"{attribute}><text:p>{v}</text:p></table:table-cell>'
            for v in row
        )
        + "</table:table-row>"
        for row in rows
    )
    spaces = " ".join(
        f'xmlns:{key}="urn:oasis:names:tc:opendocument:xmlns:{key}:1.0"'
        for key in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="{name}">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return target.getvalue()


def xls_of(name: str, rows: Rows, *, encrypted: bool = False) -> bytes:
    """A BIFF8 workbook of one sheet in a compound file, as Excel 97–2003 writes it."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    title = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    head = record(0x809, struct.pack("<HHHHII", 0x600, 0x5, 0, 0, 0, 0))
    if encrypted:
        head += record(0x2F, b"\x01\x00" + b"\x01\x00" * 2 + b"\x00" * 48)
    bound = 4 + 6 + len(title)
    start = len(head) + bound + 4
    globals_ = head + record(0x85, struct.pack("<IH", start, 0) + title) + record(0x0A, b"")
    body = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            where = struct.pack("<HHH", at, column, 0)
            if isinstance(value, (int, float)):
                body += record(0x203, where + struct.pack("<d", value))
            elif value:
                body += record(0x204, where + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
    return _compound("Workbook", globals_ + body + record(0x0A, b""))


def _compound(stream: str, content: bytes) -> bytes:
    """A compound file of version 3 with one stream, large enough to need no mini stream."""
    content = content.ljust(4096, b"\0")
    content += b"\0" * (-len(content) % 512)
    count = len(content) // 512
    tables = (count + 1) // 127 + 1
    chain = [*range(tables + 2, tables + 1 + count), 0xFFFFFFFE]
    fat = [0xFFFFFFFD] * tables + [0xFFFFFFFE] + chain
    fat += [0xFFFFFFFF] * (tables * 128 - len(fat))
    header = (
        bytes.fromhex("d0cf11e0a1b11ae1")
        + b"\0" * 16
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + b"\0" * 6
    )
    header += struct.pack("<IIIIIIIII", 0, tables, tables, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", *range(tables), *[0xFFFFFFFF] * (109 - tables))

    def entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
        raw = name.encode("utf-16-le") + b"\0\0" if name else b""
        links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
        return (
            raw.ljust(64, b"\0")
            + struct.pack("<HBB", len(raw), kind, 1)
            + links
            + b"\0" * 36
            + struct.pack("<IQ", first, size)
        )

    folder = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry(stream, 2, 0xFFFFFFFF, tables + 1, len(content))
    folder += entry("", 0, 0xFFFFFFFF, 0, 0) * 2
    return header + struct.pack(f"<{len(fat)}I", *fat) + folder + content
