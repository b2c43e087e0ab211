"""佐证 of a self-check by a standard: a record of the branch, or words such as a page of its book. Nothing is uploaded."""

from typing import Any

from linghang.activities.models import Meeting
from linghang.inspections.models import Answer, Check, Round
from linghang.kernel.refs import Shown, show

MOST = 80


def own_records(inspection: Check) -> dict[str, str]:
    """What a branch may point at: the meetings of the period that its round looks at, words ⇒ reference, latest first."""
    this = inspection.round
    held = Meeting.objects.held().filter(unit=inspection.unit_id)
    found = held.between(this.period_since, this.period_until).order_by("-held_on", "-pk")[:MOST]
    return {f"{meeting.held_on:%Y-}{meeting}"[:120]: meeting.ref for meeting in found}


def told_proofs(inspection: Check, person: Any) -> dict[str, Shown | str]:
    """Item code ⇒ where its 佐证 is by the branch's own last check on the same list, as far as the reader may see."""
    own = Check.objects.confirmed().filter(
        unit=inspection.unit_id,
        round__method=Round.Method.SELF,
        round__checklist__code=inspection.round.checklist.code,
    )
    last = own.order_by("-confirmed_on", "-pk").values("pk")[:1]
    answers = Answer.objects.filter(inspection__in=list(last.values_list("pk", flat=True)))
    return by_code(answers.exclude(proof="").select_related("item"), person)


def by_code(answers: Any, person: Any) -> dict[str, Shown | str]:
    """Item code ⇒ the record that proves it, or the words where it is none or out of reach."""
    given = [answer for answer in answers if answer.proof]
    records = {each.ref: each for each in show(person, [answer.proof_ref for answer in given])}
    return {answer.item.code: records.get(answer.proof_ref, answer.proof) for answer in given}
