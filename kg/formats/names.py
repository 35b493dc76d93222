"""What the graph can be written as, what such files are called, and which of both a command means."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kg.errors import KgError


class Export(StrEnum):
    """A format that ``kg export`` writes; the value is its name on the command line."""

    TURTLE = "ttl"
    TRIG = "trig"
    NQUADS = "nq"
    NTRIPLES = "nt"
    JSONLD = "jsonld"
    RDFXML = "rdfxml"
    GRAPHML = "graphml"
    GEXF = "gexf"
    CSV = "csv"
    FTM = "ftm"


RDF_FORMATS = (Export.TURTLE, Export.TRIG, Export.NQUADS, Export.NTRIPLES, Export.JSONLD, Export.RDFXML)
"""The formats that hold RDF: those that can be read back."""

ENDINGS = {
    **{f".{format}": format for format in Export if format not in {Export.RDFXML, Export.CSV}},
    ".rdf": Export.RDFXML,
    ".rdfxml": Export.RDFXML,
    ".zip": Export.CSV,
}
"""Ending of a file's name → the format that it tells."""

ALIASES = {"rdf": Export.RDFXML, "turtle": Export.TURTLE, "json-ld": Export.JSONLD, "ntriples": Export.NTRIPLES, "nquads": Export.NQUADS}
"""Other names of formats."""

_PACKED = ".gz"


class FormatError(KgError):
    """A format that there is none of, that nothing tells, or that contradicts the name of the file."""


@dataclass(frozen=True, slots=True)
class Name:
    """What the name of a file tells: its format, if it has an ending that we know, and whether it is packed with gzip."""

    format: Export | None
    packed: bool


def told(path: Path) -> Name:
    """Return what the name of a file tells."""
    bare = path.name.removesuffix(_PACKED)
    fits = [format for ending, format in ENDINGS.items() if bare.endswith(ending) and bare != ending]
    if bare.endswith((".ftm.json", ".ftm.jsonl")):
        fits = [Export.FTM]
    return Name(fits[0] if fits else None, packed=path.name != bare)


def named(name: str) -> Export:
    """Return the format of a name, whatever its case.

    Raises:
        FormatError: There is none of that name.
    """
    try:
        return ALIASES.get(name.lower()) or Export(name.lower())
    except ValueError as error:
        raise FormatError(f"there is no format {name!r}", f"Choose one of {', '.join(Export)}.") from error


def chosen(format: Export | None, path: Path | None) -> Export:
    """Return the format to write: what was asked for, else what the name of the file tells; Turtle where there is neither.

    Raises:
        FormatError: The two contradict each other, nothing tells the format, or the file cannot be of that format.
    """
    says = Name(None, False) if path is None else told(path)
    if format is None and path is None:
        return Export.TURTLE
    if format is None and says.format is None:
        raise FormatError(f"the name {path} tells no format", f"Add -f with one of {', '.join(Export)}, or end the name with {_endings()}.")
    if format and says.format and format is not says.format:
        raise FormatError(f"-f {format} contradicts the name {path}, which means {says.format}", "Change one of the two.")
    meant = format or says.format or Export.TURTLE
    if meant is Export.CSV and path is not None and (says.packed or path.suffix == ".csv"):
        raise FormatError(f"{path} is one file, and csv is a folder of tables", "Name a folder, or a file that ends with .zip.")
    return meant


def _endings() -> str:
    return ", ".join(sorted(ENDINGS))
