"""The figures of a document: amounts that say how many or how much of something, each with who claims it and as of when.

Left out, by kind: dates, times, spans of time and ages; numbers that name a thing and count nothing (``page 4``, ``Route 66``,
``Article 51``, ``Boeing 737``, numbers of a list, telephone numbers, scores); everything in credits, headers, datelines and site
chrome; and numbers below ten of things that nothing befell (``two wars``, ``three sides``), which are a manner of speaking. A number
below ten counts where it counts persons who are not known already (``four soldiers``, not ``the two men``) and are not the source of
the statement (``two officials said``), where its verb is in a class of quantities (``two bridges were destroyed``), or where a
modifier measures it.

As of when: a time that ``as of`` introduces; one that ``by`` introduces where the count has come about by then (``had left by
Thursday``); one beside the verb that says how high the count is (``the toll rose to 300 on Monday``). The time of what is counted is
none: ``300 were killed on Monday`` holds without an end.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from spacy import symbols
from spacy.tokens import Token

from kg.extract.amounts import Amount, amounts, words_of
from kg.extract.counted import CLAUSAL, NOUNS, SUBJECTS, TELLING, Counted, Places, counted, is_person, lemma, phrase_of
from kg.extract.drafts import SILENT
from kg.extract.moods import is_additional, is_projected
from kg.extract.phrases import phrase
from kg.extract.quantities import is_money, noun_class, sort_of, verb_class
from kg.extract.voices import Talk
from kg.records import Figure, Kind, Span, Statement, Time, TimeKind

SMALL = 10
"""Numbers below it are written in words where nothing is measured."""
KNOWN = frozenset("the these those this that his her their its our my your both last first next other final".split())
"""Words before a number whose things were told already."""
AGED = re.compile(r"\b(?:aged?|ages(?: of)?|turned|turning)\s+(?:about |between )?\Z", re.IGNORECASE)
OLD = re.compile(r"[ -](?:years?|months?|weeks?|days?)?[ -]?olds?\b|[ -]year[ -]", re.IGNORECASE)
AGE_AFTER_NAME = re.compile(r"(?:\s*,|\s*\)|\s*\.|\s+(?:who|was|is)\b)")
LISTED = re.compile(r"[.)]\s")
LINE_START = re.compile(r"(?:^|\n)[ \t]*\(?\Z")
LONGEST_BARE = 7
"""From so many digits without a comma on, a number is a telephone number or an identifier."""
YEARS = frozenset(str(year) for year in range(1000, 2101))
ABOUT = frozenset({"about", "around", "over", "under", "above", "below"})
"""Modifiers that can be prepositions: ``talks about 30 hostages``."""
AS_OF = re.compile(r"\bas (?:of|at)\s+(?:[\w.:]+\s+){0,5}\Z", re.IGNORECASE)
BY = re.compile(r"\bby\s+(?:the (?:end|start|middle|beginning) of\s+)?(?:\w+\s+)?\Z", re.IGNORECASE)
STRETCH = re.compile(r"\b(?:since|from|until|till|before|after|between|during|over)\s+(?:\w+\s+)?\Z", re.IGNORECASE)
AS_OF_FIRST = re.compile(r"as (?:of|at)\b", re.IGNORECASE)
BY_FIRST = re.compile(r"by\b", re.IGNORECASE)
STRETCH_FIRST = re.compile(r"(?:since|from|until|till|before|after|between|during|over)\b", re.IGNORECASE)
"""The same where the words of the time begin with its preposition."""
BESIDE = frozenset({*CLAUSAL, *SUBJECTS, "dobj", "poss", "attr", "appos"})
SAME_IN_PLURAL = frozenset("aircraft spacecraft fish sheep cattle deer series species head offspring poultry horsepower".split())
"""Nouns that count many in the singular; others behind a number are named by it: ``the 411 clip``."""
PARENTS = frozenset("father mother parent mom mum dad grandfather grandmother age one first second third last".split())
"""What stands before ``of`` and a number that only describes somebody: ``a mother of seven``."""
SPEAKING = frozenset("talk ask know hear think worry tell speak learn complain".split())
MUCH = frozenset({"more", "much", "anything", "something", "nothing", "all"})
"""What stands before ``about`` where it names a topic: ``a comment about 30 hostages``, ``learn more about``."""
TOPS = frozenset({"top", "no", "no.", "number", "nos"})
MEASURED = frozenset({"magnitude", "category", "strength"})
NEAR = 5
"""How many figures back a count can be that ``the number`` stands for."""
HEIGHTS = frozenset({"number", "figure", "toll", "total", "count", "tally"})


def figures(talk: Talk, statements: Sequence[Statement], times: Sequence[Time]) -> tuple[Figure, ...]:
    """Return the figures of a document in text order.

    Args:
        talk: The document with its parse, mentions and chains.
        statements: What it attributes; who claims a figure is the speaker of the innermost statement around it.
        times: The times that it tells, in text order.
    """
    return _Reading(talk, statements, times).figures()


class _Reading:
    """One document while its figures are read."""

    def __init__(self, talk: Talk, statements: Sequence[Statement], times: Sequence[Time]) -> None:
        self.talk, self.doc, self.text = talk, talk.doc, talk.document.text
        self.times = times
        self.places = Places(talk)
        self.token_starts = self.doc.to_array("IDX").tolist()
        self.time_starts = [time.span.start for time in times]
        self.said = _Contents(statements)
        self.sources = sorted((span.start, span.end) for statement in statements for span in statement.source)

    def figures(self) -> tuple[Figure, ...]:
        found = _sharing([read for amount in amounts(self.text) if (read := self._read(amount)) is not None])
        rows: list[Figure] = []
        for read in found:
            rows.append(self._figure(read, rows))
        self._completed(rows)
        return tuple(replace(row, base=_base(number, found)) for number, row in enumerate(rows))

    # ------------------------------------------------------------ what is a figure

    def _read(self, amount: Amount) -> Counted | None:
        """Return what an amount counts, ``None`` where it is no figure."""
        span = amount.span
        if self.talk.document.zone_at(span) in SILENT or (self._in_time(span) and amount.unit != "percent" and not is_money(amount.unit)):
            return None
        first, last = bisect_right(self.token_starts, span.start) - 1, bisect_left(self.token_starts, span.end)
        tokens = tuple(token for token in self.doc[first:last] if not token.is_space)
        if not tokens or self._in_name(tokens, span) or self._is_age(amount):
            return None
        amount = self._without_preposition(amount)
        read = counted(self.talk, amount, tokens)
        return None if self._is_label(read) or self._is_year(read) or not self._says_something(read) else read

    def _in_time(self, span: Span) -> bool:
        at = bisect_right(self.time_starts, span.start)
        return any(time.span.meets(span) for time in self.times[max(0, at - 1) : at + 1])

    def _in_name(self, tokens: tuple[Token, ...], span: Span) -> bool:
        """Tell whether the number is part of a name: ``Channel 4``, ``Forces 47``; a people's name may follow its number."""
        number = self.talk.token_of.get(tokens[0].i)
        if number is None:
            return False
        mention = self.talk.mentions[number]
        return mention.span.covers(span) and not (mention.kind is Kind.GROUP and mention.span.start == span.start)

    def _is_age(self, amount: Amount) -> bool:
        """Tell whether a number is an age: ``aged 84``, ``an 84-year-old``, ``Sasha, 84, a man``."""
        start, end = amount.span.start, amount.span.end
        if amount.unit or amount.vague:
            return False
        if OLD.match(self.text, end) or AGED.search(self.text, max(0, start - 20), start):
            return True
        before = self.text[max(0, start - 3) : start].rstrip()
        if (amount.value or 0) > 120 or before[-1:] not in (",", "(") or not AGE_AFTER_NAME.match(self.text, end):
            return False
        at = bisect_left(self.token_starts, start) - 2
        if at < 0:
            return False
        number = self.talk.token_of.get(at)
        named = number is not None and self.talk.mentions[number].kind in (Kind.PERSON, Kind.GROUP)
        return named or self.doc[at].pos_ == "PROPN" or is_person(self.talk, self.doc[at])

    def _without_preposition(self, amount: Amount) -> Amount:
        """Take a preposition for what it is: ``talks about 30 hostages``, ``a dispute over two islands``."""
        if amount.modified is None:
            return amount
        words = amount.modified.of(self.text).lower()
        token = self.doc[bisect_right(self.token_starts, amount.modified.start) - 1]
        before = self.doc[token.i - 1] if token.i else None
        topic = (
            words == "about"
            and before is not None
            and (before.pos_ == "NOUN" or before.lower_ in MUCH or before.lemma_.lower() in SPEAKING)
        )
        small = token.dep_ == "prep" and amount.spelled and (amount.value or SMALL) < SMALL
        if words not in ABOUT or not (topic or small or token.dep_ == "prt"):
            return amount
        bounds = (amount.low, amount.high) if amount.value is None else (None, None)
        return replace(amount, modifier="exact", modified=None, low=bounds[0], high=bounds[1])

    def _is_label(self, read: Counted) -> bool:
        """Tell whether a number names its thing and counts nothing."""
        amount, first, last = read.amount, read.tokens[0], read.tokens[-1]
        if amount.unit or amount.vague or not amount.span.of(self.text)[0].isdigit():
            return False
        start, end = amount.span.start, amount.span.end
        if LINE_START.search(self.text, max(0, start - 20), start) and LISTED.match(self.text, end):
            return True
        if amount.span.of(self.text).isdigit() and len(amount.span.of(self.text)) >= LONGEST_BARE:
            return True
        before = self.doc[first.i - 1] if first.i and not first.is_sent_start else None
        if before is None or before.is_space:
            return False
        if before.lower_ in TOPS:
            return True
        if before.pos_ == "PROPN" and before.dep_ in ("compound", "nmod", "amod") and before.head.i >= first.i:
            return True
        hyphened = last.i + 1 < len(self.doc) and self.doc[last.i + 1].text == "-"
        if read.noun is None or read.framed:
            return before.pos_ in NOUNS and before.lower_ not in MEASURED and amount.modified is None and not hyphened
        named = read.noun.tag_ in ("NN", "NNP") and amount.value != 1 and not hyphened and not is_person(self.talk, read.noun)
        return read.noun.i < first.i or (named and read.noun.lower_ not in SAME_IN_PLURAL)

    def _is_year(self, read: Counted) -> bool:
        """Tell whether a number is a year: four digits without a comma that count nothing, or that tell which: ``the 2012 Olympics``."""
        words = re.split(r"\s?[-–]\s?|\s+to\s+|\s+and\s+", read.amount.span.of(self.text))
        if read.amount.unit or not YEARS.issuperset(words):
            return False
        if read.noun is None or read.framed or (read.noun.tag_ not in ("NNS", "NNPS") and not is_person(self.talk, read.noun)):
            return True
        before = self.doc[read.tokens[0].i - 1] if read.tokens[0].i else None
        return before is not None and words[0] >= "1900" and (before.lower_ in KNOWN or before.tag_ == "POS")

    def _says_something(self, read: Counted) -> bool:
        """Tell whether an amount says how many of something that a text could be wrong about."""
        amount, noun = read.amount, read.noun
        if noun is not None and read.framed and noun.lemma_.lower() in PARENTS:
            return False
        if noun is not None and (noun.lemma_.lower() in words_of("clock") or noun.lower_ in words_of("clock")) and amount.unit != "percent":
            return False
        if amount.unit:
            return True
        person = noun is not None and is_person(self.talk, noun)
        if noun is None or (read.framed and noun.lemma_.lower() in HEIGHTS):
            behind = read.tokens[-1].i + 1
            if amount.vague and noun is None and behind < len(self.doc) and self.doc[behind].lower_ == "in":
                return False
            personal = bool(read.word) and (sort := sort_of(read.word, "", "people")) is not None and sort.counts in ("people", "any")
            if noun is None and not personal:
                return False
            person = person or personal
        size = amount.value if amount.value is not None else amount.high if amount.high is not None else amount.low
        if size is None or size >= SMALL:
            return True
        return self._small_counts(read, person=person)

    def _small_counts(self, read: Counted, *, person: bool) -> bool:
        """Tell whether a number below ten is told as a figure."""
        first = read.tokens[0]
        behind = read.tokens[-1].i + 1
        if first.lower_ == "one" and behind < len(self.doc) and self.doc[behind].lower_ == "of":
            return False
        classed = sort_of(read.word, lemma(self.talk, read.noun), self._unit(read)) is not None
        before = self.doc[first.i - 1] if first.i and not first.is_sent_start else None
        if before is not None and (before.lower_ in KNOWN or before.tag_ in ("POS", "PRP$")) and not read.amount.modified:
            return False
        if read.amount.modified is not None and read.amount.modifier != "exact":
            return True
        if read.amount.value is not None and not float(read.amount.value).is_integer():
            return True
        if not person:
            return classed and read.amount.value != 1
        return (classed or read.amount.value != 1) and not self._in_source(read.amount.span)

    def _in_source(self, span: Span) -> bool:
        at = bisect_right(self.sources, (span.start, len(self.text)))
        return at > 0 and self.sources[at - 1][1] >= span.end

    # ------------------------------------------------------------ what it says

    def _figure(self, read: Counted, before: Sequence[Figure]) -> Figure:
        """Make the record of a figure; one that stands for a count told before takes over what that counted."""
        amount, noun = read.amount, read.noun
        name = lemma(self.talk, noun)
        same = _told_before(read, before, self.text)
        if noun is not None and noun.pos_ == "PRON":
            name, unit = (same.noun, same.unit) if same is not None else ("", self._unit(read))
            unit, word, where = amount.unit or unit, read.word, self.places.of_figure(read)
        elif same is not None:
            unit, name, word, where = same.unit, same.noun, same.verb, same.places
        else:
            unit, word, where = self._unit(read), read.word, self.places.of_figure(read)
        return Figure(
            span=amount.span,
            value=amount.value,
            unit=unit,
            modifier=amount.modifier,
            what=self._what(read),
            low=amount.low,
            high=amount.high,
            noun=name,
            verb=word,
            places=where,
            as_of=self._as_of(read),
            statement=self.said.innermost(amount.span),
            projected=is_projected(read.verb),
            additional=is_additional(self.doc, read.tokens[0].i, read.tokens[-1].i + 1),
        )

    def _unit(self, read: Counted) -> str:
        if read.amount.unit:
            return read.amount.unit
        strong = self.text.startswith("-strong", read.amount.span.end)
        if read.noun is None or strong or read.noun.pos_ == "PRON" or is_person(self.talk, read.noun):
            return "people"
        return lemma(self.talk, read.noun)

    def _what(self, read: Counted) -> tuple[Span, ...]:
        """Return the words that say what is counted: the noun phrase, and the verb with what it takes."""
        own = {token.i for token in read.tokens}
        found: set[int] = set()
        if read.noun is not None:
            found |= phrase(read.noun)
        verb = read.verb
        if verb is not None and verb.pos_ in ("VERB", "AUX"):
            found.add(verb.i)
            for kid in verb.children:
                if not self._timed(kid) and kid.dep_ in ("aux", "auxpass", "neg", "prt", "prep", "agent", "dobj", "attr", "oprd", "acomp"):
                    found |= phrase(kid)
        modified = read.amount.modified
        if modified is not None:
            own |= {i for i in found if modified.start <= self.doc[i].idx < modified.end}
        kept = sorted(i for i in found - own if not self.doc[i].is_space and not self._in_time(Span(self.doc[i].idx, self.doc[i].idx + 1)))
        return tuple(self._runs(kept))

    def _timed(self, link: Token) -> bool:
        """Tell whether a preposition only introduces a time."""
        under = [token for token in link.subtree if token.pos_ in (*NOUNS, "NUM") and token.i != link.i]
        return link.dep_ == "prep" and bool(under) and self._in_time(Span(under[0].idx, under[0].idx + 1))

    def _runs(self, indexes: Sequence[int]) -> Iterator[Span]:
        """Yield runs of neighbouring tokens as spans; one of marks and little words alone says nothing."""
        start = None
        for at, i in enumerate(indexes):
            start = i if start is None else start
            if at + 1 == len(indexes) or indexes[at + 1] != i + 1:
                run = [token for token in self.doc[start : i + 1] if not token.is_punct]
                if any(token.pos_ not in ("DET", "ADP", "PART", "PUNCT") for token in run):
                    yield Span(run[0].idx, run[-1].idx + len(run[-1]))
                start = None

    def _as_of(self, read: Counted) -> int | None:
        """Return the time as of which a figure holds, where its own clause states one."""
        if read.told is None:
            return None
        top = _clause_of(read.told)
        left, right = top.left_edge.idx, top.right_edge.idx + len(top.right_edge)
        near: list[int] = []
        for number in range(bisect_left(self.time_starts, left), bisect_left(self.time_starts, right)):
            time = self.times[number]
            if time.kind is not TimeKind.DURATION and self._holds_then(read, time, top):
                near.append(number)
        return min(near, key=lambda number: (not self.times[number].value, number)) if near else None

    def _holds_then(self, read: Counted, time: Time, top: Token) -> bool:
        """Tell whether a time says when a count holds rather than when the counted did what they did."""
        words, start = time.span.of(self.text), time.span.start
        window = max(0, start - 40)
        if AS_OF.search(self.text, window, start) or AS_OF_FIRST.match(words):
            return self._in_clause(time, top, CLAUSAL)
        verb = read.told
        if verb is None or not self._in_clause(time, top, BESIDE):
            return False
        helpers = {kid.lemma_.lower() for kid in verb.children if kid.dep_ in ("aux", "auxpass")}
        tells = verb.lemma_.lower() in TELLING and read.framed
        if BY.search(self.text, window, start) or BY_FIRST.match(words):
            return "have" in helpers or tells or "be" in (verb.lemma_.lower(), *helpers)
        return tells and not STRETCH.search(self.text, window, start) and not STRETCH_FIRST.match(words)

    def _in_clause(self, time: Time, top: Token, passing: AbstractSet[str]) -> bool:
        """Tell whether a time stands in a clause itself, and not in a clause or phrase below it that ``passing`` forbids."""
        token = self.doc[bisect_right(self.token_starts, time.span.end - 1) - 1]
        while token.i != top.i:
            if token.dep_ in passing or token.head.i == token.i:
                return False
            token = token.head
        return True

    # ------------------------------------------------------------ what the document adds

    def _completed(self, rows: list[Figure]) -> None:
        """Give counts the places that their own clause leaves out and the document tells once for all.

        A count of people who fled goes from the one country or territory that this document tells of people fleeing, to the one to
        which they go; a count of inhabitants without a place is of the place whose inhabitants were counted before.
        """
        moves: dict[str, int] | None = None
        lived: tuple[tuple[str, int], ...] = ()
        for number, row in enumerate(rows):
            sort = sort_of(row.verb, row.noun, row.unit)
            if sort is None:
                continue
            if sort.name == "displacement":
                moves = self._moves() if moves is None else moves
                missing = {relation: place for relation, place in moves.items() if relation not in dict(row.places)}
                taken = {place for _, place in row.places}
                rows[number] = replace(row, places=tuple(sorted({*row.places, *((r, p) for r, p in missing.items() if p not in taken)})))
            if "inhabitants" in (sort.name, sort.broader) and not row.places and lived:
                rows[number] = replace(row, places=lived)
            if noun_class(row.noun) == "inhabitants" or sort.name == "inhabitants":
                lived = tuple(("of", place) for relation, place in rows[number].places if relation != "to") or lived

    def _moves(self) -> dict[str, int]:
        """Return the country or territory from which, and to which, the document tells of people fleeing, where there is exactly one."""
        told: dict[str, set[int]] = {"from": set(), "to": set()}
        parts = self.doc.to_array("POS").tolist()
        for token in (self.doc[at] for at, part in enumerate(parts) if part in (symbols.VERB, symbols.NOUN)):
            word = token.lemma_.lower()
            if token.pos == symbols.VERB and verb_class(word) != "displacement":
                word = phrase_of(token)
            if verb_class(word) == "displacement" and self.talk.document.zone_at(Span(token.idx, token.idx + 1)) not in SILENT:
                for relation, number in self.places.of_verb(token, word):
                    if relation in told and self.places.feature(number) in ("country", "territory"):
                        told[relation].add(number)
        return {relation: next(iter(places)) for relation, places in told.items() if len(places) == 1}


class _Contents:
    """What statements attribute, asked by place."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.statements = statements
        rows = [(span.start, span.end, number) for number, statement in enumerate(statements) for span in statement.content]
        self.rows = sorted(rows, key=lambda row: (row[0], -row[1], row[2]))
        self.starts = [row[0] for row in self.rows]
        self.reach: list[int] = []
        for _, end, _ in self.rows:
            self.reach.append(max(end, self.reach[-1]) if self.reach else end)

    def innermost(self, span: Span) -> int | None:
        """Return the statement whose content covers a span most closely."""
        best: tuple[int, int] | None = None
        at = bisect_right(self.starts, span.start) - 1
        while at >= 0 and self.reach[at] >= span.end:
            start, end, number = self.rows[at]
            if end >= span.end and (best is None or (end - start, -number) < best):
                best = (end - start, -number)
            at -= 1
        return None if best is None else -best[1]


def _clause_of(verb: Token) -> Token:
    """Return the head of the clause that a verb stands in, its infinitive and auxiliary chain climbed."""
    while verb.dep_ in ("xcomp", "conj") and verb.head.pos_ in ("VERB", "AUX"):
        verb = verb.head
    return verb


def _sharing(found: list[Counted]) -> list[Counted]:
    """Give a count the verb of the one that it is joined to where the parser did not: ``after four men and two boys were shot``."""
    for at in range(len(found) - 2, -1, -1):
        one, other = found[at], found[at + 1]
        if one.noun is None or other.noun is None or other.verb is None or other.noun.dep_ not in SUBJECTS or verb_class(one.word):
            continue
        first = other.tokens[0].i
        between = [token for token in one.noun.doc[one.noun.i + 1 : first] if not _inside(token, other.amount.modified)]
        if one.noun.i < first and between and all(token.lower_ in ("and", ",") for token in between) and other.noun.i < other.verb.i:
            found[at] = replace(one, verb=other.verb, told=other.told, word=other.word, place=other.place)
    return found


def _inside(token: Token, span: Span | None) -> bool:
    return span is not None and span.start <= token.idx < span.end


def _told_before(read: Counted, before: Sequence[Figure], text: str) -> Figure | None:
    """Return the count for which ``the number``, or ``them`` behind ``12 of``, stands: the last one told in the same paragraph."""
    if read.noun is None:
        return None
    height = read.framed and not read.amount.unit and read.noun.lemma_.lower() in HEIGHTS - {"toll"}
    if not height and read.noun.pos_ != "PRON":
        return None
    last = next((figure for figure in reversed(before[-NEAR:]) if figure.unit != "percent" and not is_money(figure.unit)), None)
    return last if last is not None and "\n" not in text[last.span.end : read.amount.span.start] else None


def _base(number: int, found: Sequence[Counted]) -> int | None:
    """Return the figure of which a share is told: another number of the same noun (``two-thirds of the 120,000 inhabitants``)."""
    read = found[number]
    if read.amount.unit != "percent" or read.noun is None:
        return None
    for other in (number + 1, number - 1, number + 2):
        noun = found[other].noun if 0 <= other < len(found) else None
        if noun is not None and noun.i == read.noun.i and found[other].amount.unit != "percent":
            return other
    return None
