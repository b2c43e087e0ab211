"""Sign-in by account and password; the person comes with the account in one query."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from linghang.org.models import User


class PersonBackend(AuthenticationBackend):
    """Allauth's backend, with the person, branch and department joined in."""

    def get_user(self, user_id: Any) -> User | None:
        users = User.objects.select_related("person__branch", "person__department")
        user: User | None = users.filter(pk=user_id, is_active=True).first()
        return user
