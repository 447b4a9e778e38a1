"""Starting what a lab forks its processes from."""

import signal
from multiprocessing import resource_tracker

from lessons.lab import child


def boot_fork_server() -> None:
    """At boot, because it takes half a second, which the first run need not wait for. Call it in the main thread."""
    with child.bare_environment():  # what it holds is open to all of this user, the lanes included
        resource_tracker.ensure_running()  # first, since it would undo the next line
    # Inherited by the thread that starts it, and so by the fork server: Ctrl-C is for us, who end it.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    child.start_fork_server()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
