"""Tables of cases: Arrow in, Arrow out, a row a case. Equal cases are reasoned over once.

In: a pack ready to advise and an Arrow table whose columns are its facts, with entities as lists of structs. Out: a
table with as many rows. Nothing here opens a file. Arrow and numpy are loaded when a table is first advised.
"""
