"""What is wrong with what a person wrote: where, what, and how to mend it.

Takes places and words; gives `Problem`, and the exception `Problems` that carries all of them at once. Everything may
use it; it uses nothing.
"""
