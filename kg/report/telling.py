"""A digest in words: which sections a report has and what stands in them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

from kg.records import Actor, Article, Said
from kg.report import (
    AGREE,
    DENIED,
    DIFFER,
    GREW,
    REWORDED,
    SHARES,
    SILENT,
    UNHEARD,
    VERBATIM,
    Claim,
    Digest,
    Doubtful,
    Finding,
    Ledger,
    Passage,
    Proposal,
    fragment,
)
from kg.report.blocks import (
    NAME,
    QUOTE,
    Block,
    Bullets,
    Chart,
    Line,
    Link,
    Paragraph,
    Part,
    Report,
    Section,
    Style,
    Table,
    Words,
    clean,
    clipped,
)
from kg.report.numbers import BASES, characters, listed, several, valued

CODE = 40
"""Characters of a date or of one of the graph's own words; they have fewer, unless somebody else made the graph."""

AROUND = 70
"""Characters of its line that are shown on each side of a figure."""

KINDS = {"organization": "body", "unnamed": "not named"}
"""How a report words a kind of actor, where it does not use the graph's own word."""

TYPES = {"direct": "direct quotation", "mixed": "partly quoted", "indirect": "told in the article’s words"}

DENIES = {"reject": "rejects", "refuse-comment": "does not comment on"}
"""How a report words what answers an accusation, where it is no plain denial."""

ANSWERS = {SILENT: "Speaks in this article and does not deny it", UNHEARD: "Not quoted in this article"}

CLAIMS_ONLY = "This report says who claimed what and where it stands. It does not say what is true."

LATEST = 6
"""Updates that are told beside a chart, and groups of figures that conflict or can both hold."""

Item = TypeVar("Item")


def report(digest: Digest, *, title: str, attribution: str, top: int = 20) -> Report:
    """Return a digest as a report.

    Args:
        digest: What there is to tell.
        title: Its heading.
        attribution: Who must be named where place data are shown.
        top: Most rows of a list or table, and most charts; what is left out is counted.
    """
    teller = _Teller(digest, top)
    sections = (
        Section("read", "What was read", tuple(teller.read())),
        Section("speakers", "Who speaks, and for whom", tuple(teller.speakers())),
        Section("figures", "Figures", tuple(teller.figures())),
        Section("accusations", "Accusations and answers", tuple(teller.accusations())),
        Section("second-hand", "Second-hand, unnamed, repeated", tuple(teller.second_hand())),
        Section("open", "What was not decided", tuple(teller.undecided())),
        Section("about", "About this report", tuple(teller.about(attribution))),
    )
    return Report(clipped(title, 200), (CLAIMS_ONLY,), tuple(teller.glance()), sections)


class _Teller:
    """Puts the parts of one digest into blocks."""

    def __init__(self, digest: Digest, top: int) -> None:
        self.digest, self.top = digest, top
        self.articles = {article.iri: article for article in digest.overview.articles}
        self.actors = {actor.iri: actor for actor in digest.overview.actors}
        self.said = {said.iri: said for said in digest.overview.statements}
        self.claims = {claim.iri: claim for ledger in digest.ledgers for claim in ledger.claims}
        self.statements = sorted(digest.overview.statements, key=lambda said: (self.articles[said.article].id, said.content, said.iri))
        self.charged = [said for said in self.statements if said.act == "accuse"]
        self.relayed = [said for said in self.statements if said.nested_in in self.said]
        self.nameless = [said for said in self.statements if said.speaker and self.actors[said.speaker].unnamed]
        self.readings = [said for said in self.statements if said.interpreted]
        self.orphans = [said for said in self.statements if said.speaker is None]
        self.outcomes: dict[str, list[Finding]] = defaultdict(list)
        for finding in digest.findings:
            if finding.kind in (DENIED, SILENT, UNHEARD):
                self.outcomes[finding.evidence[-1]].append(finding)

    # ------------------------------------------------------------ pieces

    def name(self, iri: str | None, nobody: str = "speaker not decided") -> str | Words:
        """Return the name of an actor, or our words for none."""
        return Words(clipped(self.actors[iri].name, NAME)) if iri is not None and iri in self.actors else nobody

    def voice(self, said: Said) -> Line:
        """Return who says something; for a source without a name that it has none."""
        who = self.actors.get(said.speaker or "")
        return [self.name(said.speaker), *((" (not named)",) if who and who.unnamed else ())]

    def passage(self, said: Said) -> Passage:
        return Passage(self.articles[said.article], said.content, fragment(said.iri))

    def words(self, said: Said, length: int = QUOTE) -> Words:
        """Return the content of a statement, in quotation marks where the article has it so."""
        return Words(clipped(self.passage(said).words, length), Style.QUOTED if said.type == "direct" else Style.PLAIN)

    def where(self, said: Said) -> Line:
        return (where(self.passage(said)),)

    def day(self, said: Said) -> str | Words:
        if said.date is not None:
            return Words(clipped(said.date, CODE))
        return "told without its year" if said.date_status == "unresolved" else "not told"

    def table(self, caption: str, columns: str, items: Sequence[Item], row: Callable[[Item], tuple[Line, ...]]) -> Table:
        """Return a table of the first items; the columns are parted by ``|``."""
        rows = tuple(row(item) for item in items[: self.top])
        return Table(caption, tuple(columns.split("|")), rows, len(items) - len(rows))

    # ------------------------------------------------------------ at a glance

    def glance(self) -> Iterator[tuple[str, Line]]:
        told = self.digest.overview
        speakers = {said.speaker for said in told.statements if said.speaker}
        counts = (several(len(told.articles), "article"), several(len(told.statements), "statement"), several(len(speakers), "speaker"))
        yield "read", (", ".join(counts),)
        for ledger in [ledger for ledger in self.digest.ledgers if ledger.disputed][:3]:
            rivals = {iri for finding in _of(ledger, DIFFER) for iri in finding.evidence}
            ordered = sorted((claim for claim in ledger.claims if claim.iri in rivals), key=lambda claim: claim.number)
            yield "figures", ("Disputed: ", Words(clipped(ledger.label, NAME)), f", from {valued(ordered[0])} to {valued(ordered[-1])}")
        for ledger in [ledger for ledger in self.digest.ledgers if ledger.cumulative and _of(ledger, GREW)][:3]:
            last = ledger.claims[-1]
            yield "figures", ("Growing: ", Words(clipped(ledger.label, NAME)), f", at last {valued(last)} (", *self.claimant(last), ")")
        if self.charged:
            denied = sum(any(finding.kind == DENIED for finding in self.outcomes[said.iri]) for said in self.charged)
            yield "accusations", (f"{several(len(self.charged), 'accusation')}, {denied:,} denied by the accused or for them",)
        if self.relayed or self.nameless:
            second = several(len(self.relayed), "statement")
            yield "second-hand", (f"{second} at second hand, {len(self.nameless):,} by sources without a name",)
        if self.digest.doubts or self.orphans:
            orphans = several(len(self.orphans), "statement")
            yield "open", (f"{several(len(self.digest.doubts), 'doubt')}, {orphans} without a speaker",)

    # ------------------------------------------------------------ 1. what was read

    def read(self) -> Iterator[Block]:
        told = self.digest.overview
        if not told.articles:
            yield Paragraph(("No article was read: the collection is empty.",))
            return
        if not told.statements:
            yield Paragraph((f"{several(len(told.articles), 'article')} read; none of them says that somebody said something.",))
        else:
            yield Paragraph(
                (f"{several(len(told.statements), 'statement')} in {several(len(told.articles), 'article')}.", *self.provenance())
            )
            classes = ("report", "stance", "act")
            cells = Counter((said.type, said.kind) for said in told.statements)
            rows = [kind for kind in TYPES if any(cells[kind, sort] for sort in classes)]
            yield self.table(
                "Statements by how they are given and what they are",
                "Given as|Reports of what is so|Stances|Undertakings|All",
                rows,
                lambda kind: (
                    (TYPES[kind],),
                    *((f"{cells[kind, sort]:,}",) for sort in classes),
                    (f"{sum(cells[kind, sort] for sort in classes):,}",),
                ),
            )
        spoken = Counter(said.article for said in told.statements)
        inner = Counter(said.article for said in self.relayed)
        orphans = Counter(said.article for said in self.orphans)
        yield self.table(
            "Articles by date",
            "Article|Published|Publisher|Statements|At second hand|Without a speaker",
            sorted(told.articles, key=lambda article: (article.date or "", article.id, article.key)),
            lambda article: (
                _article(article),
                (Words(clipped(article.date, NAME)) if article.date else "not stated",),
                (Words(clipped(article.publisher, NAME)) if article.publisher else "not stated",),
                (f"{spoken[article.iri]:,}",),
                (f"{inner[article.iri]:,}",),
                (f"{orphans[article.iri]:,}",),
            ),
        )
        yield from self.copies(told.articles)

    def copies(self, articles: Iterable[Article]) -> Iterator[Block]:
        """Yield which articles print which; nothing where none does."""
        prints = sorted(
            (article for article in articles if article.copy_of), key=lambda article: (article.date or "", article.id, article.key)
        )
        if not prints:
            return
        shared = Counter(iri for said in self.statements for iri in {one.article for one in said.appearances})
        yield self.table(
            "Articles that print an earlier one: what stands in both counts once, for the earlier",
            "Article|Prints|Statements in both",
            prints,
            lambda article: (
                _article(article),
                tuple(part for number, of in enumerate(article.copy_of) for part in (", " * (number > 0), *_article(self.articles[of]))),
                (f"{shared[article.iri]:,}",),
            ),
        )

    def provenance(self) -> Iterator[str]:
        """Yield how much is second-hand or without a speaker, and for how much a day is told."""
        days = Counter(said.date_status for said in self.statements)
        yield f" {len(self.relayed):,} stand inside another statement, so at second hand;"
        yield f" {len(self.nameless):,} are by sources without a name; for {len(self.orphans):,} nobody could be decided as the speaker."
        yield f" The day on which it was said is stated for {days['stated']:,}, follows from the article’s date for {days['derived']:,}"
        yield f" and is told by nothing for {days['notStated'] + days['unresolved']:,}."

    # ------------------------------------------------------------ 2. who speaks

    def speakers(self) -> Iterator[Block]:
        spoken: dict[str, list[Said]] = defaultdict(list)
        for said in self.digest.overview.statements:
            if said.speaker and not self.actors[said.speaker].unnamed:
                spoken[said.speaker].append(said)
        if not spoken:
            yield Paragraph(("Nobody who is named speaks in these articles.",))
            return
        loudest = sorted(spoken, key=lambda iri: (-len(spoken[iri]), self.actors[iri].name, iri))
        yield self.table(
            "Who speaks most (words passed on inside another statement count for both)",
            "Who|What|Speaks for|Statements|Words|Quoted, partly, told|Articles",
            loudest,
            lambda iri: self.speaker(self.actors[iri], spoken[iri]),
        )
        behind: dict[str, Counter[str]] = defaultdict(Counter)
        for iri, some in spoken.items():
            for said in some:
                if government := self.government(said):
                    behind[government][iri] += 1
        if not behind:
            yield Paragraph(("Nobody is told to speak for a government.",))
            return
        yield self.table(
            "Which governments are heard, and through whom",
            "Government|Statements|Through",
            sorted(behind, key=lambda iri: (-behind[iri].total(), self.actors[iri].name, iri)),
            lambda iri: ((self.actor(iri),), (f"{behind[iri].total():,}",), self.through(behind[iri], iri)),
        )

    def actor(self, iri: str) -> Link:
        return Link(fragment(iri), (self.name(iri),))

    def speaker(self, actor: Actor, spoken: Sequence[Said]) -> tuple[Line, ...]:
        words: Counter[str] = Counter()
        for said in spoken:
            words[said.type] += len(self.passage(said).words.split())
        shares = " / ".join(f"{100 * words[kind] / max(words.total(), 1):.0f}" for kind in TYPES)
        behind = Counter(said.on_behalf_of or actor.acts_for or "" for said in spoken)
        behind.pop("", None)
        behind.pop(actor.iri, None)
        names = sorted(behind, key=lambda iri: (-behind[iri], iri))
        return (
            (self.actor(actor.iri),),
            (Words(clipped(KINDS.get(actor.kind, actor.kind), CODE)),),
            self.names(names) or ("itself" if actor.kind != "person" else "not told",),
            (f"{len(spoken):,}",),
            (f"{words.total():,}",),
            (f"{shares} %",),
            (f"{len({said.article for said in spoken}):,}",),
        )

    def names(self, iris: Sequence[str], most: int = 3) -> Line:
        """Return names parted by commas, the rest counted."""
        shown = [piece for iri in iris[:most] for piece in (", ", self.name(iri, "unknown"))][1:]
        return [*shown, f" and {len(iris) - most:,} more"] if len(iris) > most else shown

    def government(self, said: Said) -> str | None:
        """Return the government for which a statement speaks: the one it names, else the first that the speaker acts for, or is."""
        at, seen = said.on_behalf_of or said.speaker, set[str]()
        while at in self.actors and at not in seen:
            if self.actors[at].kind == "government":
                return at
            seen.add(at)
            at = self.actors[at].acts_for
        return None

    def through(self, counts: Mapping[str, int], government: str) -> Line:
        ordered = sorted(counts, key=lambda iri: (-counts[iri], self.actors[iri].name, iri))
        shown: list[str | Words | Link] = []
        for iri in ordered[:5]:
            name = "the government itself" if iri == government else self.name(iri)
            shown += [", " if shown else "", name, f" {counts[iri]:,}"]
        return [*shown, f" and {len(ordered) - 5:,} more"] if len(ordered) > 5 else shown

    # ------------------------------------------------------------ 3. figures

    def figures(self) -> Iterator[Block]:
        if not self.digest.ledgers and not self.digest.others:
            yield Paragraph(("The articles tell no figures.",))
            return
        if not self.digest.ledgers:
            yield Paragraph(("No two figures are of the same quantity, so there is nothing to set side by side.",))
        for ledger in self.digest.ledgers[: self.top]:
            yield Part((Words(_capital(clipped(ledger.label, 120))),))
            yield Chart(ledger, tuple(self.follows(ledger)))
            yield self.table(
                f"All figures: {clipped(ledger.label, 120)}",
                "Figure|Claimed by|As of|Passage|Where",
                self.gathered(ledger),
                self.gathering,
            )
        if len(self.digest.ledgers) > self.top:
            left = self.digest.ledgers[self.top :]
            told = sum(len(ledger.claims) for ledger in left)
            yield Paragraph((f"And {several(len(left), 'more quantity', 'more quantities')}, with {several(told, 'figure')}.",))
        if self.digest.others:
            yield Part(("Other figures",))
            yield self.table(
                "Figures of which only one article or voice tells",
                "Figure|Of what|Claimed by|As of|Passage|Where",
                self.digest.others,
                lambda claim: (self.claim(claim)[0], (Words(clipped(claim.counted or claim.unit, NAME)),), *self.claim(claim)[1:]),
            )
        for finding in self.digest.findings:
            if finding.kind in SHARES:
                yield Paragraph(_share(finding))

    def gathered(self, ledger: Ledger) -> list[list[Claim]]:
        """Return each figure by itself, or where they are too many for a table, what one voice repeats as one."""
        if len(ledger.claims) <= self.top:
            return [[claim] for claim in ledger.claims]
        same: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
        for claim in ledger.claims:
            same[valued(claim), claim.as_of, claim.basis, _voice(claim)].append(claim)
        return list(same.values())

    def gathering(self, same: Sequence[Claim]) -> tuple[Line, ...]:
        *cells, place = self.claim(same[0])
        return (*cells, (*place, f" and {len(same) - 1:,} more" if len(same) > 1 else ""))

    def claim(self, claim: Claim) -> tuple[Line, ...]:
        before, number, after = claim.passage.around(AROUND)
        excerpt = (Words(clean(before)), Words(clipped(number, NAME), Style.MARKED), Words(clean(after)))
        return (valued(claim),), self.claimant(claim), _timed(claim), excerpt, (where(claim.passage),)

    def claimant(self, claim: Claim) -> Line:
        """Return who claims a figure, and who passes that on."""
        if claim.said is None:
            return ("the article itself",)
        outer = self.said.get(claim.said.nested_in or "")
        relayed = (", relayed by ", *self.voice(outer)) if outer and outer.speaker != claim.said.speaker else ()
        return (*self.voice(claim.said), *relayed)

    def alike(self, claims: Sequence[Claim]) -> list[str | Words | Link]:
        """Return a figure that several may claim, once, with who claims it and where."""
        voices: dict[str, list[Claim]] = defaultdict(list)
        own = sum(claim.said is None for claim in claims)
        for claim in claims:
            voices[_voice(claim) or ("" if own > 3 else claim.iri)].append(claim)
        pieces: list[str | Words | Link] = [Link(claims[0].passage.fragment, (valued(claims[0]),)), " ("]
        for place, same in enumerate(list(voices.values())[:3]):
            label = self.claimant(same[0]) if same[0].said else _own(same)
            pieces += [", " if place else "", *((Link(same[0].passage.fragment, label),) if place else label)]
            pieces += [f" in {len(same):,} places"] if len(same) > 1 and same[0].said else []
        return [*pieces, f" and {len(voices) - 3:,} more)" if len(voices) > 3 else ")"]

    def told(self, claim: Claim) -> list[str | Words | Link]:
        """Return a figure, linked, with its claimant and time."""
        who = _own([claim]) if claim.said is None else self.claimant(claim)
        return [Link(claim.passage.fragment, (valued(claim),)), " (", *who, *((", ", when(claim)) if claim.as_of else ()), ")"]

    def follows(self, ledger: Ledger) -> Iterator[Line]:
        """Yield what follows from a ledger: updates in order, each conflict and agreement once, shares."""
        rank = {claim.iri: place for place, claim in enumerate(ledger.claims)}
        updates = sorted(_of(ledger, GREW), key=lambda finding: [rank[iri] for iri in finding.evidence])
        if len(updates) > LATEST:
            yield (f"{several(len(updates) - LATEST, 'earlier update')}: the table below has the figures.",)
        for finding in updates[-LATEST:]:
            after, before = (self.claims[iri] for iri in finding.evidence)
            yield "Update: ", *self.told(before), ", then ", *self.told(after), ". ", Words(_capital(clipped(finding.rule, QUOTE))), "."
        for kind, opening in ((DIFFER, "Conflict: "), (AGREE, "Can both hold: ")):
            for centre, others in list(_stars(ledger, _of(ledger, kind)))[:LATEST]:
                pieces: list[str | Words | Link] = [opening, *self.alike(centre), " and "]
                for place, other in enumerate(others[:5]):
                    pieces += ["; " if place else "", *self.alike(other)]
                yield [*pieces, f" and {len(others) - 5:,} more." if len(others) > 5 else "."]
        for finding in ledger.findings:
            if finding.kind in SHARES:
                yield _share(finding)
        if not ledger.findings:
            yield ("Nothing follows: these figures may be of different events or days, and nothing here sets one against another.",)

    # ------------------------------------------------------------ 4. accusations

    def accusations(self) -> Iterator[Block]:
        if not self.charged:
            yield Paragraph(("No article says that somebody accuses somebody.",))
            return
        yield self.table(
            "Who accuses whom of what, and what the accused say to it",
            "Who|Whom|Of what|When|Answer|Where",
            self.charged,
            lambda said: (
                self.voice(said) if said.speaker else ("nobody is named",),
                (self.name(said.target, "not told"),),
                (
                    Words(
                        clipped(self.digest.charges[said.iri].words if said.iri in self.digest.charges else self.passage(said).words, QUOTE)
                    ),
                ),
                (self.day(said),),
                self.answer(said),
                self.where(said),
            ),
        )

    def answer(self, said: Said) -> Line:
        """Return who denied an accusation and where, or that nobody did."""
        findings = self.outcomes[said.iri]
        denials = [self.said[finding.evidence[0]] for finding in findings if finding.kind == DENIED]
        if denials:
            pieces: list[str | Words | Link] = []
            for place, denial in enumerate(denials[:3]):
                verb = DENIES.get(denial.act, "denies")
                day = (" on ", self.day(denial)) if denial.date else ()
                pieces += ["; " if place else "", *self.voice(denial), f" {verb}", *day, ": ", self.words(denial, 120), " ("]
                pieces += [*self.where(denial), ")"]
            return [*pieces, f"; and {len(denials) - 3:,} more"] if len(denials) > 3 else pieces
        kinds = [finding.kind for finding in findings]
        return (ANSWERS[kinds[0]] if kinds else "Not looked for: nobody is told to be accused",)

    # ------------------------------------------------------------ 5. second hand

    def second_hand(self) -> Iterator[Block]:
        yield Part(("Who relays whom",))
        if self.relayed:
            yield self.table(
                "Statements inside a statement",
                "Told by|Said by|Act|What|Where",
                self.relayed,
                lambda said: (
                    self.voice(self.said[said.nested_in or ""]),
                    self.voice(said),
                    (_act(said),),
                    (self.words(said),),
                    self.where(said),
                ),
            )
        else:
            yield Paragraph(("No statement passes on another.",))
        yield Part(("Sources without a name",))
        if self.nameless:
            yield self.table(
                "What sources say that no article names",
                "Called|Act|What|Where",
                self.nameless,
                lambda said: ((self.name(said.speaker),), (_act(said),), (self.words(said),), self.where(said)),
            )
        else:
            yield Paragraph(("Every source that speaks has a name.",))
        yield Part(("The reporter’s readings",))
        if self.readings:
            yield self.table(
                "Acts that the article reads into what somebody said",
                "Who|Read as|In the words|About what|Where",
                self.readings,
                lambda said: (self.voice(said), (_act(said),), (self.cue(said),), (self.words(said),), self.where(said)),
            )
        else:
            yield Paragraph(("No article interprets what somebody said.",))
        yield Part(("The same quotation in several articles",))
        repeated = [finding for finding in self.digest.findings if finding.kind in (VERBATIM, REWORDED)]
        if repeated:
            yield self.table("Told twice, in the same or in other words", "Who|First|Second|What differs", repeated, self.repetition)
        else:
            yield Paragraph(("No quotation stands in two articles.",))

    def cue(self, said: Said) -> Words:
        text = self.articles[said.article].text
        return Words(clipped(" … ".join(span.of(text) for span in said.cue), NAME), Style.QUOTED)

    def repetition(self, finding: Finding) -> tuple[Line, ...]:
        other, one = (self.said[iri] for iri in finding.evidence)
        left, right = _differing(self.passage(one).words, self.passage(other).words)
        differs: list[str | Words | Link] = []
        for opening, words in (("only first: ", left), ("only second: ", right)):
            if words:
                differs += ["; " if differs else "", opening, Words(clipped(words, QUOTE), Style.QUOTED)]
        return (
            self.voice(one),
            (self.words(one), " (", *self.where(one), ")"),
            (self.words(other), " (", *self.where(other), ")"),
            differs or ("nothing",),
        )

    # ------------------------------------------------------------ 6. what is open

    def undecided(self) -> Iterator[Block]:
        unsure = [self.said[iri] for iri in self.said if iri in self.digest.unsure]
        names = [proposal for proposal in self.digest.proposals if not proposal.places]
        places = [proposal for proposal in self.digest.proposals if proposal.places]
        if not (self.digest.doubts or self.orphans or unsure or self.digest.proposals or self.digest.times):
            yield Paragraph(("Nothing was left open.",))
            return
        yield Paragraph(
            ("Most of this can be settled by a person: kg review asks, in the order of what an answer touches, and keeps the answers.",)
        )
        tables: Iterable[Table] = (
            self.table("Seen and not decided", "What|Why|Where", self.digest.doubts, self.doubt),
            self.table("Statements without a speaker", "What|Where", self.orphans, lambda said: ((self.words(said),), self.where(said))),
            self.table(
                "Speakers whom a careful reader could decide otherwise",
                "Who|Found by|What|Where",
                unsure,
                lambda said: (
                    self.voice(said),
                    (Words(clipped(self.digest.unsure[said.iri].replace("-", " "), CODE)),),
                    (self.words(said),),
                    self.where(said),
                ),
            ),
            self.table("Names that may be one", "Name|Other|Why|Likeness|Where", names, self.proposal),
            self.table("Places that could be several", "Name|May be|Why|Likeness|Where", places, self.proposal),
            self.table("Times that nothing tells", "In the words|Sort|Where", self.digest.times, self.doubt),
        )
        yield from (table for table in tables if table.rows)

    def doubt(self, doubt: Doubtful) -> tuple[Line, ...]:
        before, words, after = doubt.passage.around(AROUND // 2)
        return (
            (Words(clean(before)), Words(clipped(words, QUOTE), Style.MARKED), Words(clean(after))),
            (Words(clipped(doubt.why, QUOTE)),),
            (where(doubt.passage),),
        )

    def proposal(self, proposal: Proposal) -> tuple[Line, ...]:
        places = [piece for passage in proposal.passages[:2] for piece in ("; ", where(passage))][1:]
        return (
            (Words(clipped(proposal.left, NAME)),),
            (Words(clipped(proposal.right, NAME)),),
            (Words(clipped(proposal.rule.replace("-", " "), NAME)),),
            (f"{proposal.score:.2f}",),
            places or ("no article",),
        )

    # ------------------------------------------------------------ 7. about

    def about(self, attribution: str) -> Iterator[Block]:
        made = [f"newskg {version}, {model}, data {data}" for version, model, data in self.digest.runs]
        yield Bullets(
            (
                (CLAIMS_ONLY, " A conflict is between claims; an update says that a later count is higher, not that it is right."),
                ("Every line links to its passage; the numbers behind an article’s name count its characters (code points) from 0.",),
                ("What machines read in texts they also misread: look at the passage before you publish.",),
                (attribution,),
                ("Made with ", Words(clipped(listed(made), QUOTE) if made else "an unknown version of newskg"), "."),
            )
        )


def when(claim: Claim) -> Words:
    """Return as of when a figure holds."""
    return Words(clipped(claim.as_of.replace("/", " to "), CODE))


def where(passage: Passage) -> Link:
    """Return the way to a passage, called by its article and characters."""
    return Link(passage.fragment, (Words(f"{clipped(passage.article.title or passage.article.id, 40)},"), " ", characters(passage.spans)))


def _article(article: Article) -> Line:
    """Return what an article is called: its title and id; one without title by its first words."""
    opening = article.title or f"“{clipped(article.text.strip().removeprefix(f'date {article.date}').lstrip(), 60)}”"
    return Link(fragment(article.iri), (Words(clipped(article.id, 60)),)), " ", Words(clipped(opening, 100))


def _of(ledger: Ledger, kind: str) -> list[Finding]:
    return [finding for finding in ledger.findings if finding.kind == kind]


def _share(finding: Finding) -> Line:
    return "The share fits: " if finding.kind == SHARES[0] else "The share does not fit: ", Words(clipped(finding.note, QUOTE)), "."


def _stars(ledger: Ledger, findings: Iterable[Finding]) -> Iterator[tuple[list[Claim], list[list[Claim]]]]:
    """Yield the equal figures with all that they are set against, each pair once: those with most opponents first."""
    groups: dict[str, list[Claim]] = defaultdict(list)
    for claim in sorted(ledger.claims, key=lambda claim: (claim.number, valued(claim), claim.iri)):
        groups[valued(claim)].append(claim)
    home = {claim.iri: key for key, claims in groups.items() for claim in claims}
    rank = {key: place for place, key in enumerate(groups)}
    beside: dict[str, set[str]] = defaultdict(set)
    for finding in findings:
        one, other = (home[iri] for iri in finding.evidence)
        if one != other:
            beside[one].add(other)
            beside[other].add(one)
    while any(beside.values()):
        centre = min(beside, key=lambda key: (-len(beside[key]), rank[key]))
        others = sorted(beside.pop(centre), key=rank.__getitem__)
        for other in others:
            beside[other].discard(centre)
        yield groups[centre], [groups[other] for other in others]


def _differing(one: str, other: str) -> tuple[str, str]:
    """Return the words that only the first of two texts has, and those that only the second has."""
    left, right = one.split(), other.split()
    only: tuple[list[str], list[str]] = ([], [])
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag != "equal":
            only[0].extend(filter(None, [" ".join(left[a:b])]))
            only[1].extend(filter(None, [" ".join(right[c:d])]))
    return " … ".join(only[0]), " … ".join(only[1])


def _act(said: Said) -> Words:
    return Words(clipped(said.act.replace("-", " "), CODE))


def _voice(claim: Claim) -> str:
    """Return what tells voices apart: the speaker's IRI, the statement where nobody is decided, nothing for articles themselves."""
    return "" if claim.said is None else claim.speaker.iri if claim.speaker else claim.said.iri


def _own(claims: Sequence[Claim]) -> Line:
    """Return what articles are called that say something in their own voice."""
    return (Words(f"article {clipped(claims[0].passage.article.id, CODE)}"),) if len(claims) == 1 else (several(len(claims), "article"),)


def _timed(claim: Claim) -> Line:
    """Return as of when a figure holds, and where that is from."""
    return (when(claim), BASES[claim.basis]) if claim.as_of else ("not told",)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
