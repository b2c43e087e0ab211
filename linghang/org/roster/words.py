"""What registers say in so many words: of peoples, of who is a member and who is none, and what is no name."""

import re

from linghang.org.roster.outcomes import Category
from linghang.ui.sheets import Cell, text

OUTSIDERS = re.compile(
    r"发展对象|积极分子|申请人|申请入党|群众|团员|民主党派|无党派|民盟|民革|民进|农工|九三|致公|台盟|民建"
)
GONE = re.compile(r"转出|去世|逝世|病故|死亡|退党|脱党|除名|开除|停止党籍|取消预备|失联")
PEOPLES = frozenset(
    [
        "汉",
        "蒙古",
        "回",
        "藏",
        "维吾尔",
        "苗",
        "彝",
        "壮",
        "布依",
        "朝鲜",
        "满",
        "侗",
        "瑶",
        "白",
        "土家",
        "哈尼",
        "哈萨克",
        "傣",
        "黎",
        "傈僳",
        "佤",
        "畲",
        "高山",
        "拉祜",
        "水",
        "东乡",
        "纳西",
        "景颇",
        "柯尔克孜",
        "土",
        "达斡尔",
        "仫佬",
        "羌",
        "布朗",
        "撒拉",
        "毛南",
        "仡佬",
        "锡伯",
        "阿昌",
        "普米",
        "塔吉克",
        "怒",
        "乌孜别克",
        "俄罗斯",
        "鄂温克",
        "德昂",
        "保安",
        "裕固",
        "京",
        "塔塔尔",
        "独龙",
        "鄂伦春",
        "赫哲",
        "门巴",
        "珞巴",
        "基诺",
    ]
)  # fmt: skip  (GB/T 3304)
_DOTS = re.compile(r"[•●‧∙⋅・．.。·]")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_SIGNS = re.compile(r"^\d+[.、．]|[*＊★☆△▲※①-⑳]")
_LETTER = re.compile(r"[^\W\d_]")
_NO_NAME = re.compile(r"[#：:、，,;；/|=]|支部|总支|党委|^[男女]$|^(党员)?姓名$")
_YES, _NO = {"是", "√", "Y", "y"}, {"否", "×", "N", "n"}
_SENTENCE = re.compile(r"[：:，,。；;]|不|其中")
# Kinds of people that a title or a line between the rows speaks of.
_FULL, _PROBATIONARY, _MEMBERS = (
    re.compile(r"正式党员|转正"),
    re.compile(r"预备党员"),
    re.compile(r"(?<!正式)(?<!预备)党员(?!发展)"),
)


def clean_name(value: Cell) -> str:
    """A name without the spaces and signs that were added to it; the dot of minority names has its one proper form."""
    name = text(value)
    if not _HAN.search(name):
        return name
    return _DOTS.sub("·", _SIGNS.sub("", re.sub(r"\s+", "", name))).strip("·")


def is_no_name(name: str) -> bool:
    """Whether this cannot be one person's name: a figure, a unit, two names in one cell, a column that slipped."""
    return not _LETTER.search(name) or bool(_NO_NAME.search(name))


def category_of(written: str, label: str = "") -> Category | None:
    """正式 or 预备 as a cell says it; under a label such as 是否正式党员 it says 是 or 否."""
    if label.startswith("是否") and written in _YES | _NO:
        return "full" if (written in _YES) == ("预备" not in label) else "probationary"
    if "预备" in written:
        return "probationary"
    return "full" if re.search(r"正式|^(中共)?党员$|^中国共产党党员$|^流动党员$|^是$", written) else None


def is_outside(written: str) -> bool:
    """Whether this says that somebody is not yet, or no longer, a member."""
    return bool(OUTSIDERS.search(written) or GONE.search(written))


def speaks_of_standing(note: str) -> bool:
    """Whether a note behind a name says what its bearer is: （预备）, （积极分子）, but not （女）."""
    return is_outside(note) or category_of(note) is not None


def standing_of(line: str) -> str | None:
    """What a title or a line says of the people below it: the line itself, "" for members at large, else nothing."""
    plain = text(line)
    if len(plain) > 20 or _SENTENCE.search(plain):
        return None
    if GONE.search(plain):
        return plain
    kinds = [bool(kind.search(plain)) for kind in (OUTSIDERS, _FULL, _PROBATIONARY, _MEMBERS)]
    if sum(kinds) == 1 and not kinds[-1]:
        return plain
    return "" if any(kinds) else None
