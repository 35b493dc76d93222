"""Free quotations find the reporting verb beside them, split and following ones join it.

The cue of ``"A. B," she said`` hangs in the parse on the last clause only, so adjacency decides here, not the parse: of the words
beside the marks the one that most surely reports, less its distance.
"""

from dataclasses import replace

from spacy.tokens import Token

from kg.extract.drafts import Draft, Text
from kg.extract.frames import Frame, cue_tokens, frames_of
from kg.extract.marks import Quotation
from kg.extract.phrases import phrase
from kg.extract.sources import RELATIVE, subject
from kg.records import Class, Type

FAR = 45
"""How many tokens from a quotation its cue may stand."""
NEAR = 30


def spoken(text: Text) -> list[Draft]:
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
            found.append(_with_cue(text, quotation, cue))
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


def _with_cue(text: Text, quotation: Quotation, cue: Token) -> Draft:
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
