"""Advice as text, Markdown and HTML, through sandboxed templates.

Takes the advice as plain data; gives a page. It knows the data's shape and nothing of the reasoning behind it.
"""
