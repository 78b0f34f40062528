"""Events as triggers make them, for handlers that are called by hand."""

import json


def queue_event(body):
    """Return a queue trigger's event with one message."""
    metadata = {
        "event_id": "message-1",
        "event_type": "yandex.cloud.events.messagequeue.QueueMessage",
    }
    details = {"message": {"message_id": "message-1", "body": json.dumps(body)}}
    return {"messages": [{"event_metadata": metadata, "details": details}]}
