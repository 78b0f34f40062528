"""Compute Cloud and its operations, as a model that takes the time as an argument.

The values are the API's own messages, so that every protocol skin stays thin:
`model.Compute` is what they wrap.  A request becomes a plan (`plans`), a plan
becomes an operation (`ledger`), and the operation's end becomes the effect.
"""
