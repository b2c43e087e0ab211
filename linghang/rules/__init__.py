"""The regulations as a library: dates and numbers in, verdicts out. No Django, no database, no clock.

Every rule has a code, names its regulation and article, and is asked about a day, so that a case of 2019 is judged by
the text of 2019. All sentences are Chinese and may be shown as they are. Try it in a notebook:

>>> from datetime import date
>>> from linghang.rules import register, voting
>>> quarterly = register.rule("R-ZB-09", on=date(2026, 9, 1))
>>> quarterly.cite, str(quarterly.regulation)
('支部工作条例 第十一条', '《中国共产党支部工作条例（试行）》')

A vote. Seven are expected, five came: enough to admit a member, not enough to elect a secretary.

>>> vote = voting.admission(voting.Count(base=7, present=5, yes=4, secret=True), on=date(2026, 9, 1))
>>> vote.passed, vote.needed_yes, vote.rule.cite
(True, 4, '发展党员工作细则（2026） 第十九条、第二十条')
>>> print(vote.sentence)
应到会 7 人，实到 5 人，可以开会；赞成 4 票，须应到会人数超过半数（至少 4 票），通过
>>> poll = voting.Poll(base=7, present=5, issued=5, returned=5, seats=1, votes={"张": 5})
>>> print(voting.election(poll, on=date(2026, 9, 1)).sentence)
应到会 7 人，实到 5 人，至少 6 人到会才能选举

With five expected, four are “at least four fifths” (2020), but not “more than four fifths” (1990).

>>> poll = voting.Poll(base=5, present=4, issued=4, returned=4, seats=1, votes={"张": 4})
>>> voting.election(poll, on=date(2026, 9, 1)).held, voting.election(poll, on=date(2019, 9, 1)).held
(True, False)

A hospital may be stricter than the text, never looser.

>>> register.check_override(quarterly, {"times_per_period": 2}).number("times_per_period")
2
>>> register.check_override(quarterly, {"period_months": 6})
Traceback (most recent call last):
linghang.rules.register.TooLoose: R-ZB-09 党员大会：每期月数不得高于 3（支部工作条例 第十一条），院内规定只能更严，不能更松

The meetings of a branch, as its 支部体检 shows them.

>>> from linghang.rules.duties import Event, Unit, statutory
>>> from linghang.rules.frequency import light_of, standings
>>> from linghang.rules.periods import Span
>>> branch = Unit(Span(date(2020, 3, 1)))
>>> held = [Event(date(2026, 2, 6), "members_meeting", "a"), Event(date(2026, 8, 7), "members_meeting", "b")]
>>> found = standings(statutory("R-ZB-09"), branch, held, go_live=date(2026, 1, 1), today=date(2026, 9, 1))
>>> [(each.status.label, each.sentence) for each in found]
[('正常', '一季度已开（02-06）'), ('要办', '二季度未开'), ('正常', '三季度已开（08-07）')]
>>> light_of(found, date(2026, 9, 1)).value
'red'

Where to look: `register` (every rule and what a hospital may change) · `periods`, `workdays` (time) · `electorate`,
`voting` (who counts, how many decide) · `branch` (size and leadership) · `terms` (terms of office) · `duties`,
`frequency`, `meetings` (组织生活). The rules themselves are tables in `texts`, one file a subject.
"""
