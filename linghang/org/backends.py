"""Sign-in by account and password; the person comes with the account in one query."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Subquery

from linghang.org.models import Unit, User
from linghang.org.models.people import NAMELESS


class PersonBackend(AuthenticationBackend):
    """Allauth's backend, with the person, branch, department and the hospital's name joined in."""

    def get_user(self, user_id: Any) -> User | None:
        users = User.objects.select_related("person__branch", "person__department")
        named = users.annotate(hospital_name=Subquery(Unit.objects.hospital_names()[:1]))
        user: User | None = named.filter(pk=user_id, is_active=True).first()
        if user is not None:
            user.person.hospital_name = user.hospital_name or NAMELESS  # type: ignore[attr-defined]
        return user
