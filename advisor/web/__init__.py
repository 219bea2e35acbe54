"""The same session, answer and report in a browser, and the same for programs over HTTP; no reasoning.

Takes requests, has a worker process reason over the case, keeps the case in a database, gives pages and JSON. Nothing
outside of this package but the command that starts it imports it: it needs the libraries of the extra `[web]`.
"""
