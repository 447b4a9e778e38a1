"""Static files named by their content."""

from collections.abc import Iterator
from typing import Any, Final

from django.core.files.base import ContentFile, File
from rjsmin import jsmin
from servestatic.storage import CompressedManifestStaticFilesStorage

FOR_FEW: Final = "admin/"  # files of the few who run the site: not worth the seconds their compression takes
OURS: Final = "js/"  # modules that are written to be read, and sent without what only readers need


class ContentNamedStorage(CompressedManifestStaticFilesStorage):
    """Compressed once, kept by browsers for ever; ES modules import each other by these names too."""

    support_js_module_import_aggregation = True

    def _save(self, name: str, content: File[Any]) -> str:
        if name.startswith(OURS):
            text = content.read()
            content = ContentFile(jsmin(text.decode() if isinstance(text, bytes) else text).encode())
        saved: str = super()._save(name, content)
        return saved

    def compress_files(self, paths: set[str]) -> Iterator[tuple[str, str]]:
        """Yields (path, name of its compressed version)."""
        yield from super().compress_files({path for path in paths if not path.startswith(FOR_FEW)})
