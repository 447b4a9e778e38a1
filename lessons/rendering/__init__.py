"""From stages and texts to HTML."""
