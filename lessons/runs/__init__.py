"""Runs from the press to the archive."""
