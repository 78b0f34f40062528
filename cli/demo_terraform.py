"""The demo's deployment by Terraform: from the module and the bundle, and back."""

import contextlib
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

from cli.bundle import plain_files
from cli.narrator import Narrator
from cli.package import write_zip
from cli.terraform import MODULE, Terraform
from fakes.cloud import LocalCloud
from fakes.terraform.server import server_of

_ROOT: Final = """
variable "settings" { type = any }

module "nic" {
  source    = "./module"
  folder_id = var.settings.folder_id
  bundle    = var.settings.bundle
  policies  = var.settings.policies
  endpoints = var.settings.endpoints
}

output "nic" { value = module.nic }
"""
_TOLD: Final = ("Apply complete!", "Destroy complete!")


@contextlib.asynccontextmanager
async def applied(
    cloud: LocalCloud, folder: Path, policies: Any, tell: Narrator
) -> AsyncIterator[dict[str, str]]:
    """Deploy the functions by Terraform, and destroy all of it in the end.

    Args:
        cloud: A cloud that was started.
        folder: An empty folder.
        policies: What instances should have, as JSON.
        tell: Tells each step.

    Yields:
        The URLs of the queues `tasks` and `results`.

    Raises:
        click.ClickException: If Terraform fails.
    """
    bundle = folder / "nic-attach.zip"
    write_zip(bundle, plain_files())
    tell.step(f"the bundle is written: {bundle.stat().st_size} bytes")
    provider = server_of(cloud, folder, _teller(tell))
    await provider.start()
    try:
        terraform = Terraform(
            folder=_root(folder, cloud, bundle, policies),
            provider=provider.environment,
            on_line=lambda line: _tell_line(tell, line),
        )
        await terraform.run("init")
        await terraform.run("apply", "-auto-approve")
        tell.step("terraform has applied the module; label nic=mgmt → interface 1")
        outputs = json.loads(await terraform.run("output", "-json", "nic"))
        yield {name: outputs[f"{name}_queue"]["url"] for name in ("tasks", "results")}
        await terraform.run("destroy", "-auto-approve")
        tell.step("terraform has destroyed what it made")
    finally:
        await provider.stop()


def _root(folder: Path, cloud: LocalCloud, bundle: Path, policies: Any) -> Path:
    """Write a configuration that uses the module; return its folder."""
    root = folder / "terraform"
    ours = shutil.ignore_patterns("examples", "tests", ".*", "*.zip", "*.tfstate*")
    shutil.copytree(MODULE, root / "module", ignore=ours)
    (root / "main.tf").write_text(_ROOT)
    endpoint = cloud.rpc.endpoint
    settings = {
        "folder_id": cloud.world.folder_id,
        "bundle": str(bundle),
        "policies": policies["policies"],
        "endpoints": dict.fromkeys(("compute", "operation", "vpc"), endpoint),
    }
    variables = json.dumps({"settings": settings})
    (root / "terraform.tfvars.json").write_text(variables)
    return root


def _teller(tell: Narrator) -> Any:
    """Return what tells of a function's line by the function's name in the code."""

    def take(name: str, line: str) -> None:
        tell.log_line(name.removeprefix("nic-attach-").replace("-", "_"), line)

    return take


def _tell_line(tell: Narrator, line: str) -> None:
    if line.startswith(_TOLD):
        tell.detail("terraform", line)
