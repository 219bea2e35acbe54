"""Which unknown facts can still change the advice, and by how much: what to ask next, and when to stop.

Takes a `World`; gives targets with the facts they still hang on, found with decision diagrams.
"""
