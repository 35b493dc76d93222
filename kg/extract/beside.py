"""What stands beside a name or ends it, and so tells its kind: ``carmaker X``, ``X Street``, ``Flight 12``, ``the Xs``.

The model knows names that it has seen and guesses at the others, mostly people. A common noun beside a name is better evidence: news
introduces what its readers may not know.
"""

import re
from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.found import Found, Names, name_like
from kg.extract.lists import tails, titles
from kg.gazetteer import Gazetteer
from kg.records import Kind

PARTICLES = frozenset("von van der den de da do dos das del della di du la le ten ter zu zur bin ibn bint binti abu al el ould".split())
"""Small words inside the names of people, in lower case."""
PEAKS = frozenset({"Mount", "Mt.", "Mt", "Cape", "Fort"})
"""Words that begin the name of a place and no name of a person."""
FIRST = frozenset("Air FC AC Real Grupo Banco Banca Banque Deutsche Société Compagnie Crédit Credit Atlético Dynamo Inter Sporting".split())
"""Words that begin the name of a body even where a place or a person's name follows."""
STORMS = frozenset({"typhoon", "cyclone", "hurricane", "storm"})
SURNAMES_TOO = frozenset({"cross", "post", "court", "press", "union", "guard", "church", "house", "police", "front"})
"""Words that end the name of a body and people's names as well."""
CAMEL = re.compile(r"(?!Mac|Fitz)[A-Z][a-z]{2,}(?:[A-Z][a-z]+|[A-Z]{2,4}){1,2}")
"""``QatarEnergy``, but not ``MacArthur``, ``DeSantis``."""
LETTERS = re.compile(r"[A-Z]{4,6}")
ACRONYM = re.compile(r"[A-Z]{3,6}")
NO_BODIES = frozenset("LGBT LGBTQ HIV AIDS COVID SARS DNA GPS WWI WWII NASCAR".split())
SHARES = frozenset({"shares", "stock"})
OFFICERS = frozenset({"founder", "co-founder", "chairman", "chairwoman", "editor", "analyst", "shareholder", "shareholders", "subsidiary"})
"""What companies have and people have not."""
CONTESTS = frozenset("beat beats defeated thrashed trounced routed edged stunned hosted".split())
DWELLERS = frozenset("villager resident inhabitant mayor outskirt suburb street village town city port".split())
"""Nouns behind whose ``of`` a place stands."""
SETTLEMENTS = frozenset("village town city suburb hamlet port capital province district county resort municipality".split())
SITES = frozenset("dam airport airbase airfield bridge province state district county region highlands prison".split())
"""Nouns behind the name of the place where it is."""
NAMING = frozenset("newspaper magazine airline band broadcaster tabloid daily weekly".split())
"""Nouns that may also follow a name: ``the Nikkei newspaper``."""


def unlike_names(names: Names) -> None:
    """Drop or cut what the model takes for names by mistake.

    Words without a capital and storms are no names, nor are people with numbers; verbs and flights do not belong to one.
    """
    for found in names.all():
        if names.name(found).islower() and names.words[found.start] not in PARTICLES:
            names.drop(found)
        else:
            _mended(names, found)
    stormy = set(_storms(names))
    people = {names.words[found.end - 1] for found in names.all() if found.kind is Kind.PERSON and len(found) > 1}
    for found in names.all():
        if len(found) == 1 and names.name(found) in stormy - people:
            names.drop(found)


def _mended(names: Names, found: Found) -> None:
    """Cut a raw name before what is no part of it, or drop it where nothing is left."""
    end = found.end
    if len(found) > 1 and cried(names.words[end - 1]):
        end -= 1
    while found.kind is Kind.PERSON and end > found.start and _numbered(names.words[end - 1]):
        end -= 1
    if end < found.end:
        names.drop(found)
        found = Found(found.start, end, found.kind, found.rule)
        if not found or (found.kind is Kind.PERSON and _numbered(names.name(found))):
            return
        names.put(found)
    _flight(names, _before_verb(names, found) if found.kind is Kind.PERSON else found)


def _numbered(text: str) -> bool:
    return any(char.isdigit() for char in text)


def cried(word: str) -> bool:
    """Tell whether a word is a verb in a headline in capitals: ``MINISTER QUITS``."""
    return word.isupper() and word.lower() in tails("deed")


def _flight(names: Names, found: Found) -> None:
    """``Kenya Airways Flight 507`` is a flight of Kenya Airways; ``Flight 507`` is no name."""
    for at in range(found.start, found.end):
        if names.lower[at] == "flight" and at + 1 < len(names.words) and _numbered(names.words[at + 1]):
            names.drop(found)
            if at > found.start:
                names.put(Found(found.start, at, Kind.ORGANIZATION, "beside"))
            return


def _before_verb(names: Names, found: Found) -> Found:
    """Set the two names that a verb divides, and return the first: ``Xinhua | quoted | Li Wei``."""
    for at in range(found.start + 1, found.end - 1):
        if names.words[at].islower() and names.doc[at].tag_ in ("VBD", "VBZ") and names.words[at] not in PARTICLES:
            first = Found(found.start, at, found.kind, found.rule)
            names.put(first)
            names.put(Found(at + 1, found.end, found.kind, found.rule))
            return first
    return found


def _storms(names: Names) -> Iterator[str]:
    """Drop the names of storms and yield what they are called."""
    for at in names.capitals:
        if names.lower[at] not in STORMS or at + 1 == len(names.words) or not name_like(names.doc[at + 1]):
            continue
        for found in names.touching(at, at + 2):
            if found.kind is not Kind.PLACE and at <= found.start and found.end == at + 2:
                names.drop(found)
        if names.at(at + 1) is None:
            yield names.words[at + 1]


def bodies_by_form(names: Names) -> None:
    """Make bodies of names that begin or are written as only names of bodies are: ``Air China``, ``QatarEnergy``, ``KCNA``."""
    for found in names.all():
        if found.rule == "model" and found.kind in (Kind.PERSON, Kind.PLACE) and len(found) == 1 and _written_as_body(names, found):
            names.put(Found(found.start, found.end, Kind.ORGANIZATION, "beside"))
    for at in names.capitals:
        if names.words[at] in FIRST:
            _first(names, at)


def _written_as_body(names: Names, found: Found) -> bool:
    """Tell whether a name is in camel case, or in capitals among small letters and nowhere else written small nor a speaker's label."""
    word = names.name(found)
    if CAMEL.fullmatch(word):
        return True
    around = names.words[max(0, found.start - 1) : found.start] + names.words[found.end : found.end + 1]
    shouted = any(other.isupper() and len(other) > 1 for other in around)
    labels = ":" in around or word.capitalize() in names.words
    return found.kind is Kind.PERSON and bool(LETTERS.fullmatch(word)) and not shouted and not labels


def _first(names: Names, at: int) -> None:
    """``Air | France``: set the body that begins with a word of ``FIRST``."""
    if at + 1 == len(names.words) or not names.words[at + 1][:1].isupper() or names.lower[at + 1] in titles():
        return
    found, own = names.at(at + 1), names.at(at)
    if found and ((own is None and found.start == at + 1) or (own is found and found.start == at and found.kind is not Kind.ORGANIZATION)):
        names.put(Found(at, found.end, Kind.ORGANIZATION, "beside"))


def beside(names: Names, gazetteer: Gazetteer) -> None:
    """Retype, complete and add names by the nouns beside them."""
    _endings(names)
    _sorts(names, gazetteer)
    _articles(names)
    _places(names)
    _owners(names, gazetteer)
    _particles(names)
    _rivals(names)


def company(word: str) -> bool:
    """Tell whether a capitalised word ends the name of a body."""
    return word.lower() in tails("body") or word.lower() in tails("trade")


def _endings(names: Names) -> None:
    """``Douglas Aircraft`` is nobody's name, and ``Mount Merapi`` nobody's either."""
    for found in names.all():
        if found.kind is Kind.PERSON and found.rule == "model" and len(found) > 1:
            last = names.words[found.end - 1]
            if last[:1].isupper() and company(last) and last.lower() not in SURNAMES_TOO:
                names.put(Found(found.start, found.end, Kind.ORGANIZATION, "beside"))
            elif names.words[found.start] in PEAKS:
                names.put(Found(found.start, found.end, Kind.PLACE, "beside"))


def _sorts(names: Names, gazetteer: Gazetteer) -> None:
    """``carmaker Volkswagen``, ``the magazine Der Spiegel``, ``the Nikkei newspaper``: the noun says that this is a body."""
    doc, sorts = names.doc, tails("sort")
    for at, word in enumerate(names.words):
        if word not in sorts:
            continue
        noun = doc[at]
        behind = _run(names, at + 1, 1, gazetteer)
        if behind and (behind.kind is not Kind.PLACE or behind.rule == "model") and _joined(noun, names, behind):
            names.put(Found(behind.start, behind.end, Kind.ORGANIZATION, "beside"))
            continue
        before = _run(names, at - 1, -1, gazetteer) if word in NAMING else None
        if before and before.kind is not Kind.PLACE and names.root(before).dep_ == "compound" and names.root(before).head == noun:
            names.put(Found(before.start, before.end, Kind.ORGANIZATION, "beside"))


def _run(names: Names, at: int, step: int, gazetteer: Gazetteer) -> Found | None:
    """Return the name at a token that a neighbour may retype, or the capitalised run there that is none yet."""
    if not 0 <= at < len(names.words):
        return None
    if found := names.at(at):
        return found if found.rule in ("model", "gazetteer") and found.kind is not Kind.GROUP else None
    end = at
    while 0 <= end < len(names.words) and _unnamed(names, end):
        end += step
    if end == at or any(gazetteer.demonym(names.words[k]) for k in range(at, end, step)):
        return None
    first, last = (at, end - 1) if step > 0 else (end + 1, at)
    return Found(first, last + 1, Kind.ORGANIZATION, "beside")


def _unnamed(names: Names, at: int) -> bool:
    """Tell whether a capitalised word is in no name yet and could be in one."""
    token = names.doc[at]
    written = token.text[:1].isupper() and token.is_alpha and token.pos_ in ("PROPN", "NOUN") and token.ent_type_ not in ("DATE", "TIME")
    return written and not names.at(at) and names.lower[at] not in titles()


def _joined(noun: Token, names: Names, behind: Found) -> bool:
    """Tell whether a noun and a name behind it are one phrase; ``the company Tom Reed founded`` is none."""
    name = names.root(behind)
    verb = names.doc[behind.end] if behind.end < len(names.doc) else None
    if behind.kind is Kind.PERSON and verb is not None and verb.pos_ in ("VERB", "AUX") and verb not in (noun.head, name.head):
        return False
    return (noun.head == name and noun.dep_ in ("compound", "nmod", "amod")) or (name.head == noun and name.dep_ == "appos")


def _articles(names: Names) -> None:
    """Nobody is called ``the X``: ``the Beatles`` are a body, or a family where somebody of that name is in the text.

    One word in the singular is a thing (``the Titanic``) and is dropped wherever it stands, but for those who are called by their office.
    """
    people = [found for found in names.all() if found.kind is Kind.PERSON]
    surnames = {names.words[found.end - 1] for found in people}
    full = {names.words[at] for found in people if len(found) > 1 for at in range(found.start, found.end)}
    things = set()
    for found in (found for found in names.all() if found.rule == "model" and found.start and names.lower[found.start - 1] == "the"):
        root = names.root(found)
        family = len(found) == 1 and root.text.endswith("s") and {root.text[:-1], root.text[:-2]} & surnames
        if found.kind is Kind.PLACE or root.dep_ == "compound" or root.i != found.end - 1:
            continue
        if family:
            names.put(Found(found.start, found.end, Kind.GROUP, "beside"))
        elif found.kind is not Kind.PERSON:
            continue
        elif root.tag_ in ("NNPS", "NNS"):
            names.put(Found(found.start, found.end, Kind.ORGANIZATION, "beside"))
        elif len(found) == 1 and root.text not in full and root.lower_ not in titles():
            things.add(root.text)
    for found in people if things else ():
        if found.rule == "model" and len(found) == 1 and names.words[found.start] in things and names.at(found.start) is found:
            names.drop(found)


def _places(names: Names) -> None:
    """Make places of what the text calls one: ``residents of X``, ``X is a village``, ``X, a town in``."""
    for found in names.all():
        if found.kind is Kind.GROUP and found.rule == "model" and len(found) == 1 and _site(names.root(found)):
            names.put(Found(found.start, found.end, Kind.PLACE, "beside"))
        elif found.kind is Kind.PERSON and found.rule == "model":
            root = names.root(found)
            if _lived_in(root) or _settlement(root) or (len(found) == 1 and _site(root)):
                names.put(Found(found.start, found.end, Kind.PLACE, "beside"))
        elif found.kind is Kind.PLACE and found.start > 2 and names.words[found.start - 2 : found.start] == [",", "of"]:
            who = names.at(found.start - 3)
            if who and who.kind is Kind.PERSON:
                names.put(Found(found.start, found.end, Kind.PLACE, "origin"))


def _lived_in(root: Token) -> bool:
    link = root.head
    if root.dep_ != "pobj" or link.lower_ != "of":
        return False
    first = link
    if link.dep_ == "conj":  # "residents of A and of B"
        first = link.head.head if link.head.dep_ == "pobj" else link.head
    return first.head.lemma_.lower() in DWELLERS and not first.head.text[:1].isupper()


def _site(root: Token) -> bool:
    """``Mariana dam``, ``Bagram airbase``."""
    return root.dep_ == "compound" and root.head.i == root.i + 1 and root.head.text in SITES


def _settlement(root: Token) -> bool:
    said = [kid for kid in root.children if kid.dep_ == "appos"]
    if root.dep_ == "nsubj" and root.head.lemma_ == "be":
        said += [kid for kid in root.head.children if kid.dep_ == "attr"]
    return any(kid.lower_ in SETTLEMENTS for kid in said)


def _owners(names: Names, gazetteer: Gazetteer) -> None:
    """``Petrobras shares``, ``ELN commanders``, ``Alibaba founder``: only bodies have them."""
    people = {names.words[found.end - 1] for found in names.all() if found.kind is Kind.PERSON and len(found) > 1}
    for at in names.capitals:
        if at + 1 == len(names.words):
            break
        owner, thing = names.words[at], names.words[at + 1]
        if not _owned(names.doc[at + 1], owner) or names.doc[at].dep_ != "compound" or names.doc[at].head.i != at + 1:
            continue
        found = names.at(at)
        if found is None and _unnamed(names, at) and names.doc[at].pos_ == "PROPN" and gazetteer.demonym(owner) is None:
            names.put(Found(at, at + 1, Kind.ORGANIZATION, "beside"))
        elif found and thing in OFFICERS and found.rule == "model" and found.kind in (Kind.PERSON, Kind.PLACE) and owner not in people:
            names.put(Found(found.start, found.end, Kind.ORGANIZATION, "beside"))


def _owned(thing: Token, owner: str) -> bool:
    """Tell whether only a body has this; of other people with a title (``ELN commanders``) whether ``owner`` is written like a body."""
    if thing.text in SHARES or thing.text in OFFICERS:
        return True
    body = CAMEL.fullmatch(owner) or (ACRONYM.fullmatch(owner) and owner not in NO_BODIES)
    return bool(body) and thing.text.islower() and thing.lemma_ in titles()


def _rivals(names: Names) -> None:
    """``Manchester United beat Arsenal``: like plays like."""
    for at, word in enumerate(names.words):
        if word not in CONTESTS:
            continue
        kids = {kid.dep_: kid for kid in names.doc[at].children if kid.dep_ in ("nsubj", "dobj")}
        for one, other in (("nsubj", "dobj"), ("dobj", "nsubj")):
            known = names.at(kids[one].i) if one in kids else None
            if known and known.kind is Kind.ORGANIZATION and other in kids and name_like(kids[other]) and not names.at(kids[other].i):
                start = kids[other].i
                while start and names.words[start - 1][:1].isupper() and not names.at(start - 1) and names.lower[start - 1] != "the":
                    start -= 1
                names.put(Found(start, kids[other].i + 1, Kind.ORGANIZATION, "beside"))


def _particles(names: Names) -> None:
    """Complete people's names over their small words: ``Ana van der | Berg``."""
    doc, end_of_text = names.doc, len(names.words)
    for found in names.all():
        if found.kind is not Kind.PERSON:
            continue
        end = found.end
        while end < end_of_text and names.words[end] in PARTICLES:
            end += 1
        if names.words[end - 1] in PARTICLES and end - 1 > found.start and end < end_of_text and name_like(doc[end]) and not names.at(end):
            names.put(Found(found.start, end + 1, Kind.PERSON, found.rule))
