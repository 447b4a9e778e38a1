"""What a visitor did wrong is a line in the log, and no traceback of ours."""

import logging
from http import HTTPStatus


class Brief(logging.Filter):
    """Leaves the traceback out of what Django says of a request that it has refused (a status below 500)."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the line through."""
        if getattr(record, "status_code", HTTPStatus.INTERNAL_SERVER_ERROR) < HTTPStatus.INTERNAL_SERVER_ERROR:
            record.exc_info = record.exc_text = None
        return True
