"""Where other modules lead for rules, and which rule is named in the words of a basis."""

from collections.abc import Sequence

from linghang.kernel.access import Actor
from linghang.kernel.bases import finds_rules
from linghang.kernel.refs import offer_link
from linghang.policies.models import Policy

offer_link("policies.view_policy", "policies:policies")


@finds_rules
def rules_named(person: Actor, words: Sequence[str]) -> dict[str, str]:
    """The rule in force whose name or number stands in these words; where several do, the one with the longest name."""
    held = Policy.objects.within(person, Policy.view_verb).in_force().exclude(kind=Policy.Kind.STORY)
    rules = list(held.only("pk", "title", "number").order_by("pk"))
    found = {}
    for each in words:
        named = [rule for rule in rules if any(name in each for name in rule.names)]
        if named:
            found[each] = max(named, key=lambda rule: len(rule.title)).get_absolute_url()
    return found
