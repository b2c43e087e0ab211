"""The arithmetic of an assessment: facts → numbers → points → ratings, and inspection pairs. No Django, clock or database.

A branch should hold a general meeting each quarter; each one missed costs 0.75 of 3 points:

>>> from datetime import date
>>> import polars as pl
>>> from linghang.engine import Item, Measure, Rule, Words, explain, records, score_items, total
>>> duties = pl.DataFrame({
...     "record": [1, 2, 3, 4], "unit": [7] * 4, "person": [None] * 4,
...     "day": [date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31)],
...     "duty": ["meeting"] * 4, "done": [True, False, False, True],
... })
>>> held = Measure("missing", "compliance.duties", where={"duty": "meeting"}, column="done")
>>> item = Item("B1", "组织生活", "党员大会", 3, Rule("each", step=0.75), held, words=Words("应开", "开了", "次", "quarter"))
>>> branches, year = pl.DataFrame({"subject": [7]}), (date(2026, 1, 1), date(2026, 12, 31))
>>> [line] = score_items([item], {"compliance.duties": duties}, branches, *year)
>>> line.points
Decimal('1.50')

Every figure opens its records and says how it came about:

>>> evidence = records(held, duties, 7, *year)
>>> evidence.numerator
(2, 3)
>>> explain(line, evidence.days, period="全年")
'全年应开 4 次，开了 2 次，得 1.5 分（满分 3 分）：二、三季度各缺 1 次，每缺扣 0.75。'

The total is the plain sum of the lines shown, the rescale to 100 being one of them:

>>> [sheet] = total([line])
>>> [(shown.name, shown.points) for shown in sheet.lines], sheet.total
([('党员大会', Decimal('1.50')), ('折算', Decimal('48.50'))], Decimal('50.00'))
"""

from linghang.engine.definition import DefinitionError, Measure, check
from linghang.engine.explain import counted, explain, why
from linghang.engine.measure import Reading, Records, measure, records
from linghang.engine.pair import Branch, NoPairing, Pair, Pairing, Relaxation, pair
from linghang.engine.rate import Candidate, Proposal, Rating, Ratings, candidates, quota, rate
from linghang.engine.score import Item, Line, Rule, Words, half_up, points, score_items
from linghang.engine.sheet import Dimension, Part, Sheet, compose, total

__all__ = [
    "Branch",
    "Candidate",
    "DefinitionError",
    "Dimension",
    "Item",
    "Line",
    "Measure",
    "NoPairing",
    "Pair",
    "Pairing",
    "Part",
    "Proposal",
    "Rating",
    "Ratings",
    "Reading",
    "Records",
    "Relaxation",
    "Rule",
    "Sheet",
    "Words",
    "candidates",
    "check",
    "compose",
    "counted",
    "explain",
    "half_up",
    "measure",
    "pair",
    "points",
    "quota",
    "rate",
    "records",
    "score_items",
    "total",
    "why",
]
