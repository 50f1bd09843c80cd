"""What workers are asked and answer, whichever way the question comes to them."""
