"""What an author of rules needs: is the pack right, and what does it know.

Takes a compiled pack; gives problems found by search, worked cases run, and a catalogue of the pack's knowledge.
"""
