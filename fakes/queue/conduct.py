"""Lets a service have other manners while it runs."""

from fakes.queue.manners import Manners
from fakes.queue.service import MessageQueue
from fakes.queue.standard import StandardQueue


def behave(service: MessageQueue, manners: Manners) -> None:
    """Let *service* have other *manners* from now on.

    Its queues have them, too; FIFO queues have none.  Which queues are not known yet
    stays as it was.
    """
    service.manners = manners
    service.newcomers.settling = manners.settling
    for queue in service.queues():
        if isinstance(queue, StandardQueue):
            queue.behave(manners)
