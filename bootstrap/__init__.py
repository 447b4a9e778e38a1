"""Makes `.venv` and installs what the project needs, with the standard library of Python 3.8+ alone."""
