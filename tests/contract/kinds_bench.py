"""Calls kinds of resources as the provider does, without Terraform."""

import asyncio
import functools
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from fakes.clock import ManualClock
from fakes.cloud import LocalCloud
from fakes.terraform.kind import RefusedError
from fakes.terraform.kinds import Site, kinds_at
from fakes.terraform.notation import read_resources
from fakes.terraform.planning import planned
from fakes.terraform.wire import complete, known

RESOURCES = read_resources()
HANDLER = "def handle(event, context):\n    return context.token and event\n"


class Bench:
    """Between `async with`: a cloud, its kinds, and what was made of them."""

    def __init__(self, folder):
        self.folder = folder
        self.clock = ManualClock(datetime(2026, 1, 2, 3, 4, tzinfo=UTC))
        self.cloud = LocalCloud(self.clock, seed=1)
        self.lines = []
        self.site = Site(self.cloud, folder / "site", self._note)
        self.kinds = kinds_at(self.site)

    async def __aenter__(self):
        await self.cloud.start()
        return self

    async def __aexit__(self, *_error):
        await self.cloud.stop()

    def _note(self, name, line):
        self.lines.append((name, line))

    def kind(self, name):
        return self.kinds[f"yandex_{name}"]

    def wanted(self, name, /, **values):
        fields = RESOURCES[f"yandex_{name}"].fields
        return known(planned(fields, complete(fields, values), None))

    async def create(self, name, /, **values):
        """Return the state of a new resource."""
        wanted = self.wanted(name, **values)
        made = await self.kind(name).create(wanted)
        self.warnings = made.warnings
        fields = RESOURCES[f"yandex_{name}"].fields
        return complete(fields, {**wanted, **made.computed})

    async def update(self, name, state, /, **changes):
        """Return the state after a change."""
        fields = RESOURCES[f"yandex_{name}"].fields
        wanted = known(planned(fields, complete(fields, {**state, **changes}), state))
        made = await self.kind(name).update(state, wanted)
        self.warnings = made.warnings
        return {**wanted, **made.computed}

    async def refused(self, work):
        """Return what refuses *work*: the message and the place."""
        try:
            await work
        except RefusedError as error:
            return str(error), error.at
        return None

    async def account(self, name, *roles):
        """Return the id of a new account with roles on the folder."""
        state = await self.create("iam_service_account", name=name)
        for role in roles:
            await self.create(
                "resourcemanager_folder_iam_member",
                folder_id=self.cloud.world.folder_id,
                role=role,
                member=f"serviceAccount:{state['id']}",
            )
        return state["id"]

    def bundle(self, text=HANDLER, *, installed=True):
        """Return the path of a zip with one entry point, `main.handle`."""
        path = self.folder / f"{abs(hash(text))}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("main.py", text)
            if installed:
                archive.writestr("requirements.txt", "")
        return str(path)

    async def function(self, name="f", **values):
        """Return the state of a new function, `main.handle` of `bundle`."""
        given = {
            "name": name,
            "runtime": "python312",
            "entrypoint": "main.handle",
            "memory": 128,
            "user_hash": "1",
            "execution_timeout": "10",
        }
        if "package" not in values:
            given["content"] = [{"zip_filename": self.bundle()}]
        return await self.create("function", **{**given, **values})

    async def group(self):
        return (await self.create("logging_group", name="logs"))["id"]

    async def queue(self, name="q", **values):
        return await self.create("message_queue", name=name, **values)


def played(story):
    """Return a test that plays *story* on a bench; its other arguments stay."""

    @functools.wraps(story)
    def test(**arguments):
        async def play():
            with tempfile.TemporaryDirectory() as folder:
                async with Bench(Path(folder)) as bench:
                    await story(bench, **arguments)

        asyncio.run(play())

    del test.__wrapped__  # whose arguments pytest would take for fixtures
    return test
