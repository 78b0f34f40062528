"""A client of `on_http`: the platform's event goes in, an HTTP answer comes out."""

from cli.deployment import environment
from functions import on_http
from functions._settings import read_settings
from functions._wiring import build
from tests.unit.http_events import KEY, gateway_call, told, url_call


class Client:
    """Calls the function on a stage, built by its own wiring, over real sockets."""

    def __init__(self, stage, folder, *, policies=None, **variables):
        self.stage = stage
        ca_file = folder / "http-ca.pem"
        ca_file.write_bytes(stage.cloud.rpc.ca_pem)
        given = environment(
            stage.cloud, stage.queues, policies or stage.policies(), ca_file
        )
        self.warm = build(read_settings({**given, **variables}), stage.clock.now)

    def body(self, **changes):
        return self.stage.request(requestId=None, instanceId=None, **changes)

    def post(self, *, key=KEY, instance_id=None, event=None, context=None, **changes):
        """Ask for interface 1 of the stage's instance; return the raw answer."""
        event = event or gateway_call(
            instance_id or self.stage.instance, self.body(**changes), key
        )
        return on_http.answer(event, context or self.stage.context(), lambda: self.warm)

    def ask(self, **how):
        """Do the same; return the status and the document."""
        return told(self.post(**how))

    def ask_at_url(self, *, key=KEY, **changes):
        event = url_call(self.stage.instance, self.body(**changes), key)
        return self.ask(event=event)

    def close(self):
        self.warm.close()


def refusal(found):
    """Return the status and the code of an error, which has a message."""
    status, error = found
    assert error["message"]
    return status, error["code"]
