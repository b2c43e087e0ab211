"""A redirect that answers htmx leads the browser, not the region."""

from django.urls import reverse

HTMX = {"HX-Request": "true", "HX-Target": "form"}


def test_a_verb_done_through_htmx_sends_the_browser_to_the_next_page(client_of, cast):
    client, address = client_of(cast.office), reverse("org:unit_new")
    data = {
        "name": "新科",
        "kind": "department",
        "parent": cast.office.department.parent_id,
        "since": "2026-01-01",
    }
    answer = client.post(address, data, headers=HTMX)
    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"].startswith("/org/units/")


def test_a_form_that_is_refused_comes_back_as_its_region(client_of, cast):
    answer = client_of(cast.office).post(reverse("org:unit_new"), {"name": ""}, headers=HTMX)
    assert answer.status_code == 422
    assert "HX-Redirect" not in answer.headers


def test_without_htmx_a_redirect_stays_a_redirect(client_of, cast, client):
    assert client.get(reverse("org:units")).status_code == 302
    away = client.get(reverse("org:units"), headers=HTMX).headers["HX-Redirect"]
    assert away.startswith(reverse("account_login"))


def test_a_page_that_leads_to_itself_is_not_loaded_for_ever(client_of, cast):
    """With a one-time password every address leads to 改密码; the counts in its menu must not reload it."""
    cast.member.user.must_change = True
    cast.member.user.save()
    page = f"http://testserver{reverse('account_change_password')}"
    answer = client_of(cast.member).get(reverse("desk:badges"), headers={**HTMX, "HX-Current-URL": page})
    assert answer.status_code == 204
    assert "HX-Redirect" not in answer.headers
