"""Amounts: a reader must find every number with the value, the unit and the caution that the words give it, and no number that is none."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.extract.amounts import amounts

VALUES = [
    # digits and scale words
    ("84,770 votes", 84770, "", "exact"),
    ("a crowd of 3,000", 3000, "", "exact"),
    ("12 buses", 12, "", "exact"),
    ("1,234,567 visits", 1234567, "", "exact"),
    ("1,00,000 homes", 100000, "", "exact"),
    ("4.5 stars", 4.5, "", "exact"),
    ("1.2m people", 1.2e6, "", "exact"),
    ("3.4bn cubic metres", 3.4e9, "", "exact"),
    ("250k subscribers", 250000, "", "exact"),
    ("7 million homes", 7e6, "", "exact"),
    ("1.1 billion users", 1.1e9, "", "exact"),
    ("15 thousand jobs", 15000, "", "exact"),
    ("3 dozen witnesses", 36, "", "exact"),
    ("5 crore voters", 5e7, "", "exact"),
    ("2 lakh farmers", 200000, "", "exact"),
    ("5½ acres", 5.5, "acre", "exact"),
    ("the 2 million-strong union", 2e6, "", "exact"),
    ("a 1,000-strong force", 1000, "", "exact"),
    ("a 12-member panel", 12, "", "exact"),
    ("Seats: 42.", 42, "", "exact"),
    ("(37 of them children)", 37, "", "exact"),
    # number words
    ("zero deaths", 0, "", "exact"),
    ("seven villages", 7, "", "exact"),
    ("Eleven miners", 11, "", "exact"),
    ("twenty-one people", 21, "", "exact"),
    ("twenty one people", 21, "", "exact"),
    ("ninety-nine seats", 99, "", "exact"),
    ("a hundred people", 100, "", "exact"),
    ("one hundred people", 100, "", "exact"),
    ("a hundred and fifty people", 150, "", "exact"),
    ("two hundred fifty people", 250, "", "exact"),
    ("three thousand police", 3000, "", "exact"),
    ("two hundred and fifty thousand people", 250000, "", "exact"),
    ("one thousand two hundred homes", 1200, "", "exact"),
    ("six million voters", 6e6, "", "exact"),
    ("a million signatures", 1e6, "", "exact"),
    ("half a million people", 500000, "", "exact"),
    ("half a billion people", 5e8, "", "exact"),
    ("a quarter of a million people", 250000, "", "exact"),
    ("three quarters of a million people", 750000, "", "exact"),
    ("two and a half million people", 2.5e6, "", "exact"),
    ("a million and a half people", 1.5e6, "", "exact"),
    ("one and a half tonnes", 1.5, "ton", "exact"),
    ("a dozen arrests", 12, "", "exact"),
    ("two dozen arrests", 24, "", "exact"),
    ("half a dozen arrests", 6, "", "exact"),
    ("a hundred thousand people", 100000, "", "exact"),
    ("four hundred million people", 4e8, "", "exact"),
    # money
    ("$5", 5, "USD", "exact"),
    ("$1,234.56", 1234.56, "USD", "exact"),
    ("$11.5 million", 11.5e6, "USD", "exact"),
    ("a $2.4 million package", 2.4e6, "USD", "exact"),
    ("a $400-million deal", 4e8, "USD", "exact"),
    ("$30m", 3e7, "USD", "exact"),
    ("$65.4 billion", 65.4e9, "USD", "exact"),
    ("$1.9tn", 1.9e12, "USD", "exact"),
    ("$12-an-hour jobs", 12, "USD", "exact"),
    ("US$40 million", 4e7, "USD", "exact"),
    ("£2.3bn", 2.3e9, "GBP", "exact"),
    ("£350m a week", 3.5e8, "GBP", "exact"),
    ("£85", 85, "GBP", "exact"),
    ("€20 million", 2e7, "EUR", "exact"),
    ("€20m", 2e7, "EUR", "exact"),
    ("EUR 20m", 2e7, "EUR", "exact"),
    ("20 million euros", 2e7, "EUR", "exact"),
    ("20,000 euros", 20000, "EUR", "exact"),
    ("USD 5 million", 5e6, "USD", "exact"),
    ("5 million dollars", 5e6, "USD", "exact"),
    ("a billion dollars", 1e9, "USD", "exact"),
    ("C$5 million", 5e6, "CAD", "exact"),
    ("A$30m", 3e7, "AUD", "exact"),
    ("NZ$750", 750, "NZD", "exact"),
    ("HK$8 billion", 8e9, "HKD", "exact"),
    ("R$300 million", 3e8, "BRL", "exact"),
    ("1.5 trillion yen", 1.5e12, "JPY", "exact"),
    ("¥500bn", 5e11, "JPY", "exact"),
    ("300 million yuan", 3e8, "CNY", "exact"),
    ("Rs 500 crore", 5e9, "INR", "exact"),
    ("Rs. 2 lakh crore", 2e12, "INR", "exact"),
    ("₹45,000", 45000, "INR", "exact"),
    ("2 billion rubles", 2e9, "RUB", "exact"),
    ("700,000 Swiss francs", 700000, "CHF", "exact"),
    ("40 million pounds", 4e7, "GBP", "exact"),
    ("two million Canadian dollars", 2e6, "CAD", "exact"),
    # measures, and pounds that are weights
    ("about 50 miles away", 50, "mile", "about"),
    ("80 kilometers", 80, "kilometer", "exact"),
    ("80km", 80, "kilometer", "exact"),
    ("a 500-pound bomb", 500, "", "exact"),
    ("20 pounds of flour", 20, "", "exact"),
    ("weighs 236 pounds", 236, "", "exact"),
    ("40 tonnes", 40, "ton", "exact"),
    ("38°C", 38, "degree", "exact"),
    ("3 percentage points", 3, "percentage point", "exact"),
    ("1,200 square miles", 1200, "square mile", "exact"),
    # shares
    ("65%", 65, "percent", "exact"),
    ("65 %", 65, "percent", "exact"),
    ("65 percent", 65, "percent", "exact"),
    ("65 per cent", 65, "percent", "exact"),
    ("a 0.5% rise", 0.5, "percent", "exact"),
    ("Sixty-two percent", 62, "percent", "exact"),
    ("half a percent", 0.5, "percent", "exact"),
    ("half the population", 50, "percent", "exact"),
    ("half of voters", 50, "percent", "exact"),
    ("two-thirds of voters", 66.67, "percent", "exact"),
    ("two thirds of voters", 66.67, "percent", "exact"),
    ("a third of the land", 33.33, "percent", "exact"),
    ("one-third", 33.33, "percent", "exact"),
    ("a quarter of homes", 25, "percent", "exact"),
    ("three-quarters", 75, "percent", "exact"),
    ("three quarters of homes", 75, "percent", "exact"),
    ("a fifth of the crop", 20, "percent", "exact"),
    ("four-fifths", 80, "percent", "exact"),
    ("one in five children", 20, "percent", "exact"),
    ("1 in 4 adults", 25, "percent", "exact"),
    ("nine out of 10 teachers", 90, "percent", "exact"),
    ("eight of 10 voters", 80, "percent", "exact"),
    ("one of every nine voters", 11.11, "percent", "exact"),
    ("1 in 10,000 births", 0.01, "percent", "exact"),
    ("cut by half", 50, "percent", "exact"),
    # modifiers
    ("more than 78,300", 78300, "", "more than"),
    ("in excess of 400", 400, "", "more than"),
    ("upwards of 400", 400, "", "more than"),
    ("well over 60", 60, "", "more than"),
    ("at least 200", 200, "", "at least"),
    ("no fewer than 30", 30, "", "at least"),
    ("over 78,300", 78300, "", "over"),
    ("just over $1 billion", 1e9, "USD", "over"),
    ("above 40%", 40, "percent", "over"),
    ("nearly 30", 30, "", "nearly"),
    ("almost half of them", 50, "percent", "nearly"),
    ("close to 50", 50, "", "nearly"),
    ("about 300", 300, "", "about"),
    ("around $1 billion", 1e9, "USD", "about"),
    ("roughly a third of them", 33.33, "percent", "about"),
    ("approximately 70", 70, "", "about"),
    ("an estimated 120,000", 120000, "", "about"),
    ("the town's estimated 9,000 residents", 9000, "", "about"),
    ("some 5,000", 5000, "", "some"),
    ("up to 40", 40, "", "at most"),
    ("as many as 40,000", 40000, "", "at most"),
    ("no more than 20", 20, "", "at most"),
    ("a maximum of 12", 12, "", "at most"),
    ("fewer than 10", 10, "", "less than"),
    ("under 2%", 2, "percent", "less than"),
    ("just under £3m", 3e6, "GBP", "less than"),
    ("a total of 84,770", 84770, "", "exact"),
    ("only 50,000", 50000, "", "exact"),
    ("exactly 12", 12, "", "exact"),
    ("300 or so", 300, "", "about"),
    ("300 or more", 300, "", "at least"),
    ("300-plus", 300, "", "at least"),
    ("300+", 300, "", "at least"),
    ("more than\nhalf of them", 50, "percent", "more than"),
]


@pytest.mark.parametrize(("words", "value", "unit", "modifier"), VALUES, ids=[row[0] for row in VALUES])
def test_an_amount_keeps_its_value_its_unit_and_its_caution(words: str, value: float, unit: str, modifier: str) -> None:
    (found,) = amounts(f"They counted {words}")
    assert (found.value, found.unit, found.modifier, found.vague) == (pytest.approx(value), unit, modifier, False)


RANGES = [
    ("between 300 and 400 people", 300, 400, ""),
    ("300-400 people", 300, 400, ""),
    ("300–400 people", 300, 400, ""),
    ("300 to 400 people", 300, 400, ""),
    ("between 10 and 15 percent", 10, 15, "percent"),
    ("10% to 15%", 10, 15, "percent"),
    ("$3-4 million", 3e6, 4e6, "USD"),
    ("$10m-$15m", 1e7, 1.5e7, "USD"),
    ("3 to 4 million euros", 3e6, 4e6, "EUR"),
    ("between $30,000 and $60,000", 30000, 60000, "USD"),
    ("two or three men", 2, 3, ""),
    ("two to three villages", 2, 3, ""),
]


@pytest.mark.parametrize(("words", "low", "high", "unit"), RANGES, ids=[row[0] for row in RANGES])
def test_a_range_keeps_both_ends_and_has_no_value_of_its_own(words: str, low: float, high: float, unit: str) -> None:
    (found,) = amounts(f"They counted {words}")
    assert (found.value, found.low, found.high, found.unit) == (None, low, high, unit)


VAGUE = [
    ("dozens of arrests", 24, ""),
    ("scores of arrests", 40, ""),
    ("hundreds of homes", 200, ""),
    ("thousands more people", 2000, ""),
    ("tens of thousands of people", 20_000, ""),
    ("hundreds of thousands", 200_000, ""),
    ("millions", 2e6, ""),
    ("several hundred people", 200, ""),
    ("a few thousand people", 2000, ""),
    ("several hundred thousand people", 200_000, ""),
    ("millions of dollars", 2e6, "USD"),
    ("tens of millions of pounds", 2e7, "GBP"),
]


@pytest.mark.parametrize(("words", "low", "unit"), VAGUE, ids=[row[0] for row in VAGUE])
def test_a_vague_amount_has_a_lower_bound_and_nothing_else(words: str, low: float, unit: str) -> None:
    (found,) = amounts(f"They saw {words}")
    assert (found.vague, found.value, found.low, found.high, found.unit) == (True, None, low, None, unit)


@pytest.mark.parametrize(
    "words",
    [
        "the 9th floor",
        "the twenty-first century",
        "Covid-19",
        "the G7 and an F-16",
        "MH17 was shot down",
        "the 9/11 attacks",
        "open 24/7",
        "on 10/12/2023",
        "at 10:30",
        "at 6 a.m.",
        "at 6pm",
        "the 1990s",
        "the class of '96",
        "No. 10",
        "version 1.2.3",
        "a 3-1 win",
        "the 94-92 loss",
        "no one came",
        "the one who came",
        "prices doubled",
        "a fivefold rise",
        "a five-fold rise",
        "a couple of friends",
        "in the first half of the year",
        "a third person came",
        "the third quarter",
        "half-hearted talks",
        "half an hour",
        "@user2023 and #2024",
    ],
)
def test_what_is_no_amount_is_none(words: str) -> None:
    assert amounts(f"They told of {words}") == ()


def test_a_change_tells_two_amounts_and_no_range() -> None:
    assert [found.value for found in amounts("It rose from 300 to 400")] == [300, 400]


def test_a_bound_is_told_on_its_own_side_only() -> None:
    assert [(found.low, found.high) for found in amounts("at least 20, up to 30, nearly 40, about 50")] == [
        (20, None),
        (None, 30),
        (None, 40),
        (None, None),
    ]


def test_the_span_holds_the_number_with_its_scale_and_currency_and_the_modifier_stands_apart() -> None:
    text = "It gave more than $11.5 million in aid"
    (found,) = amounts(text)
    assert found.modified is not None
    assert (found.span.of(text), found.modified.of(text)) == ("$11.5 million", "more than")


def test_metres_are_no_millions() -> None:
    assert [found.value for found in amounts("5m jobs, 1.4m of them new")] == [5e6, 1.4e6]
    assert amounts("a 2m wall") == ()


PIECES = st.sampled_from(
    """a half two three hundred thousand million and of in to - – , . % $ £ € 1 20 3,000 4.5 dozens tens thousands several about more
    than at least one five third quarters between from m bn k Rs EUR years people ½ / : 's""".split()
    + [" ", "\n", "  "]
)


@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=60).map(" ".join), st.lists(PIECES, max_size=60).map("".join)))
@settings(max_examples=300, deadline=None)
def test_any_text_gives_amounts_in_order_that_slice_it(text: str) -> None:
    found = amounts(text)
    assert all(one.span.end <= other.span.start for one, other in zip(found, found[1:], strict=False))
    assert all(found.span.of(text).strip() for found in found)
    assert all(one.value is not None or one.low is not None for one in found)


@pytest.mark.parametrize("piece", ["1", "1,", "1,000", "one ", "a hundred and ", "half ", "$", "1-", "more than ", "tens of ", "1.", "m"])
def test_a_long_run_of_one_thing_is_read_in_time(piece: str) -> None:
    began = time.perf_counter()
    amounts(piece * 20_000)
    assert time.perf_counter() - began < 5
