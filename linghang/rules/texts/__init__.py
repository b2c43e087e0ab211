"""The texts: one file a subject, each a table of rules in our own words. Add a rule beside its kin."""

from linghang.rules.clauses import Rule
from linghang.rules.texts import branch, committee, elections, votes

RULES: tuple[Rule, ...] = (*branch.RULES, *elections.RULES, *votes.RULES, *committee.RULES)
