"""Statements: what the article attributes to somebody, with its words, cue and source.

1. free quotations find the reporting verb beside them; split and following ones join it
2. cue words outside them offer their frames; the likeliest of each is kept
3. contents run on to the closing mark where the parser stopped short
4. what lies within another's content is nested in it
5. coordinated sources give a statement each
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from kg.extract.frames import ACCORDING, Candidate, Frame, candidates, cue_tokens, frames_of
from kg.extract.marks import Quotation, quotations
from kg.extract.phrases import parties, phrase, running_on
from kg.extract.sources import LIGHT, RELATIVE, source, subject
from kg.records import Class, Document, Doubt, Span, Type, ZoneKind

SILENT = frozenset({ZoneKind.HEADER, ZoneKind.CREDIT, ZoneKind.TEASER, ZoneKind.BOILERPLATE})
"""Zones that give no statements; captions give only what they report in so many words."""
REPORTING = frozenset({"that", "whom-that", "quote", ACCORDING})
RANK = {"that": 0, "whom-that": 0, ACCORDING: 0, "whom-to": 1, "to-as": 1, "to": 2, "for": 3, "on": 3, "obj": 5}
EVIDENTIAL = frozenset(
    "confirm show suggest indicate reveal signal find see hear learn understand know realize realise hold feel view read mean".split()
)
"""Verbs that things have as subjects too (``the data show``): they need somebody as a source."""
PAPERS = frozenset(
    "decree statement letter report speech tweet post memo order testimony announcement remark comment message book article".split()
)
"""Things that carry words; whose they are is who speaks."""
FINDINGS = frozenset(
    """study survey poll research data figure statistic investigation analysis inquiry probe audit review court ruling filing
    document
    """.split()
)
"""Things that say what was found out."""
PEOPLE = frozenset({"he", "she", "they", "we", "i", "who", "you"})
FAR = 45
"""How many tokens from a quotation its cue may stand."""
NEAR = 30


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement before anybody asks who its source is."""

    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    type: Type
    frame: Frame
    lemma: str
    rule: str
    confidence: float
    anchor: Token | None = None
    head: Token | None = None
    whom: Token | None = None
    charge: Span | None = None
    passive: bool = False
    nested_in: int | None = None
    paragraph: Span | None = None


class Text:
    """A parsed document with what is asked of it again and again."""

    def __init__(self, document: Document, doc: Doc) -> None:
        self.document, self.doc, self.text = document, doc, document.text
        self.quotations = [q for q in quotations(document.text) if document.zone_at(q.outer) not in SILENT]
        self._starts = [token.idx for token in doc]
        self.quoted = {i: n for n, q in enumerate(self.quotations) for i in self.indexes(q.outer)}
        self.inner = {i for q in self.quotations for i in self.indexes(q.inner)}
        self.free = {i for q in self.quotations if q.free for i in self.indexes(q.outer)}

    def indexes(self, span: Span) -> range:
        """Return the tokens that begin inside a span."""
        return range(bisect_left(self._starts, span.start), bisect_left(self._starts, span.end))

    def tokens(self, span: Span | None) -> list[Token]:
        """Return the tokens of a span, white space left out."""
        return [self.doc[i] for i in self.indexes(span) if not self.doc[i].is_space] if span else []

    def spans(self, indexes: Iterable[int]) -> tuple[Span, ...]:
        """Return runs of tokens as spans; punctuation and white space between two runs do not split them."""
        runs: list[list[int]] = []
        for i in sorted(indexes):
            if runs and all(self.doc[k].is_punct or self.doc[k].is_space for k in range(runs[-1][1] + 1, i)):
                runs[-1][1] = i
            else:
                runs.append([i, i])
        return tuple(self._balanced(Span(self.doc[a].idx, self.doc[b].idx + len(self.doc[b]))) for a, b in runs)

    def _balanced(self, span: Span) -> Span:
        """Take in what the tokeniser takes for loose punctuation: a per cent sign, the bracket that closes one inside."""
        behind, words = self.text[span.end : span.end + 1], span.of(self.text)
        whole = behind == "%" or (behind == ")" and words.count("(") > words.count(")"))
        return Span(span.start, span.end + 1) if whole else span

    def type_of(self, content: Sequence[Span]) -> Type:
        """Return whether all, some or none of the letters stand in quotation marks."""
        words = [i for span in content for i in self.indexes(span) if not self.doc[i].is_punct and not self.doc[i].is_space]
        inside = sum(i in self.inner for i in words)
        return Type.DIRECT if words and inside == len(words) else Type.MIXED if inside else Type.INDIRECT


def drafts(document: Document, doc: Doc) -> tuple[tuple[Draft, ...], tuple[Doubt, ...]]:
    """Return the statements of a document in text order, nested ones marked, and what was seen and not decided."""
    text = Text(document, doc)
    spoken = _direct(text)
    used = {draft.anchor.i for draft in spoken if draft.anchor is not None}
    said = [draft for draft in _framed(text, used) if not _told_already(draft, spoken)]
    found, doubts = _float(text, spoken, said)
    doubts += [Doubt(q.inner, "words in quotation marks that nothing attributes") for q in _unclaimed(text, found)]
    return _nested([part for draft in found for part in _split(text, draft)]), tuple(sorted(doubts, key=lambda doubt: doubt.span))


# ---------------------------------------------------------------- 1 free quotations


def _direct(text: Text) -> list[Draft]:
    """Return a draft for each free quotation or run of them; those without a cue have no anchor."""
    found: list[Draft] = []
    for quotation in text.quotations:
        if not quotation.free:
            continue
        cue = _cue_beside(text, quotation)
        last = found[-1] if found else None
        same_paragraph = last is not None and last.paragraph == quotation.paragraph
        if last and same_paragraph and (cue is None or (last.anchor is not None and cue.i == last.anchor.i)) and last.anchor is not None:
            found[-1] = replace(last, content=(*last.content, quotation.inner))
        elif cue is not None:
            found.append(_spoken(text, quotation, cue))
        else:
            found.append(_floating(quotation, running=last is not None and _follows(text, last, quotation)))
    return found


def _follows(text: Text, last: Draft, quotation: Quotation) -> bool:
    """Tell whether a paragraph that is nothing but quotation comes right behind the paragraph of ``last``."""
    if last.paragraph is None or not quotation.opens_paragraph:
        return False
    between = text.text[last.paragraph.end : quotation.paragraph.start]
    rest = text.text[quotation.outer.end : quotation.paragraph.end]
    return not between.strip() and not rest.strip(" .,-–—")


def _floating(quotation: Quotation, *, running: bool) -> Draft:
    rule = "quote.running" if running else "quote.floating"
    return Draft((quotation.inner,), (), (), Type.DIRECT, Frame("say", Class.REPORT), "", rule, 0.6, paragraph=quotation.paragraph)


def _spoken(text: Text, quotation: Quotation, cue: Token) -> Draft:
    """Make the draft of a quotation with its cue."""
    head = _speaker_beside(text, quotation, cue)
    frames = frames_of(cue)
    frame = frames.get("that") or frames.get("quote") or next(iter(frames.values()), Frame("say", Class.REPORT))
    relative = {kid.i for kid in cue.children if kid.dep_ == "nsubj" and kid.lower_ in RELATIVE}
    indexes = (phrase(head) - text.free if head is not None else frozenset()) | relative
    side = "post" if cue.idx >= quotation.outer.end else "pre"
    return Draft(
        content=(quotation.inner,),
        cue=text.spans(cue_tokens(cue) - text.free),
        source=text.spans(indexes - cue_tokens(cue)),
        type=Type.DIRECT,
        frame=frame,
        lemma=cue.lemma_.lower(),
        rule=f"quote.{side}",
        confidence=0.97 if frames and head is not None else 0.8,
        anchor=cue,
        head=head,
        paragraph=quotation.paragraph,
    )


def _cue_beside(text: Text, quotation: Quotation) -> Token | None:
    """Return the reporting verb beside a quotation, by how surely the verb reports less its distance."""
    after, before = text.tokens(quotation.after), text.tokens(quotation.before)
    while after and after[0].is_punct and after[0].text not in ".?!;:":
        after = after[1:]
    cut = next(
        (
            n
            for n, token in enumerate(after)
            if token.text in (".", "?", "!", ";", ":") or token.is_sent_start and n and token.text[0].isupper()
        ),
        len(after),
    )
    gap = text.text[quotation.outer.end :].lstrip()[:1]
    options: list[tuple[float, int, Token]] = []
    runs_on = quotation.tail != "." or (after and after[0].text[:1].islower()) or gap == ","
    if after[:cut] and runs_on and not _introduces_next(text, quotation, after, cut):
        bonus = 0.3 if quotation.tail == "," else 0.0
        options += [(_reports(token) - 0.012 * n + bonus, -token.i, token) for n, token in enumerate(after[:cut][:FAR])]
    if quotation.before and quotation.lead not in ("", ".", "?", "!"):
        sentence = _last_sentence(before)[-NEAR:]
        bonus = 0.3 if quotation.lead == ":" else 0.1
        options += [(_reports(token) - 0.03 * (len(sentence) - 1 - n) + bonus, -token.i, token) for n, token in enumerate(sentence)]
    options = [option for option in options if _reports(option[2]) > 0]
    return max(options, key=lambda option: option[:2])[2] if options else None


def _reports(token: Token) -> float:
    """Return how surely a word reports the quotation beside it, in [0, 1]; 0 for what is no finite or participle verb."""
    if token.pos_ not in ("VERB", "AUX") or (token.tag_ == "VB" and any(kid.tag_ == "TO" for kid in token.children)):
        return 0.0
    frames = frames_of(token)
    aside = 0.4 if token.dep_ == "relcl" else 0.0  # "the man, who asked not to be named, told"
    if "that" in frames or "quote" in frames:
        return 1.0 - aside
    return 0.4 if frames and not aside else 0.05 if token.pos_ == "VERB" else 0.0


def _introduces_next(text: Text, quotation: Quotation, after: list[Token], cut: int) -> bool:
    """Tell whether the words behind a finished quotation introduce the next one: ``"A." She added: "B."``."""
    gap = text.text[quotation.after.start : quotation.after.end] if quotation.after else ""
    return (
        cut >= len(after) - 1
        and quotation.after is not None
        and quotation.after.end < quotation.paragraph.end
        and gap.rstrip()[-1:] in (",", ":")
        and quotation.tail in (".", "?", "!")
    )


def _last_sentence(tokens: list[Token]) -> list[Token]:
    """Return the tokens behind the last full stop."""
    start = 0
    for number, token in enumerate(tokens[:-1]):
        if token.text in (".", "?", "!"):
            start = number + 1
    return tokens[start:]


def _speaker_beside(text: Text, quotation: Quotation, cue: Token) -> Token | None:
    """Return the head of who says it: the parse's subject, or where marks broke the parse, the nearest noun on the cue's side."""
    side = quotation.after if cue.idx >= quotation.outer.end else quotation.before
    here = text.tokens(side)
    head = subject(cue, text.free)
    if head is not None and (cue.idx < quotation.outer.start or head.i in {token.i for token in here}):
        return head
    nouns = [token for token in here if token.pos_ in ("PROPN", "NOUN", "PRON") and token.i not in text.free and token.text[:1].isalnum()]
    behind = [token for token in nouns if 0 < token.i - cue.i <= 3]
    ahead = [token for token in reversed(nouns) if token.i < cue.i]
    order = [*behind, *ahead] if here and here[0].i == cue.i else [*ahead, *behind]
    return _top(order[0], {token.i for token in here}) if order else head


def _top(token: Token, within: set[int]) -> Token:
    """Climb from a part of a name to its head."""
    while token.dep_ in ("compound", "amod", "nmod") and token.head.i in within and token.head.i != token.i:
        token = token.head
    return token


# ---------------------------------------------------------------- 2 frames


def _framed(text: Text, used: set[int]) -> list[Draft]:
    """Return the likeliest draft of each cue word."""
    best: list[tuple[Candidate, Token]] = []
    for token in text.doc:
        if token.is_space or token.is_punct or token.i in used:
            continue
        options = [(candidate, head) for candidate in candidates(token) if (head := source(candidate)) is not None]
        options = [option for option in options if _plausible(text, *option)]
        if options:
            best.append(min(options, key=lambda option: (RANK.get(option[0].construction, 4), -len(option[0].content))))
    return [_draft(text, candidate, head) for candidate, head in _carried(best)]


def _plausible(text: Text, candidate: Candidate, head: Token) -> bool:
    """Tell whether a candidate attributes something: not denied to have been said, not a thing speaking, not chrome."""
    anchor = candidate.anchor
    zone = text.document.zone_at(Span(anchor.idx, anchor.idx + 1))
    if zone in SILENT or (zone is ZoneKind.CAPTION and candidate.construction not in REPORTING):
        return False
    if anchor.i in text.free and (head.pos_ not in ("PROPN", "NOUN") or head.lemma_.lower() in PAPERS):
        return False
    report = candidate.frame.kind is Class.REPORT
    if report and any(kid.dep_ == "neg" for kid in anchor.children) and candidate.construction in REPORTING:
        return False
    if any(kid.dep_ == "mark" and kid.lower_ in ("if", "unless", "whether") for kid in anchor.children):
        return False
    if head.lower_ in ("it", "there", "this", "that", "what") and (head.dep_ == "expl" or head.lower_ != "it"):
        return False
    somebody = head.pos_ == "PROPN" or head.lower_ in PEOPLE or head.ent_type_ in ("PERSON", "ORG", "GPE", "NORP") or head.tag_ == "NNS"
    return somebody or head.lemma_.lower() in PAPERS | FINDINGS or anchor.lemma_.lower() not in EVIDENTIAL


def _carried(best: list[tuple[Candidate, Token]]) -> Iterator[tuple[Candidate, Token]]:
    """Yield each candidate once: ``reiterated a call for X`` is the call; ``denied accusations of X`` is the denial."""
    by_anchor = {candidate.anchor.i: (candidate, head) for candidate, head in best}
    gone: set[int] = set()
    for candidate, head in best:
        noun = candidate.anchor
        if noun.pos_ not in ("NOUN", "PROPN") or noun.dep_ not in ("dobj", "attr"):
            continue
        holder = by_anchor.get(noun.head.i)
        if holder and holder[1].i == head.i:
            light = (
                noun.head.lemma_.lower() in LIGHT and candidate.construction != "n-that" or noun.head.lemma_.lower() in ("make", "issue")
            )
            gone.add(noun.head.i if light else noun.i)
    for candidate, head in best:
        if candidate.anchor.i not in gone:
            verb = candidate.anchor.head
            carried = candidate.anchor.pos_ == "NOUN" and candidate.anchor.dep_ == "dobj" and verb.lemma_.lower() in LIGHT
            yield (replace(candidate, cue=candidate.cue | cue_tokens(verb)) if carried else candidate), head


def _draft(text: Text, candidate: Candidate, head: Token) -> Draft:
    """Make the draft of a candidate, its content run on to the closing mark."""
    content = set(candidate.content) - candidate.cue
    number = text.quoted.get(max(content)) if content else None
    if number is not None and max(content) not in text.free:
        content |= {i for i in text.indexes(text.quotations[number].inner) if i > max(content)}
    relative = {kid.i for kid in candidate.anchor.children if kid.dep_ in ("nsubj", "nsubjpass") and kid.lower_ in RELATIVE}
    spans = _with_marks(text, text.spans(content))
    return Draft(
        content=spans,
        cue=text.spans(candidate.cue),
        source=text.spans(
            ((running_on(head) if candidate.construction == ACCORDING else phrase(head)) | relative) - content - candidate.cue
        ),
        type=Type.INDIRECT if candidate.anchor.i in text.free else text.type_of(spans),
        frame=candidate.frame,
        lemma=candidate.anchor.lemma_.lower() if candidate.construction != ACCORDING else "according to",
        rule=f"frame.{candidate.construction}",
        confidence=0.9 if candidate.construction in REPORTING else 0.8,
        anchor=candidate.anchor,
        head=head,
        whom=candidate.whom,
        charge=next(iter(text.spans(phrase(candidate.charge))), None) if candidate.charge is not None else None,
        passive=candidate.passive,
    )


def _with_marks(text: Text, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Extend a span that ends inside a quotation's last words over its closing mark, and begin where its opening mark stands."""
    found = []
    for span in spans:
        start, end = span.start, span.end
        for quotation in text.quotations:
            if not quotation.free and quotation.outer.meets(span):
                if quotation.inner.start <= start <= quotation.inner.start and end > quotation.outer.end:
                    start = quotation.outer.start
                if end >= quotation.inner.end - 1 and end <= quotation.outer.end and start < quotation.outer.start:
                    end = quotation.outer.end
                elif end >= quotation.inner.end - 1 and end < quotation.inner.end:
                    end = quotation.inner.end
        found.append(Span(start, end))
    return tuple(found)


def _told_already(draft: Draft, spoken: list[Draft]) -> bool:
    """Tell whether the words of a draft are mostly those of a quotation that has its cue."""
    size = sum(span.end - span.start for span in draft.content)
    for other in spoken:
        shared = sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in draft.content for b in other.content)
        inside = draft.anchor is not None and any(span.start <= draft.anchor.idx < span.end for span in other.content)
        if other.anchor is not None and not inside and 2 * shared > size:
            return True
    return False


# ---------------------------------------------------------------- 3 floating quotations


def _float(text: Text, spoken: list[Draft], said: list[Draft]) -> tuple[list[Draft], list[Doubt]]:
    """Join quotations without a cue to the statement that they go on from; report those that nothing claims."""
    found = [*said, *(draft for draft in spoken if draft.anchor is not None)]
    doubts: list[Doubt] = []
    for draft in (draft for draft in spoken if draft.anchor is None):
        start = draft.content[0].start
        paragraph = draft.paragraph or draft.content[0]
        before = [
            other
            for other in found
            if other.source
            and _end(other) <= start + 1
            and other.content[0].start >= paragraph.start
            and other.cue[0].start >= paragraph.start
        ]
        if before and draft.rule == "quote.floating":
            last = max(before, key=_end)
            content = (*last.content, *draft.content)
            found[found.index(last)] = replace(last, content=content, type=text.type_of(content))
        else:
            found.append(draft)
            if draft.rule == "quote.floating":
                doubts.append(Doubt(draft.content[0], "a quotation without a cue: nothing beside it says who speaks"))
    return found, doubts


def _end(draft: Draft) -> int:
    return max(span.end for span in (*draft.content, *draft.cue))


def _unclaimed(text: Text, found: list[Draft]) -> Iterator[Quotation]:
    """Yield quotations no part of which any statement holds: scare quotes, titles, misses."""
    contents = [span for draft in found for span in draft.content]
    for quotation in text.quotations:
        if not any(span.meets(quotation.inner) for span in contents):
            yield quotation


# ---------------------------------------------------------------- 4, 5 nesting and joint sources


def _split(text: Text, draft: Draft) -> Iterator[Draft]:
    """Yield a draft for each of its coordinated sources."""
    heads = parties(draft.head) if draft.head is not None and draft.source else []
    if len(heads) < 2:
        yield draft
        return
    taken = {i for span in (*draft.content, *draft.cue) for i in text.indexes(span)}
    for head in heads:
        if spans := text.spans(phrase(head) - taken):
            yield replace(draft, head=head, source=spans)


def _nested(found: list[Draft]) -> tuple[Draft, ...]:
    """Sort drafts and mark each with the smallest other one whose content holds its content and cue."""
    ordered = sorted(
        found,
        key=lambda d: (d.content[0].start, d.cue[0].start if d.cue else -1, d.source[0].start if d.source else -1, -_end(d)),
    )
    open_: list[int] = []  # those that began at or before this one and have not ended
    ahead, marked = 0, []
    for number, draft in enumerate(ordered):
        start = draft.content[0].start
        while ahead < len(ordered) and ordered[ahead].content[0].start <= start:
            open_.append(ahead)
            ahead += 1
        open_ = [place for place in open_ if ordered[place].content[-1].end > start]
        marked.append(replace(draft, nested_in=_around(number, open_, ordered)))
    return tuple(marked)


def _around(number: int, open_: list[int], ordered: list[Draft]) -> int | None:
    """Return the smallest of some drafts that holds all of another."""
    parts = (*ordered[number].content, *ordered[number].cue)
    holders = [
        (sum(span.end - span.start for span in ordered[place].content), place)
        for place in open_
        if place != number and all(any(span.covers(part) for span in ordered[place].content) for part in parts)
    ]
    return min(holders)[1] if holders else None
