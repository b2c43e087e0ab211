"""Chinese resident identity numbers (GB 11643-1999 公民身份号码): reading, checking, masking, digesting.

Pure functions. A number is kept, where a hospital keeps it at all, as a keyed digest and a masked form.
"""

import datetime
import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Literal

Sex = Literal["male", "female"]
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
# The first two digits of GB/T 2260, with 81–83 for the residence permits of Hong Kong, Macao and Taiwan.
_REGIONS = {
    *range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83, 91,
}  # fmt: skip
_AS_TEXT = "请把该列设为“文本”格式后，按证件重新录入 18 位号码"
_BY_CARD = "请按证件核对后改正"
_JUNK = re.compile(r"[\s'’‘`\"“”\-－—·.]+")


class IdentityProblem(ValueError):
    """A number that cannot be used: a code for the kind of fault, the reason in Chinese, and the remedy."""

    def __init__(self, code: str, reason: str, remedy: str) -> None:
        self.code, self.reason, self.remedy = code, reason, remedy
        super().__init__(f"{reason}。{remedy}。")


@dataclass(frozen=True)
class Identity:
    """A sound number of 18 places, with what it says itself; the number never shows in a log."""

    number: str = field(repr=False)
    born_on: datetime.date
    sex: Sex

    @property
    def masked(self) -> str:
        """The form that may be shown: first four and last four places."""
        return masked(self.number)


def normalise(value: object) -> str:
    """The number without spaces, quotes and full-width digits, X in upper case; it is not checked."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    plain = unicodedata.normalize("NFKC", "" if value is None else str(value)).upper()
    # What comes along when a number is copied from a chat: marks of writing direction that nobody sees.
    plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf").strip()
    if _is_scientific(plain):
        return plain
    return _JUNK.sub("", plain.removesuffix(".0")).replace("×", "X").replace("Х", "X")


def read(value: object) -> Identity:
    """Read and check a number as it stands in a cell; `IdentityProblem` says exactly what is wrong."""
    number = normalise(value)
    if not number:
        raise IdentityProblem("empty", "没有填写公民身份号码", "请补录")
    _refuse_damage(value, number)
    if re.fullmatch(r"\d{15}", number):
        _birthday(f"19{number[6:12]}")
        raise IdentityProblem("old", "是 15 位旧身份证号码", "请换成 18 位公民身份号码")
    if re.search(r"[^\dX]", number) or "X" in number[:-1]:
        raise IdentityProblem("characters", "公民身份号码里有不该出现的字符", _BY_CARD)
    if len(number) != 18:
        raise IdentityProblem("length", f"公民身份号码应为 18 位，现为 {len(number)} 位", _BY_CARD)
    if int(number[:2]) not in _REGIONS:
        raise IdentityProblem("region", f"公民身份号码前两位“{number[:2]}”不是省级区划代码", _BY_CARD)
    sound = number[17] == check_digit(number[:17])
    if not sound and number.endswith("000"):
        raise IdentityProblem(
            "truncated", "公民身份号码末尾成了 000，是 Excel 只保留 15 位有效数字所致", _AS_TEXT
        )
    born_on = _birthday(number[6:14])
    if not sound:
        raise IdentityProblem("check_digit", "公民身份号码最后一位校验码不符，可能录错了某一位", _BY_CARD)
    return Identity(number, born_on, "male" if int(number[16]) % 2 else "female")


def check_digit(first: str) -> str:
    """The eighteenth place for the first seventeen (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return _CHECKS[sum(int(place) * weight for place, weight in zip(first, _WEIGHTS, strict=True)) % 11]


def masked(number: str) -> str:
    """First four and last four places, the rest hidden; a number too short to hide anything is hidden whole."""
    if len(number) < 12:
        return "*" * len(number)
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}"


def digest(number: str, key: bytes) -> str:
    """The keyed digest (HMAC-SHA256) under which a number is compared without being kept."""
    if not key:
        raise ValueError("An empty key would make the digest guessable")
    return hmac.new(key, normalise(number).encode(), hashlib.sha256).hexdigest()


def _is_scientific(plain: str) -> bool:
    return bool(re.fullmatch(r"\d(\.\d+)?E\+?\d+", plain.replace(" ", "")))


def _refuse_damage(value: object, number: str) -> None:
    """What Excel does to long numbers: scientific notation, or zeros behind fifteen significant digits."""
    if _is_scientific(number):
        raise IdentityProblem("scientific", f"公民身份号码成了科学计数“{number}”，后几位已丢失", _AS_TEXT)
    if isinstance(value, (int, float)) and len(number) > 15:
        raise IdentityProblem(
            "truncated", "公民身份号码被存成了数字，Excel 只保留前 15 位，末三位已丢失", _AS_TEXT
        )


def _birthday(digits: str) -> datetime.date:
    try:
        born_on = datetime.datetime.strptime(digits, "%Y%m%d").date()
    except ValueError:
        born_on = None
    if born_on is None or not digits.isdecimal() or born_on.year < 1890:
        raise IdentityProblem("date", f"公民身份号码里的出生日期“{digits}”不存在", _BY_CARD)
    return born_on
