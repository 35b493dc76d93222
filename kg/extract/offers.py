"""Offers: what a text could attribute, each with who would speak and with what is counted beside the frame.

``plausible`` keeps out what no count can tell: things that act but do not speak, what somebody is denied to have said, chrome.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cache

from spacy import symbols
from spacy.tokens import Token

from kg.extract.constructions import PAPERS, family
from kg.extract.counts import Counts
from kg.extract.drafts import Text
from kg.extract.frames import REPORTING, Candidate, candidates
from kg.extract.lists import tails, titles
from kg.extract.sources import source
from kg.records import Class, Span, ZoneKind

HELPS = frozenset({symbols.aux, symbols.auxpass})
AUXILIARY = frozenset({"have", "be", "do"})
EVIDENTIAL = frozenset(
    "confirm show suggest indicate reveal signal find see hear learn understand know realize realise hold feel view read mean".split()
)
"""Verbs that things have as subjects too (``the data show``): they need somebody as a source."""
FINDINGS = frozenset(
    """study survey poll research data figure statistic investigation analysis inquiry probe audit review court ruling filing
    document
    """.split()
)
"""Things that say what was found out."""
COLLECTIVES = frozenset(
    """government opposition police army military family public crowd staff crew jury tribunal panel coalition leadership community
    majority minority side camp campaign administration cabinet authority regime ministry embassy
    """.split()
)
FIRST_PERSON = frozenset({"i", "we"})
TRADES = ("man", "woman", "person", "er", "or", "ist", "ian", "ant", "ee")
"""How words for people end."""
PEOPLE = frozenset({"he", "she", "they", "we", "i", "who", "you", "it", "one", "each", "some", "many", "most", "others"})


@dataclass(frozen=True, slots=True)
class Offer:
    """A candidate with who would speak and what is counted beside the frame."""

    candidate: Candidate
    head: Token | None
    properties: tuple[str, ...]


def offers(text: Text, used: AbstractSet[int], counts: Counts | None = None) -> Iterator[Offer]:
    """Yield everything that could attribute something; words that are cues of quotations already left out.

    With ``counts`` without the words that by these never do, which most are.
    """
    for at in text.anchors(counts):
        token = text.doc[at]
        if at in used or _is_bare(token) or text.silent(token):
            continue
        nested = at in text.quoted
        for candidate in candidates(token, text.loose, counts, only_listed=nested):
            content = candidate.content if nested or not candidate.content else _run_on(text, candidate)
            if content:
                whole = candidate if content == candidate.content else replace(candidate, content=content)
                head = source(whole)
                yield Offer(whole, head, properties(text, whole, head))


def _is_bare(token: Token) -> bool:
    """Tell whether a word has nothing to attribute: an auxiliary, or a noun or adjective with nothing behind it."""
    if token.pos == symbols.AUX:
        return token.dep in HELPS
    return token.pos != symbols.VERB and not token.n_rights and token.dep != symbols.nsubj


def _run_on(text: Text, candidate: Candidate) -> frozenset[int]:
    """Return the content run on to its closing mark; nothing where it is mostly a quotation that stands on its own."""
    content = set(candidate.content)
    number = text.quoted.get(max(content))
    if number is not None and max(content) not in text.free:
        content |= {i for i in text.indexes(text.quotations[number].inner) if i > max(content) and i not in text.loose}
    outside = content - text.free
    return frozenset(outside) - candidate.cue if 2 * len(outside) >= len(content) else frozenset()


def properties(text: Text, candidate: Candidate, head: Token | None) -> tuple[str, ...]:
    """Return what is counted beside a frame: marks, subject, tag, modal, length, how the content begins, whether the subject can speak."""
    anchor, content = candidate.anchor, candidate.content
    group = family(candidate.key)
    numbers = {text.quoted[i] for i in content if i in text.quoted}
    longest = max((sum(i not in text.loose for i in text.indexes(text.quotations[n].inner)) for n in numbers), default=0)
    if not numbers:
        marks = "0"
    else:
        marks = ("all" if all(i in text.quoted for i in content) else "some") + ("1" if longest < 2 else "2" if longest < 4 else "4")
    if head is None:
        who = "none"
    elif head.pos_ == "PRON":
        who = f"pronoun {head.lower_}"
    else:
        who = head.ent_type_ if head.ent_type_ in ("PERSON", "ORG", "NORP", "GPE") else head.pos_
    modal = "/".join(sorted(kid.lemma_.lower() for kid in anchor.children if kid.dep_ == "aux" and kid.lemma_.lower() not in AUXILIARY))
    negated = "not" if any(kid.dep_ == "neg" for kid in anchor.children) else ""
    length = sum(len(content) >= size for size in (2, 3, 5, 9, 16))
    return (
        f"marks={marks} {group}",
        f"subject={who}",
        f"tag={anchor.tag_} {anchor.dep_}",
        f"modal={modal} {negated}",
        f"length={length} {group}",
        f"said={_sort(text.doc[min(content)])} {group}",
        f"speaks={head is not None and can_speak(head)} {group}",
    )


def _sort(word: Token) -> str:
    """Return what sort of word begins a content."""
    return word.ent_type_ if word.ent_type_ in ("PERSON", "ORG", "NORP", "GPE", "DATE") else word.pos_ if word.pos_ != "PRON" else word.tag_


def plausible(text: Text, candidate: Candidate, head: Token | None) -> bool:
    """Tell whether a candidate attributes something: not denied to have been said, not a thing speaking, not chrome."""
    anchor = candidate.anchor
    zone = text.document.zone_at(Span(anchor.idx, anchor.idx + 1))
    told = candidate.construction in REPORTING and candidate.frame.act == "say"
    if zone is ZoneKind.CAPTION and not told:  # what a picture shows people want or demand, nobody reports
        return False
    if head is None:
        return anchor.i not in text.quoted and "oprd" not in candidate.key  # "is called X" says a name, not who says it
    if anchor.i in text.quoted and head.lower_ in FIRST_PERSON:
        return candidate.construction in REPORTING  # "I think" in somebody's words: the speaker's own, nested
    if anchor.i in text.quoted and (head.pos_ not in ("PROPN", "NOUN") or head.lemma_.lower() in PAPERS):
        return False
    report = candidate.frame.kind is Class.REPORT
    if report and any(kid.dep_ == "neg" for kid in anchor.children) and candidate.construction in REPORTING:
        return False
    if any(kid.dep_ == "mark" and kid.lower_ in ("if", "unless", "whether") for kid in anchor.children):
        return False
    if head.lower_ in ("those", "anyone", "everyone", "someone", "nobody") and anchor.dep_ in ("acl", "relcl"):
        return False  # "those wanting to leave" are defined by the wish, nobody reports it
    if head.lower_ in ("it", "there", "this", "that", "what") and (head.dep_ == "expl" or head.lower_ != "it"):
        return False
    if anchor.lemma_.lower() in EVIDENTIAL or (candidate.construction not in REPORTING and anchor.pos_ == "VERB"):
        return can_speak(head) or (candidate.construction in REPORTING and head.lemma_.lower() in PAPERS | FINDINGS)
    return True


def can_speak(head: Token) -> bool:
    """Tell whether a source is somebody: a name, a person's pronoun, several, a person by trade, a body; not ``the move``."""
    lemma = head.lemma_.lower()
    if head.pos_ == "PROPN" or head.lower_ in PEOPLE or head.ent_type_ in ("PERSON", "ORG", "GPE", "NORP") or head.tag_ in ("NNS", "NNPS"):
        return True
    return lemma in _speakers() or lemma.endswith(TRADES)


@cache
def _speakers() -> frozenset[str]:
    """Return the nouns for those who can speak and for what carries their words."""
    return frozenset(COLLECTIVES | titles().keys() | tails("body") | tails("sort") | PAPERS)
