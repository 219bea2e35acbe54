"""Weighing what to do: courses of action compared, what-if, what would change the advice, how firmly it stands.

Takes an `Advice`; gives plain data. Whatever is shown has been replayed through the whole reasoning.
"""
