"""Getting in and staying in: passwords, locks, time-outs, the second factor, the headers around every page."""

import json
import os
import subprocess
import sys
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings as configured
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from linghang.kernel.models import Trail
from linghang.org.models import User
from tests.making import make_person

pytestmark = pytest.mark.django_db
LOGIN, CHANGE = "/accounts/login/", "/accounts/password/change/"
GOOD = "Bei-Jing-2026"


@pytest.fixture(autouse=True)
def quick(settings):
    """The hasher is slow on purpose; that it is the slow one has its own test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def test_passwords_are_kept_with_a_slow_hash(db):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "linghang.settings"}
    told = "import tests.environment; from django.conf import settings; print(settings.PASSWORD_HASHERS)"
    done = subprocess.run(
        [sys.executable, "-c", told], env=environment, cwd=configured.BASE_DIR, capture_output=True, text=True
    )
    assert done.stdout.strip() == "['django.contrib.auth.hashers.Argon2PasswordHasher']"


@pytest.fixture
def user(cast) -> User:
    """何员 with a password of her own."""
    found = cast.member.user
    found.set_password(GOOD)
    found.save()
    return found


def sign_in(client: Client, name: str = "3004", password: str = GOOD):
    return client.post(LOGIN, {"login": name, "password": password})


def is_in(client: Client) -> bool:
    return client.get("/notices/").status_code == 200


# --- account and password --------------------------------------------------------------------------------------------


def test_account_and_password_open_the_desk(client, user):
    response = sign_in(client)
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert is_in(client)


def test_the_page_asked_for_comes_after_signing_in_but_no_other_site(client, user):
    asked = client.get("/notices/?q=x")
    assert asked.headers["Location"] == f"{LOGIN}?next=%2Fnotices%2F%3Fq%3Dx"
    client.post(LOGIN, {"login": "3004", "password": GOOD, "next": "/notices/?q=x"})
    response = Client().post(LOGIN, {"login": "3004", "password": GOOD, "next": "https://elsewhere.example/"})
    assert response.headers["Location"] == "/"


def test_a_wrong_password_is_told_without_saying_what_was_wrong_and_leaves_a_trace(client, user):
    known, unknown = (
        sign_in(client, password="x").content.decode(),
        sign_in(client, name="nobody").content.decode(),
    )
    for text in (known, unknown):
        assert "账号" in text or "密码" in text
    assert not is_in(client)
    traces = Trail.objects.filter(verb="org.sign_in_failed")
    assert sorted(t.subject for t in traces) == ["账号 3004", "账号 nobody"]
    assert GOOD not in str(list(traces.values()))


def test_five_failures_lock_the_account_for_a_while_even_for_the_right_password(client, user):
    for _ in range(5):
        assert sign_in(client, password="wrong").status_code == 200
    assert sign_in(client).status_code == 200
    assert not is_in(client)


def test_the_lock_is_for_one_account_and_leaves_others_in_peace(client, user, cast):
    for _ in range(6):
        sign_in(client, name="4001", password="wrong")
    assert sign_in(client).status_code == 302


def test_the_lock_ends(client, user):
    for _ in range(6):
        sign_in(client, password="wrong")
    with time_machine.travel(time.time() + 6 * 60, tick=True):
        assert sign_in(client).status_code == 302


def test_a_suspended_account_is_out_at_once(client, user):
    sign_in(client)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert not is_in(client)
    assert not is_in(client)
    assert sign_in(client).status_code in (200, 302)
    assert not is_in(client)


def test_a_reset_password_ends_the_sessions_that_were_open(client, user):
    sign_in(client)
    user.set_password("Another-2026x")
    user.save()
    assert not is_in(client)


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("Bei-Jing-2026", True),
        ("beijing2026!", True),
        ("BeiJing20", False),
        ("beijingshanghai", False),
        ("beijing20262026", False),
        ("password123A", True),
        ("Password123", False),
        ("Zz-3004-abcdef", False),
    ],
)
def test_a_password_is_long_of_three_kinds_uncommon_and_not_about_oneself(user, password, good):
    if good:
        validate_password(password, user)
        return
    with pytest.raises(ValidationError):
        validate_password(password, user)


def test_a_one_time_password_must_be_changed_before_anything_else(client, user):
    User.objects.filter(pk=user.pk).update(must_change=True)
    sign_in(client)
    for page in ("/", "/notices/", "/org/people/", "/accounts/2fa/"):
        assert client.get(page).headers["Location"] == CHANGE
    assert client.get(CHANGE).status_code == 200
    weak = client.post(CHANGE, {"oldpassword": GOOD, "password1": "short", "password2": "short"})
    assert weak.status_code in (200, 422)
    assert User.objects.get(pk=user.pk).must_change
    client.post(CHANGE, {"oldpassword": GOOD, "password1": "New-Word-2026", "password2": "New-Word-2026"})
    assert not User.objects.get(pk=user.pk).must_change
    assert is_in(client)


def test_somebody_who_must_change_may_still_leave(client, user):
    User.objects.filter(pk=user.pk).update(must_change=True)
    sign_in(client)
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up(client, db):
    text = client.get("/accounts/signup/").content.decode()
    assert "<form" not in text.split("<main")[1].split("</main>")[0]
    before = User.objects.count()
    client.post("/accounts/signup/", {"username": "guest", "password1": GOOD, "password2": GOOD})
    assert User.objects.count() == before


@pytest.mark.parametrize(
    "page",
    [
        "login",
        "logout",
        "signup",
        "inactive",
        "password/change",
        "password/set",
        "password/reset",
        "email",
        "reauthenticate",
        "2fa",
    ],
)
@pytest.mark.parametrize("inside", [False, True])
def test_no_page_about_accounts_breaks_down(client, user, page, inside):
    if inside:
        client.force_login(user)
    assert client.get(f"/accounts/{page}/").status_code in (200, 302, 404)
    assert client.post(f"/accounts/{page}/", {"email": "x@example.org"}).status_code < 500


def test_leaving_ends_the_session(client, user):
    sign_in(client)
    assert client.get("/accounts/logout/").status_code == 200
    assert is_in(client)
    client.post("/accounts/logout/")
    assert not is_in(client)


# --- staying in ------------------------------------------------------------------------------------------------------


def test_a_session_ends_after_half_an_hour_without_a_request(client, user, settings):
    settings.IDLE_MINUTES = 30
    sign_in(client)
    assert is_in(client)
    mark(client, minutes=29)
    assert is_in(client)
    mark(client, minutes=31)
    response = client.get("/notices/")
    assert response.headers["Location"] == f"{LOGIN}?idle=1"
    assert not is_in(client)


def mark(client: Client, minutes: int) -> None:
    session = client.session
    session["seen"] = int(time.time() - timedelta(minutes=minutes).total_seconds())
    session.save()


def test_the_mark_is_written_at_most_once_a_minute(client, user, django_assert_num_queries):
    sign_in(client)
    is_in(client)
    before = client.session["seen"]
    is_in(client)
    assert client.session["seen"] == before
    mark(client, minutes=2)
    is_in(client)
    assert client.session["seen"] >= before


def test_the_session_ends_with_the_browser_and_its_cookie_is_out_of_reach_of_scripts(client, user):
    sign_in(client)
    cookie = client.cookies[configured.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"]
    assert not cookie["expires"]


# --- the second factor -----------------------------------------------------------------------------------------------


@pytest.fixture
def strict(settings):
    settings.SECOND_FACTOR = True


def with_password(person) -> Client:
    person.user.set_password(GOOD)
    person.user.save()
    client = Client()
    sign_in(client, name=person.user.username)
    return client


def code(secret: str) -> str:
    """What the authenticator shows now. Each is good once: half a minute later it shows the next."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def half_a_minute_later() -> Any:
    return time_machine.travel(time.time() + 31, tick=True)


def activate(client: Client) -> str:
    """Set up a real authenticator app's secret, which asks for the password once more; gives the secret."""
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    client.post(asked.headers["Location"], {"password": GOOD})
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    secret = client.session["mfa.totp.secret"]
    assert client.post(reverse("mfa_activate_totp"), {"code": code(secret)}).status_code == 302
    return secret


STRONG = ("/org/accounts/", "/org/accounts/open/", "/org/grants/")


@pytest.mark.parametrize("page", STRONG)
def test_administration_asks_for_a_second_factor_first(strict, cast, page):
    client = with_password(cast.admin)
    response = client.get(page)
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("mfa_activate_totp"))


def test_every_verb_on_accounts_asks_for_it_too(strict, cast):
    client, user = with_password(cast.admin), cast.member.user
    for address in (
        reverse("org:user_reset_password", args=[user.pk]),
        reverse("org:user_suspend_account", args=[user.pk]),
        reverse("org:user_restore_account", args=[user.pk]),
        reverse("org:account", args=[user.pk]),
    ):
        assert "/accounts/2fa/" in client.post(address).headers["Location"], address
    assert User.objects.get(pk=user.pk).is_active


def test_exporting_people_asks_for_it_and_reading_them_does_not(strict, cast):
    client = with_password(cast.office)
    assert client.get("/org/people/").status_code == 200
    assert "/accounts/2fa/" in client.get("/org/people/?export=1").headers["Location"]
    assert not Trail.objects.filter(verb="org.export_people").exists()


def test_a_real_code_opens_the_door_and_a_wrong_one_does_not(strict, cast):
    client = with_password(cast.admin)
    secret = activate(client)
    client.post("/accounts/logout/")
    response = sign_in(client, name="9001")
    assert response.headers["Location"].startswith(reverse("mfa_authenticate"))
    assert not is_in(client)
    wrong = f"{(int(code(secret)) + 1) % 1_000_000:06}"
    assert client.post(reverse("mfa_authenticate"), {"code": wrong}).status_code == 200
    assert not is_in(client)
    with half_a_minute_later():
        client.post(reverse("mfa_authenticate"), {"code": code(secret)})
        assert client.get("/org/accounts/").status_code == 200


def test_whoever_has_set_it_up_shows_a_code_and_comes_where_they_wanted_to_go(strict, cast):
    client = with_password(cast.office)
    secret = activate(client)
    response = client.get("/org/people/?export=1")
    assert response.headers["Location"].startswith(reverse("mfa_reauthenticate"))
    with half_a_minute_later():
        back = client.post(response.headers["Location"], {"code": code(secret)})
        assert back.headers["Location"] == "/org/people/?export=1"
        response = client.get("/org/people/?export=1")
    assert response.headers["Content-Type"].endswith("sheet")
    trace = Trail.objects.get(verb="org.export_people")
    assert trace.label == "导出 Excel"
    assert "人员名册" in trace.subject_name


def test_the_secret_is_not_stored_as_it_is_told_to_nobody_else(strict, cast):
    client = with_password(cast.admin)
    activate(client)
    held = Authenticator.objects.get(user=cast.admin.user, type="totp")
    assert held.user == cast.admin.user
    assert not Authenticator.objects.exclude(user=cast.admin.user).exists()


def test_ordinary_people_are_never_asked_for_a_second_factor(strict, cast):
    client = with_password(cast.secretary)
    for page in ("/", "/notices/", "/org/people/"):
        assert client.get(page).status_code == 200


# --- around every page -----------------------------------------------------------------------------------------------


def policy(response) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in response.headers["Content-Security-Policy"].split(";")]
    return {name: rest for name, _, rest in parts}


@pytest.mark.parametrize(
    "page", ["/accounts/login/", "/", "/notices/", "/org/people/", "/nowhere/", "/accounts/2fa/"]
)
def test_every_page_carries_a_strict_policy(client_of, cast, page):
    response = client_of(cast.office).get(page)
    held = policy(response)
    assert "unsafe-inline" not in str(held)
    assert "unsafe-eval" not in str(held)
    assert held["default-src"] == "'self'"
    assert held["object-src"] == "'none'"
    assert held["frame-ancestors"] == "'none'"
    assert held["form-action"] == "'self'"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_a_form_from_elsewhere_is_refused(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.office.user)
    assert client.post("/notices/read-all/").status_code == 403


PROBE = """
import json, tests.environment, django
django.setup()
from django.conf import settings
from django.test import Client
settings.ALLOWED_HOSTS = ["testserver"]
plain = Client().get("/alive/", secure=False)
print(json.dumps({
    "redirect": [plain.status_code, plain.headers.get("Location", "")],
    "cookies": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY],
    "hsts": settings.SECURE_HSTS_SECONDS,
    "debug": settings.DEBUG,
    "second_factor": settings.SECOND_FACTOR,
    "proxy": settings.SECURE_PROXY_SSL_HEADER,
}))
"""


def test_behind_https_cookies_are_secure_and_plain_requests_are_sent_on(tmp_path):
    environment = {**os.environ, "LINGHANG_HTTPS": "true", "DJANGO_SETTINGS_MODULE": "linghang.settings"}
    environment |= {"LINGHANG_VAR": str(tmp_path), "PYTHONPATH": str(configured.BASE_DIR)}
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        env=environment,
        cwd=configured.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.strip().splitlines()[-1])
    assert found["redirect"] == [301, "https://testserver/alive/"]
    assert found["cookies"] == [True, True, True]
    assert found["hsts"] >= 31_536_000
    assert not found["debug"]
    assert found["second_factor"]
    assert found["proxy"] == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_an_account_of_somebody_new_can_sign_in_with_its_slip(client, cast):
    from linghang.org.actions import one_time_password, open_account

    password = one_time_password()
    open_account(cast.admin, person=make_person("7001"), password=password)
    assert sign_in(client, "7001", password).headers["Location"] == "/"
    assert client.get("/").headers["Location"] == CHANGE
