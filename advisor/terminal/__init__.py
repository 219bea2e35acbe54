"""The guided session at a terminal or over a pipe: a thin front of `dialogue.session.Session`."""
