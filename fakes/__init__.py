"""The local cloud: Compute, operations, queues and triggers on a laptop.

Behaviour lives in pure models that take the time as an argument; protocol
skins put real sockets around them; nothing here shares code with what it
tests (`functions`).
"""
