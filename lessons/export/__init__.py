"""Runs as files and pictures."""
