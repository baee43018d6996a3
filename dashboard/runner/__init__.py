"""Runs jobs in processes of their own: a desk that takes requests, a loop that starts and watches, two launchers."""
