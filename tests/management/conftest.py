"""A lesson's folder to spoil, and a lab."""

from tests.content.conftest import faults, folder

__all__ = ["faults", "folder"]
