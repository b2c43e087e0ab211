"""Text tables (.csv) as HR systems export them: the encoding told by the bytes, the separator by the first lines."""

import codecs
import csv
import io

_MARKED = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_SEPARATORS = ",\t;"


def decoded(content: bytes) -> str | None:
    """The text: a mark at the beginning decides, else UTF-8, else GB 18030. Nothing where none of them fits."""
    marked = [name for mark, name in _MARKED.items() if content.startswith(mark)]
    for name in marked or ("utf-8", "gb18030"):
        try:
            found = content.decode(name)
        except UnicodeDecodeError:
            continue
        return None if "\x00" in found else found
    return None


def text_rows(written: str) -> list[list[str | None]]:
    """The rows of a text table. A cell stays the text that it is, so that no number loses its zeros."""
    separator = max(_SEPARATORS, key=written[:4096].count)
    rows = csv.reader(io.StringIO(written, newline=""), delimiter=separator)
    return [[cell or None for cell in row] for row in rows]
