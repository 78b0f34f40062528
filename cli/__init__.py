"""The `nic` command: the demo, the local cloud and the operator's tools."""

import os

# gRPC chats on stderr about every connection that ends, unless told before it
# is imported.
os.environ.setdefault("GRPC_VERBOSITY", "ERROR")  # noqa: TID251 - not a setting of ours
