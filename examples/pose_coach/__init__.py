"""Reference client of the pose coach: sign in, stop a workout, show the summary, list history."""
