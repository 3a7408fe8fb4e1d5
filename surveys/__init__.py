"""What people tell us: instruments, waves, class codes, responses, ratings, fieldwork."""
