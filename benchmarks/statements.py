"""Statements of annotated articles, ours beside textacy's: how many are right, and how many documents a second.

    python -m benchmarks.statements CORPUS.jsonl... [--classes report,stance,act] [--no-nested]

Both read the very same parses. textacy finds direct quotations only and gives up a text with an odd number of marks; it is the one
extractor of quotations that installs beside the spaCy of today.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import click
from spacy.tokens import Doc, Token
from textacy.extract.triples import direct_quotations

from benchmarks.measuring import Parsed, extract_all, gazetteer, gold, parse, timed, warm_up
from kg.evaluate import Row, Rule, Scores, compare, score
from kg.interchange import row
from kg.query import drawn
from kg.records import Class, Extraction, Type
from kg.resolve import resolve

ROUNDS = 3
Answers = tuple[list[Row], int]
"""Predictions, and how many documents were given up."""


def ours(extractions: Iterable[Extraction]) -> Answers:
    """Return what kg found, in the interchange format; it gives up none."""
    collection = resolve(list(extractions), gazetteer())
    return [row(collection, extraction) for extraction in collection.extractions], 0


def theirs(parsed: Parsed) -> Answers:
    """Return what textacy finds, in the interchange format; a text it gives up is one without statements."""
    rows: list[Row] = []
    given_up = 0
    for document, doc in parsed:
        try:
            found = [_quotation(doc, *triple) for triple in direct_quotations(doc)]
        except ValueError:  # an odd number of quotation marks
            found, given_up = [], given_up + 1
        rows.append({"id": document.id, "text": document.text, "statements": found})
    return rows, given_up


def _quotation(doc: Doc, speaker: list[Token], cue: list[Token], content: Any) -> Row:
    """Return one quotation; its type follows from the marks of the text, as for every prediction that names none."""
    return {
        "content": [[content.start_char, content.end_char]],
        "cue": [[token.idx, token.idx + len(token)] for token in cue],
        "source": [[token.idx, token.idx + len(token)] for token in speaker],
        "speaker": doc[speaker[0].i : speaker[-1].i + 1].text,
    }


def measured(path: Path, classes: frozenset[Class], *, no_nested: bool) -> str:
    """Return the table of one corpus."""
    rows, documents = gold(path)
    parse_seconds, parsed = timed(partial(parse, documents), rounds=2)  # the first still fills the model's vocabulary
    our_seconds, extractions = timed(partial(extract_all, parsed, classes), rounds=ROUNDS)
    their_seconds, their_answers = timed(partial(theirs, parsed), rounds=ROUNDS)
    sides = (ours(extractions), their_answers)
    scores = [score(compare(rows, found, Rule(no_nested=no_nested))) for found, _ in sides]
    seconds = (our_seconds, their_seconds)
    return (
        f"{path.parent.name}/{path.name}: {len(documents)} documents, {scores[0].gold:,} statements of gold; "
        f"the parse alone reads {len(documents) / parse_seconds:.1f} documents a second\n\n"
        + drawn(
            ("", "newskg", "textacy"),
            [
                *_quality(scores),
                ("documents given up", *(str(given_up) for _, given_up in sides)),
                ("documents a second, behind the parse", *(f"{len(documents) / taken:.1f}" for taken in seconds)),
                ("of the parse, per cent", *(f"{100 * taken / parse_seconds:.1f}" for taken in seconds)),
            ],
        )
    )


def _quality(scores: list[Scores]) -> Iterator[tuple[str, ...]]:
    """Yield the rows that say how much is right."""
    yield ("statements found", *(str(side.found) for side in scores))
    yield ("statement precision", *(f"{side.statement.precision:.3f}" for side in scores))
    yield ("statement recall", *(f"{side.statement.recall:.3f}" for side in scores))
    yield ("statement F1", *(f"{side.statement.f1:.3f}" for side in scores))
    for type_ in Type:
        yield (f"… {type_}", *(f"{side.types[type_].statement.f1:.3f}" for side in scores))
    yield ("source right, of the same statements", *(f"{side.source_right.share:.3f}" for side in scores))
    if scores[0].speaker_last.of:
        yield ("speaker's last word right, of these", *(f"{side.speaker_last.share:.3f}" for side in scores))


def _classes(_context: click.Context, _option: click.Parameter, value: str) -> frozenset[Class]:
    """Return the classes that a list names."""
    known = {str(kind): kind for kind in Class}
    if unknown := sorted(set(value.split(",")) - known.keys()):
        raise click.BadParameter(f"no class {unknown[0]!r}; there are {', '.join(known)}")
    return frozenset(known[name] for name in value.split(","))


@click.command(help=__doc__)
@click.argument("corpora", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--classes", default="report,stance,act", show_default=True, callback=_classes, help="What of ours counts.")
@click.option("--no-nested", is_flag=True, help="Leave out what was found inside another statement, for gold that has no such.")
def main(corpora: tuple[Path, ...], classes: frozenset[Class], no_nested: bool) -> None:
    """Print one table a corpus."""
    warm_up()
    for path in corpora:
        click.echo(measured(path, classes, no_nested=no_nested))


if __name__ == "__main__":
    main()
