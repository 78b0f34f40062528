"""The API's own method, at the gateway that Terraform made."""

import json
import urllib.error
import urllib.request

from tests.terraform.test_story import outcome, stop_an_instance, until_stopped
from tests.terraform.yard import COMPLETE, of_type, resources

GATE = """
variable "given" {
  type = any
}

module "nic" {
  source    = "../.."
  folder_id = var.given.folder_id
  bundle    = var.given.bundle
  endpoints = var.given.endpoints
  events    = false
  schedule  = null
  http      = { gateway = { authorizer_function_id = yandex_function.authorizer.id } }
}

resource "yandex_function" "authorizer" {
  name              = "authorizer"
  runtime           = "python312"
  entrypoint        = "authorizer.handle"
  memory            = 128
  execution_timeout = "5"
  user_hash         = filesha256(var.given.authorizer)

  content {
    zip_filename = var.given.authorizer
  }
}

output "domain" {
  value = module.nic.gateway_domain
}
"""
HERE = "examples/gate"


def asked(domain, instance_id, body, **headers):
    """Return the status and the answer of the gateway."""
    call = urllib.request.Request(
        f"http://{domain}/compute/v1/instances/{instance_id}:attachNetworkInterface",
        json.dumps(body).encode(),
        {"Content-Type": "application/json", **headers},
        method="POST",
    )
    try:
        with urllib.request.urlopen(call, timeout=60) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        return refusal.code, None


def test_the_gateway_lets_in_whom_the_authorizer_lets_in(town):
    """With the example's authorizer, filled in; all others are turned away, and nothing
    is begun for them.
    """
    code = (town.tree / COMPLETE / "authorizer.py").read_text()
    filled = code.replace(
        'return ""', 'return "me" if "good" in _authorization else ""'
    )
    assert filled != code
    (town.tree / HERE).mkdir()
    (town.tree / HERE / "main.tf").write_text(GATE)
    versions = town.tree / COMPLETE / "versions.tf"
    (town.tree / HERE / "versions.tf").write_text(versions.read_text())
    authorizer = town.zipped("a.zip", {"authorizer.py": filled})
    town.settings(HERE, given=town.common(authorizer=authorizer))
    town.init(HERE)
    town.apply(HERE)
    state = town.state(HERE)
    domain = state["values"]["outputs"]["domain"]["value"]
    instance_id = stop_an_instance(town)
    until_stopped(town, instance_id)
    wanted = town.common()["policies"][0]["attachment"]
    [subnet] = wanted["subnetIds"].values()
    body = {
        "networkInterfaceIndex": "1",
        "subnetId": subnet,
        "securityGroupIds": wanted["securityGroupIds"],
    }
    assert asked(domain, instance_id, body)[0] == 401
    assert asked(domain, instance_id, body, Authorization="Bearer bad")[0] == 403
    status, operation = asked(domain, instance_id, body, Authorization="Bearer good")
    assert status == 200
    assert operation["metadata"]["instanceId"] == instance_id
    told = outcome(town, HERE)
    assert told["data"]["verdict"] == "attached"
    assert told["data"]["operation"]["id"] == operation["id"]
    anonymous = {
        one["values"]["environment"]["ALLOW_ANONYMOUS"]
        for one in of_type(resources(state), "function")
        if one["values"]["environment"]
    }
    assert anonymous == {"no"}
