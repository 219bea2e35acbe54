"""One module a page: what it shows, and what it does with what its form sends. No HTML, no wording, no network.

Takes a `Room` (a person's case, opened); gives a `Page` (a template and the values for it) or `Go` (another page).
"""
