"""Where and when something was said: an editor must be able to trust that no day and no place was made up."""

import pytest
from conftest import Reader

pytestmark = pytest.mark.model

DATED = "date 2024-05-09 The river rose in Porto.\n\n"  # a Thursday
UNDATED = "The river rose in Porto.\n\n"


@pytest.mark.parametrize(
    ("text", "day", "status"),
    [
        (DATED + "The mayor said on May 3 that the road was open.", "2024-05-03", "derived"),
        (DATED + "The mayor said on Monday that the road was open.", "2024-05-06", "derived"),
        (DATED + "On Thursday, the mayor said the road was open.", "2024-05-09", "derived"),
        (DATED + "The mayor told a meeting on 3 May that the road was open.", "2024-05-03", "derived"),
        (DATED + "The mayor said on December 30 that the road was open.", "2023-12-30", "derived"),
        (DATED + "The mayor said yesterday that the road was open.", "2024-05-08", "derived"),
        (DATED + "The mayor said late Tuesday that the road was open.", "2024-05-07", "derived"),
        (DATED + "The mayor said last week that the road was open.", None, "notStated"),
        (DATED + "The mayor says every Monday that the road is open.", None, "notStated"),
        (UNDATED + "The mayor said yesterday that the road was open.", None, "unresolved"),
        (DATED + "The mayor said on March 3, 2021, that the road was open.", "2021-03-03", "stated"),
        (UNDATED + "The mayor said on March 3, 2021, that the road was open.", "2021-03-03", "stated"),
        (UNDATED + "The mayor said on May 3 that the road was open.", None, "unresolved"),
        (UNDATED + "The mayor said on Monday that the road was open.", None, "unresolved"),
        (DATED + "The mayor said the road was open.", None, "notStated"),
        (DATED + "The mayor said the road would open on Monday.", None, "notStated"),
        (DATED + "The mayor, elected on May 3, said the road was open.", None, "notStated"),
        (DATED + "The mayor has said for three days that the road is open.", None, "notStated"),
        (UNDATED + "The mayor said on February 30, 2021, that the road was open.", None, "notStated"),
    ],
)
def test_a_day_is_what_the_text_tells_of_the_saying_and_nothing_else(read: Reader, text: str, day: str | None, status: str) -> None:
    (said,) = read(text).statements
    assert (said.date, said.date_status) == (day, status)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Ana Reyes told a meeting in Vienna that the road was open.", "Vienna"),
        ("Ana Reyes speaks to the press after visiting a camp in Oslo. Reyes said the road was open.", "Oslo"),
        ("Ana Reyes said the road in Vienna was open.", None),
        ("Ana Reyes speaks to the press in Oslo.\n\nReyes said the road was open.", None),
        ("Tom Lund speaks to the press in Oslo. Ana Reyes said the road was open.", None),
    ],
)
def test_a_place_is_where_it_was_said_and_not_what_it_was_about(read: Reader, text: str, place: str | None) -> None:
    found = read(text)
    (said,) = found.statements
    assert (found.chains[said.place].name if said.place is not None else None) == place


def test_an_appearance_dates_what_the_speaker_then_says(read: Reader) -> None:
    (said,) = read(DATED + "Ana Reyes speaks to the press in Oslo on May 3. Reyes said the road was open.").statements
    assert said.date == "2024-05-03"
