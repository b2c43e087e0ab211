"""岗位责任清单: handed out for a year, signed by whoever holds the post."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.flow import creation, step, verb
from linghang.org.models import Post
from linghang.planning.models.charges import Charge, Pledge

State = Pledge.State
VIEW = verb("planning.view_pledge", "查看责任清单和履责记录")
TOLD = ("part_of", "code", "heading", "title", "basis", "inhouse", "shown_by")


@creation(Pledge, "planning.hand_out", to=State.OPEN)
def hand_out(by: Actor, /, *, post: Post, year: int, charges: Iterable[Charge]) -> Pledge:
    """下发责任清单：the duties of one post as they are worded today."""
    said: list[dict[str, Any]] = [{name: getattr(charge, name) for name in TOLD} for charge in charges]
    return Pledge(post=post, person=post.person, year=year, charges=said, handed_on=clock.today())


def hand_out_year(by: Actor, *, year: int) -> list[Pledge]:
    """Hand out the lists of a year to all who hold such a post today and have none yet.

    Raises ValidationError where the blueprint names no duties, or everybody has theirs.
    """
    today = clock.today()
    charges = list(Charge.objects.on(today))
    roles = {role for charge in charges for role in charge.roles}
    posts = Post.objects.within(by, "planning.hand_out").on(today).filter(role__in=roles, acting_for=None)
    posts = posts.exclude(pk__in=Pledge.objects.of_year(year).values("post"))
    with transaction.atomic():
        made = [
            hand_out(
                by,
                post=post,
                year=year,
                charges=[charge for charge in charges if post.role_id in charge.roles],
            )
            for post in posts.select_related("person", "unit", "role")
        ]
    if not made:
        raise ValidationError(f"{year} 年的责任清单已经都下发了" if roles else "蓝本里还没有岗位职责")
    return made


@step(Pledge, "planning.sign_pledge", at={State.OPEN}, to=State.SIGNED)
def sign_pledge(pledge: Pledge, by: Actor) -> None:
    """签署"""
    pledge.signed_on = clock.today()
