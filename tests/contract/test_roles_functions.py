"""Who may call a function by its URL, and whose token it gets."""

import pytest

from fakes.serverless.instance import Code
from tests.contract.invoking import invoking, shows

TELLS = """
def tells(event, context):
    return {"body": context.token["access_token"]}
"""


@pytest.fixture(scope="module")
def running():
    with invoking() as front:
        yield front


@pytest.fixture
def front(running):
    return running.clear()


def account(front, *roles):
    create = front.cloud.iam.create_service_account
    return front.thread.call(create, "robot", roles)


def status(front, subject):
    token = front.thread.call(front.cloud.token, subject).value
    return front.call(headers=[("Authorization", f"Bearer {token}")])[0]


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ((), 403),
        (("viewer",), 403),
        (("compute.admin", "functions.viewer"), 403),
        (("functions.functionInvoker",), 200),
        (("serverless.functions.invoker",), 200),
        (("functions.editor",), 200),
        (("editor",), 200),
    ],
)
def test_to_call_a_private_function_takes_a_role(front, roles, expected):
    """A good token alone is not enough; a public function asks for nothing."""
    robot = account(front, *roles)
    front.serve(shows, public=False)
    assert status(front, robot) == expected
    front.serve(shows, public=True)
    assert status(front, robot) == 200


def test_the_role_may_be_on_the_function_alone(front):
    """As Terraform binds it."""
    robot = account(front)
    front.serve(shows, public=False)
    role = "functions.functionInvoker"
    front.thread.call(front.cloud.iam.grant, robot, role, "g")
    assert status(front, robot) == 403
    front.thread.call(front.cloud.iam.grant, robot, role, "f")
    assert status(front, robot) == 200


@pytest.mark.parametrize("own", [True, False])
def test_a_function_gets_the_token_of_its_account(front, tmp_path, own):
    """Its own, or the built-in one's."""
    (tmp_path / "entry.py").write_text(TELLS)
    code = Code(folder=tmp_path, entrypoint="entry.tells", environment={})
    robot = account(front) if own else None
    front.serve(
        front.thread.call(
            lambda: front.cloud.functions.deploy("f", code, account=robot)
        )
    )
    _, _, token = front.call()
    now = front.cloud.clock.now()
    shown = front.cloud.iam.authenticate(f"Bearer {token.decode()}", now)
    assert shown == (robot or front.cloud.account)
