"""The Performance mode: a server measured by many runs."""
