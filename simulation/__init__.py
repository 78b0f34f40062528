"""The proof of delivery: the real handlers and the real models, in one process.

A schedule is one story from requests to outcomes, under virtual time.  Whatever a
machine or the platform leaves open is a choice (`dice`): who comes next, what
breaks, who else acts.  The same choices tell the same story, and with none of them
everything goes well, so a schedule is told by where it departs from that.

`wires` puts the handlers' own adapters in front of the models in `cloud`, without
sockets; `calls` runs a function until it pauses, crashes or ends; `play` chooses
what happens next; `promises` watches; `shrinking` shortens what broke one of them,
and `exploring` goes through all that a small world can do.
"""
