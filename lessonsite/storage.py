"""Static files named by their content."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.core.files.base import ContentFile, File
from rjsmin import jsmin
from servestatic.storage import CompressedManifestStaticFilesStorage

FOR_FEW: Final = "admin/"  # files of the few who run the site: not worth the seconds their compression takes
OURS: Final = "js/"  # modules that are written to be read, and sent without what only readers need


class ContentNamedStorage(CompressedManifestStaticFilesStorage):
    """Compressed once, kept by browsers for ever; ES modules import each other by these names too."""

    support_js_module_import_aggregation = True

    def _save(self, name: str, content: File[bytes]) -> str:
        if name.startswith(OURS):
            content.open()  # from its beginning: its hash may have been taken of it
            content = ContentFile(jsmin(content.read().decode()).encode())
        saved: str = super()._save(name, content)
        return saved

    def compress_files(self, paths: set[str]) -> Iterator[tuple[str, str]]:
        """Yields (path, name of its compressed version)."""
        yield from super().compress_files({path for path in paths if not path.startswith(FOR_FEW)})
