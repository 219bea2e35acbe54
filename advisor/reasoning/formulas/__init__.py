"""Formulas of unknown numbers and dates: arithmetic on terms, and the range of what a term can come to.

Takes and gives exact numbers, days and terms. Knows nothing of packs, cases or completions.
"""
