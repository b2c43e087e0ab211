"""Telephone numbers as people write them and as they are kept."""

import re
import unicodedata

PHONES = "11 位手机号、带区号的座机（可带分机）或院内短号"
_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
# Area code, number, and the extension behind “转”, a dash or “分机”; without an area code only of seven or eight digits.
_LANDLINE = re.compile(
    r"(?:(010|02\d|0[3-9]\d{2})-?)?([2-8]\d{6,7})(?:(?:-|转|分机|ext\.?)(\d{1,6}))?", re.IGNORECASE
)
_LONGEST_SHORT = 6
_SHORT = re.compile(r"\d{3,6}")
_BLANKS = re.compile(r"[\s·.]+")
_DASHES = re.compile(r"[－—–()（）]+")


def read_phone(written: str) -> str:
    """The number in the one way in which it is kept; empty where it is none.

    A mobile number, a landline with its area code and extension, or a short number of the hospital's exchange.
    """
    plain = _BLANKS.sub("", unicodedata.normalize("NFKC", written))
    plain = _DASHES.sub("-", plain).strip("-")
    if found := _MOBILE.fullmatch(plain.replace("-", "")):
        return found[1]
    if found := _LANDLINE.fullmatch(plain):
        return "-".join(filter(None, found.groups()))
    return plain if _SHORT.fullmatch(plain) else ""


def first_phone(written: str) -> str:
    """The first number in a cell that may hold several; empty where there is none."""
    told = [written, *re.split(r"[/、,，;；]+|或", written)]
    # What only blanks divide may be one number in groups: 138 1234 5678 is no short number 138.
    told += [part for part in written.split() if len(part) > _LONGEST_SHORT]
    return next(filter(None, map(read_phone, told)), "")
