"""Policies of all kinds, right and wrong, and the module's checks of them."""

import copy
import json
import random
import re
import shutil
import subprocess

from events.cause import Cause
from events.decision import FinalPower
from events.policy import read_policies
from events.reading import InvalidDocumentError
from tests.terraform.yard import MODULE, PROGRAM, terraform_environment

CHECK = re.compile(
    r"^ +validation \{\n +condition += (.*?)\n +error_m", re.MULTILINE | re.DOTALL
)
# A list's place, a key, and the name of what nobody knows.
PLACE = re.compile(r"\[[^\]]*\]|\w+(?= is not a known)")
VARIABLE = re.compile(
    r'^variable "(policies|limits)" \{.*?^}\n', re.MULTILINE | re.DOTALL
)

MAIN = """
locals {
  pairs = jsondecode(file("${path.module}/pairs.json"))
}

output "checks" {
  value = {
    for name, one in jsondecode(file("${path.module}/cases.json")) : name => [
CONDITIONS
    ]
  }
}

module "pair" {
  source   = "./pair"
  for_each = { for place, one in local.pairs : place => one }
  policies = each.value
}

output "pairs" {
  value = [for place in range(length(module.pair)) : module.pair[place].told]
}
"""
PAIR = """
variable "policies" {
  type = any
}

output "told" {
  value = local.contradictions
}
"""

LABELS = {
    "nic": "mgmt",
    "tier": {"in": ["a", "b-2_/.@"]},
    "old": {"exists": False},
    "new": {"exists": True},
}
RECORD = {"fqdn": "web.example.", "dnsZoneId": "dns1", "ttl": 600, "ptr": True}
ADDRESS = {
    "address": "10.128.0.7",
    "oneToOneNatSpec": {"ipVersion": "IPV4", "dnsRecordSpecs": [{"fqdn": "a"}]},
    "dnsRecordSpecs": [RECORD],
}
FULL = {
    "policies": [
        {
            "name": "mgmt",
            "match": {
                "folderIds": ["b1g1"],
                "zoneIds": ["ru-central1-a"],
                "namePattern": "web-*?",
                "labels": LABELS,
                "causes": ["stopped", "scheduled"],
            },
            "attachment": {
                "networkInterfaceIndex": "1",
                "subnetIds": {"ru-central1-a": "e9b1"},
                "securityGroupIds": ["enp1", "enp2"],
                "primaryV4AddressSpec": ADDRESS,
            },
            "options": {
                "stopIfRunning": True,
                "finalPower": "running",
                "timeout": "600s",
                "dryRun": False,
            },
        }
    ],
    "limits": {
        "folderIds": ["b1g1"],
        "subnetIds": ["e9b1"],
        "securityGroupIds": ["enp1"],
        "onePublicAddress": True,
        "instancesPerSweep": 50,
        "optOutLabel": "no-nic",
    },
}
# What may be written where something else belongs.
ODD = (
    *(None, True, 0, 1, 1.5, -1, 86401, 10**6, "1", "0", "x", "true", "a b", "A", "é"),
    *("10.0.0.256", "01.2.3.4", "1.2.3", "86401s", "0s", "5m", "IPV6", "a..b", "x\n"),
    *("x" * 64, "x" * 65, [], {}, [None], ["x", "x"], ["x", 1], ["a b"], {"x": "y"}),
    *([{}], {"in": []}, {"in": "x"}, {"in": ["A"]}, {"exists": "true"}, ["x"] * 6),
    *({"in": ["x", "x"]}, {"in": ["x"], "exists": True}, [f"x{i}" for i in range(201)]),
    {f"x{number}": "y" for number in range(201)},
)


def spots(value, path=()):
    """Yield the path of everything in a document."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for name, inner in items:
        if isinstance(inner, dict | list):
            yield from spots(inner, (*path, name))
        else:
            yield (*path, name)


def changed(path, change):
    """Return the full document with *change* made to what holds the spot."""
    document = copy.deepcopy(FULL)
    holder = document
    for name in path[:-1]:
        holder = holder[name]
    change(holder, path[-1])
    return document


def mutants():
    """Yield documents that differ from a right one in one spot, by a name each."""
    for path in spots(FULL):
        where = ".".join(map(str, path))
        for odd in ODD:
            yield f"{where} = {str(odd)[:40]}", changed(path, put(odd))
        if len(path) > 1:
            yield f"{where} missing", changed(path, lambda it, name: it.pop(name))
            yield f"{where} beside y", changed(path, lambda it, _: add(it))


def put(odd):
    return lambda holder, name: holder.__setitem__(name, odd)


def add(holder):
    if isinstance(holder, dict):
        holder["y"] = 1


def problems(document):
    """Return why the functions refuse *document*, by place and problem."""
    try:
        read_policies(json.dumps(document))
    except InvalidDocumentError as error:
        return {PLACE.sub("", str(one)) for one in error.violations}
    return set()


def telling():
    """Return a document for every problem at every place, and some without any."""
    chosen, known, fine = {}, set(), {}
    for name, document in mutants():
        found = problems(document)
        if not found:
            fine[name] = document
        elif not known.issuperset(found):
            chosen[name] = document
            known |= found
    some = random.Random(1).sample(sorted(fine), 20)  # noqa: S311 - no secret
    return chosen | {name: fine[name] for name in some} | choices()


def choices():
    """Return a right document for every value that the code lets choose."""
    causes = ("policies", 0, "match", "causes", 0)
    powers = ("policies", 0, "options", "finalPower")
    return {
        f"{one.value}": changed(path, put(one.value))
        for path, kind in ((causes, Cause), (powers, FinalPower))
        for one in kind
        if one.value != "scheduled"  # the other one in the list
    }


class Checks:
    """The module's checks of policies and limits, for many documents at once."""

    def __init__(self, folder):
        self.folder = folder
        text = (MODULE / "variables.tf").read_text()
        checks = [one for it in VARIABLE.finditer(text) for one in CHECK.findall(it[0])]
        conditions = ",\n".join(f"({one})" for one in checks)
        self.count = len(checks)
        pair = folder / "pair"
        pair.mkdir()
        shutil.copy(MODULE / "policies.tf", pair)
        (pair / "main.tf").write_text(PAIR)
        (folder / "main.tf").write_text(
            MAIN.replace("CONDITIONS", conditions.replace("var.", "one."))
        )

    def judge(self, documents, pairs=()):
        """Return what passes of each document, and what contradicts in each pair."""
        (self.folder / "cases.json").write_text(json.dumps(documents))
        (self.folder / "pairs.json").write_text(json.dumps(pairs))
        self._terraform("init")
        self._terraform("plan", "-out=plan.tfplan")
        told = json.loads(self._terraform("show", "-json", "plan.tfplan"))
        outputs = told["planned_values"]["outputs"]
        return outputs["checks"]["value"], outputs["pairs"]["value"]

    def _terraform(self, *arguments):
        done = subprocess.run(  # noqa: S603 - Terraform
            [PROGRAM, f"-chdir={self.folder}", *arguments, "-no-color"],
            env=terraform_environment(self.folder),
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
