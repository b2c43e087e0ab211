"""Memberships that a register implies: begun, moved, confirmed; an old register neither moves nor demotes."""

from datetime import date
from typing import Any

from django.db import models

from linghang.org.models import Membership, Person, Unit
from linghang.org.roster.days import latest, years_after
from linghang.org.roster.outcomes import RosterRow

Words = tuple[str, str, str]
FULL, PROBATIONARY = Membership.Status.FULL, Membership.Status.PROBATIONARY


class Changes:
    """Rows that will be changed, each with what stood there before."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, Any], tuple[models.Model, dict[str, Any]]] = {}

    def remember(self, row: models.Model, before: dict[str, Any]) -> None:
        """Keep the first value of each column of a row."""
        if before:
            _, kept = self._rows.setdefault((row._meta.label_lower, row.pk), (row, {}))
            kept.update({name: value for name, value in before.items() if name not in kept})

    def all(self) -> list[tuple[models.Model, dict[str, Any]]]:
        """Every row that changes."""
        return list(self._rows.values())


class Roll:
    """Who belongs to which branch; follows a register from its as-of day on."""

    def __init__(self, as_of: date, unsaid: str, changes: Changes) -> None:
        self.as_of, self.unsaid, self.changes = as_of, unsaid, changes
        self.fresh: list[Membership] = []
        self._held = {m.person_id: m for m in Membership.objects.filter(until=None).select_related("branch")}
        ended = Membership.objects.exclude(until=None).order_by("until")
        self._ended: dict[int, date] = dict(ended.values_list("person_id", "until"))

    def status(self, row: RosterRow, said: list[Words]) -> str | None:
        """The category of a row; where it names none, by its dates, else as the clerk said of the file."""
        if row.category:
            return row.category
        if not row.joined_on:
            return self.unsaid or None
        status = FULL if years_after(latest(row.joined_on), 1) <= self.as_of else PROBATIONARY
        said.append(("category", f"没有党员类别，按入党时间计为{status.label}", "请核对后在人员页改正"))
        return str(status)

    def join(self, row: RosterRow, person: Person, branch: Unit, status: str) -> Membership:
        """A membership from the day of joining or transfer, where that is known, with its probation before it.

        After an earlier one it begins on the as-of day.
        """
        ended = self._ended.get(person.pk) if person.pk else None
        since = max(ended, self.as_of) if ended else self._entered(row)
        confirmed = row.confirmed_on.date if row.confirmed_on else None
        if status == FULL and confirmed and since < confirmed <= self.as_of:
            probation = Membership(
                person=person, branch=branch, status=PROBATIONARY, since=since, until=confirmed
            )
            self.fresh.append(probation)
            since = confirmed
        return self._begin(person, branch, status, since)

    def _entered(self, row: RosterRow) -> date:
        """The day on which the branch took the member in: transferred, or else admitted."""
        joined = row.joined_on.date if row.joined_on else None
        entered = row.entered_on.date if row.entered_on else None
        if entered and entered <= self.as_of and (joined is None or joined <= entered):
            return entered
        return joined or self.as_of

    def follow(self, row: RosterRow, person: Person, branch: Unit, said: list[Words]) -> list[str]:
        """Bring a known person's membership up to the register; the changes in words."""
        held = self._held.get(person.pk)
        if held is None:
            return self._enroll(row, person, branch, said)
        status, moved = self._next_status(row, held, said), held.branch != branch
        if not moved and status == held.status:
            return []
        since = self._since(row, held, moved)
        if held.since > since:
            reason = f"现有组织关系自 {held.since} 起，晚于名册截至日，没有改动"
            said.append(("branch", reason, "请核对名册是不是旧的"))
            return []
        if moved:
            said.append(_moved(person, held, branch))
        return self._change(person, held, branch, status, since)

    def _enroll(self, row: RosterRow, person: Person, branch: Unit, said: list[Words]) -> list[str]:
        status = self.status(row, said)
        if status is None:
            reason = "没有党员类别、转正时间和入党时间，没有编入支部"
            said.append(("category", reason, "请在名册中补上后重新导入"))
            return []
        begun = self.join(row, person, branch, status)
        return [f"编入{branch}（{Membership.Status(status).label}，自 {begun.since}）"]

    def _next_status(self, row: RosterRow, held: Membership, said: list[Words]) -> str:
        if held.status == FULL and row.category == PROBATIONARY:
            said.append(("category", "系统中已是正式党员，名册为预备党员，没有改动", "请核对名册是不是旧的"))
            return str(FULL)
        return row.category or held.status

    def _since(self, row: RosterRow, held: Membership, moved: bool) -> date:
        """A confirmation counts from its own day, anything else from the day that the register describes."""
        confirmed = row.confirmed_on.date if row.confirmed_on else None
        own = confirmed is not None and not moved and held.since < confirmed <= self.as_of
        return confirmed if own and confirmed else self.as_of

    def _change(self, person: Person, held: Membership, branch: Unit, status: str, since: date) -> list[str]:
        words = [f"党支部：{held.branch} → {branch}"] if held.branch != branch else []
        if status != held.status:
            words.append(f"党员类别：{held.get_status_display()} → {Membership.Status(status).label}")
        if held.since == since:
            self.changes.remember(held, {"branch_id": held.branch_id, "status": held.status})
            held.branch, held.status = branch, status
            self._move(person, branch)
        else:
            self.changes.remember(held, {"until": None})
            held.until = since
            self._begin(person, branch, status, since)
        return words

    def _begin(self, person: Person, branch: Unit, status: str, since: date) -> Membership:
        begun = Membership(person=person, branch=branch, status=status, since=since)
        self.fresh.append(begun)
        self._move(person, branch)
        return begun

    def _move(self, person: Person, branch: Unit) -> None:
        if person.branch != branch:
            if person.pk:
                self.changes.remember(person, {"branch_id": person.branch_id})
            person.branch = branch


def _moved(person: Person, held: Membership, branch: Unit) -> Words:
    posts = person.posts.filter(until=None, unit=held.branch).select_related("unit", "role")
    labels = "、".join(post.label for post in posts)
    reason = f"支部由“{held.branch}”改为“{branch}”" + (f"；原任{labels}没有改动" if labels else "")
    return "branch", reason, "请核对；任职请在任职页调整" if labels else "请核对"
