"""Word lists for invented data; nobody and no firm in them is meant to exist."""
