"""`nic`: the one command."""

import click

from cli.bundle import bundle
from cli.cloud import cloud
from cli.decisions import decisions
from cli.demo import demo
from cli.plan import plan
from cli.policies import policies
from cli.send import send
from cli.simulate import simulate
from cli.tail import tail
from cli.why import why


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="yc-nic-attach")
def nic() -> None:
    """Attach network interfaces to Yandex Cloud VMs when events say so."""


nic.add_command(bundle)
nic.add_command(cloud)
nic.add_command(decisions)
nic.add_command(demo)
nic.add_command(plan)
nic.add_command(policies)
nic.add_command(send)
nic.add_command(simulate)
nic.add_command(tail)
nic.add_command(why)
