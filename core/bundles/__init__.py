"""Models and runs as files that leave the house: zips of JSON and plain arrays, checked before they are believed."""
