"""The settings page: effective dates, previews, refusals."""

from datetime import date

from linghang.kernel import parameters
from linghang.kernel.models import Parameter, Trail


def code() -> str:
    """Any whole-number parameter that has a statutory bound."""
    return next(
        d.code for d in parameters.DECLARED.values() if d.code.startswith("dispatch.") and d.kind is int
    )


def test_settings_page_shows_every_parameter_with_its_basis(client_of, cast):
    text = client_of(cast.office).get("/blueprints/settings/").content.decode()
    for declared in parameters.DECLARED.values():
        assert declared.title in text


def test_parameter_changes_from_its_day_and_leaves_a_trail(client_of, cast):
    name = code()
    old = parameters.value(name, date(2030, 1, 1))
    data = {"value": str(old + 1), "since": "2030-02-01", "note": "院字〔2030〕1 号"}
    assert client_of(cast.office).post(f"/blueprints/settings/{name}/", data).status_code == 302
    assert parameters.value(name, date(2030, 1, 31)) == old
    assert parameters.value(name, date(2030, 2, 1)) == old + 1
    assert Trail.objects.filter(verb="kernel.set_parameter", note="院字〔2030〕1 号").count() == 1


def test_preview_shows_effects_and_changes_nothing(client_of, cast):
    name = code()
    data = {"value": "3", "since": "2030-02-01", "preview": "1"}
    assert client_of(cast.office).post(f"/blueprints/settings/{name}/", data).status_code == 200
    assert not Parameter.objects.filter(code=name).exists()


def test_only_the_office_sets_parameters(client_of, cast):
    assert client_of(cast.secretary).get("/blueprints/settings/").status_code == 404
    assert client_of(cast.admin).get("/blueprints/settings/").status_code == 404


def test_an_unknown_parameter_is_not_found(client_of, cast):
    assert client_of(cast.office).get("/blueprints/settings/no.such/").status_code == 404
