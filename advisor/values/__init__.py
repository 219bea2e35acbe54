"""Typed values: what they are, what is still possible of one, and how people write them.

Takes and gives plain values: exact numbers, dates, texts, and partial values for what is known only in part. Knows
nothing of files, packs or cases.
"""
