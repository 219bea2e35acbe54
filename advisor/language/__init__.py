"""The condition language: text to a typed tree, and back.

Takes a sentence and a vocabulary of names and types, which is handed in; gives a tree or problems. Knows nothing of
packs or cases, and evaluates nothing.
"""
