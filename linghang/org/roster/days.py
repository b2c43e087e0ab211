"""Dates that may be known to the month or the year only: what they can mean, and what is certain of them."""

import calendar
import datetime

from linghang.ui.sheets import Day


def covers(written: Day, exact: datetime.date) -> bool:
    """Whether a date as precise as it was written can be this day."""
    return written.date <= exact <= latest(written)


def latest(written: Day) -> datetime.date:
    """The last day that a date, as precise as it was written, can mean."""
    first = written.date
    if written.precision == "year":
        return first.replace(month=12, day=31)
    if written.precision == "month":
        return first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return first


def years_after(first: datetime.date, years: int) -> datetime.date:
    """The same day some years later."""
    try:
        return first.replace(year=first.year + years)
    except ValueError:  # 29 February
        return first.replace(year=first.year + years, day=28)
