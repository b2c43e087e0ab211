"""As of any day the lights are those that were said on that day: random days of a small hospital that lived two years."""

import random
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.apps import apps

from linghang.compliance.judge import judged, scene_of
from linghang.compliance.tests.acts import go_live
from linghang.kernel import clock, parameters
from linghang.kernel.access import SYSTEM
from linghang.kernel.flow import STEPS
from linghang.org.models import Membership, Person, Post, Unit
from tests.making import make_line, make_order, make_unit

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2024, 11, 1), date(2026, 10, 28)
WEEKS = (LAST - FIRST).days // 7
# What brings hours of study is written down on its day here: hours are summed, not marked one by one. Dues
# are left out: a month is noted without the day of noting it, so that the page says that they are shown as noted now.
FORGOTTEN = ("board", "life", "review")
FREQUENCIES = (
    ("compliance.assembly_frequency", "每月 1 次"),
    ("compliance.lesson_frequency", "每半年 1 次"),
    ("compliance.themed_day_frequency", "每月 2 次"),
)


def units(day):
    return list(Unit.objects.party().exclude(kind=Unit.Kind.GROUP).on(day))


def told(every, scene):
    """What every duty of every unit says: its light, why, and by period what was owed, done and shown for it."""
    return {
        (unit.code, check.duty.code): (
            check.status,
            check.sentence,
            [shown(each) for each in check.standings],
        )
        for unit in every
        for check in judged(every, scene)[unit.pk]
    }


def shown(each):
    return each.period, each.status, each.required, each.done, each.records, each.sentence


def said(day):
    """On the day itself."""
    every = units(day)
    return told(every, scene_of(every, plans=False))


def as_known(day):
    """As of that day, asked today; what was written down only afterwards is marked, and is left out here."""
    every = units(day)
    scene = scene_of(every, today=day, plans=False)
    late = {ref for ref, held in scene.held.items() if held.recorded_on and held.recorded_on > day}
    marked = {ref for checks in judged(every, scene).values() for check in checks for ref in check.later}
    assert marked <= late
    for pk, events in scene.events.items():
        scene.events[pk] = [event for event in events if event.record not in late]
    return told(every, scene), late


class Life:
    """One random act a turn, each through its verb where it has one, on the day of the clock."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.forgotten: list[tuple[date, Unit, str, date]] = []

    def day(self) -> None:
        for due in [each for each in self.forgotten if each[0] <= clock.today()]:
            self.forgotten.remove(due)
            self._record(due[1], due[2], due[3])
        acts: tuple[tuple[Callable[[], None], int], ...] = (
            (self.meet, 8), (self.forget, 2), (self.task, 2), (self.close, 2), (self.waive, 1), (self.resume, 1),
            (self.leave, 1), (self.take, 1), (self.transfer, 1), (self.decide, 1), (self.found, 1),
            (self.end, 1), (self.elect, 1),
        )  # fmt: skip
        act = self.rng.choices([act for act, _ in acts], [weight for _, weight in acts])[0]
        act()

    def branch(self) -> Unit:
        return self.rng.choice(list(Unit.objects.branches().on(clock.today()).order_by("pk")))

    def _record(self, unit: Unit, kind: str, day: date) -> None:
        if Unit.objects.on(clock.today()).filter(pk=unit.pk).exists():
            STEPS["activities.record"].run(SYSTEM, unit=unit, kind=kind, held_on=day, again=True)

    def meet(self) -> None:
        kind = self.rng.choice(
            ("assembly", "board", "themed_day", "lesson", "training", "group", "governance")
        )
        group, party = Unit.objects.get(code="n-medicine-1"), Unit.objects.get(code="party")
        home = {"group": group, "governance": party}.get(kind)
        self._record(home or self.branch(), kind, clock.today())

    def forget(self) -> None:
        later = clock.today() + timedelta(days=self.rng.randint(3, 80))
        self.forgotten.append((later, self.branch(), self.rng.choice(FORGOTTEN), clock.today()))

    def task(self) -> None:
        order = make_order(unit=self.branch(), kind="rectification", state="issued", issued_on=clock.today())
        make_line(order=order, due_on=clock.today() + timedelta(days=self.rng.randint(1, 50)))

    def close(self) -> None:
        line = apps.get_model("dispatch.Line").objects.filter(closed_on=None).order_by("pk").first()
        if line:
            line.closed_on, line.state = clock.today(), "closed"
            line.save()

    def waive(self) -> None:
        first = clock.today().replace(day=1)
        given = {"since": first, "until": first + timedelta(days=self.rng.choice((30, 92, 190)))}
        duty = self.rng.choice(("themed_day", "board", "term"))
        if not apps.get_model("compliance.Waiver").objects.filter(since=first, duty=duty).exists():
            STEPS["compliance.waive"].run(SYSTEM, unit=self.branch(), duty=duty, reason="外派", **given)

    def resume(self) -> None:
        running = apps.get_model("compliance.Waiver").objects.filter(closed_on=None, until__gt=clock.today())
        if found := running.order_by("pk").first():
            STEPS["compliance.close_waiver"].run(found, SYSTEM, reason="提前返回")

    def leave(self) -> None:
        held = Post.objects.on(clock.today()).filter(role__on_committee=True, unit__kind="branch")
        if post := held.filter(since__lt=clock.today()).order_by("pk").last():
            STEPS["org.end_post"].run(post, SYSTEM, until=clock.today())

    def take(self) -> None:
        unit = self.branch()
        sits = Post.objects.on(clock.today()).filter(unit=unit).values("person")
        free = Person.objects.filter(branch=unit).exclude(pk__in=sits).order_by("pk").first()
        if free:
            role = self.rng.choice(("organiser", "publicist", "disciplinarian"))
            Post.objects.create(person=free, unit=unit, role_id=role, since=clock.today())

    def transfer(self) -> None:
        target, today = self.branch(), clock.today()
        moving = Membership.objects.on(today).filter(since__lt=today).exclude(branch=target)
        if one := moving.order_by("pk").first():
            Membership.objects.filter(pk=one.pk).update(until=today)
            Membership.objects.create(person=one.person, branch=target, status=one.status, since=today)

    def decide(self) -> None:
        code, words = self.rng.choice(FREQUENCIES)
        parameters.put(SYSTEM, code, words, clock.today())

    def found(self) -> None:
        number = Unit.objects.count()
        make_unit(code=f"b-{number}", name=f"第 {number} 党支部", since=clock.today())

    def end(self) -> None:
        young = Unit.objects.branches().on(clock.today()).filter(since__gt=FIRST, since__lt=clock.today())
        if found := young.order_by("pk").first():
            Unit.objects.filter(pk=found.pk).update(until=clock.today())

    def elect(self) -> None:
        STEPS["org.begin_term"].run(SYSTEM, unit=self.branch(), elected_on=clock.today())


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.under_a_committee
def test_as_of_a_day_is_what_was_said_on_that_day(hospital, seed):
    go_live(FIRST)
    life, heard = Life(seed), {}
    asked = set(random.Random(seed).sample(range(WEEKS), 12))
    for week in range(WEEKS):
        with clock.at(FIRST + timedelta(days=7 * week + seed)):
            life.day()
            life.day()
            if week in asked:
                heard[clock.today()] = said(clock.today())
    with clock.at(LAST):
        found = {day: as_known(day) for day in heard}
    for day, before in heard.items():
        after, _ = found[day]
        assert set(after) == set(before), day
        assert {key: (day, after[key]) for key in after} == {key: (day, before[key]) for key in before}
    assert any(late for _, late in found.values()), (
        "nothing was written down late: the test would show too little"
    )
