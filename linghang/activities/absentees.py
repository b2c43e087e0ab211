"""Who did not come to a meeting of many branches: written as names, since nobody ticks a roll of a thousand (S3-04)."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError

from linghang.activities.models import Attendance
from linghang.org.models import Person

BETWEEN = re.compile(r"[、，,；;\s]+")
PIECE = re.compile(r"([^（()）]+)(?:[（(]([^（()）]*)[）)])?")
REASONS = {str(label): str(value) for value, label in Attendance.Reason.choices}


def read_absentees(text: str, people: Iterable[Person]) -> dict[int, str]:
    """The keys of those named, each with a reason: “王蕾（值班）、何员”. Raises ValidationError for who is not on the roll."""
    known: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        for called in filter(None, (person.name, person.staff_number)):
            known[called].append(person)
    found: dict[int, str] = {}
    wrong: list[str] = []
    for piece in filter(None, BETWEEN.split(text)):
        match = PIECE.fullmatch(piece)
        same = known.get(str(match[1]), []) if match else []
        if match is None or len(same) != 1:
            wrong.append(f"{piece}（{'有重名，请写工号' if same else '不在应到名单里'}）")
        else:
            found[same[0].pk] = REASONS.get(match[2] or "", str(Attendance.Reason.OTHER))
    if wrong:
        raise ValidationError({"absentees": f"请核对：{'、'.join(wrong)}"})
    return found


def written(absent: Iterable[Attendance]) -> str:
    """Absentees as they are typed."""
    return "、".join(f"{one.person.name}（{one.get_reason_display()}）" for one in absent)


def by_branch(called: Sequence[Attendance]) -> list[tuple[str, int, int]]:
    """How many came of how many, branch by branch."""
    branches = {one.person.branch_id: one.person.branch for one in called}
    expected = Counter(one.person.branch_id for one in called)
    came = Counter(one.person.branch_id for one in called if one.present)
    ordered = sorted(branches.items(), key=lambda pair: pair[1].path if pair[1] else "")
    return [(str(branch or "已转出"), came[key], expected[key]) for key, branch in ordered]
