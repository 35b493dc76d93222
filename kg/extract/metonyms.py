"""Metonyms: a country, capital or seat of power that stands for a government (``Baku has denied``, ``according to Armenia``).

Only positions in which a place cannot be meant count (on the two annotated articles all 24 found, none wrong): what does
something that only people do, whom something is done to that is only done to people, who is given power or has duties, whose words,
will or allies a noun names.
``a demonstration in Yerevan`` stays a place.
"""

from spacy.tokens import Doc, Span, Token

from kg.extract.frames import frames_of
from kg.gazetteer import Gazetteer
from kg.records import Kind, Mention

STATIVE = frozenset(
    """be use lie border remain become have stay seem appear belong host contain cover stretch sit face suffer experience see
    beat win lose defeat draw play score qualify
    """.split()
)
"""What places and teams do too."""
AIMED_AT = frozenset(
    """accuse criticise criticize urge blame condemn engage warn fault thank ask call tell sanction pressure support back
    anger infuriate irk reassure persuade convince notify inform consult rebuke lobby appease antagonise antagonize embolden
    """.split()
)
OF_WILL = frozenset(
    """claim assurance statement intention decision accusation pledge denial demand offer refusal position
    announcement offensive military army troop force backing reaction response warning request plan promise commitment proposal
    ally backer lender creditor patron protector guarantor
    """.split()
)
GIVING = frozenset("give grant hand cede return transfer deny promise offer award guarantee concede surrender".split())
POWERS = frozenset(
    "control sovereignty access right authority jurisdiction power permission licence license waiver veto mandate leverage".split()
)
"""What is given to governments; ``control of the match`` is not."""
PLAY = frozenset("match game ball midfield tie group lead race season final tournament possession series".split())
DUTIES = frozenset("responsibility duty obligation right intention".split())


def government_of(mention: Mention, gazetteer: Gazetteer) -> str | None:
    """Return the code of the country whose government a name can stand for: a country, its capital, a seat of power."""
    if mention.kind not in (Kind.PLACE, Kind.ORGANIZATION):
        return None
    if code := gazetteer.seat(mention.name) or gazetteer.capital(mention.name):
        return code
    return next((known.country for known in gazetteer.look_up(mention.name)[:1] if known.feature == "country"), None)


def is_metonym(doc: Doc, mention: Mention, gazetteer: Gazetteer) -> bool:
    """Tell whether a mention stands for a government where it is."""
    if government_of(mention, gazetteer) is None:
        return False
    span = doc.char_span(mention.span.start, mention.span.end, alignment_mode="expand")
    if span is None or _dateline(span):
        return False
    head = _party(span.root)
    if gazetteer.seat(mention.name) and head.dep_ in ("compound", "poss", "nmod"):
        return True
    return _makes(span) or _acts(head) or _is_aimed_at(head) or _is_source(head) or _wills(head) or _is_empowered(head) or _is_bound(head)


def _makes(span: Span) -> bool:
    """``Russia-brokered``, ``Azerbaijan-backed``."""
    behind = span.doc[span.end : span.end + 2]
    return len(behind) == 2 and behind[0].text == "-" and behind[1].tag_ in ("VBN", "VBD", "JJ") and behind[1].text.endswith("ed")


def _dateline(span: Span) -> bool:
    """``WASHINGTON — ...``."""
    return span.text.isupper() and span.doc[span.start].is_sent_start is True and span.doc[span.end : span.end + 1].text in ("—", "–", "-")


def _party(token: Token) -> Token:
    """Return the first of coordinated parties: what is true of ``A and B`` is true of B."""
    for _ in range(4):
        if token.dep_ != "conj":
            break
        token = token.head
    return token


def _acts(token: Token) -> bool:
    """``Baku has denied``: subject of an active verb that no place can do."""
    verb = token.head
    if token.dep_ == "nsubj" and verb.pos_ in ("VERB", "AUX"):
        return verb.lemma_.lower() not in STATIVE or any(kid.dep_ == "xcomp" and frames_of(kid) for kid in verb.children)
    return token.dep_ == "pobj" and verb.dep_ == "agent"


def _is_aimed_at(token: Token) -> bool:
    """``accused Azerbaijan``, ``engage Armenia``; what is merely ``called Burma`` or called something is none."""
    named = any(kid.dep_ == "oprd" for kid in token.head.children)
    return token.dep_ in ("dobj", "dative", "nsubjpass") and token.head.lemma_.lower() in AIMED_AT and not named


def _is_source(token: Token) -> bool:
    """``according to Azerbaijan``."""
    link = token.head
    return token.dep_ == "pobj" and link.lower_ == "to" and link.head.lower_ == "according"


def _wills(token: Token) -> bool:
    """``Armenia's claims``, ``Azerbaijan's assurances``: possessor of words or of will; and of a gerund, which is an act."""
    head = token.head
    return token.dep_ == "poss" and (head.lemma_.lower() in OF_WILL or head.tag_ == "VBG")


def _is_empowered(token: Token) -> bool:
    """``gave Azerbaijan control``, ``the right that was denied to Ghana``: receiver of power; a parse may read ``Azerbaijan control``."""
    verb, given = token.head, list(token.head.children)
    if token.dep_ == "compound" and verb.dep_ == "dobj" and token.i == verb.head.i + 1:
        verb, given = verb.head, [verb]
    elif token.dep_ == "pobj" and verb.lower_ == "to":
        verb, given = verb.head, list(verb.head.children)
    elif token.dep_ not in ("dative", "dobj", "nsubjpass"):
        return False
    powers = (kid for kid in given if kid is not token and kid.dep_ in ("dobj", "nsubjpass") and kid.lemma_.lower() in POWERS)
    return verb.lemma_.lower() in GIVING and any(not _in_play(power) for power in powers)


def _in_play(power: Token) -> bool:
    """``control of the match``."""
    return any(thing.lemma_.lower() in PLAY for link in power.children if link.dep_ == "prep" for thing in link.children)


def _is_bound(token: Token) -> bool:
    """``Azerbaijan has a responsibility to protect them``: holder of a duty or a right to do something."""
    verb = token.head
    if token.dep_ != "nsubj" or verb.lemma_ != "have":
        return False
    held = (kid for kid in verb.children if kid.dep_ == "dobj" and kid.lemma_.lower() in DUTIES)
    return any(deed.tag_ == "VB" or deed.lower_ == "of" for duty in held for deed in duty.children)
