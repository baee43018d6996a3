"""What a running app holds; pages stand on it, core knows nothing of it."""
