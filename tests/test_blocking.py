"""No two spellings of a name are missed because too few names were compared, and not all are compared with all."""

import csv
from collections import Counter
from itertools import combinations, product
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.resolve.blocking import Index, close, keys, pairs
from kg.resolve.names import similarity

PAIRS = Path(__file__).parents[2] / "shared" / "names" / "pairs-dev.tsv"
GIVEN = "Ana Anna Bruno Carla Davit Elena Farid Gustav Hana Igor Iván Jürgen Karim Lena Marco Nora Olga Pavel Rosa Tomas".split()
FAMILY = "Abbasov Bergman Castelo Dimitrov Eriksen Ferreira Grigoryan Haddad Ivanov Ivanoff Jansen Kowalski Lindqvist".split()
NAMES = [" ".join(name) for name in product(GIVEN, FAMILY)]


def shared(a: str, b: str) -> int:
    return len(set(keys(a)) & set(keys(b)))


def test_every_two_names_with_a_common_sound_are_offered() -> None:
    assert list(pairs(NAMES)) == [(i, j) for i, j in combinations(range(len(NAMES)), 2) if shared(NAMES[i], NAMES[j])]


@given(st.lists(st.sampled_from(NAMES), unique=True, max_size=30), st.integers(0, 4))
def test_what_many_share_counts_only_beside_a_second_sound(names: list[str], rare: int) -> None:
    count = Counter(key for name in names for key in keys(name))
    expected = [
        (i, j)
        for i, j in combinations(range(len(names)), 2)
        if any(count[key] <= rare for key in set(keys(names[i])) & set(keys(names[j]))) or shared(names[i], names[j]) > 1
    ]
    assert list(pairs(names, rare=rare)) == expected


@given(st.permutations(NAMES[::7]))
def test_the_order_of_the_names_does_not_decide_which_are_close(names: list[str]) -> None:
    def found(ordered: list[str]) -> set[tuple[frozenset[str], float]]:
        return {(frozenset((ordered[i], ordered[j])), score) for i, j, score in close(ordered, at_least=0.8)}

    assert found(names) == found(sorted(names))


WORDS = st.sampled_from("Ana Anna Hana Ann Anan Reyes Reis Rais A. R. Bank Banka".split())


@given(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), st.lists(WORDS, min_size=1, max_size=4).map(" ".join))
def test_of_two_names_either_finds_the_other(a: str, b: str) -> None:
    assert [score for _, score in Index([a]).close(b, at_least=0.66)] == [score for _, score in Index([b]).close(a, at_least=0.66)]


def test_who_was_asked_about_before_is_not_offered_again() -> None:
    index, asked, found = Index(NAMES), set(), set()
    for name in NAMES:
        asked.add(name)
        found |= {frozenset((name, NAMES[place])) for place, _ in index.close(name, at_least=0.8, besides=asked)}
    assert found == {frozenset((NAMES[i], NAMES[j])) for i, j, _ in close(NAMES, at_least=0.8)}


def test_close_names_come_in_order_with_their_similarity_and_once() -> None:
    rows = list(close(NAMES, at_least=0.8))
    assert rows == sorted(set(rows))
    assert rows == [(i, j, similarity(NAMES[i], NAMES[j])) for i, j in pairs(NAMES) if similarity(NAMES[i], NAMES[j]) >= 0.8]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Bill Castelo", "William Castelo"),
        ("A. Grigoryan", "Anna Grigorian"),
        ("Grigoryan", "Anna Grigoryan"),
        ("Meer Wais Haddad", "Mirwais Haddad"),
        ("D Angelo Haddad", "Dangelo Haddad"),
        ("Ana Maria Castelo Reyes", "Anna Reyes"),
        ("Nagorno Karabakh Human Rights Office", "Nagornokarabakh Human Rights Office"),
        ("Ана Иванова", "Ana Ivanova"),
    ],
)
def test_a_glance_does_not_drop_a_short_form_or_joined_words(a: str, b: str) -> None:
    assert [(i, j) for i, j, _ in close([a, b], at_least=0.75)] == [(0, 1)]


def test_a_new_name_is_looked_up_without_comparing_the_old_ones_again() -> None:
    index = Index(NAMES)
    found = [NAMES[place] for place, _ in index.close("Jurgen Castello", at_least=0.9)]
    assert found == ["Jürgen Castelo"]


@pytest.mark.parametrize("names", [[], ["Ana Reyes"], ["", "…"], ["Ana Reyes", "…", "Olga Haddad"]])
def test_few_names_or_none_have_no_pairs(names: list[str]) -> None:
    assert list(close(names, at_least=0.8)) == list(pairs(names)) == []


@pytest.mark.skipif(not PAIRS.exists(), reason="the name pairs lie beside the checkout, not in it")
def test_of_the_spellings_that_are_alike_nine_in_ten_are_found_among_thousands() -> None:
    with PAIRS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["source"] == "everypolitician"]
    spellings = [(row["name_a"], row["name_b"]) for row in rows if row["same"] == "1"]
    alike = {frozenset((a, b)) for a, b in spellings if a != b and min(len(a.split()), len(b.split())) > 1 and similarity(a, b) >= 0.8}
    words = [row[column].split() for row in rows for column in ("name_a", "name_b")]
    random = Random(2)
    made = (f"{random.choice(words)[0]} {random.choice(words)[-1]}" for _ in range(4000))
    names = sorted({name for pair in alike for name in pair}.union(made))
    found = {frozenset((names[i], names[j])) for i, j, _ in close(names, at_least=0.8)}
    assert len(alike & found) >= 0.9 * len(alike) > 0
