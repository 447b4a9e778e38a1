"""The floor of the coverage (`fail_under` in pyproject.toml) only rises: as a plugin of pytest, it says when it can."""

from math import floor

import pytest

SLACK = 0.5  # percent that the coverage may differ between two runs, or two machines


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    measuring = config.pluginmanager.getplugin("_cov")
    if measuring.cov_total is not None:
        terminalreporter.write_line(advice(measuring.cov_total, measuring.options.cov_fail_under))


def advice(measured: float, least: float) -> str:
    """What to do about the floor, in percent; "" while there is nothing to do."""
    possible = floor(measured - SLACK)
    return f"The floor can rise: write fail_under = {possible} into pyproject.toml." if possible > least else ""
