"""What the columns of member registers are called, and how lines above the rows name a branch."""

import re
import unicodedata

from linghang.ui.sheets import Columns, Section

COLUMNS: Columns = {
    "number": ("序号", "编号", "序", "号", "No", "No."),
    "staff_number": ("工号", "职工号", "员工号", "员工编号", "职工编号", "人员编号", "人事编号", "工资号", "职工工号", "HR编号"),
    "name": ("姓名", "党员姓名", "名字", "党员", "姓 名", "人员姓名"),
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
        "党员入党时间", "参加党组织时间", "接收为预备党员时间", "接收预备党员时间", "成为预备党员时间", "发展时间",
    ),
    "confirmed_on": (
        "转正时间", "转正日期", "转正年月", "转为正式党员日期", "转为正式党员时间", "成为正式党员时间", "转正", "预备党员转正时间",
    ),
    "category": ("党员类别", "人员类别", "党员类型", "政治面貌", "党籍", "正式/预备", "是否正式党员", "党员性质", "正式或预备"),
    "party_post": (
        "党内职务", "党内任职", "党务职务", "支部职务", "党支部职务", "党组织职务", "党内职务名称", "现任党内职务", "支部内职务",
        "支委职务", "党内兼职",
    ),
    "admin_post": ("行政职务", "职务", "现任职务", "行政任职", "岗位职务", "科室职务", "行政职务名称"),
    "phone": ("手机号码", "手机", "手机号", "联系电话", "联系方式", "电话", "移动电话", "电话号码", "本人联系电话", "手机长号"),
    "remark": ("备注", "说明", "附注", "其他", "备注说明"),
}  # fmt: skip

TITLES = {
    "staff_number": "工号", "name": "姓名", "sex": "性别", "ethnicity": "民族", "identity": "公民身份号码",
    "born_on": "出生日期", "education": "学历", "degree": "学位", "title": "职称", "department": "所在科室",
    "general_branch": "所属党总支", "branch": "所在党支部", "party_group": "党小组", "joined_on": "入党时间",
    "confirmed_on": "转正时间", "category": "党员类别", "party_post": "党内职务", "admin_post": "行政职务",
    "phone": "手机号码", "remark": "备注", "native_place": "籍贯", "number": "序号",
}  # fmt: skip

_UNIT = re.compile(r"(?P<general>.*?总支部?(?:委员会)?)?(?P<branch>.*?支部(?:委员会)?)?")
_NUMBERING = re.compile(r"^[（(]?[一二三四五六七八九十\d]+[)）、.．]+")
_TAIL = re.compile(
    r"(全体|在册|在职|正式|离退休)*(党员|人员)?(基本信息|信息|情况)?(花名册|名册|名单|登记表|统计表|一览表|汇总表|台账)+.*$"
)
_COUNT = re.compile(r"[（(\[【].*$|共?计?\d+[人名].*$")
_BARE = re.compile(r"党?总?支部?(委员会)?")
_COLLECTIVE = re.compile(r"^(各|全|所属|下属|基层|本|所在|直属各)")
_PLAIN_SHEET = re.compile(
    r"(sheet|工作表|表|页)[\d一二三四五六七八九十]*|.*(名册|花名册|名单|汇总|总表|导出|数据|信息|明细|台账|模板|党员|在册|全院).*|[\d.\-年月日]+",
    re.IGNORECASE,
)


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
    """The 党总支 and 党支部 from this line on: a new 党总支 ends the branch before it."""
    found = unit_names(line)
    if not found:
        return None
    general, branch = found
    return (general, branch) if general else (current[0] if current else "", branch)


def sheet_as_branch(name: str) -> str:
    """A sheet's name taken for a branch's, unless it is a name like Sheet1 or 党员名册."""
    plain = tidy_unit(name)
    return "" if _PLAIN_SHEET.fullmatch(plain) else plain


def tidy_unit(name: str) -> str:
    """A unit's name without spaces and in one width of brackets."""
    return re.sub(r"\s+", "", name).replace("(", "（").replace(")", "）")


def unit_key(name: str) -> str:
    """What two spellings of one branch share: 内科支部, 内科党支部, 中共内科支部委员会."""
    return re.sub(r"^中共|[党（）()“”\"]|(?<=支部)委员会$", "", tidy_unit(name))
