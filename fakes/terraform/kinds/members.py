"""Roles: who has which, on the folder, a function or a secret."""

from dataclasses import dataclass
from typing import Final

from fakes.caller import Subject, SubjectType
from fakes.terraform.kind import Made, RefusedError, Values
from fakes.terraform.kinds.site import Site

_EVERYBODY: Final = "system:allUsers"
_INVOKER: Final = ("functions.functionInvoker", "serverless.functions.invoker")


@dataclass(frozen=True, slots=True)
class Members:
    """`yandex_…_iam_member`: one role of one member on one resource.

    Attributes:
        site: Where.
        place: The attribute that names the resource.
    """

    site: Site
    place: str

    async def create(self, wanted: Values) -> Made:
        """Bind the role; see `Kind`."""
        self._check(wanted)
        if wanted["member"] == _EVERYBODY:
            self._publish(wanted, public=True)
        else:
            try:
                self.site.iam.grant(*self._binding(wanted))
            except ValueError as error:
                raise RefusedError(str(error), at="role") from None
        name = "/".join((wanted[self.place], wanted["role"], wanted["member"]))
        return Made(computed={"id": name})

    async def read(self, state: Values) -> Values | None:
        """Return the binding, if it is in force; see `Kind`."""
        if state["member"] == _EVERYBODY:
            function = self.site.functions.get(state[self.place])
            return state if function and function.public else None
        try:
            bound = self.site.iam.has(*self._binding(state))
        except RefusedError:  # the account is gone
            return None
        return state if bound else None

    async def update(self, _state: Values, _wanted: Values) -> Made:
        """Change nothing: every change takes another binding; see `Kind`."""
        return Made()

    async def delete(self, state: Values) -> None:
        """Unbind the role; see `Kind`."""
        if state["member"] == _EVERYBODY:
            if state[self.place] in self.site.functions:
                self._publish(state, public=False)
        elif await self.read(state):
            self.site.iam.revoke(*self._binding(state))

    def _check(self, wanted: Values) -> None:
        """Refuse a role on what is not there."""
        resource_id = wanted[self.place]
        if self.place == "function_id":
            self.site.function(resource_id, self.place)
        elif self.place == "secret_id" and not self.site.lockbox.find(resource_id):
            message = f"secret {resource_id} is not there"
            raise RefusedError(message, at=self.place)

    def _binding(self, values: Values) -> tuple[Subject, str, str]:
        return self._subject(values["member"]), values["role"], values[self.place]

    def _subject(self, member: str) -> Subject:
        kind, _, account_id = member.partition(":")
        if kind == "serviceAccount":
            found = self.site.account(account_id, "member")
            if found is not None:
                return found
        if kind == "userAccount" and account_id:
            return Subject(id=account_id, name=account_id, type=SubjectType.USER)
        message = f"{member!r} is no member: serviceAccount:<id> is one"
        raise RefusedError(message, at="member")

    def _publish(self, values: Values, *, public: bool) -> None:
        if self.place != "function_id" or values["role"] not in _INVOKER:
            message = "everybody can be let call a function, nothing else"
            raise RefusedError(message, at="member")
        function = self.site.function(values[self.place], self.place)
        function.public = public
        self.site.cloud.http.serve(function.id, function, public=public)
