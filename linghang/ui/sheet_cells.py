"""Cells as people type them: full-width digits, stray spaces, 同上, and dates in a dozen spellings."""

import datetime
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from .sheet_reading import Cell

Precision = Literal["day", "month", "year"]
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalnum()}
_INVISIBLE = dict.fromkeys(
    (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF, 0xAD)
)
_SPACES = dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2009\t\r\n"), " ")
_TIDY = _WIDE | _INVISIBLE | _SPACES
_DITTO = {"同上", "同上行", "同前", "″", "〃", "''", '"', "“", "”", "“”", "〞", "、、"}
ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!"}
_NOTHING = {"", "无", "/", "\\", "-", "--", "—", "——", "－", "不详", "暂无", "空", "N/A", "n/a"} | ERRORS
_PARTS = re.compile(r"(\d{4})[年./\-、,_ ]+(\d{1,2})(?:[月./\-、,_ ]+(\d{1,2})[日号]?|月?)")
_TIME = re.compile(r"[ Tt]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_CHINESE = str.maketrans("〇○零O一二三四五六七八九", "0000123456789")
_EPOCH = datetime.date(1899, 12, 30)
_REMEDY = "请改为“2010-03-13”这样的日期"
_FIRST, _LAST = 1900, 2100


class CellProblem(ValueError):
    """A cell that cannot be understood: the reason, and what to do about it."""

    def __init__(self, reason: str, remedy: str) -> None:
        self.reason, self.remedy = reason, remedy
        super().__init__(f"{reason}。{remedy}。")


@dataclass(frozen=True, order=True)
class Day:
    """A date as precisely as it was written; a month or a year stands as its first day."""

    date: datetime.date
    precision: Precision = "day"


def text(value: Cell) -> str:
    """A cell as tidy text: whole numbers without “.0”, full-width letters and digits halved, one space at most."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, str) and value.isascii() and value.isalnum():
        return value
    return " ".join(str(value).translate(_TIDY).split())


def is_blank(value: Cell) -> bool:
    """Nothing there, or only spaces."""
    return value is None or (isinstance(value, str) and not text(value))


def is_ditto(value: Cell) -> bool:
    """同上 and its signs: the same as in the line above."""
    return isinstance(value, str) and text(value).replace(" ", "") in _DITTO


def meaning(value: Cell) -> str:
    """The text of a cell, or nothing where it only says that there is nothing (无, /, —)."""
    written = text(value)
    return "" if written in _NOTHING else written


def day(value: Cell) -> Day | None:
    """A date in any of the spellings that offices use; nothing for an empty cell; else `CellProblem`."""
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        return _within(value, "day", str(value))
    if isinstance(value, bool):
        raise CellProblem(f"“{value}”不是日期", _REMEDY)
    if isinstance(value, (int, float)):
        return _from_number(value)
    if text(value) in ERRORS:
        raise CellProblem(f"“{text(value)}”是表格的错误值", _REMEDY)
    written = unicodedata.normalize("NFKC", meaning(value)).replace("。", ".").strip(" .,，、'‘’")
    return _from_text(_TIME.sub("", written)) if written and written not in _NOTHING else None


def _from_number(value: float) -> Day:
    if float(value).is_integer():
        return _from_digits(str(int(value)))
    year, _, month = f"{value:.6f}".rstrip("0").partition(".")
    if not _FIRST <= int(year) <= _LAST and len(year) == 5:
        return _from_digits(year)  # a serial number with a time of day
    if month == "1":
        # Typed as 2011.10 into a number cell, October loses its zero.
        raise CellProblem(f"“{value:g}”分不清是 1 月还是 10 月（数字格式丢了末尾的 0）", _REMEDY)
    return _from_text(f"{year}.{month}")


def _from_text(written: str) -> Day:
    if re.fullmatch(r"\d+(\.0+)?", written):
        return _from_digits(written.partition(".")[0])
    if re.fullmatch(r"\d{5}\.\d+", written):
        return _from_digits(written[:5])
    plain = re.sub(r" *([年月日号./\-]) *", r"\1", _arabic(written))
    if found := _PARTS.fullmatch(plain):
        return _build(found[1], found[2], found[3], written)
    if found := re.fullmatch(r"(\d{4})年?", plain):
        return _build(found[1], None, None, written)
    if re.fullmatch(r"\d{2}[年./\-]\d{1,2}(\D\d{1,2})?\D?", plain):
        raise CellProblem(f"“{written}”年份只有两位", _REMEDY)
    raise CellProblem(f"“{written}”看不出是什么日期", _REMEDY)


def _from_digits(digits: str) -> Day:
    """20100313, 201003, 1998, or the serial number under which Excel keeps a day."""
    if len(digits) == 8:
        return _build(digits[:4], digits[4:6], digits[6:], digits)
    if len(digits) == 6:
        return _build(digits[:4], digits[4:], None, digits)
    if len(digits) == 4:
        return _build(digits, None, None, digits)
    if len(digits) == 5 and int(digits) < 73_051:  # up to the end of 2099
        return Day(_EPOCH + datetime.timedelta(days=int(digits)))
    raise CellProblem(f"“{digits}”看不出是什么日期", _REMEDY)


def _build(year: str, month: str | None, of_month: str | None, written: str) -> Day:
    precision: Precision = "day" if of_month else "month" if month else "year"
    try:
        found = datetime.date(int(year), int(month or 1), int(of_month or 1))
    except ValueError:
        raise CellProblem(f"“{written}”不是真实存在的日期", "请核对后改正") from None
    return _within(found, precision, written)


def _within(found: datetime.date, precision: Precision, written: str) -> Day:
    if not _FIRST <= found.year <= _LAST:
        raise CellProblem(f"“{written}”的年份不在 {_FIRST}—{_LAST} 年之间", "请核对后改正")
    return Day(found, precision)


def _arabic(written: str) -> str:
    """二〇一〇年三月十三日 in digits."""
    if not re.match(r"[〇○零O一二三四五六七八九]{4}年", written):
        return written

    def number(found: re.Match[str]) -> str:
        tens, ten, ones = found[0].rpartition("十")
        if not ten:
            return found[0].translate(_CHINESE)
        return f"{tens.translate(_CHINESE) or 1}{ones.translate(_CHINESE) or 0}"

    return re.sub(r"[〇○零O一二三四五六七八九十]+", number, written)
