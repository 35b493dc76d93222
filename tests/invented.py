"""Invented overviews for the pages and the measures: two short articles, and what an attacker would send."""

import re
from dataclasses import replace

from kg.records import Actor, Article, Claim, Finding, Overview, Quantity, Said, Span
from kg.vocab import iri

HARBOUR = (
    "The harbour of Port Ellery opens on Monday, Mayor Ana Reyes said.\n"
    "\n"
    '"The road is open," Reyes told residents, "and it will stay open." She criticised the Northern Line.\n'
    "\n"
    "A spokesman said the mayor had promised free passage. Fishermen at the pier said they had heard nothing.\n"
)
STORM = 'Anna Čapek of the Weather Office warned on 3 May of a storm 🌊 near Port Ellery.\n\n"Stay at home," it said.\n'

REYES, CAPEK, OFFICE, LINE, TOWN = (
    iri("actor", "ana-reyes"),
    iri("actor", "anna-capek"),
    iri("actor", "weather-office"),
    iri("actor", "northern-line"),
    iri("actor", "government-of-ellery"),
)
FISHERMEN = iri("actor", "harbour-fishermen")
UNUSED = iri("actor", "zora-unused")
PORT = iri("place", "port-ellery")


def article(key: str, text: str, **more: str) -> Article:
    """Return an article called by its key."""
    return Article(iri=iri("doc", key), key=key, id=more.pop("id", key), text=text, **more)


def span(text: str, words: str, near: int = 0) -> Span:
    """Return where ``words`` stand nearest to a position."""
    start = min((found.start() for found in re.finditer(re.escape(words), text)), key=lambda start: abs(start - near))
    return Span(start, start + len(words))


def said(source: Article, content: tuple[str, ...], cue: str = "", by: str = "", **more: object) -> Said:
    """Return a statement whose content, cue and source are found by their words."""
    spans = tuple(span(source.text, words) for words in content)
    given: dict[str, object] = {
        "iri": iri("statement", f"{source.key}-{spans[0].start}-{spans[-1].end}"),
        "article": source.iri,
        "type": "indirect",
        "act": "say",
        "kind": "report",
        "content": spans,
        "cue": (span(source.text, cue, spans[0].end),) if cue else (),
        "source": (span(source.text, by, spans[0].end),) if by else (),
        "confidence": 0.9,
    }
    return Said(**(given | more))


HARBOUR_NEWS = article("aaaa", HARBOUR, id="harbour", title="Harbour opens", date="2024-05-02", publisher="The Ellery Gazette")
STORM_NEWS = article("bbbb", STORM, id="storm", url="https://news.example/storm")

PROMISE = said(
    HARBOUR_NEWS,
    ("the mayor had promised free passage",),
    "said",
    "A spokesman",
    act="confirm",
)
OVERVIEW = Overview(
    articles=(HARBOUR_NEWS, STORM_NEWS),
    actors=tuple(
        sorted(
            (
                Actor(REYES, "person", "Ana Reyes", aliases=("Mayor Reyes",), acts_for=TOWN),
                Actor(CAPEK, "person", "Anna Čapek"),
                Actor(OFFICE, "organization", "Weather Office"),
                Actor(LINE, "organization", "Northern Line"),
                Actor(TOWN, "government", "Government of Ellery"),
                Actor(FISHERMEN, "group", "fishermen at the pier", unnamed=True),
                Actor(UNUSED, "person", "Zora Unused"),
                Actor(PORT, "place", "Port Ellery", latitude=39.5, longitude=46.25, links=("https://sws.geonames.org/1234567/",)),
            ),
            key=lambda actor: actor.iri,
        )
    ),
    statements=(
        said(
            HARBOUR_NEWS,
            ("The harbour of Port Ellery opens on Monday",),
            "said",
            "Mayor Ana Reyes",
            speaker=REYES,
            role="Mayor",
            about=(PORT,),
        ),
        said(
            HARBOUR_NEWS,
            ("The road is open,", "and it will stay open."),
            "told",
            "Reyes",
            speaker=REYES,
            type="direct",
            on_behalf_of=TOWN,
            date="2024-05-01",
        ),
        said(
            HARBOUR_NEWS,
            ("the Northern Line",),
            "criticised",
            "She",
            speaker=REYES,
            act="criticise",
            kind="stance",
            target=LINE,
            about=(LINE,),
        ),
        PROMISE,
        said(
            HARBOUR_NEWS, ("free passage",), "promised", "the mayor", speaker=REYES, act="pledge", nested_in=PROMISE.iri, interpreted=True
        ),
        said(HARBOUR_NEWS, ("they had heard nothing",), "", "Fishermen at the pier", speaker=FISHERMEN),
        said(
            STORM_NEWS,
            ("a storm 🌊 near Port Ellery",),
            "warned",
            "Anna Čapek",
            speaker=CAPEK,
            act="warn",
            on_behalf_of=OFFICE,
            about=(PORT,),
        ),
        said(STORM_NEWS, ("Stay at home,",), "said", "it", speaker=OFFICE, type="direct", act="urge"),
    ),
)
EMPTY = Overview((), (), ())

FLOOD = (
    "About 3,000 people left Ellery by 6 May, the Government of Ellery said in Kess.\n"
    "\n"
    "🌊🌊 Reyes accused the Northern Line of leaving the old bridge to rot. By 9 May 4,200 people had left.\n"
)
REPLY = (
    "The Northern Line denied that it had let the bridge rot.\n"
    "\n"
    "“We counted 50 boats in Kess,” Jon Abel told the islanders for the Northern Line. Others put it at 70 boats.\n"
)
ABEL, ISLANDERS, KESS = iri("actor", "jon-abel"), iri("actor", "islanders"), iri("place", "kess")
FLOOD_NEWS = article("dddd", FLOOD, id="flood", title="Thousands leave", date="2024-05-09", publisher="The Ellery Gazette")
REPLY_NEWS = article(
    "eeee", REPLY, id="reply", title="Line denies", date="2024-05-11", publisher="Harbour Post", url="https://post.example/1"
)
LEFT = said(
    FLOOD_NEWS,
    ("About 3,000 people left Ellery by 6 May",),
    "said",
    "the Government of Ellery",
    speaker=TOWN,
    place=KESS,
    about=(PORT,),
    date="2024-05-06",
    date_status="stated",
)
ACCUSATION = said(
    FLOOD_NEWS,
    ("leaving the old bridge to rot",),
    "accused",
    "Reyes",
    speaker=REYES,
    act="accuse",
    target=LINE,
    about=(LINE,),
    date="2024-05-08",
    date_status="derived",
)
DENIAL = said(
    REPLY_NEWS,
    ("it had let the bridge rot",),
    "denied",
    "The Northern Line",
    speaker=LINE,
    act="deny",
    answers=(ACCUSATION.iri,),
    about=(PORT,),
)
BOATS = said(
    REPLY_NEWS,
    ("We counted 50 boats in Kess,",),
    "told",
    "Jon Abel",
    type="direct",
    speaker=ABEL,
    on_behalf_of=LINE,
    role="spokesman",
    addressee=ISLANDERS,
    place=KESS,
    about=(KESS,),
    date="2024-05",
    date_status="derived",
)


def figure(source: Article, words: str, value: float, unit: str, **more: object) -> Claim:
    """Return a figure that is found by its words."""
    where = span(source.text, words)
    given: dict[str, object] = {"modifier": "exact", "value": value, "unit": unit}
    return Claim(iri("figure", f"{source.key}-{where.start}-{where.end}"), source.iri, where, **(given | more))


FIGURES = (
    figure(FLOOD_NEWS, "About 3,000", 3000.0, "people", modifier="about", statement=LEFT.iri, as_of="2024-05-06", basis="text"),
    figure(FLOOD_NEWS, "4,200", 4200.0, "people", as_of="2024-05-09", basis="text"),
    figure(REPLY_NEWS, "50", 50.0, "boat", statement=BOATS.iri, as_of="2024-05-11", basis="published"),
    figure(REPLY_NEWS, "70", 70.0, "boat", as_of="2024-05-11", basis="published"),
)
REGION = Overview(
    articles=(*OVERVIEW.articles, FLOOD_NEWS, REPLY_NEWS),
    actors=tuple(
        sorted(
            (
                *(replace(actor, mentions=number + 1) for number, actor in enumerate(OVERVIEW.actors)),
                Actor(ABEL, "person", "Jon Abel", acts_for=LINE, mentions=1),
                Actor(ISLANDERS, "group", "islanders", mentions=1),
                Actor(KESS, "place", "Kess", latitude=0.0, longitude=-12.5, mentions=2),
            ),
            key=lambda actor: actor.iri,
        )
    ),
    statements=(*OVERVIEW.statements, LEFT, ACCUSATION, DENIAL, BOATS),
    quantities=(
        Quantity(
            iri("quantity", "boats"),
            "boats in Kess",
            "boat",
            False,
            FIGURES[2:],
            (Finding("conflict", (FIGURES[2].iri, FIGURES[3].iri), "They cannot both hold."),),
        ),
        Quantity(
            iri("quantity", "people"),
            "people who left Ellery",
            "people",
            True,
            FIGURES[:2],
            (Finding("update", (FIGURES[1].iri, FIGURES[0].iri), "It grew."),),
        ),
    ),
)
"""``OVERVIEW`` with something for every tab: figures that grow and that cannot both hold, an accusation with its denial, scenes, days."""

EVIL = (
    "<img src=x onerror=\"document.title='pwned'\"></script><script>document.title='pwned'</script>"
    "{{ 7*7 }} {% raw %} href='javascript:0' onclick='x' <!-- "
)
_EVIL_TEXT = f'{EVIL} & \u2028\u2029\u202e\x01 "{EVIL}", said {EVIL}.'
_EVIL_NEWS = article("cccc", _EVIL_TEXT, id=EVIL, title=EVIL, publisher=EVIL, url="javascript:document.title='pwned'", date="2024-05-02")
_EVIL_ACTOR = Actor(iri("actor", "evil"), "person", EVIL, aliases=(EVIL,), links=("javascript:alert(1)", f"https://x.example/{EVIL}"))
_LONG_ACTOR = Actor(iri("actor", "long"), "organization", "Very Long Name " * 700)
HOSTILE = Overview(
    (_EVIL_NEWS,),
    (_EVIL_ACTOR, _LONG_ACTOR),
    (said(_EVIL_NEWS, (EVIL,), "said", speaker=_EVIL_ACTOR.iri, about=(_LONG_ACTOR.iri,), role=EVIL, type="direct"),),
)
"""Markup, template braces, control and direction characters, and a name of 10,500 characters wherever a text can stand."""
