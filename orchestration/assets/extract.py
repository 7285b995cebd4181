"""EXTRACT: what is new in the archive, as one kind of document whatever its format, and the report year it belongs to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import dagster as dg

from catalogue.load import load_catalogue
from catalogue.model import Catalogue
from disclosure.archive import Archive, Receipt
from disclosure.document import Document
from disclosure.extract import reader_version_for
from disclosure.parse import PARSER_VERSION
from disclosure.report import Asserted
from orchestration.assets.archive import filings
from orchestration.document_store import DocumentStore
from orchestration.locks import hold_home
from orchestration.partitions import UNDATED, partition_keys
from orchestration.preview import preview
from orchestration.progress import Tracker
from orchestration.resources import Home, Workers
from orchestration.state import read_state, write_state
