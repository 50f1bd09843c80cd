"""Looks at the running platform from outside, as whoever keeps it up would."""
