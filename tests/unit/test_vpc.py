"""Networks, subnets and security groups can be read, and only as documented."""

import pytest
from yandex.cloud.vpc.v1.network_pb2 import Network
from yandex.cloud.vpc.v1.network_service_pb2 import (
    GetNetworkRequest,
    ListNetworksRequest,
)
from yandex.cloud.vpc.v1.security_group_pb2 import SecurityGroup
from yandex.cloud.vpc.v1.security_group_service_pb2 import (
    GetSecurityGroupRequest,
    ListSecurityGroupsRequest,
)
from yandex.cloud.vpc.v1.subnet_pb2 import Subnet
from yandex.cloud.vpc.v1.subnet_service_pb2 import GetSubnetRequest, ListSubnetsRequest

from fakes.chance import Chance
from fakes.compute.network import starting_world
from fakes.compute.scene import Rules
from fakes.compute.settings import RefusalCodes
from fakes.errors import ApiError, Code
from fakes.vpc import Vpc

WORLD = starting_world(Chance(1))
VPC = Vpc(Rules(world=WORLD))
KINDS = ("network", "subnet", "security_group")
LISTS = {
    "network": ListNetworksRequest,
    "subnet": ListSubnetsRequest,
    "security_group": ListSecurityGroupsRequest,
}
GETS = {
    "network": GetNetworkRequest,
    "subnet": GetSubnetRequest,
    "security_group": GetSecurityGroupRequest,
}
each_kind = pytest.mark.parametrize("kind", KINDS)


def there(kind):
    """Tell what the world has of a kind."""
    return getattr(WORLD, f"{kind}s")


def get(kind, wanted):
    return getattr(VPC, f"get_{kind}")(GETS[kind](**{f"{kind}_id": wanted}))


def answered(kind, vpc=VPC, **fields):
    request = LISTS[kind](**({"folder_id": WORLD.folder_id} | fields))
    return getattr(vpc, f"list_{kind}s")(request)


def listed(kind, vpc=VPC, **fields):
    return list(getattr(answered(kind, vpc, **fields), f"{kind}s"))


def by_id(one):
    return one.id


def test_a_network_tells_what_the_world_knows():
    """Id, folder and name are the World's; all else is empty."""
    home = WORLD.networks[0]
    assert get("network", home.id) == Network(
        id=home.id,
        folder_id=WORLD.folder_id,
        name="default",
        default_security_group_id=WORLD.security_groups[0].id,
    )


def test_a_subnet_tells_what_the_world_knows():
    """Its network, zone and one range are the World's; all else is empty."""
    subnet = WORLD.subnets[1]
    assert get("subnet", subnet.id) == Subnet(
        id=subnet.id,
        folder_id=WORLD.folder_id,
        name="default-ru-central1-b",
        network_id=WORLD.networks[0].id,
        zone_id="ru-central1-b",
        v4_cidr_blocks=["10.129.0.0/24"],
    )


def test_a_security_group_tells_what_the_world_knows():
    """It is active, in its network, and has no rules."""
    group = WORLD.security_groups[1]
    assert get("security_group", group.id) == SecurityGroup(
        id=group.id,
        folder_id=WORLD.folder_id,
        name="foreign",
        network_id=WORLD.networks[1].id,
        status=SecurityGroup.ACTIVE,
        default_for_network=True,
    )


@each_kind
def test_a_list_shows_all_by_id(kind):
    """Everything in the folder is on the first page, as Get shows it."""
    ids = sorted(one.id for one in there(kind))
    assert listed(kind) == [get(kind, one) for one in ids]
    assert answered(kind).next_page_token == ""


@each_kind
def test_pages_show_each_once(kind):
    """Page by page, everything is shown, in the same order."""
    shown, token = [], ""
    for _ in there(kind):
        answer = answered(kind, page_size=1, page_token=token)
        shown += getattr(answer, f"{kind}s")
        token = answer.next_page_token
    assert shown == listed(kind)
    assert token == ""


def test_a_page_without_a_size_has_a_hundred():
    """The documented default; the rest is on the next page."""
    subnets = [Subnet(id=f"e9c{at:017}") for at in range(98)]
    vpc = Vpc(Rules(world=starting_world(Chance(1), more_subnets=subnets)))
    first = answered("subnet", vpc)
    assert len(first.subnets) == 100
    assert [
        one.id for one in listed("subnet", vpc, page_token=first.next_page_token)
    ] == [max(one.id for one in WORLD.subnets)]


@each_kind
@pytest.mark.parametrize("form", ['name="{}"', ' name = "{}" '])
def test_each_is_found_by_name(kind, form):
    """A filter leaves those with the name, and spaces do not matter."""
    for one in there(kind):
        found = listed(kind, filter=form.format(one.name))
        assert found == [get(kind, one.id)]


@each_kind
def test_an_unknown_name_finds_nothing(kind):
    """That there is none of the name is no error."""
    assert listed(kind, filter='name="nothing-here"') == []


@each_kind
@pytest.mark.parametrize(
    "expression",
    [
        "name='default'",
        "name=default",
        'name!="default"',
        'name="de"',
        'name="Default"',
        'name="default-"',
        'name=""',
        f'name="{"a" * 64}"',
        'network_id="default"',
        'name="default" AND name="other"',
        " ",
    ],
)
def test_other_filters_are_refused(kind, expression):
    """Only `name="..."` with a documented name is understood: a wrong list is worse
    than none.
    """
    with pytest.raises(ApiError, match="filter: cannot understand") as refused:
        answered(kind, filter=expression)
    assert refused.value.code is Code.INVALID_ARGUMENT


@each_kind
@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"folder_id": ""}, "folder_id: required"),
        ({"page_size": 1001}, "page_size: 1001 is not between 0 and 1000"),
        ({"page_size": -1}, "page_size: -1 is not between 0 and 1000"),
        ({"page_token": "?"}, r"page_token: '\?' is not one of ours"),
    ],
)
def test_a_wrong_page_is_refused(kind, fields, why):
    """Lists need a folder, and a page that there can be."""
    with pytest.raises(ApiError, match=why) as refused:
        answered(kind, **fields)
    assert refused.value.code is Code.INVALID_ARGUMENT


@each_kind
def test_another_folder_is_not_found(kind):
    """There is only one folder."""
    with pytest.raises(ApiError, match="Folder b1gx not found") as refused:
        answered(kind, folder_id="b1gx")
    assert refused.value.code is Code.NOT_FOUND


def test_how_another_folder_is_refused_is_a_setting():
    """The code is an assumption, so it can be replaced where all others are."""
    codes = RefusalCodes(unknown_reference=Code.PERMISSION_DENIED)
    with pytest.raises(ApiError) as refused:
        answered("subnet", Vpc(Rules(world=WORLD, codes=codes)), folder_id="b1gx")
    assert refused.value.code is Code.PERMISSION_DENIED


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("network", "Network enpx not found"),
        ("subnet", "Subnet enpx not found"),
        ("security_group", "Security group enpx not found"),
    ],
)
def test_an_unknown_id_is_not_found(kind, why):
    """The refusal names the kind and the id."""
    with pytest.raises(ApiError) as refused:
        get(kind, "enpx")
    assert (refused.value.code, refused.value.message) == (Code.NOT_FOUND, why)


def test_an_id_of_another_kind_is_not_found():
    """Networks and security groups share a prefix, but nothing else."""
    with pytest.raises(ApiError, match="NOT_FOUND"):
        get("network", WORLD.security_groups[0].id)


@each_kind
def test_an_id_is_required(kind):
    """Without one, the refusal names the field."""
    with pytest.raises(ApiError) as refused:
        get(kind, "")
    assert refused.value.code is Code.INVALID_ARGUMENT
    assert refused.value.message == f"{kind}_id: required"


@each_kind
def test_nobody_gets_hold_of_what_is_kept(kind):
    """What a caller does to an answer, the next one does not see."""
    wanted = there(kind)[0].id
    get(kind, wanted).name = "mine"
    listed(kind)[0].name = "mine"
    assert "mine" not in {one.name for one in listed(kind)}
