"""Dues of a branch as its page shows them: who has paid for a month, who is behind."""

from datetime import date

from linghang.kernel import clock
from linghang.org.models import DuesMonth, Person, Unit
from linghang.rules.dues import back_payment


def paid_in(branch: Unit, month: date) -> list[int] | None:
    """The keys of those who have paid for a month; None while nobody has noted it."""
    noted = dict(DuesMonth.present.filter(branch=branch, month=month).values_list("person", "paid"))
    return [key for key, paid in noted.items() if paid] if noted else None


def arrears(branch: Unit) -> list[tuple[Person, list[date], str]]:
    """Who of a branch's present members owes which months, and R-DF-05 where that is more than is generally made up."""
    owed: dict[Person, list[date]] = {}
    found = DuesMonth.present.filter(branch=branch, paid=False, person__branch=branch)
    for row in found.select_related("person").order_by("person__pinyin", "month"):
        owed.setdefault(row.person, []).append(row.month)
    today, told = clock.today(), []
    for who, months in owed.items():
        verdict = back_payment(len(months), on=today)
        told.append((who, months, "" if verdict.met else verdict.sentence))
    return told
