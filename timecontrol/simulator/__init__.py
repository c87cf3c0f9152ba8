"""A seeded company that punches through the real front doors, with every kind of mess that real ones make.

The same seed gives the same people, and for each person and date the same shift and punches, whatever the length of the
simulation: a longer run adds days and changes none.
"""
