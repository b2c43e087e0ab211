"""The catalogue of matters as data: which road each takes, and which body decides it."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from linghang.activities.bases import OF_COMMITTEES
from linghang.decisions.models import EXECUTIVE, PARTY_BODY, Matter
from linghang.kernel.blueprint import Entry, retire_others, section, write_rows


class MatterEntry(Entry):
    """One matter. `argued` wants a professional committee, `studied` the 院长办公会, `heard` the opinion of the branch that covers the department, `signed` both signatures; `rule_code` says how it is voted, `materials` what is handed in with it."""

    code: str = Field(max_length=20, pattern="^[a-z][a-z_]*$")
    title: str = Field(max_length=40)
    category: Literal["major", "personnel", "project", "funds", "party", "cadres", "business"]
    body: Literal["committee", "executive"] = "committee"
    argued: bool = False
    studied: bool = False
    heard: bool = False
    signed: bool = True
    rule_code: str = "R-BJ-05"
    materials: list[str] = []

    @model_validator(mode="after")
    def _by_the_rules(self) -> Self:
        if self.category in Matter.GRAVE and (self.body != PARTY_BODY or not self.signed):
            raise ValueError("三重一大须双签、由党委会决定（R-GY-02、R-GY-04），不能放宽")
        if self.body == EXECUTIVE and self.studied:
            raise ValueError("由院长办公会决定的，不再另写 studied")
        if self.rule_code not in OF_COMMITTEES:
            raise ValueError(f"表决规则可写：{'、'.join(sorted(OF_COMMITTEES))}")
        return self


@section(
    "decisions.matters",
    "议题事项",
    MatterEntry,
    codes=lambda: Matter.objects.values_list("code", flat=True),
    order=40,
)
def apply_matters(entries: list[MatterEntry], by: Any) -> int:
    """Matters by code; one that is no longer named is retired, and topics of it keep it."""
    rows = [{**entry.model_dump(), "order": at, "retired": False} for at, entry in enumerate(entries)]
    return write_rows(Matter, rows) + retire_others(Matter, [entry.code for entry in entries])
