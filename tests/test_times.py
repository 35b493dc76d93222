"""What the words for times mean: a reader must be able to trust every date in the graph, and to see which dates the text left open."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.annotate import annotate
from kg.corpus.zones import header_date, zones
from kg.extract.dates import resolve
from kg.extract.times import times
from kg.records import Document, Time, TimeKind

FRIDAY = "2023-09-29"

STATED = """
September 29, 2023 | day | 2023-09-29
Sept. 29, 2023 | day | 2023-09-29
Sep 29 2023 | day | 2023-09-29
29 September 2023 | day | 2023-09-29
29th September 2023 | day | 2023-09-29
the 29th of September, 2023 | day | 2023-09-29
Tuesday, Sept. 26, 2023 | day | 2023-09-26
Tuesday 26 September 2023 | day | 2023-09-26
Tue, 26 Sep 2023 | day | 2023-09-26
on Jan. 6, 2021, | day | 2021-01-06
February 29, 2020 | day | 2020-02-29
1 August 1914 | day | 1914-08-01
July 4, 1776 | day | 1776-07-04
2023-09-29 | day | 2023-09-29
2023/09/29 | day | 2023-09-29
29.09.2023 | day | 2023-09-29
9/29/2023 | day | 2023-09-29
29/09/2023 | day | 2023-09-29
5/5/2023 | day | 2023-05-05
9/11 | day | 2001-09-11
Christmas Day 2021 | day | 2021-12-25
New Year's Eve 1999 | day | 1999-12-31
the night of September 26, 2023 | day | 2023-09-26
the morning of Sept. 11, 2001 | day | 2001-09-11
the early hours of 24 February 2022 | day | 2022-02-24
late on Feb. 24, 2022 | day | 2022-02-24
2023-09-29T06:00+04:00 | moment | 2023-09-29T06:00+04:00
2023-09-29 06:00:15Z | moment | 2023-09-29T06:00Z
1200 GMT on 29 September 2023 | moment | 2023-09-29T12:00Z
8:46 a.m. on Sept. 11, 2001 | moment | 2001-09-11T08:46
Nov. 9, 1989, at 6:53 p.m. | moment | 1989-11-09T18:53
noon on January 20, 2021 | moment | 2021-01-20T12:00
the week of September 25, 2023 | week | 2023-09-25/2023-10-01
March 2019 | month | 2019-03
Sept 2016 | month | 2016-09
September of 2016 | month | 2016-09
in early September 2021 | month | 2021-09
mid-January 2020 | month | 2020-01
the end of June 2015 | month | 2015-06
2020 | year | 2020
in 1994 | year | 1994
by 2030 | year | 2030
the year 2000 | year | 2000
mid-2019 | year | 2019
late 2014 | year | 2014
early in 2020 | year | 2020
the end of 2024 | year | 2024
end-2024 | year | 2024
44 BC | year | -0043
AD 79 | year | 0079
1992 to 1994 | interval | 1992/1994
from 1992 to 1994 | interval | 1992/1994
1914–1918 | interval | 1914/1918
1939-45 | interval | 1939/1945
between 2006 and 2012 | interval | 2006/2012
2001 through 2014 | interval | 2001/2014
since 2020 | interval | 2020/..
since 1994 | interval | 1994/..
since March 3, 2021 | interval | 2021-03-03/..
since the 1990s | interval | 1990/..
since early 2020 | interval | 2020/..
until 2025 | interval | ../2025
the 1990s | interval | 1990/1999
the early 1990s | interval | 1990/1999
the mid-1960s | interval | 1960/1969
1970s | interval | 1970/1979
the 1800s | interval | 1800/1899
the 2000s | interval | 2000/2009
the 1950s and 1960s | interval | 1950/1969
the 19th century | interval | 1801/1900
the nineteenth century | interval | 1801/1900
18th-century | interval | 1701/1800
the 21st century | interval | 2001/2100
the fifth century BC | interval | -0499/-0400
the summer of 2020 | interval | 2020-22
summer 2020 | interval | 2020-22
the fall of 2010 | interval | 2010-23
the third quarter of 2023 | interval | 2023-07/2023-09
Q3 2023 | interval | 2023-07/2023-09
the first half of 2023 | interval | 2023-01/2023-06
the first nine months of 2023 | interval | 2023-01/2023-09
the last three months of 2015 | interval | 2015-10/2015-12
July 25-28, 2016 | interval | 2016-07-25/2016-07-28
28-30 September 2023 | interval | 2023-09-28/2023-09-30
between 5 and 9 March 2022 | interval | 2022-03-05/2022-03-09
January 23 - March 9 2014 | interval | 2014-01-23/2014-03-09
December 20 to January 5, 2020 | interval | 2019-12-20/2020-01-05
June to August 2023 | interval | 2023-06/2023-08
from July 2003 to May 2005 | interval | 2003-07/2005-05
30 years | duration | P30Y
three decades | duration | P30Y
10 days after | duration | P10D
two years later | duration | P2Y
a week earlier | duration | P1W
just 24 hours | duration | PT24H
90 minutes | duration | PT90M
a 90-minute | duration | PT90M
six weeks | duration | P6W
two-year | duration | P2Y
10-day | duration | P10D
for more than 20 years | duration | P20Y
nearly two decades | duration | P20Y
half an hour | duration | PT30M
seven and a half years | duration | P7Y6M
two and a half hours | duration | PT150M
a year and a half | duration | P1Y6M
half a century | duration | P50Y
a quarter-century | duration | P25Y
a fortnight | duration | P2W
twenty-one days | duration | P21D
a hundred years | duration | P100Y
1,000 years | duration | P1000Y
week-long | duration | P1W
an hour | duration | PT1H
"""

DERIVED = """
Thursday | 2023-09-29 | day | 2023-09-28
on Thursday | 2023-09-29 | day | 2023-09-28
Friday | 2023-09-29 | day | 2023-09-29
Saturday | 2023-09-29 | day | 2023-09-23
By Thursday evening | 2023-09-29 | day | 2023-09-28
late Thursday | 2023-09-29 | day | 2023-09-28
earlier Thursday | 2023-09-29 | day | 2023-09-28
early on Thursday morning | 2023-09-29 | day | 2023-09-28
Monday night | 2023-09-29 | day | 2023-09-25
the early hours of Monday | 2023-09-29 | day | 2023-09-25
Monday night's | 2023-09-29 | day | 2023-09-25
last Friday | 2023-09-29 | day | 2023-09-22
last Friday | 2023-09-27 | day | 2023-09-22
next Monday | 2023-09-29 | day | 2023-10-02
this coming Tuesday | 2023-09-29 | day | 2023-10-03
this past Sunday | 2023-09-29 | day | 2023-09-24
Monday of last week | 2023-09-29 | day | 2023-09-18
Thursday next week | 2023-09-29 | day | 2023-10-05
yesterday | 2023-09-29 | day | 2023-09-28
yesterday morning | 2023-09-29 | day | 2023-09-28
the day before yesterday | 2023-09-29 | day | 2023-09-27
today | 2023-09-29 | day | 2023-09-29
tonight | 2023-09-29 | day | 2023-09-29
this morning | 2023-09-29 | day | 2023-09-29
earlier today | 2023-09-29 | day | 2023-09-29
last night | 2023-09-29 | day | 2023-09-28
late last night | 2023-09-29 | day | 2023-09-28
tomorrow | 2023-09-29 | day | 2023-09-30
tomorrow night | 2023-12-31 | day | 2024-01-01
two days ago | 2023-09-29 | day | 2023-09-27
10 days ago | 2023-09-05 | day | 2023-08-26
September 28 | 2023-09-29 | day | 2023-09-28
on September 28 | 2023-09-29 | day | 2023-09-28
Sept. 26 | 2023-09-29 | day | 2023-09-26
28 September | 2023-09-29 | day | 2023-09-28
September 28th | 2023-09-29 | day | 2023-09-28
the 28th of September | 2023-09-29 | day | 2023-09-28
Wednesday, September 27 | 2023-09-27 | day | 2023-09-27
Monday 25 September | 2023-09-29 | day | 2023-09-25
Dec. 30 | 2024-01-02 | day | 2023-12-30
December 30 | 2024-05-09 | day | 2023-12-30
Feb. 29 | 2024-05-09 | day | 2024-02-29
June 16th of last year | 2016-09-12 | day | 2015-06-16
Boxing Day | 2024-01-02 | day | 2023-12-26
the night of September 26 | 2023-09-29 | day | 2023-09-26
6 a.m. local time on September 29 | 2023-09-29 | moment | 2023-09-29T06:00
2 p.m. on Thursday | 2023-09-29 | moment | 2023-09-28T14:00
Thursday at 2:30 p.m. | 2023-09-29 | moment | 2023-09-28T14:30
noon on Tuesday | 2023-09-29 | moment | 2023-09-26T12:00
1200 GMT on Thursday | 2023-09-29 | moment | 2023-09-28T12:00Z
9 p.m. EDT Thursday | 2023-09-29 | moment | 2023-09-28T21:00-04:00
around 8.30pm on Saturday | 2023-10-01 | moment | 2023-09-30T20:30
12:15 a.m. Wednesday | 2023-09-29 | moment | 2023-09-27T00:15
six o'clock yesterday evening | 2023-09-29 | moment | 2023-09-28T18:00
06:00 today | 2023-09-29 | moment | 2023-09-29T06:00
earlier this week | 2023-09-29 | week | 2023-09-25/2023-10-01
this week | 2023-10-01 | week | 2023-09-25/2023-10-01
last week | 2023-09-29 | week | 2023-09-18/2023-09-24
last week's | 2023-09-29 | week | 2023-09-18/2023-09-24
late last week | 2023-09-29 | week | 2023-09-18/2023-09-24
next week | 2023-12-29 | week | 2024-01-01/2024-01-07
three weeks ago | 2023-09-29 | week | 2023-09-04/2023-09-10
a week ago | 2023-09-29 | week | 2023-09-18/2023-09-24
early September | 2023-09-29 | month | 2023-09
last December | 2023-09-29 | month | 2022-12
December | 2023-09-29 | month | 2022-12
September | 2023-09-29 | month | 2023-09
in late August | 2023-09-29 | month | 2023-08
this month | 2023-09-29 | month | 2023-09
earlier this month | 2023-09-29 | month | 2023-09
last month | 2024-01-02 | month | 2023-12
late last month | 2023-09-29 | month | 2023-08
next month | 2023-12-05 | month | 2024-01
this December | 2023-09-29 | month | 2023-12
next March | 2023-09-29 | month | 2024-03
March of next year | 2016-09-12 | month | 2017-03
September last year | 2023-09-29 | month | 2022-09
two months ago | 2024-01-02 | month | 2023-11
last year | 2023-09-29 | year | 2022
late last year | 2023-09-29 | year | 2022
this year | 2023-09-29 | year | 2023
later this year | 2023-09-29 | year | 2023
next year's | 2023-09-29 | year | 2024
three years ago | 2023-09-29 | year | 2020
74 years ago | 2016-09-12 | year | 1942
Seventy-four years ago | 2016-09-12 | year | 1942
two years from now | 2016-09-12 | year | 2018
since December | 2023-09-29 | interval | 2022-12/..
since Monday | 2023-09-29 | interval | 2023-09-25/..
since last week | 2023-09-29 | interval | 2023-09-18/..
since September 19 | 2023-09-29 | interval | 2023-09-19/..
since yesterday | 2023-09-29 | interval | 2023-09-28/..
Monday to Friday | 2023-09-29 | interval | 2023-09-25/2023-09-29
from Monday through Thursday | 2023-09-29 | interval | 2023-09-25/2023-09-28
Friday to Sunday | 2023-10-02 | interval | 2023-09-29/2023-10-01
the past 24 hours | 2023-09-29 | interval | 2023-09-28/2023-09-29
the last 48 hours | 2023-09-29 | interval | 2023-09-27/2023-09-29
the past week | 2023-09-29 | interval | 2023-09-22/2023-09-29
the past three days | 2023-09-29 | interval | 2023-09-26/2023-09-29
the last three decades | 2023-09-29 | interval | 1993/2023
the past year | 2023-09-29 | interval | 2022-09/2023-09
the last five years | 2016-09-12 | interval | 2011/2016
the last 11 months | 2016-09-12 | interval | 2015-10/2016-09
overnight | 2023-09-29 | interval | 2023-09-28/2023-09-29
last weekend | 2023-09-29 | interval | 2023-09-23/2023-09-24
this past weekend | 2023-09-25 | interval | 2023-09-23/2023-09-24
the weekend | 2023-09-25 | interval | 2023-09-23/2023-09-24
this weekend | 2023-09-30 | interval | 2023-09-30/2023-10-01
this weekend | 2023-09-29 | interval | 2023-09-30/2023-10-01
Sept. 19 to 22 | 2023-09-29 | interval | 2023-09-19/2023-09-22
September 16-19 | 2016-09-20 | interval | 2016-09-16/2016-09-19
between January 1 and September 26 | 2016-09-28 | interval | 2016-01-01/2016-09-26
June to August | 2023-09-29 | interval | 2023-06/2023-08
November to March | 2023-09-29 | interval | 2022-11/2023-03
between 2014 and last year | 2023-09-29 | interval | 2014/2022
this summer | 2023-09-29 | interval | 2023-22
last summer | 2024-05-09 | interval | 2023-22
the summer of last year | 2023-09-29 | interval | 2022-22
this decade | 2023-09-29 | interval | 2020/2029
this century | 2023-09-29 | interval | 2001/2100
the '80s | 2023-09-29 | interval | 1980/1989
the early '80s | 2016-09-12 | interval | 1980/1989
the sixties | 1994-06-07 | interval | 1960/1969
the first half of this year | 2023-09-29 | interval | 2023-01/2023-06
the fourth quarter of last year | 2023-09-29 | interval | 2022-10/2022-12
"""

TO_COME = """
Monday | 2023-09-29 | day | 2023-10-02
Friday | 2023-09-29 | day | 2023-09-29
Monday night | 2023-09-29 | day | 2023-10-02
this Monday | 2023-09-29 | day | 2023-10-02
January 1 | 2023-09-29 | day | 2024-01-01
as of January 1 | 2023-09-29 | day | 2024-01-01
Oct. 14 | 2023-09-29 | day | 2023-10-14
14 October | 2023-09-29 | day | 2023-10-14
Nov. 8 | 2016-09-12 | day | 2016-11-08
starting Monday | 2023-09-29 | day | 2023-10-02
December | 2023-09-29 | month | 2023-12
in January | 2023-09-29 | month | 2024-01
March 15 | 2023-09-29 | day | 2024-03-15
8 p.m. Tuesday | 2023-09-29 | moment | 2023-10-03T20:00
this weekend | 2023-09-27 | interval | 2023-09-30/2023-10-01
the coming weekend | 2023-09-27 | interval | 2023-09-30/2023-10-01
the next four years | 2023-09-29 | interval | 2023/2027
the next 24 hours | 2023-09-29 | interval | 2023-09-29/2023-09-30
the next two weeks | 2023-09-29 | interval | 2023-09-29/2023-10-13
Monday to Friday | 2023-09-29 | interval | 2023-10-02/2023-10-06
until Friday | 2023-09-27 | interval | ../2023-09-29
Nov. 30 to Dec. 12 | 2023-09-29 | interval | 2023-11-30/2023-12-12
the end of the year | 2023-09-29 | year | 2023
by the end of the month | 2023-09-29 | month | 2023-09
"""

LEFT_OPEN = """
Tuesday, Sept. 27, 2023 | day |
Wednesday, September 26 | day | XXXX-09-26
01/02/2023 | day |
last Monday | day |
next Saturday | day |
October 2 | day | XXXX-10-02
that day | day |
the following day | day |
Election Day | day |
Christmas | day |
the Monday before Christmas | day |
Monday of that week | day |
a few days ago | day |
the 29th | |
2 p.m. | moment |
midnight | moment |
six o'clock on Thursday | moment |
hours ago | moment |
the same week | week |
several weeks ago | week |
last July | month | XXXX-07
next November | month | XXXX-11
October | month | XXXX-10
that month | month |
fiscal 2024 | year |
about 1990 | year |
more than a year ago | year |
years ago | year |
the year | year |
the end of the year | year |
a decade ago | interval |
the third quarter | interval |
the first half of the year | interval |
the summer | interval |
last winter | interval |
last summer | interval |
next weekend | interval |
the last week | interval |
the next week | interval |
the next four years | interval |
recent weeks | interval |
past days | interval |
the coming years | interval |
the past few days | interval |
these days | interval |
the 1900s | interval |
the '20s | interval |
2010-12 | interval |
2021/22 | interval |
since the election in the fall | interval |
1994 to 1992 | interval |
years | duration |
several days | duration |
two to three weeks | duration |
dozens of years | duration |
twenty and a half dozen years | duration |
decades | duration |
"""

NO_TIMES = """
84-year-old
84 years old
age 14
ages 55 to 65
mid-30s
her early 20s
in his sixties
27
under 30
45 or older
every year
each day
daily
the annual
Mondays
weekends
night
last-minute
present-day
February 30, 2021
31 June
2023-13-01
25 o'clock
a war
Obama
"""


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


@pytest.mark.parametrize(("words", "kind", "value"), rows(STATED))
def test_what_the_words_tell_in_full_needs_no_other_date(words, kind, value):
    found = resolve(words)
    assert found is not None
    assert (found.kind, found.value, found.status, found.basis) == (kind, value, "stated", "")


@pytest.mark.parametrize(("words", "published", "kind", "value"), rows(DERIVED))
def test_what_has_been_is_told_by_the_day_of_publication(words, published, kind, value):
    found = resolve(words, published=published)
    assert found is not None
    assert (found.kind, found.value, found.status, found.basis) == (kind, value, "derived", "published")


@pytest.mark.parametrize(("words", "published", "kind", "value"), rows(TO_COME))
def test_what_is_to_come_lies_after_the_day_of_publication(words, published, kind, value):
    found = resolve(words, published=published, future=True)
    assert found is not None
    assert (found.kind, found.value, found.status) == (kind, value, "derived")


@pytest.mark.parametrize(("words", "kind", "value"), rows(LEFT_OPEN))
def test_what_could_be_two_times_or_none_is_left_open(words, kind, value):
    found = resolve(words, published=FRIDAY)
    assert found is None if not kind else found is not None
    if found is not None:
        assert (found.kind, found.value, found.status, found.basis) == (kind, value, "unresolved", "")


@pytest.mark.parametrize("words", [row[0] for row in rows(NO_TIMES)])
def test_ages_and_habits_are_no_times(words):
    assert resolve(words, published=FRIDAY) is None


@pytest.mark.parametrize(("words", "published"), [row[:2] for row in rows(DERIVED + TO_COME.lstrip())])
@pytest.mark.parametrize("future", [True, False, None])
def test_without_a_day_of_publication_nothing_is_derived(words, published, future):
    found = resolve(words, future=future)
    assert found is not None
    assert found.status == "unresolved"


@pytest.mark.parametrize("words", ["the past 900 thousand weeks", "the next 9,000 years", "the next 200 thousand months"])
def test_a_time_beyond_the_calendar_is_left_open(words):
    found = resolve(words, published=FRIDAY, future=True)
    assert found is not None
    assert (found.kind, found.value, found.status) == ("interval", "", "unresolved")


def test_a_clock_time_has_the_offset_of_its_place_unless_it_names_a_zone():
    local = resolve("6 a.m. local time on September 29", published=FRIDAY, zone="+04:00")
    named = resolve("6 a.m. GMT on September 29", published=FRIDAY, zone="+04:00")
    assert local is not None and named is not None
    assert (local.value, named.value) == ("2023-09-29T06:00+04:00", "2023-09-29T06:00Z")


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("Thursday", ""),
        ("Friday", "2023-09-29"),
        ("this Saturday", "2023-09-30"),
        ("October 2", "2023-10-02"),
        ("September 20", "2023-09-20"),
        ("January 20", "XXXX-01-20"),
        ("August", "2023-08"),
        ("December", "XXXX-12"),
        ("overnight", ""),
    ],
)
def test_where_no_tense_tells_only_what_is_near_is_decided(words, value):
    found = resolve(words, published=FRIDAY, future=None)
    assert found is not None
    assert found.value == value


WORDS = [word for table in (STATED, DERIVED, TO_COME, LEFT_OPEN, NO_TIMES) for row in rows(table) for word in row[0].split()]
PHRASES = st.lists(st.sampled_from(sorted(set(WORDS))), max_size=7).map(" ".join)
DAYS = st.none() | st.dates().map(str) | st.just("2023-09") | st.text(max_size=12)
TENSES = st.sampled_from([True, False, None])
EDTF = re.compile(
    r"(?:(?:\.\.|-?(?:\d{4}|XXXX)(?:-\d\d){0,2})(?:/(?:\.\.|(?:-?(?:\d{4}|XXXX)(?:-\d\d){0,2})))?"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d(?:Z|[+-]\d\d:\d\d)?|P(?:\d+[YMWD])*(?:T\d+[HMS])?)?"
)


@given(st.text() | PHRASES, DAYS, TENSES)
def test_whatever_the_words_a_value_is_spelt_as_it_should_be(words, published, future):
    found = resolve(words, published=published, future=future)
    if found is not None:
        assert EDTF.fullmatch(found.value)
        assert found.status == "unresolved" or found.value
        assert (found.basis == "published") == (found.status == "derived")


@given(PHRASES, DAYS, TENSES)
def test_a_length_is_never_a_date_and_a_day_is_in_the_calendar(words, published, future):
    found = resolve(words, published=published, future=future)
    if found is not None and found.kind is TimeKind.DURATION:
        assert not found.value or found.value.startswith("P")
    if found is not None and found.kind is TimeKind.DAY and found.status != "unresolved":
        assert date.fromisoformat(found.value)


@given(PHRASES, TENSES)
def test_no_words_are_derived_from_a_day_that_is_not_known(words, future):
    found = resolve(words, future=future)
    assert found is None or found.status != "derived"


Teller = Callable[[str], list[tuple[str, str, str]]]


@pytest.fixture(scope="module")
def tell() -> Teller:
    """The times of a text: words, value, status."""

    def teller(text: str) -> list[tuple[str, str, str]]:
        return [(time.span.of(text), time.value, time.status) for time in found_in(text)]

    return teller


def found_in(text: str, **more: object) -> tuple[Time, ...]:
    document = Document("test", text, date=header_date(text), zones=zones(text))
    (_, doc), *_ = annotate([document])
    return times(document, doc, **more)


DATED = "date 2023-09-29 "  # a Friday


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "A total of 84,770 people had entered as of 6 a.m. local time on September 29, she said.",
            [("6 a.m. local time on September 29", "2023-09-29T06:00", "derived")],
        ),
        ("The road has been closed since December.", [("since December", "2022-12/..", "derived")]),
        ("The republic will cease to exist as of January 1.", [("January 1", "2024-01-01", "derived")]),
        ("The bank plans to open a branch on Monday.", [("Monday", "2023-10-02", "derived")]),
        ("The court is to rule on Tuesday.", [("Tuesday", "2023-10-03", "derived")]),
        ("The court ruled on Tuesday.", [("Tuesday", "2023-09-26", "derived")]),
        ("He said Monday that the road will open.", [("Monday", "2023-09-25", "derived")]),
        ("The mayor condemned Monday's attack.", [("Monday", "2023-09-25", "derived")]),
        ("The vote is scheduled for Wednesday.", [("Wednesday", "2023-10-04", "derived")]),
        ("The mayor announced a vote for Wednesday.", [("Wednesday", "", "unresolved")]),
        ("The mayor said the bridge would open on Wednesday.", [("Wednesday", "", "unresolved")]),
        ("The shop was open from Monday to Thursday.", [("from Monday to Thursday", "2023-09-25/2023-09-28", "derived")]),
        ("The war lasted from 1992 to 1994.", [("from 1992 to 1994", "1992/1994", "stated")]),
        ("The bridge was built in 1994 and rebuilt after 30 years.", [("1994", "1994", "stated"), ("30 years", "P30Y", "stated")]),
        ("The blast killed three people late Thursday.", [("late Thursday", "2023-09-28", "derived")]),
        ("It happened the Monday before Christmas.", [("the Monday before Christmas", "", "unresolved")]),
        ("The two met three years ago in Vienna.", [("three years ago", "2020", "derived")]),
        ("Ana Reyes, 84, is a 30-year-old's aunt.", []),
        ("The bank serves 60,000 people a year.", []),
        ("She told USA TODAY that the road was open.", []),
        ("The talks with Theresa May were long.", []),
        ("The council did not meet on Tuesday.", [("Tuesday", "2023-09-26", "derived")]),
        ("After a defeat in Ohio on Tuesday, she will speak to voters.", [("Tuesday", "", "unresolved")]),
        ("On Tuesday, she will speak to voters.", [("Tuesday", "2023-10-03", "derived")]),
        ("She urged them to vote on Tuesday.", [("Tuesday", "", "unresolved")]),
        ("He tried to sell it on Tuesday.", [("Tuesday", "2023-09-26", "derived")]),
        ("A visit to Cleveland will be followed by one to Ohio on Tuesday.", [("Tuesday", "2023-10-03", "derived")]),
        (
            "A spokesman said the mayor will be attending events in Kansas and Florida on Saturday, CNN reported.",
            [("Saturday", "", "unresolved")],
        ),
        ("In an interview with the paper on Tuesday, she said the road was open.", [("Tuesday", "2023-09-26", "derived")]),
        ("He laid out his path to becoming the candidate in July.", [("July", "2023-07", "derived")]),
        ("He laid out his path to becoming the candidate in November.", [("November", "XXXX-11", "unresolved")]),
        ("She worked there after the Sept. 11 attacks.", [("Sept. 11", "2001-09-11", "stated")]),
        ("She skipped the Sept. 11 ceremony.", [("Sept. 11", "XXXX-09-11", "unresolved")]),
        (
            "On Nov. 12, 2012, he testified. The Nov. 12 hearing was long.",
            [("Nov. 12, 2012", "2012-11-12", "stated"), ("Nov. 12", "XXXX-11-12", "unresolved")],
        ),
    ],
)
def test_the_words_around_a_time_decide_what_it_means(tell: Teller, text: str, told: list[tuple[str, str, str]]) -> None:
    assert tell(DATED + text) == told


@pytest.mark.model
def test_what_a_speaker_calls_yesterday_is_not_the_day_before_publication(tell: Teller) -> None:
    text = DATED + "“The road opened yesterday and will close on October 3,” the mayor said. The road opened yesterday."
    assert tell(text) == [("yesterday", "", "unresolved"), ("October 3", "2023-10-03", "derived"), ("yesterday", "2023-09-28", "derived")]


@pytest.mark.model
def test_an_undated_text_gets_no_year_and_no_day_from_anywhere(tell: Teller) -> None:
    text = "The road closed on September 28. It opened yesterday. It had closed in 2020."
    assert tell(text) == [("September 28", "XXXX-09-28", "unresolved"), ("yesterday", "", "unresolved"), ("2020", "2020", "stated")]


@pytest.mark.model
def test_the_date_of_the_header_is_no_time_of_the_text(tell: Teller) -> None:
    assert tell(DATED + "The road is open.") == []


@pytest.mark.model
def test_an_hour_is_told_in_the_time_of_the_place_that_is_given() -> None:
    (time,) = found_in(DATED + "The blast came at 6 a.m. on Thursday.", offset_at=lambda _: "+04:00")
    assert time.value == "2023-09-28T06:00+04:00"


@pytest.mark.model
@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "Monday", "since", "a a a", "of the of the", "“yesterday", "1994 1994 1994", "😀 on Monday"]
)
def test_times_lie_in_the_text_in_order_and_apart(text: str) -> None:
    spans = [time.span for time in found_in(text)]
    assert all(one.end <= other.start for one, other in zip(spans, spans[1:], strict=False))
    assert all(span.of(text).strip() == span.of(text) for span in spans)
