"""The graph as other tools' files: written in ten formats, and taken back in from those that hold RDF."""

from kg.formats.names import Export, FormatError, chosen
from kg.formats.reading import Imported, take_in
from kg.formats.writing import export, export_file

__all__ = ["Export", "FormatError", "Imported", "chosen", "export", "export_file", "take_in"]
