"""The search over completions: every value that is possible, given all that nobody knows.

Takes the situation as far as it is known and a field to work out; gives its possible values and a completion for each.
It sees a case only through the narrow view in `reasoning.situation`.
"""
