"""The one kind of error that set-up shows to its user."""


class SetupFault(Exception):
    """Set-up cannot go on; the message says why and what to do about it."""
