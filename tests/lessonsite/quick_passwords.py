"""The site's settings, with passwords that cost next to nothing to try: how often one may try is what is tested."""

from lessonsite.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
