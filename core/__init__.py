"""Bytes in, segmentations out: no web, no plotting, no cache, no global state."""
