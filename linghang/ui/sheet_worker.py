"""Child process that parses one workbook from standard input under limits and prints it as JSON.

Run by path with the interpreter's isolated mode; it imports nothing of the application, so that a file
that crashes or exhausts the parser takes nothing else with it.
"""

import contextlib
import datetime
import io
import json
import re
import sys
import zipfile
from typing import Any

import python_calamine as calamine

_ERROR = re.compile(rb'(<(?:\w+:)?c\s[^>]*?\bt=")e(")')


def main() -> None:
    """Read limits from the command line and bytes from standard input; answer sheets or a problem."""
    memory, seconds, rows, cells = map(int, sys.argv[1:5])
    _limit(memory, seconds)
    try:
        answer: dict[str, Any] = {"sheets": list(_sheets(sys.stdin.buffer.read(), rows, cells))}
    except _TooLarge as error:
        answer = {"problem": error.args}
    except calamine.PasswordError:
        answer = {"problem": ("locked", "", 0)}
    except (calamine.CalamineError, OSError, ValueError):
        answer = {"problem": ("damaged", "", 0)}
    sys.stdout.buffer.write(json.dumps(answer, default=_plain, ensure_ascii=False).encode())


class _TooLarge(Exception):
    """What is too large (rows or cells), in which sheet, how many."""


def _limit(memory: int, seconds: int) -> None:
    with contextlib.suppress(ImportError):  # Windows has no such limits; the caller's timeout remains
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _sheets(content: bytes, rows: int, cells: int) -> Any:
    book = calamine.load_workbook(io.BytesIO(_errors_as_text(content)))
    for meta in book.sheets_metadata:
        if meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        hidden = meta.visible != calamine.SheetVisibleEnum.Visible
        yield {"name": meta.name, "hidden": hidden} | (
            {} if hidden else _content(book, meta.name, rows, cells)
        )


def _errors_as_text(content: bytes) -> bytes:
    """A cell that holds #N/A must not look empty, as the parser would have it: empty may mean the line above."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        sheets = [name for name in old.namelist() if name.startswith("xl/worksheets/")]
        changed = {name: part for name in sheets if _ERROR.search(part := old.read(name))}
        if not changed:
            return content
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as new:
            for name in old.namelist():
                part = changed.get(name) or old.read(name)
                new.writestr(name, _ERROR.sub(rb"\1str\2", part) if name in changed else part)
    return target.getvalue()


def _content(book: Any, name: str, rows: int, cells: int) -> dict[str, Any]:
    sheet = book.get_sheet_by_name(name)
    if sheet.end is None:
        return {}
    height, width = sheet.end[0] + 1, sheet.end[1] + 1
    if height > rows:
        raise _TooLarge("rows", name, height)
    if height * width > cells:
        raise _TooLarge("cells", name, height * width)
    values = [[None if v == "" else v for v in row] for row in sheet.to_python(skip_empty_area=False)]
    return {"rows": values, "merged": sheet.merged_cell_ranges or []}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"date": value.isoformat()}
    return str(value)


if __name__ == "__main__":
    main()
