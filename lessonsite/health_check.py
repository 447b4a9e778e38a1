"""`python -m lessonsite.health_check`: ends with 0 if the site of this environment answers here, and else says why not.

For the HEALTHCHECK of a container, so it imports no Django.
"""

import os
import sys
from http.client import HTTPConnection, HTTPException
from typing import Final

from lessonsite.environment import BadEnvironment, Environment, read_environment

ANYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (listening on the first includes the second)
TIMEOUT: Final = 2  # seconds


def main() -> int:
    """The exit status: 0 if the site answers with 200; else 1, and the reason on stderr."""
    try:
        status = ask(read_environment(os.environ))
    except (BadEnvironment, OSError, HTTPException) as error:
        print(error or type(error).__name__, file=sys.stderr)
        return 1
    if status != 200:
        print(f"/healthz answers with status {status}.", file=sys.stderr)
    return int(status != 200)


def ask(environment: Environment) -> int:
    """The status of `/healthz` where `environment` says that the site listens. Raises OSError, HTTPException."""
    address = ANYWHERE.get(environment.host, environment.host)
    connection = HTTPConnection(address, environment.port, timeout=TIMEOUT)
    try:
        connection.request("GET", "/healthz", headers={"Host": _name(environment.allowed_hosts[0])})
        return connection.getresponse().status
    finally:
        connection.close()


def _name(allowed: str) -> str:
    """A host that an entry of ALLOWED_HOSTS lets in."""
    return "localhost" if allowed == "*" else allowed.removeprefix(".")


if __name__ == "__main__":
    sys.exit(main())
