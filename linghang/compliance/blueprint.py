"""The duties of a hospital's branches, 总支 and 党委 as data."""

from datetime import date
from typing import Any, Literal

from pydantic import model_validator

from linghang.compliance.models import Duty
from linghang.compliance.parameters import FREQUENCIES
from linghang.kernel.blueprint import Entry, section, write_dated
from linghang.rules.clauses import Confidence
from linghang.rules.register import versions

BEGINNING = date(2018, 10, 28)
Shape = Literal["ordinary", "joint", "temporary"]
DOUBTFUL = (Confidence.MEDIUM, Confidence.LOW)


class DutyEntry(Entry):
    """One duty. `judge: meetings` needs a rule with a frequency; `kinds` are those of meetings, or of orders.

    Whom `shapes` does not name does not see the duty; whom `not_for` names sees that it is not asked, and why.
    A rule whose text is not well checked (confidence 中 or 低) is off (待核) until a hospital says `active: true`.
    """

    code: str
    title: str
    judge: Literal[
        "meetings",
        "term",
        "committee",
        "size",
        "few",
        "joint",
        "temporary",
        "vacancy",
        "lines",
        "study",
        "dues",
    ] = "meetings"
    rule: str = ""
    kinds: list[str] = []
    demand: str = ""
    basis: str = ""
    categories: list[Literal["clinical", "technical", "nursing", "administrative", "retired", "student"]] = []
    units: list[Literal["branch", "general", "committee", "subcommittee"]] = ["branch"]
    shapes: list[Shape] = []
    not_for: dict[Shape, str] = {}
    active: bool | None = None
    since: date = BEGINNING

    @model_validator(mode="after")
    def _known(self) -> "DutyEntry":
        if self.rule:
            try:
                versions(self.rule)
            except LookupError as problem:
                raise ValueError(str(problem)) from None
        if self.judge == "meetings" and self.rule not in FREQUENCIES.values():
            raise ValueError(f"“{self.title}”按期召开，rule 只能是 {'、'.join(sorted(FREQUENCIES.values()))}")
        if self.judge in ("meetings", "lines") and not self.kinds:
            raise ValueError(f"“{self.title}”必须写明 kinds（哪些记录算数）")
        if self.active is None:
            self.active = not self.rule or versions(self.rule)[-1].confidence not in DOUBTFUL
        return self


@section(
    "compliance.duties",
    "职责",
    DutyEntry,
    codes=lambda: Duty.objects.values_list("code", flat=True).distinct(),
    order=50,
)
def apply_duties(entries: list[DutyEntry], by: Any) -> int:
    """Dated rows: a changed or added duty begins today, one that is no longer named ends today.

    Only at the founding does a duty begin on the day the file names: what is past stays judged as it was.
    """
    parameters = {rule: code for code, rule in FREQUENCIES.items()}
    rows = []
    for order, entry in enumerate(entries):
        parameter = parameters.get(entry.rule, "") if entry.judge == "meetings" else ""
        rows.append({**entry.model_dump(), "order": order, "parameter": parameter})
    return write_dated(Duty, rows)
