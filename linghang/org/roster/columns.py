"""What the columns of member registers are called, and how lines above the rows name a branch."""

import re
import unicodedata
from collections.abc import Sequence

from linghang.org.roster.words import OUTSIDERS, standing_of
from linghang.ui.sheets import Columns, Section, label_key

COLUMNS: Columns = {
    "number": ("序号", "编号", "序", "号", "No", "No."),
    "staff_number": ("工号", "职工号", "员工号", "员工编号", "职工编号", "人员编号", "人事编号", "工资号", "职工工号", "HR编号"),
    "name": ("姓名", "党员姓名", "名字", "人员姓名"),
    "sex": ("性别",),
    "ethnicity": ("民族", "族别"),
    "identity": (
        "公民身份号码", "公民身份证号码", "公民身份证号", "身份证号", "身份证号码", "身份证", "身份号码", "居民身份证号",
        "居民身份证号码", "证件号码", "证件号", "身份证件号码",
    ),
    "born_on": ("出生日期", "出生年月", "出生年月日", "出生时间", "生日", "出生"),
    "native_place": ("籍贯",),
    "education": ("学历", "文化程度", "最高学历", "学历学位", "学历/学位", "全日制学历"),
    "degree": ("学位", "最高学位"),
    "title": ("职称", "专业技术职务", "专业技术职称", "技术职称", "技术职务", "专业职务", "现任专业技术职务"),
    "department": (
        "所在科室", "科室", "部门", "所在部门", "工作部门", "工作科室", "所属科室", "科室名称", "所在科室（部门）", "科室/部门",
        "部门/科室", "工作岗位", "工作单位及科室", "病区", "所在病区", "行政科室",
    ),
    "general_branch": (
        "所属党总支", "党总支", "所在党总支", "党总支名称", "总支", "所属总支", "所在总支", "总支名称", "上级党组织", "所属党总支部",
        "所在党总支部", "二级党组织",
    ),
    "branch": (
        "所在党支部", "党支部", "所属党支部", "党支部名称", "支部", "所在支部", "所属支部", "支部名称", "所在党组织", "所属党组织",
        "党组织", "党组织名称", "组织关系所在党支部", "组织关系所在支部", "所在基层党组织", "党组织全称", "基层党组织",
    ),
    "party_group": ("党小组", "所在党小组", "所属党小组", "小组"),
    "joined_on": (
        "入党时间", "入党日期", "入党年月", "加入党组织日期", "加入党组织时间", "加入中共时间", "加入中国共产党时间", "加入时间",
        "党员入党时间", "参加党组织时间", "接收为预备党员时间", "接收为预备党员日期", "接收预备党员时间", "成为预备党员时间",
        "成为预备党员日期", "发展时间", "入党年月日", "时间/入党", "日期/入党", "党龄/入党", "入党/时间", "入党/日期",
        "入党时间/日期", "入党时间/时间",
    ),
    "confirmed_on": (
        "转正时间", "转正日期", "转正年月", "转为正式党员日期", "转为正式党员时间", "成为正式党员时间", "成为正式党员日期",
        "转正", "预备党员转正时间", "转正年月日", "转正/时间", "转正/日期",
    ),
    "entered_on": (
        "转入时间", "转入日期", "转入本支部时间", "转入本支部日期", "组织关系转入时间", "组织关系转入日期", "编入支部时间",
        "编入支部日期", "进入支部时间", "进入支部日期", "进入党支部日期", "加入党支部日期", "进入当前党支部日期",
    ),
    "category": (
        "党员类别", "党员类型", "党员性质", "正式/预备", "正式或预备", "是否正式党员", "是否为正式党员", "是否转正",
        "是否预备党员", "是否为预备党员", "党籍", "政治面貌", "类别", "人员类别",
    ),
    "party_post": (
        "党内职务", "党内任职", "党务职务", "支部职务", "党支部职务", "党组织职务", "党内职务名称", "现任党内职务", "支部内职务",
        "支委职务", "党内兼职", "党组织内职务", "职务/党内", "党内/职务",
        "党内职务/职务名称", "党内职务/名称",
    ),
    "admin_post": ("行政职务", "职务", "现任职务", "行政任职", "岗位职务", "科室职务", "行政职务名称", "职务/行政", "行政/职务"),
    "phone": ("手机号码", "手机", "手机号", "联系电话", "联系方式", "电话", "移动电话", "电话号码", "本人联系电话", "手机长号"),
    "remark": ("备注", "说明", "附注", "其他", "备注说明"),
}  # fmt: skip

TITLES = {
    "staff_number": "工号", "name": "姓名", "sex": "性别", "ethnicity": "民族", "identity": "公民身份号码",
    "born_on": "出生日期", "education": "学历", "degree": "学位", "title": "职称", "department": "所在科室",
    "general_branch": "所属党总支", "branch": "所在党支部", "party_group": "党小组", "joined_on": "入党时间",
    "confirmed_on": "转正时间", "entered_on": "转入时间", "category": "党员类别", "party_post": "党内职务", "admin_post": "行政职务",
    "phone": "手机号码", "remark": "备注", "native_place": "籍贯", "number": "序号",
}  # fmt: skip

OF_GROUP = 1_000
_RANK = {label_key(label): at for labels in COLUMNS.values() for at, label in enumerate(labels)}
_UNIT = re.compile(r"(?P<general>.*?总支部?(?:委员会)?)?(?P<branch>.*?支部(?:委员会)?)?")
_NUMBERING = re.compile(r"^[（(]?[一二三四五六七八九十\d]+[)）、.．]+")
_TAIL = re.compile(
    r"(全体|在册|在职|正式|离退休)*(党员|人员)?(基本信息|信息|情况)?(花名册|名册|名单|登记表|统计表|一览表|汇总表|台账)+.*$"
)
_HEADS = re.compile(r"[（(\[【]?(共|计|共计)?\d+[人名][）)\]】]?$")
_ORDINAL = re.compile(r"第?([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]+|\d+)")
_VALUE = {"": 0, **{sign: at for at, sign in enumerate("一二三四五六七八九", 1)}}
_COUNT = re.compile(r"[（(\[【].*$|共?计?\d+[人名].*$")
_BARE = re.compile(r"党?总?支部?(委员会)?")
_COLLECTIVE = re.compile(r"^(各|全|所属|下属|基层|本|所在|直属各)")
_PLAIN_SHEET = re.compile(
    r"(sheet|工作表|表|页)[\d一二三四五六七八九十]*|.*(名册|花名册|名单|汇总|总表|导出|数据|信息|明细|台账|模板|党员|在册|全院).*|[\d.\-年月日]+",
    re.IGNORECASE,
)


def rank(parts: Sequence[str]) -> int:
    """How plainly a column's label names its field: 党员类别 before 人员类别, and both before a mere group above."""
    keys = [label_key(part) for part in parts]
    known = [_RANK[key] for at in range(len(keys)) if (key := "/".join(keys[at:])) in _RANK]
    return min(known, default=OF_GROUP)


def unit_names(line: str) -> tuple[str, str] | None:
    """The 党总支 and the 党支部 that a title, a section line or a sheet's name speaks of; nothing if neither."""
    for token in re.split(r"[\s:：;；,，]+", unicodedata.normalize("NFKC", line)):
        plain = _TAIL.sub("", _COUNT.sub("", _NUMBERING.sub("", token))).removeprefix("中共")
        short = re.sub(r"^.*?医院(委员会)?(?=.)", "", plain)
        plain = plain if _BARE.fullmatch(short) else short
        found = _UNIT.fullmatch(plain)
        if plain and found and not _BARE.fullmatch(plain) and not _COLLECTIVE.match(plain):
            return tidy_unit(found["general"] or ""), tidy_unit(found["branch"] or "")
    return None


def read_section(line: str, current: Section) -> Section | None:
    """党总支, 党支部 and kind of people from this line on: a new 党总支 ends the branch before it."""
    general, branch, standing = current or ("", "", "")
    found, said = unit_names(line), standing_of(line)
    if not found and (said is None or said == standing):
        return None
    if found:
        general, branch = found if found[0] else (general, found[1])
        # 积极分子 above the branches' names holds for all of them; 已转出 at the end of one for that one.
        standing = standing if OUTSIDERS.search(standing) else ""
    return general, branch, standing if said is None else said


def sheet_as_branch(name: str) -> str:
    """A sheet's name taken for a branch's, unless it is a name like Sheet1 or 党员名册."""
    plain = bare_unit(name)
    return "" if _PLAIN_SHEET.fullmatch(plain) else plain


def tidy_unit(name: str) -> str:
    """A unit's name without spaces and in one width of brackets."""
    return re.sub(r"\s+", "", name).replace("(", "（").replace(")", "）")


def bare_unit(name: str) -> str:
    """A unit's name without a running number before it and a head count behind it: 1.内科党支部（23人）."""
    return _HEADS.sub("", _NUMBERING.sub("", tidy_unit(name)))


def unit_key(name: str) -> str:
    """What two spellings of one branch share: 内科一支部, 内科第1党支部, 中共内科第一支部委员会."""
    plain = re.sub(r"^(中共|中国共产党)|[党（）()“”\"]|(?<=支部)委员会$", "", tidy_unit(name))
    return numbers_alike(plain)


def numbers_alike(name: str) -> str:
    """Ordinals in digits: 第一, 第1 and 一 are the same, so are 十一 and 11; 一二 may be two numbers and stays."""
    return _ORDINAL.sub(_digits, name)


def _digits(found: re.Match[str]) -> str:
    tens, ten, ones = found[1].rpartition("十")
    if found[1].isascii() or (len(found[1]) > 1 and not ten):
        return found[1]
    return str((_VALUE[tens] if tens else 1) * 10 + _VALUE[ones]) if ten else str(_VALUE[ones])
