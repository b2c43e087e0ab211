"""Every way a rule moves: 登记 → 复审 → 修订（新版代替旧版）、并入 or 废止. What has ended stays readable."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q

from linghang.kernel import clock
from linghang.kernel.access import Actor
from linghang.kernel.attachments import attach
from linghang.kernel.flow import creation, keep, step, verb
from linghang.kernel.models import Link
from linghang.kernel.parameters import value
from linghang.kernel.refs import tie
from linghang.org.models import Unit
from linghang.policies.models import BASIS, Policy, citing
from linghang.policies.parameters import MONTHS
from linghang.rules.periods import add_months

State = Policy.State
REVIEW = "policies.review"
verb("policies.view_policy", "查看制度")
# Who finds the library in the menu; everybody else comes to a rule from what rests on it.
verb("policies.open_library", "打开制度库")
LARGEST = 20  # megabytes


@creation(Policy, "policies.add_policy", to=State.IN_FORCE)
def add_policy(by: Actor, /, *, file: Any = None, **wanted: Any) -> Policy:
    """登记制度"""
    policy = Policy()
    _fill(policy, **wanted)
    same = Policy.objects.in_force().filter(title=policy.title)
    if policy.number and same.filter(number=policy.number).exists():
        raise ValidationError({"title": "同名同文号的现行制度已在库里；新版请在原制度上点“修订”"})
    return _kept(policy, by, file)


def _kept(policy: Policy, by: Actor, file: Any) -> Policy:
    """A new edition in the library, with its file."""
    keep(policy)
    if file:
        attach(by, policy, file, most=LARGEST)
    return policy


def _fill(
    policy: Policy,
    *,
    title: str,
    number: str = "",
    kind: str = Policy.Kind.RULE,
    version: str = "",
    category: str = "",
    owner: Unit | None = None,
    published_on: date | None = None,
    review_on: date | None = None,
    text: str = "",
) -> None:
    policy.title, policy.number, policy.kind = title.strip(), number.strip(), kind
    policy.version, policy.category, policy.owner = version.strip(), category.strip(), owner
    policy.published_on, policy.review_on = published_on, review_on
    policy.text = text
    if published_on and published_on > clock.today():
        raise ValidationError({"published_on": "发布日期晚于今天，发布以后再登记"})


def next_review() -> date:
    """When what is published or reviewed today is usually due again."""
    return add_months(clock.today(), value(MONTHS))


@step(Policy, "policies.edit_policy", at={State.IN_FORCE})
def edit_policy(policy: Policy, by: Actor, /, *, file: Any = None, **wanted: Any) -> None:
    """更正登记

    Of what was entered wrongly; what the hospital decided anew is a new edition.
    """
    _fill(policy, **wanted)
    if policy.owner:
        policy.owner_name = ""
    if file:
        attach(by, policy, file, most=LARGEST)


@step(Policy, "policies.revise", at={State.IN_FORCE}, to=State.SUPERSEDED)
def revise(policy: Policy, by: Actor, /, *, file: Any = None, **wanted: Any) -> None:
    """修订

    The new edition takes over; the old one stays with the day on which it ended.
    """
    fresh = Policy()
    _fill(fresh, **wanted)
    if policy.published_on and fresh.published_on and fresh.published_on < policy.published_on:
        raise ValidationError({"published_on": f"新版不能早于旧版的发布日期 {policy.published_on}"})
    policy.ended_on, policy.successor = fresh.published_on or clock.today(), _kept(fresh, by, file)


@step(Policy, "policies.merge_policy", at={State.IN_FORCE}, to=State.MERGED)
def merge_policy(policy: Policy, by: Actor, *, into: Policy, note: str = "") -> None:
    """并入"""
    if into.pk == policy.pk or into.state != State.IN_FORCE:
        raise ValidationError({"into": "只能并入另一项现行制度"})
    policy.ended_on, policy.successor = clock.today(), into


@step(Policy, "policies.repeal", at={State.IN_FORCE}, to=State.REPEALED)
def repeal(policy: Policy, by: Actor, *, ended_on: date, reason: str) -> None:
    """废止"""
    if ended_on > clock.today():
        raise ValidationError({"ended_on": "废止日期晚于今天，到那天再登记"})
    if policy.published_on and ended_on < policy.published_on:
        raise ValidationError({"ended_on": f"废止日期早于发布日期 {policy.published_on}"})
    policy.ended_on = ended_on


def _whose(policy: Policy, by: Actor) -> None:
    """The owner reviews its own; whoever has the whole hospital, any."""
    reach = by.reach(REVIEW)
    owner = policy.owner
    own = owner is not None and (owner.pk in reach.units or owner.path.startswith(reach.trees))
    if not (own or reach.whole):
        raise PermissionDenied(f"由责任部门（{policy.owner_words or '未定'}）复审")


@step(Policy, REVIEW, at={State.IN_FORCE}, only=_whose)
def review(policy: Policy, by: Actor, *, review_on: date | None = None, note: str = "") -> None:
    """复审：继续有效

    What is to be changed is revised instead.
    """
    policy.reviewed_on = clock.today()
    policy.review_on = review_on or next_review()
    if policy.review_on <= policy.reviewed_on:
        raise ValidationError({"review_on": "下次复审日应晚于今天"})


@step(Policy, "policies.cite")
def cite(policy: Policy, by: Actor, *, ref: str) -> None:
    """关联依据

    Say that a record (a topic, a meeting, a round, a plan) rests on this rule; both pages lead to each other.
    """
    tie(policy, ref, BASIS)


@step(Policy, "policies.uncite", when=lambda policy: bool(citing([policy])))
def uncite(policy: Policy, by: Actor, *, ref: str, reason: str) -> None:
    """取消关联"""
    ties = Link.objects.filter(kind=BASIS)
    ties.filter(Q(source=policy.ref, target=ref) | Q(source=ref, target=policy.ref)).delete()
