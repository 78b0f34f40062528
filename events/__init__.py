"""Values and decisions of yc-nic-attach, and nothing else.

No network, clock, randomness, environment or logging: everything here can be
tested through values alone.  Only the standard library is imported.
"""
