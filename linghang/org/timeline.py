"""A member's life in one column, latest first: steps, branches, spells, transfers; what was corrected stays readable."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from linghang.kernel.access import Actor
from linghang.kernel.flow import steps_for
from linghang.org.models import Membership, Milestone, Person, Spell, Transfer


@dataclass(frozen=True)
class Moment:
    """One line of the history."""

    on: date
    text: str
    note: str = ""
    url: str = ""
    mend: str = ""
    corrected: bool = False


def history(
    person: Person, by: Actor, memberships: Sequence[Membership], spells: Sequence[Spell]
) -> list[Moment]:
    """What is known of a member's standing: these memberships (corrected ones too) and spells, steps and transfers."""
    milestones = list(Milestone.objects.filter(person=person).select_related("unit"))
    found = [*_steps(milestones, by), *_own_days(person, milestones), *_branches(memberships)]
    found += _spells(spells, by)
    found += [
        Moment(
            t.receipt_on or t.out_on, f"组织关系转接：{t.get_state_display()}", _way(t), t.get_absolute_url()
        )
        for t in person.transfers.select_related("source", "target")
    ]
    return sorted(found, key=lambda moment: moment.on, reverse=True)


def _steps(milestones: list[Milestone], by: Actor) -> Iterator[Moment]:
    for each in milestones:
        mends = not each.corrected and by.may("org.correct_milestone", each)
        url = reverse("org:milestone_correct_milestone", args=[each.pk]) if mends else ""
        text = each.get_kind_display() + (f"至 {each.until}" if each.until else "")
        note = " ".join(filter(None, (each.decided_by, each.document)))
        yield Moment(each.on, text, note, mend=url, corrected=each.corrected)


def _own_days(person: Person, milestones: list[Milestone]) -> Iterator[Moment]:
    """What the register says of joining and confirmation, where no step tells the same."""
    told = {(m.kind, m.on) for m in milestones if not m.corrected}
    for day, kind in (
        (person.joined_on, Milestone.Kind.ADMITTED),
        (person.confirmed_on, Milestone.Kind.CONFIRMED),
    ):
        if day and (kind, day) not in told:
            yield Moment(day, str(kind.label), "据名册")


def _branches(rows: Sequence[Membership]) -> Iterator[Moment]:
    before: Membership | None = None
    for row in rows:
        here = before is not None and before.branch_id == row.branch_id and before.until == row.since
        if row.corrected or not here:
            note = f"{row.get_status_display()}，{row.since} 至 {row.until or '现在'}"
            yield Moment(row.since, f"编入{row.branch}", note, corrected=row.corrected)
        before = before if row.corrected else row


def _spells(spells: Sequence[Spell], by: Actor) -> Iterator[Moment]:
    for spell in spells:
        mends = any(step.tail == "correct_spell" for step in steps_for(spell, by))
        url = reverse("org:spell_correct_spell", args=[spell.pk]) if mends else ""
        place = f"（{spell.get_place_display()}）" if spell.place else ""
        note = f"{spell.decided_by} {spell.document}".strip()
        text = f"{spell.get_kind_display()}{place}"
        yield Moment(spell.since, text, note, mend=url, corrected=spell.corrected)
        if spell.until:
            over = "期满" if spell.kind == Spell.Kind.WATCHED else "结束"
            yield Moment(spell.until, f"{spell.get_kind_display()}{over}", corrected=spell.corrected)


def _way(transfer: Transfer) -> str:
    way = f"{transfer.source or transfer.outside} → {transfer.target or transfer.outside}"
    return f"{way}　介绍信 {transfer.letter}" if transfer.letter else way
