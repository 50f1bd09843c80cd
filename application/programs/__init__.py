"""Use cases of training programs."""
