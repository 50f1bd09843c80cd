"""Mutation of requirements: tests have to fail without the behavior that they show."""
