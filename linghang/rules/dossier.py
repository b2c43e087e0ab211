"""A person's way into the Party as a file: the twenty-five steps, their days, and what the texts ask about each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum

from linghang.rules.penalties import Sanction
from linghang.rules.periods import Span, add_months
from linghang.rules.register import check_override, rule
from linghang.rules.voting import Count
from linghang.rules.workdays import Table


class Step(IntEnum):
    """The steps in their order; the number is the rule's, R-FZ-01 … 25."""

    APPLICATION = 1
    TALK = 2
    ACTIVIST = 3
    ACTIVIST_FILED = 4
    MENTORS = 5
    REVIEWS = 6
    CANDIDATE_PROPOSED = 7
    CANDIDATE_AGREED = 8
    INTRODUCERS = 9
    VETTING = 10
    TRAINING = 11
    EXAMINED = 12
    PRESCREENED = 13
    FORM = 14
    ADMISSION = 15
    INTERVIEW = 16
    APPROVAL = 17
    FILED = 18
    ENROLLED = 19
    OATH = 20
    PROBATION = 21
    CONFIRMATION_ASKED = 22
    CONFIRMATION = 23
    CONFIRMATION_APPROVED = 24
    ARCHIVED = 25

    @property
    def code(self) -> str:
        """The rule of this step."""
        return f"R-FZ-{self:02}"


class Outcome(StrEnum):
    """What the members' meeting decides when the probation is over (第三十一条)."""

    CONFIRMED = "按期转正"
    EXTENDED = "延长预备期"
    CANCELLED = "取消预备党员资格"


HEARD = ("党小组", "培养联系人", "党员", "群众")
PAPERS = (
    "入党志愿书",
    "入党申请书",
    "入党积极分子培养教育考察登记表",
    "政治审查材料",
    "预备党员教育考察登记表",
    "转正申请书",
)
COMMITTEE = "党委"


@dataclass(frozen=True)
class Sponsor:
    """A mentor or introducer: full member or not, and the sanctions that stand against them."""

    name: str
    full: bool = True
    sanctions: tuple[Sanction, ...] = ()


@dataclass(frozen=True)
class Dossier:
    """One person's file: the day of each step, and what the texts ask about it."""

    done: Mapping[Step, date] = field(default_factory=dict)
    born_on: date | None = None
    reviews: tuple[date, ...] = ()
    heard: frozenset[str] = frozenset()
    posted: Span | None = None
    mentors: tuple[Sponsor, ...] = ()
    introducers: tuple[Sponsor, ...] = ()
    vetted: bool = False
    training_days: float = 0
    training_hours: float = 0
    leaving_on: date | None = None
    admission_count: Count | None = None
    approver: str = COMMITTEE
    confirmation_count: Count | None = None
    outcome: Outcome | None = None
    extended_to: date | None = None
    extensions: int = 0
    papers: frozenset[str] = frozenset()
    table: Table | None = None

    @property
    def probation_ends(self) -> date | None:
        """Step 21: a year after the members' meeting, or the end of its extension (第三十一条)."""
        held = self.done.get(Step.ADMISSION)
        if held is None:
            return None
        return self.extended_to or add_months(
            held, check_override(rule("R-FZ-21", held), None).number("probation_months")
        )
