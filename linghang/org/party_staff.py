"""党务人员: who does Party work full-time and who besides other work, and how many that is to the members.

No law names a number (R-GY-08 is unverified): the hospital sets its own, or only looks.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from django.db.models import QuerySet

from linghang.kernel.parameters import value
from linghang.org.models import Membership, Post, Unit
from linghang.org.parameters import FULLTIME_PERCENT


@dataclass(frozen=True)
class Staffing:
    """The posts of Party work on a day, those of whoever is full-time apart, and the members they work for."""

    fulltime: list[Post]
    besides: list[Post]
    members: int
    percent: str
    whole: bool

    @property
    def people(self) -> int:
        return len({post.person_id for post in self.fulltime})

    @property
    def others(self) -> int:
        return len({post.person_id for post in self.besides})

    @property
    def share(self) -> Decimal | None:
        """Full-time workers for a hundred members of the hospital; None where there are none, or only a part is seen."""
        shared = self.members and self.whole
        return round(Decimal(100 * self.people) / self.members, 2) if shared else None

    @property
    def needed(self) -> int | None:
        """How many the hospital's own number asks for, any part of a person counted as one; None where it set none."""
        if not self.percent or not self.whole:
            return None
        wanted = Decimal(self.percent) * self.members / 100
        return int(wanted.to_integral_value(ROUND_CEILING))

    @property
    def gap(self) -> int:
        return max(0, (self.needed or 0) - self.people)

    @property
    def sentence(self) -> str:
        """How it stands against the hospital's own number."""
        if not self.whole:
            return "配比按全院算，这里只列所辖的党组织"
        if self.needed is None:
            return "本院没有规定比例（待核），只列情况，不判够不够"
        said = f"院内规定不少于党员的 {self.percent}%：{self.members} 名党员应有 {self.needed} 名"
        return f"{said}，现有 {self.people} 名，{f'还差 {self.gap} 名' if self.gap else '已配齐'}"


def scope(top: Unit) -> Unit:
    """What is counted for whoever reaches this unit: with the head of the Party tree the offices of the hospital too."""
    above = top.parent
    return above if top.is_party and above is not None and not above.is_party else top


def posts_of(top: Unit, day: date) -> "QuerySet[Post]":
    """The posts of Party work below a unit on a day; who only stands in holds none."""
    held = Post.objects.on(day).filter(role__party_work=True, acting_for=None)
    found: QuerySet[Post] = held.filter(unit__path__startswith=scope(top).path)
    return found.order_by("unit__path", "role__order", "pk")


def staffing(top: Unit, day: date) -> Staffing:
    """The ledger below a unit on a day: whoever holds one full-time post is full-time, whatever else they hold."""
    held, home = list(posts_of(top, day)), scope(top)
    whole = {post.person_id for post in held if post.fulltime}
    members = Membership.objects.on(day).filter(branch__path__startswith=home.path).count()
    return Staffing(
        [post for post in held if post.fulltime],
        [post for post in held if post.person_id not in whole],
        members,
        value(FULLTIME_PERCENT, day),
        home.kind == Unit.Kind.HOSPITAL,
    )
