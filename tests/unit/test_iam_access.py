"""Roles are bound, checked at every call, and told of afterwards."""

import pytest

from fakes.caller import Subject
from fakes.chance import Chance
from fakes.errors import ApiError, Code
from fakes.iam import Iam, Need

FOLDER = "b1gfolder00000000000"
GET = Need(permission="compute.instances.get", on="fhm1")
UPDATE = Need(permission="compute.instances.update", on="fhm1")


@pytest.fixture
def iam():
    return Iam(Chance(1), FOLDER)


def refused(iam, subject, *needs):
    with pytest.raises(ApiError) as error:
        iam.authorize(subject, needs)
    assert error.value.code is Code.PERMISSION_DENIED
    return error.value.message


def used(iam, name):
    [found] = [one for one in iam.report() if one.subject.name == name]
    return found


def test_an_account_may_do_what_its_roles_allow(iam):
    """And is told on what it lacks a role otherwise."""
    ann = iam.create_service_account("ann", ["compute.viewer"])
    iam.authorize(ann, [GET])
    message = refused(iam, ann, GET, UPDATE)
    assert message == f"Permission denied to resource-manager.folder {FOLDER}"


def test_an_account_without_roles_may_do_nothing(iam):
    """Nor may one that nobody created."""
    refused(iam, iam.create_service_account("ann"), GET)
    refused(iam, Subject(id="aje1", name="stranger"), GET)


def test_a_role_comes_and_goes_at_once(iam):
    """Both as often as one likes."""
    ann = iam.create_service_account("ann")
    for _ in range(2):
        iam.grant(ann, "compute.viewer")
    iam.authorize(ann, [GET])
    for _ in range(2):
        iam.revoke(ann, "compute.viewer")
    refused(iam, ann, GET)


def test_a_role_may_be_bound_on_one_resource(iam):
    """It counts there, and nowhere else."""
    ann = iam.create_service_account("ann")
    iam.grant(ann, "compute.viewer", "fhm1")
    iam.authorize(ann, [GET])
    refused(iam, ann, Need(permission=GET.permission, on="fhm2"))
    refused(iam, ann, Need(permission=GET.permission))
    iam.revoke(ann, "compute.viewer")
    iam.authorize(ann, [GET])


def test_an_unknown_role_is_an_error(iam):
    """Before anything is bound."""
    with pytest.raises(ValueError, match=r"no role 'compute\.guru'"):
        iam.create_service_account("ann", ["compute.guru"])
    ann = Subject(id="aje1", name="ann")
    for change in (iam.grant, iam.revoke):
        with pytest.raises(ValueError, match="no role"):
            change(ann, "compute.guru")


def test_without_a_folder_nothing_is_checked():
    """Whoever wants tokens alone gets them; what was used is known all the same."""
    iam = Iam(Chance(1))
    ann = iam.create_service_account("ann")
    iam.authorize(ann, [GET])
    assert used(iam, "ann").used == {"compute.instances.get": 1}


def test_the_report_tells_what_was_used_and_what_would_do(iam):
    """A call that was refused used nothing; what it lacked is told apart."""
    ann = iam.create_service_account("ann", ["compute.editor", "ymq.writer"])
    for _ in range(3):
        iam.authorize(ann, [GET])
    refused(iam, ann, GET, Need(permission="vpc.addresses.createExternal"))
    found = used(iam, "ann")
    assert [one.role for one in found.bindings] == ["compute.editor", "ymq.writer"]
    assert {one.resource_id for one in found.bindings} == {FOLDER}
    assert found.used == {"compute.instances.get": 3}
    assert found.refused == {"vpc.addresses.createExternal": 1}
    assert found.enough == ("compute.auditor",)


def test_the_report_has_who_did_nothing_too(iam):
    """Accounts with roles, by name: those roles may be taken away."""
    iam.create_service_account("bob", ["viewer"])
    iam.create_service_account("ann", ["ymq.reader"])
    assert [(one.subject.name, one.enough) for one in iam.report()] == [
        ("ann", ()),
        ("bob", ()),
    ]


def test_a_static_key_acts_for_its_account(iam):
    """Its secret and its rights are known by its id."""
    ann = iam.create_service_account("ann", ["ymq.writer"])
    key = iam.create_access_key(ann)
    assert (iam.secret_of(key.id), iam.secret_of("other")) == (key.secret, None)
    iam.authorize_action(key.id, "SendMessage")
    with pytest.raises(ApiError, match="PERMISSION_DENIED"):
        iam.authorize_action(key.id, "ReceiveMessage")
    assert iam.access_keys == [key]
    assert key.secret not in repr(key)


def test_accounts_are_found_by_name(iam):
    """The newest of a name."""
    assert iam.find_service_account("ann") is None
    first, second = (iam.create_service_account("ann") for _ in range(2))
    assert first != second
    assert iam.find_service_account("ann") == second
