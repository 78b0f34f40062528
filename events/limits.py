"""What may be touched at all, whoever asks.

Roles on queues are folder-wide (yandex-cloud/docs: en/message-queue/security/
index.md): whatever is read from one is as untrusted as a request.  The limits
are therefore checked at every look, never only at the door.
"""

from dataclasses import dataclass

from events import syntax
from events.attachment import Attachment
from events.instance import Instance
from events.reading import Document

OPT_OUT = "nic-attach-opt-out"
_MOST = 200
_PER_SWEEP = 100
_MOST_PER_SWEEP = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Allowed ids; an empty tuple allows all.

    Attributes:
        folder_ids: Folders whose instances may be touched.
        subnet_ids: Subnets an interface may be put into.
        security_group_ids: Groups an interface may be given.
        one_public_address: Whether a second external address is refused.
        per_sweep: For how many instances a sweep may ask at most.
        opt_out_label: An instance with this label, whatever its value, is left
            alone by policies; requests that name their own interface are not
            bound by it.
    """

    folder_ids: tuple[str, ...] = ()
    subnet_ids: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()
    one_public_address: bool = False
    per_sweep: int = _PER_SWEEP
    opt_out_label: str = OPT_OUT

    def opted_out(self, instance: Instance) -> bool:
        """Tell whether policies leave *instance* alone."""
        return self.opt_out_label in instance.labels

    def allow_folder(self, folder_id: str) -> bool:
        """Tell whether instances of that folder may be touched."""
        return not self.folder_ids or folder_id in self.folder_ids

    def against(self, wanted: Attachment, folder_id: str) -> str | None:
        """Return why *wanted* is out of bounds in that folder, or None."""
        if not self.allow_folder(folder_id):
            return f"folder {folder_id} is not among the allowed ones"
        if self.subnet_ids and wanted.subnet_id not in self.subnet_ids:
            return f"subnet {wanted.subnet_id} is not among the allowed ones"
        for group in wanted.security_group_ids:
            if self.security_group_ids and group not in self.security_group_ids:
                return f"security group {group} is not among the allowed ones"
        return None


def read_limits(document: Document) -> Limits:
    """Take `limits` from *document*; no limits if it is absent."""
    spec = document.object("limits")
    if spec is None:
        return Limits()
    limits = Limits(
        folder_ids=spec.texts("folderIds", syntax.resource_id, most=_MOST),
        subnet_ids=spec.texts("subnetIds", syntax.resource_id, most=_MOST),
        security_group_ids=spec.texts(
            "securityGroupIds", syntax.resource_id, most=_MOST
        ),
        one_public_address=spec.flag("onePublicAddress"),
        per_sweep=spec.integer("instancesPerSweep", 1, _MOST_PER_SWEEP) or _PER_SWEEP,
        opt_out_label=spec.text("optOutLabel", syntax.label_name) or OPT_OUT,
    )
    spec.close()
    return limits
