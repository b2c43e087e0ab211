"""How accounts behave: nobody signs up, a changed password ends the one-time obligation, failures leave a trail."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from linghang.kernel.access import SYSTEM
from linghang.kernel.flow import record


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by the administrator; see org.actions.open_account."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "账号或密码不正确。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: Any, password: str) -> None:
        user.must_change = False
        super().set_password(user, password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        super().authentication_failed(request, **credentials)
        record(SYSTEM, "org.sign_in_failed", f"账号 {credentials.get('username', '')[:30]}", label="登录失败")
