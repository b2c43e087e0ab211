"""One day of the rules in the demo hospital: the library is filled on the first days, some are due, one is revised."""

import random
from datetime import date, timedelta

from linghang.org.demo import holder
from linghang.org.models import Unit
from linghang.policies import actions
from linghang.policies.models import Policy
from linghang.rules.periods import add_months

CORE = (
    "首诊负责制度", "三级查房制度", "会诊制度", "分级护理制度", "值班和交接班制度", "疑难病例讨论制度", "急危重患者抢救制度",
    "术前讨论制度", "死亡病例讨论制度", "查对制度", "手术安全核查制度", "手术分级管理制度", "新技术和新项目准入制度",
    "危急值报告制度", "病历管理制度", "抗菌药物分级管理制度", "临床用血审核制度", "信息安全管理制度",
)  # fmt: skip
PARTY = (
    "党委会议事规则",
    "院长办公会议事规则",
    "“三重一大”事项集体决策实施办法",
    "党员教育管理办法",
    "医德考评实施办法",
    "医院党支部考核办法",
    "医院督查整改办法",
)
CONDUCT = (
    ("医师", "查房先问候病人，再说病情"),
    ("护士", "操作前说明目的，操作后问感受"),
    ("窗口", "来有迎声，问有答声"),
)
REVISED = PARTY[0]
# Who answers for what, by the beginning of its name, where such a department stands; for the rest, the last.
OWNERS = {
    "“三重一大”": "党政办公室", "党委会": "党政办公室", "院长办公会": "党政办公室", "党员": "组织人事科", "医德": "医患关系办", "医院": "党政办公室",
    "分级护理": "护理部", "查对": "护理部", "值班": "医务科", "危急值": "质控科", "病历": "质控科", "抗菌": "药学部",
    "临床用血": "输血科", "信息": "信息科", "手术": "麻醉手术科",
}  # fmt: skip
OWNER = "医务科"


def play(day: date, rng: random.Random) -> None:
    """The library on the first day; a rule is revised in spring; what is due is confirmed by whoever owns it."""
    office = holder("office_director")
    if office is None:
        return
    if not Policy.objects.exists():
        _fill(day, office, rng)
    elif day.month == 4 and day.day > 10:
        _revise(day, office)
    if day.day > 24 and (due := Policy.objects.due(day).exclude(review_on=None).first()):
        actions.review(due, office)


def _fill(day: date, office: object, rng: random.Random) -> None:
    departments = list(Unit.objects.on(day).filter(kind=Unit.Kind.DEPARTMENT).order_by("path"))
    for number, title in enumerate((*CORE, *PARTY), 1):
        published = day - timedelta(days=rng.randint(200, 1500))
        actions.add_policy(
            office,
            title=title,
            number=f"院字〔{published.year}〕{number}号",
            category="医疗核心" if title in CORE else "党群",
            owner=_owner(title, departments),
            published_on=published,
            review_on=add_months(day, rng.randint(1, 30)),
        )
    for post, text in CONDUCT:
        actions.add_policy(office, title=text, kind=Policy.Kind.CONDUCT, category=post, published_on=day)


def _owner(title: str, departments: list[Unit]) -> Unit | None:
    name = next((owner for start, owner in OWNERS.items() if title.startswith(start)), OWNER)
    return next((one for one in departments if one.name == name), None)


def _revise(day: date, office: object) -> None:
    old = Policy.objects.in_force().filter(title=REVISED, version="").select_related("owner").first()
    if old is not None:
        more = {
            "category": old.category,
            "owner": old.owner,
            "published_on": day,
            "review_on": add_months(day, 36),
        }
        actions.revise(
            old, office, title=old.title, number=f"院字〔{day.year}〕60号", version="修订版", **more
        )
