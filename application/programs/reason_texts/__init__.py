"""Reasons for changes of programs, in a file for each language."""
