"""Lessons as data: a folder each, loaded strictly into frozen dataclasses."""
