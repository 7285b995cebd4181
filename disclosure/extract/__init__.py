"""Extract: the bytes of a filing, whatever the format, as one `Document` of paragraphs and grids with their place.

Here belong the readers of the formats, the isolated workers that run them and the stored form of a document. What does
not belong here: any knowledge of the statutory tables, and any correction of what a filing says.
"""

from disclosure.extract.dispatch import extract, extract_file, reader_version_for
from disclosure.extract.serialise import dump_document, load_document
from disclosure.extract.workers import extract_many

__all__ = ["dump_document", "extract", "extract_file", "extract_many", "load_document", "reader_version_for"]
