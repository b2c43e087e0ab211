"""What a person's page says of their membership and offers to do about it, and where the list of people leads."""

from typing import Any

from django.urls import reverse

from linghang.kernel.access import Actor
from linghang.kernel.flow import VERBS, steps_for
from linghang.kernel.parameters import value
from linghang.kernel.refs import link
from linghang.org.member_forms import SPELL_FORMS
from linghang.org.models import Membership, Person, Spell, Unit
from linghang.org.parameters import DUES_BASE
from linghang.org.timeline import history

PLEDGES = "planning.view_pledge"
# What is offered on the page of a probationer, of a member, of somebody who belongs to no branch; corrections come last.
_OF_PROBATIONER = ("confirm_member", "extend_probation")
_OF_MEMBER = ("transfer_out", "note_spell", "restrict")
_OF_OTHERS = ("note_milestone", "transfer_in")
_CORRECTIONS = ("correct_membership",)
_AT_LAST = ("end_membership", *_CORRECTIONS, "leave_branch")


def standing(by: Actor, person: Person) -> dict[str, Any]:
    """The history, what is special now, the dues of a year, and what can be done."""
    memberships = list(Membership.told.filter(person=person).select_related("branch").order_by("since"))
    held = next((m for m in memberships if m.until is None and not m.corrected), None)
    spells = _spells_of(by, person)
    return {
        "history": history(person, by, memberships, spells),
        "affairs": _affairs(by, person, held, bool(memberships)),
        "pledges_url": link(PLEDGES, q=person.name) if by.may(PLEDGES, person) else "",
        "spells": [(each, _doing(by, each)) for each in spells if not (each.corrected or each.is_over)],
        "dues": list(person.dues.order_by("-month")[:12]) if by.may("org.view_dues", person) else [],
    }


def _affairs(by: Actor, person: Person, held: Membership | None, known: bool) -> list[dict[str, str]]:
    """What this reader may see to about somebody: what comes up now and then first, corrections last."""
    creations = [*(_OF_MEMBER if held else _OF_OTHERS)]
    if held and value(DUES_BASE):
        creations.append("view_dues_base")
    probing = _OF_PROBATIONER if held and held.status == Membership.Status.PROBATIONARY else ()
    tails = [*probing, *creations, *(_AT_LAST if held else _CORRECTIONS if known else ())]
    offered = {step.tail: step.label for step in steps_for(person, by)}
    offered |= {tail: VERBS[f"org.{tail}"] for tail in creations if by.may(f"org.{tail}", person)}
    return [_link("org:person", tail, offered[tail], person.pk) for tail in tails if tail in offered]


def _spells_of(by: Actor, person: Person) -> list[Spell]:
    if not by.may("org.view_spells", person):
        return []
    return list(person.spells.select_related("unit").prefetch_related("contacts"))


def _doing(by: Actor, spell: Spell) -> list[dict[str, str]]:
    return [
        _link("org:spell", s.tail, s.label, spell.pk) for s in steps_for(spell, by) if s.tail in SPELL_FORMS
    ]


def _link(prefix: str, tail: str, label: str, pk: int) -> dict[str, str]:
    return {"label": label, "url": reverse(f"{prefix}_{tail}", args=[pk])}


def member_links(by: Actor) -> list[tuple[str, str]]:
    """From the list of people to dues, transfers and the register, for whoever may."""
    found = []
    reach = by.reach("org.record_dues")
    own: Any = Unit.objects.branches().filter(pk__in=reach.units, until=None).order_by("pk")
    if reach and (branch := own.first()):
        found.append(("党费", reverse("org:unit_dues", args=[branch.pk])))
    elif by.may("org.import_dues"):
        found.append(("党费导入", reverse("org:duesimports")))
    if by.may("org.receive_transfer"):
        found.append(("组织关系转接", reverse("org:transfers")))
    if by.may("org.export_register"):
        found.append(("导出名册", reverse("org:register")))
    return found
