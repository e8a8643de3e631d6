"""The registration number: published vectors, forms people type, and the checksum as a property."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import regno

nine_digits = st.text(alphabet="0123456789", min_size=9, max_size=9).filter(lambda text: text != "0" * 9)


@pytest.mark.parametrize(
    ("text", "valid"),
    [("118-81-03520", True), ("118-81-03521", False), ("118-81-0352", False), ("1188103520", True)],
)
def test_published_vectors(text: str, valid: bool) -> None:
    assert regno.is_valid(text) is valid


def test_worked_example() -> None:
    # 1·1 1·3 8·7 8·1 1·3 0·7 3·1 5·3 2·5 sums to 99 and ⌊2·5/10⌋ adds 1: 100, so the tenth digit is 0
    assert regno.make("118810352") == "1188103520"


@pytest.mark.parametrize(
    "text",
    ["118-81-03520", " 1188103520\n", "118 81 03520", "１１８－８１－０３５２０", "118–81–03520"],
)
def test_forms_that_people_type(text: str) -> None:
    assert regno.normalise(text) == "1188103520"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "118",
        "11881035200",
        "118-8103520",
        "11-881-03520",
        "118-81 03520",
        "118--81-03520",
        "118-81-0352O",
        "118-81-03520\x00",
        "١١٨٨١٠٣٥٢٠",
        "0000000000",
        "1188103520" * 100,
    ],
)
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(regno.InvalidRegistrationNumber) as caught:
        regno.normalise(text)
    assert caught.value.reason == "form"


def test_wrong_check_digit_is_told_apart_from_wrong_form() -> None:
    with pytest.raises(regno.InvalidRegistrationNumber) as caught:
        regno.normalise("118-81-03521")
    assert caught.value.reason == "checksum"


def test_the_error_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="form"):
        regno.normalise("no number")


@pytest.mark.parametrize(
    "first9", ["", "11881035", "1188103520", "11881035a", "000000000", "１１８８１０３５２"]
)
def test_make_takes_nine_plain_digits(first9: str) -> None:
    with pytest.raises(regno.InvalidRegistrationNumber):
        regno.make(first9)


@given(nine_digits)
def test_a_made_number_is_valid_and_survives_formatting(first9: str) -> None:
    number = regno.make(first9)
    shown = regno.format(number)

    assert number[:9] == first9
    assert (len(shown), shown[3], shown[6]) == (12, "-", "-")
    assert regno.normalise(shown) == number


@given(nine_digits)
def test_exactly_one_check_digit_fits(first9: str) -> None:
    assert [regno.is_valid(first9 + digit) for digit in "0123456789"].count(True) == 1


@given(nine_digits, st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_among_the_first_eight_is_noticed(first9: str, position: int, shift: int) -> None:
    number = regno.make(first9)
    wrong = str((int(number[position]) + shift) % 10)
    assert not regno.is_valid(number[:position] + wrong + number[position + 1 :])


@given(st.text(max_size=60) | st.from_regex(r"[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{5}", fullmatch=True))
def test_any_text_gives_ten_right_digits_or_the_named_error(text: str) -> None:
    if regno.is_valid(text):
        number = regno.normalise(text)
        assert number == regno.make(number[:9])
    else:
        with pytest.raises(regno.InvalidRegistrationNumber, match=r"form|checksum"):
            regno.normalise(text)
