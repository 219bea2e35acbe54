"""A pack compiled, and a case reasoned over.

Takes a `Pack` and a `Case`; gives a `World`: what is possible of every fact, and which rules hold, are ruled out or are
open. Only `network` knows the inference engine. Nothing here is worded for people.
"""
