"""One run as its viewers go through it."""
