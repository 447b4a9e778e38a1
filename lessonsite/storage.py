"""Static files named by their content."""

from servestatic.storage import CompressedManifestStaticFilesStorage


class ContentNamedStorage(CompressedManifestStaticFilesStorage):
    """Compressed once, kept by browsers for ever; ES modules import each other by these names too."""

    support_js_module_import_aggregation = True
