"""Makes versions of functions from what a configuration says, as the platform does."""

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from fakes.errors import ApiError
from fakes.serverless.function import Function
from fakes.serverless.instance import Code
from fakes.terraform.kind import RefusedError, Values
from fakes.terraform.kinds.deployed import Deployed, Version
from fakes.terraform.kinds.lines import writer
from fakes.terraform.kinds.site import Site

# yandex-cloud/docs: en/functions/concepts/runtime/environment-variables.md.  That KB
# means 1024 bytes is an assumption.
_ENVIRONMENT: Final = 4096
_RESERVED: Final = (
    "AWS_LAMBDA_RUNTIME_API",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
    "LD_LIBRARY_PATH",
    "PATH",
    "_HANDLER",
)
_NAME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9_]*")
# The provider's own bound (yandex-cloud/terraform-provider-yandex:
# yandex/resource_yandex_function.go).
_DIRECT: Final = 3_670_016


class VersionError(Exception):
    """The platform makes no such version; no secret is in the text."""


@dataclass(frozen=True, slots=True)
class Versions:
    """Makes versions at a site."""

    site: Site

    def make(self, function: Deployed, wanted: Values) -> Version:
        """Return a new version of *function*.

        Raises:
            RefusedError: If the provider itself refuses what is wanted.
            VersionError: If the platform cannot make it.
        """
        archive = self._archive(wanted)
        account = self.site.account(wanted["service_account_id"])
        lines = self._lines(function, wanted)
        declared = dict(wanted["environment"] or {})
        version_id = self.site.new_id("d4e")
        folder = self.site.folder / "versions" / version_id
        size = _unpack(archive, folder)
        code = Code(
            folder=folder,
            entrypoint=wanted["entrypoint"],
            environment=self._environment(declared, wanted),
            bare=not (folder / "requirements.txt").exists(),
        )

        def start(instances: int, calls: int) -> Function:
            return self.site.cloud.functions.deploy(
                function.name,
                code,
                lines,
                timeout=timedelta(seconds=float(wanted["execution_timeout"] or 3)),
                concurrency=instances,
                calls_in_progress=calls,
                memory_mb=int(wanted["memory"]),
                account=account,
                nobody=account is None,
            )

        return Version(id=version_id, environment=declared, size=size, start=start)

    def _archive(self, wanted: Values) -> Path:
        for content in wanted["content"]:
            path = Path(content["zip_filename"])
            if not path.is_file():
                message = f"there is no file {path}"
                raise RefusedError(message, at="content")
            if path.stat().st_size > _DIRECT:
                message = (
                    f"{path.name} has more than {_DIRECT} bytes: upload it through"
                    " Object Storage"
                )
                raise RefusedError(message, at="content")
            return path
        for package in wanted["package"]:
            place = f"buckets/{package['bucket_name']}/{package['object_name']}"
            path = self.site.folder / place
            if not path.is_file():
                msg = f"there is no object {place} in the local cloud's folder"
                raise VersionError(msg)
            return path
        message = "content or package is needed"
        raise RefusedError(message)

    def _environment(self, declared: dict[str, str], wanted: Values) -> dict[str, str]:
        """Return all variables: those declared, secrets, and the platform's own."""
        variables = {**declared, **dict(self._secrets(wanted))}
        for name in variables:
            if name in _RESERVED or not _NAME.fullmatch(name):
                msg = f"{name} cannot be the name of an environment variable"
                raise VersionError(msg)
        size = sum(len(name) + len(text.encode()) for name, text in variables.items())
        if size > _ENVIRONMENT:
            msg = f"the environment takes {size} bytes, more than {_ENVIRONMENT}"
            raise VersionError(msg)
        # The platform's image trusts the cloud's certificates; gRPC looks here.
        self.site.folder.mkdir(parents=True, exist_ok=True)
        trusted = self.site.folder / "ca.pem"
        trusted.write_bytes(self.site.cloud.rpc.ca_pem)
        return {**variables, "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": str(trusted)}

    def _secrets(self, wanted: Values) -> Iterator[tuple[str, str]]:
        account = self.site.account(wanted["service_account_id"])
        for secret in wanted["secrets"]:
            if account is None:
                msg = "secrets need a service account"
                raise VersionError(msg)
            where = (secret["id"], secret["version_id"], secret["key"])
            try:
                text = self.site.lockbox.read(account, *where)
            except ApiError as error:
                raise VersionError(error.message) from None
            yield secret["environment_variable"], text

    def _lines(self, function: Deployed, wanted: Values) -> Callable[[str], object]:
        """Return what takes the lines that the function prints."""
        group, level = None, ""
        for options in wanted["log_options"]:
            if options["log_group_id"] and not options["disabled"]:
                group = self.site.group(options["log_group_id"], "log_options")
                level = options["min_level"] or ""
        write = writer(group, function.id, level, self.site.cloud.clock.now)

        def take(line: str) -> None:
            self.site.on_line(function.name, line)
            write(line)

        return take


def _unpack(archive: Path, folder: Path) -> int:
    """Unpack a zip into a new folder; return its size in bytes."""
    try:
        with zipfile.ZipFile(archive) as file:
            file.extractall(folder)
    except zipfile.BadZipFile:
        msg = f"{archive.name} is not a zip"
        raise VersionError(msg) from None
    return archive.stat().st_size
