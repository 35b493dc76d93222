"""Free quotations find the reporting verb beside them, split and following ones join it.

The cue of ``"A. B," she said`` hangs in the parse on the last clause only, so adjacency decides here, not the parse: of the words
beside the marks the one that most surely reports, less its distance.
"""

import re
from dataclasses import replace

from spacy.tokens import Token

from kg.extract.constructions import ACCORDING, PAPERS, RELATIVE, cue_tokens, is_passive
from kg.extract.counts import Counts
from kg.extract.drafts import Draft, Text
from kg.extract.frames import SAYING, Frame, frames_of
from kg.extract.marks import Quotation
from kg.extract.phrases import phrase
from kg.extract.sources import owner, subject
from kg.records import Span, Type

FAR = 45
"""How many tokens from a quotation its cue may stand."""
NEAR = 30
LEAST, WEAK = 0.04, 0.3
"""How surely a verb must report the quotation beside it at all; and not to give way to what else the quotation could be."""
CONNECTIVE = re.compile(r"\s*[,;—–-]?\s*(?:and|but|or|yet|so|because|though|although|while|as|since|if|when|which)?\s*,?\s*", re.IGNORECASE)
GOES_ON = frozenset({"go", "continue"})
LONGEST_TITLE = 10
SHORT = 12
"""How many tokens before a colon may be no more than somebody's name and place."""
SPEAKERS = ("PROPN", "NOUN", "PRON")
SIGNATURE = re.compile(r"\s*([-–—―~]{1,2})\s*(?=[A-Z])([^\n]{2,60})")
LABEL = re.compile(r"([A-Z][A-Z.’'\-]+(?: [A-Z][A-Z.’'\-]+){0,3}):\s+")


def spoken(text: Text, counts: Counts) -> list[Draft]:
    """Return a draft for each free quotation or run of them; those without a cue have no anchor."""
    found: list[Draft] = []
    for quotation in text.quotations:
        if not quotation.free:
            if found and _continues(text, found[-1], quotation):
                found[-1] = replace(found[-1], content=(*found[-1].content, quotation.inner))
            continue
        if labelled := _labelled(text, quotation):
            found.append(labelled)
            continue
        cue, surely = _cue_beside(text, quotation, counts)
        last = found[-1] if found else None
        titled = _titled(quotation.inner.of(text.text))
        running = last is not None and last.anchor is not None and last.paragraph == quotation.paragraph
        if surely < WEAK and (titled or running):
            cue = None
        if last is not None and last.anchor is not None and _goes_on(text, last, quotation, cue):
            found[-1] = replace(last, content=(*last.content, quotation.inner), paragraph=quotation.paragraph)
        elif cue is not None:
            found.append(_with_cue(text, quotation, cue))
        elif draft := _laid_out(text, quotation, counts):
            found.append(draft)
        elif not titled:
            found.append(_floating(quotation))
    return found


def _titled(words: str) -> bool:
    """Tell whether some words are a title's: few, and all but the small ones with a capital."""
    found = re.findall(r"[^\W\d_][\w’'-]*", words)
    return 0 < len(found) <= LONGEST_TITLE and all(word[0].isupper() for word in (found[0], *found) if len(word) > 3 or word is found[0])


def _goes_on(text: Text, last: Draft, quotation: Quotation, cue: Token | None) -> bool:
    """Tell whether a quotation goes on from the one before: round the same cue, without one, or as a paragraph of nothing else."""
    if quotation.carried:
        return True
    if last.paragraph == quotation.paragraph:
        return cue is None or (last.anchor is not None and cue.i == last.anchor.i)
    return cue is None and _follows(text, last, quotation)


def _continues(text: Text, last: Draft, quotation: Quotation) -> bool:
    """Tell whether words in marks go on with the sentence that the cue split: ``"It is over," she said, but "not for us"``."""
    if last.anchor is None or last.paragraph != quotation.paragraph or last.anchor.idx < last.content[-1].end:
        return False
    start = max((span.end for span in (*last.cue, *last.source)), default=quotation.outer.start)
    between = text.text[start : quotation.outer.start]
    return quotation.outer.start > start and bool(CONNECTIVE.fullmatch(between)) and len(quotation.inner.of(text.text).split()) > 2


def _follows(text: Text, last: Draft, quotation: Quotation) -> bool:
    """Tell whether a paragraph that is nothing but quotation comes right behind the paragraph of ``last``."""
    if last.paragraph is None or not quotation.opens_paragraph:
        return False
    between = text.text[last.paragraph.end : quotation.paragraph.start]
    rest = text.text[quotation.outer.end : quotation.paragraph.end]
    return not between.strip() and not rest.strip(" .,-–—")


def _floating(quotation: Quotation) -> Draft:
    return Draft((quotation.inner,), (), (), Type.DIRECT, SAYING, "", "quote.floating", 0.6, paragraph=quotation.paragraph)


def _with_cue(text: Text, quotation: Quotation, cue: Token) -> Draft:
    """Make the draft of a quotation with its cue."""
    frames = frames_of(cue)
    head = _speaker_beside(text, quotation, cue)
    side = "post" if cue.idx >= quotation.outer.end else "pre"
    frame = frames.get("that") or frames.get("quote") or next(iter(frames.values()), SAYING)
    return _draft(text, quotation, f"quote.{side}", cue, head, frame, confidence=0.97 if frames and head is not None else 0.8)


def _draft(
    text: Text, quotation: Quotation, rule: str, cue: Token, head: Token | None, frame: Frame = SAYING, confidence: float = 0.8
) -> Draft:
    """Make the draft of a quotation that a word, or a mark such as a colon, attributes."""
    tokens = cue_tokens(cue) if not cue.is_punct else frozenset({cue.i})
    relative = {kid.i for kid in cue.children if kid.dep_ == "nsubj" and kid.lower_ in RELATIVE}
    indexes = (phrase(head) - text.free if head is not None else frozenset()) | relative
    return Draft(
        content=(quotation.inner,),
        cue=text.spans(tokens - text.free),
        source=text.spans(indexes - tokens),
        type=Type.DIRECT,
        frame=frame,
        lemma=cue.lemma_.lower(),
        rule=rule,
        confidence=confidence,
        anchor=cue,
        head=head,
        paragraph=quotation.paragraph,
    )


# ---------------------------------------------------------------- layouts


def _laid_out(text: Text, quotation: Quotation, counts: Counts) -> Draft | None:
    """Make the draft of a quotation that its place on the page attributes, ``None`` for any other.

    ``The mayor: "..."``; a paragraph of quotation under one that ends in a colon; ``"..." - Ann Lee``.
    """
    before = _last_sentence(text.tokens(quotation.before))
    if quotation.lead == ":" and before:
        return _under(text, quotation, before, "quote.colon", counts)
    if quotation.opens_paragraph:
        above = _last_sentence(text.tokens(text.line_before(quotation.paragraph)))
        if above and above[-1].text in (":", ","):
            return _under(text, quotation, above, "quote.block", counts)
    return _signed(text, quotation)


def _under(text: Text, quotation: Quotation, lead: list[Token], rule: str, counts: Counts) -> Draft | None:
    """Make the draft of a quotation that the words before a colon introduce: by their verb, or short ones by their first noun."""
    lead = [token for token in lead if token.i not in text.free]
    verbs = [token for token in lead if token.pos_ in ("VERB", "AUX") and token.tag_ != "VB"]
    told = [verb for verb in verbs if _reports(verb, counts) > 0.05] or [verb for verb in verbs if verb.dep_ == "ROOT"]
    if told:
        cue = told[-1]
        head = subject(cue, text.free)
        if head is not None and head.i in {token.i for token in lead}:
            return _draft(text, quotation, rule, cue, head, next(iter(frames_of(cue).values()), SAYING))
    nouns = [token for token in lead if token.pos_ in SPEAKERS and token.text[:1].isalpha()]
    named = [token for token in nouns if token.pos_ == "PROPN"] or nouns
    if named and len(lead) <= SHORT:
        return _draft(text, quotation, rule, lead[-1], _top(named[0], {token.i for token in lead}))
    return None


def _signed(text: Text, quotation: Quotation) -> Draft | None:
    """Make the draft of a quotation with a signature: a dash and a name behind it, in its paragraph or the next."""
    start = quotation.after.start if quotation.after and quotation.after.of(text.text).strip() else quotation.paragraph.end
    match = SIGNATURE.match(text.text, start)
    line = text.tokens(Span(match.start(2), match.end(2))) if match else []
    name = next((token for token in line[:2] if token.pos_ == "PROPN"), None)
    if match is None or name is None:
        return None
    head = _top(name, {token.i for token in line})
    dash = Span(match.start(1), match.end(1))
    anchor = text.doc[text.at(match.start(1))]
    return replace(
        _draft(text, quotation, "quote.signature", anchor, head), cue=(dash,), source=text.spans(phrase(head) - {anchor.i}), lemma=""
    )


def _labelled(text: Text, quotation: Quotation) -> Draft | None:
    """Make the draft of a quotation that begins with its speaker, as transcripts in marks do: ``"REYES: The road is open."``."""
    match = LABEL.match(text.text, quotation.inner.start, quotation.inner.end)
    name = text.tokens(Span(match.start(1), match.end(1))) if match else []
    if match is None or not name or match.end() >= quotation.inner.end:
        return None
    drafted = _draft(text, quotation, "quote.label", name[-1], name[-1])
    content, colon = Span(match.end(), quotation.inner.end), Span(match.end(1), match.end(1) + 1)
    return replace(drafted, content=(content,), cue=(colon,), source=(Span(match.start(1), match.end(1)),), lemma="")


# ---------------------------------------------------------------- the cue beside


def _cue_beside(text: Text, quotation: Quotation, counts: Counts) -> tuple[Token | None, float]:
    """Return the reporting verb beside a quotation, by how surely the verb reports less its distance; and how surely it does."""
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
        options += [(_reports(token, counts) - 0.012 * n + bonus, -token.i, token) for n, token in enumerate(after[:cut][:FAR])]
    if quotation.before and quotation.lead not in ("", ".", "?", "!"):
        sentence = _last_sentence(before)[-NEAR:]
        bonus = 0.3 if quotation.lead == ":" else 0.1
        options += [(_reports(token, counts) - 0.03 * (len(sentence) - 1 - n) + bonus, -token.i, token) for n, token in enumerate(sentence)]
    options = [option for option in options if _reports(option[2], counts) >= LEAST]
    cue = max(options, key=lambda option: option[:2])[2] if options else None
    return cue, _reports(cue, counts) if cue is not None else 0.0


def _reports(token: Token, counts: Counts) -> float:
    """Return how surely a word reports the quotation beside it, in [0, 1]; 0 for what is no finite or participle verb.

    What the hand list says weighs as much as a few counts.
    """
    if token.lower_ == ACCORDING or _in_the_words(token):
        return 1.0
    bare = token.tag_ == "VB" and any(kid.tag_ == "TO" for kid in token.children) and token.head.lemma_ not in GOES_ON
    if token.pos_ not in ("VERB", "AUX") or bare:
        return 0.0
    frames = frames_of(token)
    listed = 1.0 if "that" in frames or "quote" in frames else 0.4 if frames else 0.05 if token.pos_ == "VERB" else 0.0
    surely = counts.beside(token.lemma_.lower(), listed)
    asked = token.dep_ == "relcl" or (token.tag_ == "VBN" and token.dep_ == "advcl")  # "the man, who asked not to be named, told"
    return max(surely - 0.4, 0.0) if asked else surely


def _in_the_words(noun: Token) -> bool:
    """Tell whether a noun is the one of ``in the words of Ann Lee, "..."``."""
    return noun.lower_ == "words" and noun.head.lower_ == "in" and any(kid.lower_ == "of" for kid in noun.children)


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
    if cue.pos_ == "NOUN" or cue.lower_ == ACCORDING:
        return next((end for link in cue.children for end in link.children if end.dep_ in ("pobj", "pcomp")), None)
    head = subject(cue, text.free)
    if head is None and is_passive(cue):
        return None  # "asked about it": nobody says who asked
    if head is not None and head.lemma_.lower() in PAPERS and cue.dep_ == "acl":
        head = owner(head, text.free) or head
    if head is not None and (cue.idx < quotation.outer.start or head.i in {token.i for token in here}):
        return head
    nouns = [token for token in here if token.pos_ in SPEAKERS and token.i not in text.free and token.text[:1].isalnum()]
    behind = [token for token in nouns if 0 < token.i - cue.i <= 3]
    ahead = [token for token in reversed(nouns) if token.i < cue.i]
    order = [*behind, *ahead] if here and here[0].i == cue.i else [*ahead, *behind]
    return _top(order[0], {token.i for token in here}) if order else head


def _top(token: Token, within: set[int]) -> Token:
    """Climb from a part of a name to its head."""
    while token.dep_ in ("compound", "amod", "nmod") and token.head.i in within and token.head.i != token.i:
        token = token.head
    return token
