"""Phones, e-mail addresses, codes of the register, and the table of rights."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as rules

from staveworks.foundation.parties.domain import (
    check_uscc,
    contact_of,
    digest_of,
    mask,
    new_code,
    normalise_email,
    normalise_phone,
    shown_phone,
)
from staveworks.foundation.parties.rights import MANDATED, RIGHTS, STEWARDED, rights_of, roles_for
from staveworks.foundation.parties.types import (
    OPERATOR_KINDS,
    ContactInvalid,
    EmailInvalid,
    Kind,
    PhoneInvalid,
    Role,
    UsccInvalid,
)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
REGISTERED = ["91330621MA2BX3K478", "91320509MA1XQ7T33C", "91330621MA2D8R5T6X", "91440605MA4W2H9Y1R"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("138 0575 2266", "+8613805752266"),
        ("138-0575-2266", "+8613805752266"),
        ("+86 13805752266", "+8613805752266"),
        ("０１０－６２７８１１１１", "+861062781111"),
        ("+84 24 3825 3531", "+842438253531"),
    ],
)
def test_a_phone_is_read_as_people_type_it(typed: str, expected: str) -> None:
    assert normalise_phone(typed) == expected
    assert contact_of(typed).phone == expected


@pytest.mark.parametrize("typed", ["12", "138", "abc", "99999999999999999"])
def test_what_is_no_phone(typed: str) -> None:
    with pytest.raises(PhoneInvalid):
        normalise_phone(typed)


def test_an_email_is_lower_case() -> None:
    assert contact_of(" Lin@ChunHui.example ").email == "lin@chunhui.example"
    for wrong in ("lin@", "@x.cn", "a b@x.cn", "a@b", f"{'x' * 260}@y.cn"):
        with pytest.raises(EmailInvalid):
            normalise_email(wrong)
    with pytest.raises(ContactInvalid):
        contact_of("林春晖")


@pytest.mark.parametrize("code", REGISTERED)
def test_a_code_is_kept_in_capitals_without_spaces(code: str) -> None:
    assert check_uscc(f" {code[:8].lower()} {code[8:]} ") == code


@given(st.sampled_from(REGISTERED), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_found(code: str, place: int, other: str) -> None:
    wrong = code[:place] + other + code[place + 1 :]
    if wrong != code:
        with pytest.raises(UsccInvalid):
            check_uscc(wrong)


@given(st.text(max_size=24))
def test_anything_else_is_refused_with_words(text: str) -> None:
    refused = None
    try:
        assert rules.is_valid(check_uscc(text))
    except UsccInvalid as error:
        refused = error
    assert refused is None or (refused.text.zh and refused.text.en and refused.field == "uscc")


def test_a_wrong_check_digit_says_the_right_one() -> None:
    with pytest.raises(UsccInvalid) as refused:
        check_uscc("91330621MA2BX3K47Q")
    assert refused.value.text.zh == "校验位不对，末位应为 8。请对照执照。"
    assert "should end in 8" in refused.value.text.en


def test_an_address_is_masked() -> None:
    assert mask("+8613805752266") == "138****2266"
    assert mask("gao@example.cn") == "g***@example.cn"
    assert mask("+123456") == "****56"


def test_codes_have_six_digits_and_digests_hide_them() -> None:
    code = new_code()
    assert len(code) == 6
    assert code.isdigit()
    assert code not in digest_of(code)


def test_nobody_has_a_right_without_a_role_or_outside_its_kinds() -> None:
    assert rights_of([], Kind) == frozenset()
    for right in RIGHTS.values():
        for kind in set(Kind) - right.kinds:
            assert right.code not in rights_of(Role, [kind])


def test_owners_have_every_right_but_the_inspectors() -> None:
    for kind in Kind:
        missing = rights_of(Role, [kind]) - rights_of([Role.OWNER], [kind])
        assert missing <= {"assessment.attest"}


@given(st.sets(st.sampled_from(Role)), st.sets(st.sampled_from(Kind)), st.sampled_from(Role))
def test_another_role_never_takes_a_right_away(roles: set[Role], kinds: set[Kind], more: Role) -> None:
    assert rights_of(roles, kinds) <= rights_of(roles | {more}, kinds)


def test_who_only_looks_changes_nothing() -> None:
    looking = {
        "read",
        "ask",
        "heat",
    }  # a question to the operator or a look at free hours changes nothing here
    for role in (Role.VIEWER, Role.AUDITOR):
        assert {code.partition(".")[2] for code in rights_of([role], Kind)} <= looking


def test_people_money_and_agreements_are_never_handed_over() -> None:
    never = {
        "people.manage",
        "mandate.give",
        "agreement.manage",
        "token.manage",
        "audit.read",
        "claim.decide",
    }
    assert not never & (MANDATED | STEWARDED)


def test_firms_have_no_steward_and_operators_do() -> None:
    assert Role.STEWARD not in roles_for([Kind.ENTERPRISE])
    for kind in OPERATOR_KINDS:
        assert Role.STEWARD in roles_for([kind])
    for kind in Kind:
        assert Role.OWNER in roles_for([kind])


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("+8651263551200", "0512-63551200"),
        ("+862152301234", "021-52301234"),
        ("+8613805750003", "13805750003"),
        ("+84912345678", "+84912345678"),
        ("no number", "no number"),
    ],
)
def test_a_phone_is_shown_as_people_write_it(kept: str, shown: str) -> None:
    assert shown_phone(kept) == shown
