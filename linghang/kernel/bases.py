"""Which rule stands behind the words of a basis, and what rests on a rule, among modules that do not know each other.

A line of a checklist and an indicator say in words on what they rest (医院督查整改办法 第三条). Whoever keeps the library of
rules finds the rule that is named there, and the rule's page finds them again. Nothing is stored: the words are the link.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from linghang.kernel.access import Actor


@dataclass(frozen=True)
class Resting:
    """A line that rests on something: itself, what it stands in, the words of its basis, and where it is read."""

    title: str
    within: str
    basis: str
    url: str = ""


Tells = Callable[[Actor, Sequence[str]], Iterable[Resting]]
Finds = Callable[[Actor, Sequence[str]], dict[str, str]]
RESTING: list[Tells] = []
FINDERS: list[Finds] = []


def rests(tell: Tells) -> Tells:
    """Offer the lines whose basis holds one of these names, as far as the reader may see them."""
    RESTING.append(tell)
    return tell


def finds_rules(find: Finds) -> Finds:
    """Offer the addresses of the rules that are named in words: from the words to the address."""
    FINDERS.append(find)
    return find


def resting_on(person: Actor, names: Iterable[str]) -> list[Resting]:
    """Every line whose basis holds one of these names."""
    wanted = [name for name in names if name]
    return [line for tell in RESTING for line in tell(person, wanted)] if wanted else []


def addresses(person: Actor, words: Iterable[str]) -> dict[str, str]:
    """Where the rules are read that are named in these words; words that name none are left out."""
    asked, found = [each for each in dict.fromkeys(words) if each], dict[str, str]()
    for find in FINDERS if asked else ():
        found |= find(person, asked)
    return found
