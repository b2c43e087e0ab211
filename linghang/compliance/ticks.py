"""One word a day on how one's branches stand, for whoever wants it. Nothing else is ever sent because of a light."""

from collections import defaultdict
from typing import Any

from linghang.compliance import checkup
from linghang.compliance.judge import checkups
from linghang.compliance.models import Digest
from linghang.compliance.parameters import DIGEST_HOUR, GO_LIVE
from linghang.kernel import clock
from linghang.kernel.notices import tell
from linghang.kernel.parameters import value
from linghang.kernel.ticks import tick
from linghang.org.models import Grant, Person, Post, Unit
from linghang.rules.workdays import is_workday

WORDS = "今日体检："
WANTS = "compliance.switch_digest"


@tick("compliance.digest")
def send_today() -> int:
    """Once a working day, from the hour that the hospital set; gives how many notices were left."""
    today = clock.today()
    late_enough = clock.now().astimezone().hour >= int(value(DIGEST_HOUR))
    return send() if late_enough and is_workday(today) and value(GO_LIVE) else 0


def send() -> int:
    """Write to whoever has not been written to today; who switched it off is left in peace."""
    today = clock.today()
    branches = _readers()
    settled = Digest.objects.filter(sent_on=today) | Digest.objects.filter(wanted=False)
    for person in settled.values_list("person", flat=True):
        branches.pop(person, None)
    if not branches:
        return 0
    units = {unit.pk: unit for mine in branches.values() for unit in mine}
    found = checkups(list(units.values()))
    left = 0
    for person in Person.objects.filter(pk__in=branches):
        mine = [(unit, checkup.pressing(found[unit.pk])) for unit in branches[person.pk]]
        if said := "；".join(f"{unit}{words}" for unit, words in mine if words):
            left += tell([person], f"{WORDS}{said}", about=mine[0][0], instead=WORDS)
    Digest.objects.bulk_create(
        [Digest(person_id=key, sent_on=today) for key in branches],
        update_conflicts=True,
        unique_fields=["person"],
        update_fields=["sent_on"],
    )
    return left


def _readers() -> dict[int, list[Unit]]:
    """The branches in which somebody holds a post that is offered the digest."""
    today, posts = clock.today(), Post.objects
    roles = Grant.objects.on(today).filter(verb=WANTS).values("role")
    held: Any = posts.on(today).filter(unit__kind=Unit.Kind.BRANCH, role__in=roles)
    found: dict[int, list[Unit]] = defaultdict(list)
    for post in held.select_related("unit").order_by("pk"):
        if post.unit not in found[post.person_id]:
            found[post.person_id].append(post.unit)
    return found
