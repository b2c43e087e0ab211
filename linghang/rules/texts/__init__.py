"""The texts: one file a subject, each a table of rules in our own words. Add a rule beside its kin."""

from dataclasses import replace

from linghang.rules.clauses import Rule
from linghang.rules.texts import (
    branch,
    committee,
    demands,
    development,
    discipline,
    elections,
    hospital,
    members,
    votes,
)
from linghang.rules.texts.words import says

RULES: tuple[Rule, ...] = tuple(
    replace(rule, says=says(rule.code, rule.version))
    for subject in (branch, elections, votes, development, members, committee, hospital, discipline, demands)
    for rule in subject.RULES
)
