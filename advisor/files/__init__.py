"""YAML and JSON read so that every value remembers its place, and the shapes that files may have.

Takes text; gives nodes with places, or problems. Knows what a key or a day looks like, not what a pack or a case means.
"""
