"""Who and where, on any day: units in two trees, what covers what, persons, accounts, memberships, roles, posts, grants."""

from linghang.org.models.accounts import Import, User
from linghang.org.models.dues import DuesBase, DuesImport, DuesMonth
from linghang.org.models.histories import Event, Naming
from linghang.org.models.members import Contact, Milestone, Spell, Transfer
from linghang.org.models.people import Membership, Person
from linghang.org.models.posts import Grant, Handover, Post, Role, Term
from linghang.org.models.units import Coverage, Placement, Unit

__all__ = [
    "Contact",
    "Coverage",
    "DuesBase",
    "DuesImport",
    "DuesMonth",
    "Event",
    "Grant",
    "Handover",
    "Import",
    "Membership",
    "Milestone",
    "Naming",
    "Person",
    "Placement",
    "Post",
    "Role",
    "Spell",
    "Term",
    "Transfer",
    "Unit",
    "User",
]
