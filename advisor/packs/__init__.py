"""Packs: a folder of files read to one frozen `Pack`, with all mistakes at once.

Takes a folder; gives a `Pack` or problems. What a pack concludes about a case is worked out elsewhere.
"""
