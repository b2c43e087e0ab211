"""Who and where, on any day: units in two trees, what covers what, persons, accounts, memberships, roles, posts, grants."""

from linghang.org.models.accounts import Import, User
from linghang.org.models.people import Membership, Person
from linghang.org.models.posts import Grant, Post, Role
from linghang.org.models.units import Coverage, Placement, Unit

__all__ = [
    "Coverage",
    "Grant",
    "Import",
    "Membership",
    "Person",
    "Placement",
    "Post",
    "Role",
    "Unit",
    "User",
]
