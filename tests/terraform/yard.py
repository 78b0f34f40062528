"""A local cloud that Terraform applies to, and Terraform itself."""

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

from cli.bundle import plain_files
from cli.package import write_zip
from fakes.cloud import LocalCloud
from fakes.compute.settings import Durations
from fakes.terraform.kinds import kinds_at
from fakes.terraform.kinds.site import Site
from fakes.terraform.notation import read_resources
from fakes.terraform.provider import Provider
from fakes.terraform.server import ProviderServer
from fakes.testing import CloudThread
from tests.hurried_clock import HurriedClock

MODULE = Path(__file__).parents[2] / "terraform"
PROGRAM = shutil.which("terraform")
ZONE = "ru-central1-a"
PATIENCE = 120
COMPLETE, EXISTING, MINIMAL = (
    f"examples/{name}" for name in ("complete", "existing-queues", "minimal")
)


class TerraformError(Exception):
    """Terraform failed; the text is all that it printed."""


class Yard:
    """Between `with`: a cloud, in a thread, and a copy of the module to work in.

    Attributes:
        cloud: The local cloud; go through `thread`.
        tree: The copy of `terraform/`.
        bundle: The bundle, written.
        lines: What functions printed, with their names.
        site: What Terraform made.
    """

    def __init__(self, folder, clock=None, **durations):
        self.folder = folder
        self.tree = folder / "terraform"
        self.bundle = folder / "nic-attach.zip"
        self.lines = []
        durations = Durations(**durations)
        clock = clock or HurriedClock()
        self.thread = CloudThread(lambda: LocalCloud(clock, durations=durations))

    def __enter__(self):
        ours = shutil.ignore_patterns(".terraform*", "*.zip", "*.tfstate*")
        shutil.copytree(MODULE, self.tree, ignore=ours)
        write_zip(self.bundle, plain_files())
        self.thread.__enter__()
        self.cloud = self.thread.cloud
        self.site = Site(self.cloud, self.folder / "site", self._note)
        kinds = kinds_at(self.site)
        self._server = ProviderServer(Provider(read_resources(), kinds))
        self.thread.run(self._server.start())
        return self

    def __exit__(self, *error):
        self.thread.run(self._server.stop())
        self.thread.__exit__(*error)

    def _note(self, name, line):
        self.lines.append((name, line))

    def terraform(self, where, *arguments):
        """Run Terraform in a folder of the tree; return what it printed."""
        environment = terraform_environment(self.folder) | self._server.environment
        done = subprocess.run(  # noqa: S603 - Terraform
            [PROGRAM, f"-chdir={self.tree / where}", *arguments, "-no-color"],
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        if done.returncode:
            raise TerraformError(done.stdout + done.stderr)
        return done.stdout

    def init(self, where="."):
        return self.terraform(where, "init")

    def settings(self, where, **values):
        """Say what the variables of a configuration are."""
        file = self.tree / where / "test.auto.tfvars.json"
        file.write_text(json.dumps(values))

    def plan(self, where="."):
        """Return what would be done, as JSON."""
        self.terraform(where, "plan", "-out=plan.tfplan")
        return json.loads(self.terraform(where, "show", "-json", "plan.tfplan"))

    def apply(self, where="."):
        return self.terraform(where, "apply", "-auto-approve")

    def state(self, where="."):
        """Return what there is, as JSON."""
        return json.loads(self.terraform(where, "show", "-json"))

    def destroy(self, where="."):
        return self.terraform(where, "destroy", "-auto-approve")

    def common(self, **more):
        """Return variables that fit the module, for this cloud."""
        world, endpoint = self.cloud.world, self.cloud.rpc.endpoint
        wanted = {
            "networkInterfaceIndex": "1",
            "subnetIds": {ZONE: world.subnet_in(ZONE).id},
            "securityGroupIds": [world.security_groups[0].id],
        }
        policy = {"name": "mgmt", "attachment": wanted}
        return {
            "folder_id": world.folder_id,
            "bundle": str(self.bundle),
            "policies": [policy | {"match": {"labels": {"nic": "mgmt"}}}],
            "endpoints": dict.fromkeys(("compute", "operation", "vpc"), endpoint),
            **more,
        }

    def zipped(self, name, files):
        """Write a zip of texts by their names; return its path."""
        path = self.folder / name
        with zipfile.ZipFile(path, "w") as archive:
            for inner, text in files.items():
                archive.writestr(inner, text)
        return str(path)


def terraform_environment(home):
    """Return the variables for Terraform to mind nothing but what it is given."""
    return {
        "PATH": os.environ["PATH"],  # noqa: TID251 - where Terraform is
        "HOME": str(home),
        "CHECKPOINT_DISABLE": "1",
        "TF_CLI_CONFIG_FILE": os.devnull,
        "TF_IN_AUTOMATION": "1",
        "TF_INPUT": "0",
    }


def resources(document):
    """Return all resources in a plan or a state, also those in modules."""
    values = document.get("planned_values") or document.get("values") or {}
    waiting = [values.get("root_module", {})]
    found = []
    while waiting:
        module = waiting.pop()
        found += module.get("resources", [])
        waiting += module.get("child_modules", [])
    return found


def of_type(found, name):
    return [one for one in found if one["type"] == f"yandex_{name}"]
