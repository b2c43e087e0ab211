"""The invented people of the demo hospital, and how the other modules' demos find whoever must act."""

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache

from linghang.kernel import clock
from linghang.kernel.access import SYSTEM
from linghang.org.actions import add_person, appoint, begin_term, enroll
from linghang.org.imports import confirm_roster, import_roster
from linghang.org.models import Membership, Person, Post, Role, Unit, User
from linghang.rules.periods import add_months
from linghang.ui.sheet_writing import Heading, Page, write_workbook
from linghang.ui.sheets import Cell

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范彭郎"
GIVEN = "明静岚蕾敏洁勇军磊洋艳杰娟涛超秀霞平刚桂英华慧巧美娜丽云莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞"
TITLES = ("主任医师", "副主任医师", "主治医师", "主管护师", "护师", "主管技师", "工程师")
FULLTIME = ("office_director", "office_clerk", "discipline_clerk")
NO_CONTACT = 7
POSITIONS = ("科主任", "护士长")
DUTIES = ("支部书记", "支部副书记", "组织委员", "宣传委员", "纪检委员")
REGISTER = (
    "所属党总支", "所在党支部", "所在科室", "工号", "姓名", "性别", "职称", "行政职务", "党员类别", "入党时间", "转正时间",
    "党内职务",
)  # fmt: skip
# Days that the shown branch's term had run when the year began: it ends soon after the year.
HOME_SERVED = 650
PASSWORD = "Linghang-2026"  # noqa: S105  (demo mode only, bound to loopback, printed on the first page)


def name(rng: random.Random) -> str:
    """An invented name."""
    return rng.choice(SURNAMES) + "".join(rng.choices(GIVEN, k=rng.choice((1, 2, 2))))


@cache
def holder(role: str, unit: Unit | None = None) -> Person | None:
    """Whoever holds a role (at a unit); kept, because a demo year asks ten thousand times."""
    posts = Post.objects.on(clock.today()).filter(role=role)
    post = (
        (posts.filter(unit=unit) if unit else posts)
        .select_related("person__branch", "person__department")
        .first()
    )
    return post.person if post else None


@cache
def branches() -> tuple[Unit, ...]:
    """The branches of the demo hospital."""
    return tuple(Unit.objects.branches().filter(until=None).select_related("parent"))


def forget() -> None:
    """Ask anew who holds what and which branches there are: another hospital stands, or posts have changed."""
    for kept in (holder, branches, home):
        kept.cache_clear()


def people(start: date, rng: random.Random) -> Iterator[str]:
    """Fill the hospital with people and posts as they stood before the demo year; yields a word per step."""
    roles = Role.objects.in_bulk()
    lines = [
        line for place, branch in enumerate(branches(), 1) for line in _register(branch, place, start, rng)
    ]
    yield "花名册"
    _take_over(lines, start - timedelta(days=1))
    yield "党员与支部职务"
    _top(start, roles, rng)
    _contacts(roles)
    yield "院级岗位"
    holder.cache_clear()


def _register(branch: Unit, number: int, start: date, rng: random.Random) -> Iterator[list[Cell]]:
    """One branch in the hospital's register of members; its committee was elected some time before the year."""
    elected = start - timedelta(days=HOME_SERVED if branch == home() else 30 + number * 397 % 1040)
    begin_term(SYSTEM, unit=branch, elected_on=elected)
    covered = branch.covers.select_related("department").first()
    work = [
        branch.parent.name if branch.parent else "",
        branch.name,
        covered.department.name if covered else "",
    ]
    for place in range(rng.randint(12, 24)):
        joined = start - timedelta(days=rng.randint(600, 9000))
        probationary = place > 8 and rng.random() < 0.05
        yield [
            *work,
            f"{number:02}{place + 1:03}",
            name(rng),
            rng.choice("男女"),
            rng.choice(TITLES),
            POSITIONS[place] if place < len(POSITIONS) else "",
            "预备党员" if probationary else "正式党员",
            joined,
            None if probationary else add_months(joined, 12),
            DUTIES[place] if place < len(DUTIES) else "",
        ]


def _take_over(lines: Iterable[list[Cell]], day: date) -> None:
    """The register comes in as a real hospital's does: uploaded, previewed, confirmed."""
    headings = [Heading(label, "date" if label.endswith("时间") else "text") for label in REGISTER]
    content = write_workbook(Page("党员花名册", headings, lines))
    top = Unit.objects.party().order_by("path").first()
    read = import_roster(SYSTEM, content=content, name="党员花名册.xlsx", as_of=day, unit=top)
    confirm_roster(read, SYSTEM)


def _top(start: date, roles: dict[str, Role], rng: random.Random) -> None:
    """Leaders, office, 总支 secretaries, and the two who keep the system and watch over it."""
    hospital = Unit.objects.get(kind=Unit.Kind.HOSPITAL)
    party = hospital.children.filter(kind__in=(Unit.Kind.COMMITTEE, Unit.Kind.GENERAL)).first()
    home = (
        Unit.objects.filter(kind=Unit.Kind.DEPARTMENT, name__contains="办公室").first()
        or Unit.objects.filter(kind=Unit.Kind.DEPARTMENT).last()
    )
    seats = [
        ("party_secretary", party),
        ("president", party),
        ("deputy_party_secretary", party),
        ("discipline_secretary", party),
        ("office_director", hospital),
        ("office_clerk", hospital),
        ("discipline_clerk", party),
        ("contributor", home),
        ("administrator", hospital),
        ("auditor", hospital),
        *(
            ("general_secretary", unit)
            for unit in Unit.objects.filter(kind=Unit.Kind.GENERAL).exclude(pk=party.pk)
        ),
    ]
    # In the large shape an office branch of its own takes the leaders in; they are members like everybody else.
    branch = next((b for b in branches() if home and home.name in b.name), branches()[0])
    for place, (code, unit) in enumerate(seats, 1):
        if code not in roles:
            continue
        number = f"00{place:03}"
        person = add_person(SYSTEM, name=name(rng), staff_number=number, department=home)
        if roles[code].kind == Role.Kind.BUSINESS:
            since = start - timedelta(days=2000)
            enroll(person, SYSTEM, branch=branch, status=Membership.Status.FULL, since=since)
        since, fulltime = start - timedelta(days=500), code in FULLTIME
        appoint(SYSTEM, person=person, unit=unit, role=roles[code], since=since, fulltime=fulltime)


def _contacts(roles: dict[str, Role]) -> None:
    """Each branch has its contact on the committee above it or on that of the hospital; some have none yet."""
    held = Post.objects.filter(role__on_committee=True).exclude(unit__kind=Unit.Kind.BRANCH)
    seats = list(held.select_related("person", "unit").order_by("role__order", "pk"))
    for number, branch in enumerate(branches()):
        above = [post for post in seats if branch.path.startswith(post.unit.path)]
        if above and number % 9 != NO_CONTACT:
            post = above[number % len(above)]
            appoint(SYSTEM, person=post.person, unit=branch, role=roles["liaison"], since=post.since)


# One account a role, in the order in which a newcomer should try them.
SHOWN = (
    ("secretary", "支部书记"),
    ("organiser", "组织委员"),
    ("general_secretary", "总支书记"),
    ("office_director", "党办主任"),
    ("office_clerk", "党办干事"),
    ("contributor", "职能科室"),
    ("deputy_party_secretary", "党委副书记"),
    ("party_secretary", "党委书记"),
    ("president", "院长"),
    ("discipline_clerk", "纪检干事"),
    ("member", "普通党员"),
    ("administrator", "系统管理员"),
    ("auditor", "安全审计员"),
)


@cache
def home() -> Unit | None:
    """The branch whose people are shown, with a 总支 above it: one matter can be followed from hand to hand."""
    below = (unit for unit in branches() if unit.parent and unit.parent.kind == Unit.Kind.GENERAL)
    return next(below, next(iter(branches()), None))


def face(role: str) -> Person | None:
    """Whoever shows this role to a newcomer."""
    branch = home()
    if branch is None or role not in ("secretary", "organiser", "member", "general_secretary"):
        return holder(role)
    if role == "member":
        plain = Person.objects.filter(branch=branch, posts=None)
        return plain.select_related("branch", "department").order_by("staff_number").first()
    return holder(role, branch.parent if role == "general_secretary" else branch)


def accounts() -> list[tuple[str, str, str]]:
    """Open one account for each role where there is none; gives role, account and person."""
    found = []
    for role, title in SHOWN:
        person = face(role)
        if person is None:
            continue
        user = User.objects.filter(person=person).first()
        if user is None:
            user = User.objects.create_user(person.staff_number or role, PASSWORD, person=person)
        found.append((title, user.username, person.name))
    return found
