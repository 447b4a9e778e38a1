"""Sessions, for the admin only: no page of the lessons costs a session, a cookie or a thread hop for them."""

from typing import Any, Final

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin

ADMIN: Final = "/admin/"


class OnlyAdmin(MiddlewareMixin):
    """Steps aside for every address that is not the admin's."""

    def __call__(self, request: HttpRequest) -> Any:
        """A response, or with an asynchronous `get_response` a coroutine that gives one."""
        return super().__call__(request) if request.path_info.startswith(ADMIN) else self.get_response(request)


class AdminSessionMiddleware(OnlyAdmin, SessionMiddleware):
    """`request.session` in the admin."""


class AdminAuthenticationMiddleware(OnlyAdmin, AuthenticationMiddleware):
    """`request.user` in the admin."""


class AdminMessageMiddleware(OnlyAdmin, MessageMiddleware):
    """Messages in the admin."""
