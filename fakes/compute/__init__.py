"""Compute Cloud and all operations, as a model that takes the time as an argument.

The values are the API's own messages, so that every protocol skin stays thin:
`model.Compute` is what they wrap.  A request becomes a plan (`planning`), a plan
becomes an operation (`ledger`), and the operation's turns and end have their effect
(`effects`) on the `world`: the folder's instances and networks, and who holds what
of it (`claims`).
"""
