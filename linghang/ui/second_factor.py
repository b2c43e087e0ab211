"""A second factor for what needs one: administration, exports of personal data, large imports (practice.md)."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode


def confirmed(request: HttpRequest) -> bool:
    """Whether this session has shown a second factor, or the hospital does not ask for one."""
    if not settings.SECOND_FACTOR:
        return True
    return any(shown.get("method") == "mfa" for shown in get_authentication_records(request, request.user))


def demand(request: HttpRequest) -> HttpResponse:
    """Send the person to show a second factor, or to set one up first."""
    owned = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.TOTP).exists()
    messages.info(request, "此操作需要二次验证。" if owned else "此操作需要二次验证，请先绑定验证器。")
    page = "mfa_reauthenticate" if owned else "mfa_activate_totp"
    return redirect(f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}")
