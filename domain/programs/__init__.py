"""Training programs of athletes: weeks that are planned for a goal, and progress by rules."""
