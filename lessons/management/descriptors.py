"""How many files and connections this process may have open."""

import resource


def allow_descriptors() -> int:
    """Have as many as the system allows: a soft limit of 1,024 would be as many visitors. How many there may be now."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard
