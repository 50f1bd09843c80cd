"""Achievements: badges, and trophies in tiers."""
