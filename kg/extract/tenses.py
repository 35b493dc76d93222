"""Whether the clause around a time tells of what is to come."""

from spacy.tokens import Doc, Token

VERBS = ("VERB", "AUX")
WILL = frozenset(("will", "'ll", "’ll", "shall", "wo", "ll"))
MODALS = frozenset(("would", "could", "might", "may", "should", "can", "must", "ca", "'d", "’d"))
PLANS = frozenset(
    "plan expect schedule intend due set slate aim want hope prepare vow promise be have need likely ready poised bind".split()
)
"""Lemmas before an infinitive that lies ahead: ``plans to meet on Monday``."""
HAPPENS = frozenset("begin start continue manage fail try attempt help seem appear use happen come go get refuse decline cease".split())
"""Lemmas before an infinitive that was done when they were."""
SCHEDULES = frozenset(
    "schedule plan expect slate set due postpone delay reschedule move announce call propose face await seek demand".split()
)
"""Lemmas whose ``for Monday`` lies ahead of the doing, which need not be ahead of the news."""
AHEAD = frozenset("ahead before until till for by toward towards upcoming into".split())
"""Words between a time and its verb that point on: ``prepared for Monday's vote``."""
SAYS = frozenset("say tell add write report note declare state warn".split())
LEADING = frozenset("on late early earlier last this in at".split())
DEEPEST = 12
FARTHEST = 40
FINITE = ("VBD", "VBZ", "VBP", "MD")
FRONT = 3
"""Within how many tokens a clause that begins with its time has told it: ``But as early as Monday, ...``."""


def is_future(doc: Doc, start: int, end: int, *, loosely: bool) -> bool | None:
    """Tell whether a time lies ahead of the day of publication: ``True`` or ``False`` by its clause, ``None`` where nothing tells.

    Args:
        doc: The parsed text.
        start: First token of the time.
        end: Behind its last token.
        loosely: A time within a noun phrase (``condemned Monday's attack``) has the tense of the verb, too.
    """
    before = start - 1
    while before > 0 and doc[before].lower_ in LEADING:
        before -= 1
    if before >= 0 and doc[before].tag_ == "VBD" and doc[before].lemma_.lower() in SAYS:
        return False  # "said Monday", "told on Monday"
    root = doc[start:end].root
    told = _climbed(root, loosely=loosely)
    verb = next((token for token in root.ancestors if token.pos_ in VERBS), None)
    if told is None or verb is None or start > verb.i:
        return told
    return None if (_leads_up if told else _closes_clause)(doc, start) else told


def _leads_up(doc: Doc, start: int) -> bool:
    """Tell whether a time ends what leads to its verb, as in ``After a defeat on Tuesday, she will``, not in ``On Tuesday, she will``."""
    return not any(token.is_sent_start or token.is_punct for token in doc[max(0, start - FRONT) : start + 1])


def _closes_clause(doc: Doc, start: int) -> bool:
    """Tell whether a verb stands before a time that hangs on a later one: ``He will be in Goma on Saturday, the agency reported``."""
    for at in range(start - 1, max(-1, start - FARTHEST), -1):
        if doc[at].tag_ in FINITE:
            return True
        if doc[at].is_sent_start:
            return False
    return False


def _climbed(root: Token, *, loosely: bool) -> bool | None:
    """Return what the nearest verb above tells; a noun on the way makes it less sure (``announced a Monday vote``)."""
    token, loose, ahead = root, False, root.lower_ in AHEAD
    for _ in range(DEEPEST):
        head = token.head
        if head.i == token.i:
            return None
        if head.pos_ in VERBS:
            if _leans(head):
                token, loose = head, loose or head.dep_ == "pcomp"
                continue
            told = _verdict(head, loose=loose, ahead=ahead)
            return told if loosely or told or not (loose or ahead) else None
        loose = loose or head.pos_ in ("NOUN", "PROPN", "PRON", "NUM")
        ahead = ahead or head.lower_ in AHEAD
        token = head
    return None


def _leans(verb: Token) -> bool:
    """Tell whether a verb has the tense of what it hangs on: ``while visiting Goma on Monday``, ``followed by a vote on Monday``."""
    bare = verb.tag_ == "VBG" or (verb.tag_ == "VBN" and verb.lemma_.lower() == "follow")
    return bare and verb.head.i != verb.i and not any(kid.dep_ in ("aux", "auxpass") for kid in verb.children)


def _verdict(verb: Token, *, loose: bool, ahead: bool) -> bool | None:
    """Return what a verb tells of a time below it; ``loose`` within a noun phrase, ``ahead`` where a word between points on."""
    helpers = {kid.lower_ for kid in verb.children if kid.dep_ in ("aux", "auxpass")}
    lemma = verb.lemma_.lower()
    if helpers & WILL:
        return None if loose else True
    if helpers & MODALS:
        return None
    if "did" in helpers:
        return None if loose and (ahead or lemma in SCHEDULES) else False
    if "to" in helpers:
        return _infinitive(verb, loose=loose, ahead=ahead)
    if verb.tag_ == "VB" and verb.dep_ == "conj" and not helpers and verb.head.pos_ in VERBS:
        return _verdict(verb.head, loose=loose, ahead=ahead)
    present = helpers & {"is", "are", "'s", "’s", "'re", "’re"}
    if verb.tag_ == "VBN" and lemma in SCHEDULES:
        return True if present and not loose else None
    if (lemma in SCHEDULES and (loose or ahead)) or (loose and ahead):
        return None
    if verb.tag_ in ("VBD", "VBN"):
        return None if loose and helpers & {"has", "have", "'s", "’s", "'ve", "’ve"} else False  # "has praised Monday's moderator"
    if verb.tag_ in ("VBZ", "VBP"):
        return False if lemma in SAYS else True if lemma == "be" and not loose else None
    return None


def _infinitive(verb: Token, *, loose: bool, ahead: bool) -> bool | None:
    """``plans to meet on Monday`` lies ahead, ``planned to`` did once; any other is as the verb above it."""
    above = verb.head
    if above.i == verb.i:
        return None
    if above.lemma_.lower() in PLANS or above.pos_ not in VERBS:
        present = above.tag_ in ("VBZ", "VBP") or any(kid.lower_ in ("is", "are") for kid in above.children)
        return True if present and above.pos_ in (*VERBS, "ADJ") and not loose else None
    if verb.dep_ in ("xcomp", "ccomp") and above.lemma_.lower() not in HAPPENS:
        return None  # "urged them to vote on Tuesday"
    return _verdict(above, loose=loose, ahead=ahead)
