"""Static files named by their content."""

from collections.abc import Iterator
from typing import Final

from servestatic.storage import CompressedManifestStaticFilesStorage

FOR_FEW: Final = "admin/"  # files of the few who run the site: not worth the seconds their compression takes


class ContentNamedStorage(CompressedManifestStaticFilesStorage):
    """Compressed once, kept by browsers for ever; ES modules import each other by these names too."""

    support_js_module_import_aggregation = True

    def compress_files(self, paths: set[str]) -> Iterator[tuple[str, str]]:
        """Yields (path, name of its compressed version)."""
        yield from super().compress_files({path for path in paths if not path.startswith(FOR_FEW)})
