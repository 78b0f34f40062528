"""Identity and access: accounts, tokens, keys, roles, and who used which rights."""

from fakes.iam.access import Binding, Usage
from fakes.iam.assertion import audience
from fakes.iam.needs import Need, needs_of, needs_of_invoking
from fakes.iam.roles import ROLES, Role
from fakes.iam.service import LIFETIME, Iam
from fakes.iam.shown import AccessKey, IamToken

__all__ = [
    "LIFETIME",
    "ROLES",
    "AccessKey",
    "Binding",
    "Iam",
    "IamToken",
    "Need",
    "Role",
    "Usage",
    "audience",
    "needs_of",
    "needs_of_invoking",
]
