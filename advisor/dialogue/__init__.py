"""The guided session as an object: the next question, an answer, a change of mind, the advice so far.

Takes replies as people type them; gives questions and a changed case. No terminal and no page in it.
"""
