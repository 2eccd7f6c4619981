"""Every component with believable content, to look at while building: /ui/, in debug only."""
