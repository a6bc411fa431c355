"""Field by field: how alike two records are, in points and in words. The points are explained in docs/explanation/duplicates.md."""

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from staveworks.foundation.rosters.matching.chinese import Body, sounds_alike
from staveworks.foundation.rosters.matching.english import EnglishName
from staveworks.foundation.rosters.matching.record import Record
from staveworks.foundation.rosters.matching.types import Comparison, State
from staveworks.foundation.rosters.normalising.city import agree
from staveworks.kit.text import Text

NOTHING = Text(zh="两边都没有。", en="Neither has one.")
ONE_SIDE = Text(zh="只有一边有。", en="Only one has it.")


def _made(field: str, state: State, points: int, reason: Text, left: object, right: object) -> Comparison:
    return Comparison(field, state, points, reason, "" if left is None else str(left), "" if right is None else str(right))


def _missing(field: str, left: object, right: object) -> Comparison:
    state: State = "one side" if left or right else "none"
    return _made(field, state, 0, ONE_SIDE if state == "one side" else NOTHING, left or "", right or "")


def compare_code(a: Record, b: Record) -> Comparison:
    """A valid code names one firm; a wrong one that is one character off is the same code mistyped."""
    left, right = a.entry.uscc or a.entry.uscc_text, b.entry.uscc or b.entry.uscc_text
    if not left or not right:
        return _missing("uscc", left, right)
    valid = a.entry.uscc is not None and b.entry.uscc is not None
    if left == right:
        return _made("uscc", "same", 80 if valid else 50, Text(zh="信用代码相同。", en="The same code."), left, right)
    if valid:
        return _made("uscc", "different", -80, Text(zh="两个有效的信用代码，不是同一家。", en="Two valid codes: two firms."), left, right)
    if DamerauLevenshtein.distance(left, right, score_cutoff=2) <= 2:
        return _made("uscc", "close", 35, Text(zh="信用代码只差一两位，其中一个抄错了。", en="The codes differ by a slip in one of them."), left, right)
    return _made("uscc", "different", -25, Text(zh="信用代码不同，其中一个有错。", en="Different codes, one of them faulty."), left, right)


def compare_phone(a: Record, b: Record) -> Comparison:
    """A shared number is strong, but one bookkeeping agent answers for many firms, so it never decides alone."""
    left, right = ", ".join(a.entry.phones), ", ".join(b.entry.phones)
    if not left or not right:
        return _missing("phone", left, right)
    if set(a.entry.phones) & set(b.entry.phones):
        return _made("phone", "same", 30, Text(zh="电话相同。", en="The same phone number."), left, right)
    return _made("phone", "different", -2, Text(zh="电话不同。", en="Different phone numbers."), left, right)


def compare_contact(a: Record, b: Record) -> Comparison:
    left, right = a.contact, b.contact
    if not left or not right:
        return _missing("contact", a.entry.contact, b.entry.contact)
    if left == right:
        return _made("contact", "same", 12, Text(zh="联系人相同。", en="The same contact person."), a.entry.contact, b.entry.contact)
    return _made("contact", "different", -8, Text(zh="联系人不同。", en="Different contact persons."), a.entry.contact, b.entry.contact)


def compare_staff(a: Record, b: Record) -> Comparison:
    left, right = a.entry.staff, b.entry.staff
    if not left or not right:
        return _missing("staff", left, right)
    if left == right:
        return _made("staff", "same", 6, Text(zh="人数相同。", en="The same number of staff."), left, right)
    if min(left, right) * 5 >= max(left, right) * 4:
        return _made("staff", "close", 3, Text(zh="人数接近。", en="Nearly the same number of staff."), left, right)
    points = -4 if min(left, right) * 2 < max(left, right) else 0
    return _made("staff", "different", points, Text(zh="人数不同。", en="Different numbers of staff."), left, right)


def compare_place(a: Record, b: Record) -> Comparison:
    """Firm names are unique within a city only, so another city speaks against a Chinese name."""
    left, right = _place_name(a), _place_name(b)
    if a.entry.country and b.entry.country and a.entry.country != b.entry.country:
        return _made("city", "different", -45, Text(zh="不在同一个国家。", en="Different countries."), a.entry.country, b.entry.country)
    if not a.spots or not b.spots:
        return _missing("city", left, right)
    shared = agree(a.spots, b.spots)
    counties = {spot.region.code for spot in a.spots} & {spot.region.code for spot in b.spots}
    if counties:
        return _made("city", "same", 12, Text(zh="在同一个地方。", en="In the same place."), left, right)
    if shared and min(spot.region.level for record in (a, b) for spot in record.spots) > 1:
        return _made("city", "close", 10, Text(zh="一个地方在另一个之内。", en="One place lies within the other."), left, right)
    if shared:
        return _made("city", "close", 5, Text(zh="在同一个省。", en="In the same province."), left, right)
    return _made("city", "different", -40 if a.chinese else -10, Text(zh="不在同一个地方。", en="In different places."), left, right)


def _place_name(record: Record) -> str:
    return " / ".join(dict.fromkeys(spot.region.name + spot.town for spot in record.spots[:3]))


def compare_address(a: Record, b: Record) -> Comparison:
    if a.address_words and b.address_words:
        return _compare_words(a, b)
    left, right = a.entry.address, b.entry.address
    if a.number and b.number and a.street == b.street:
        if a.number == b.number:
            return _made("address", "same", 25, Text(zh="门牌相同。", en="The same street and number."), left, right)
        return _made("address", "different", -8, Text(zh="同一条路，门牌不同。", en="The same street, another number."), left, right)
    towns = [{spot.town for spot in record.spots if spot.town} for record in (a, b)]
    if towns[0] and towns[1] and not towns[0] & towns[1]:
        return _made("address", "different", -8, Text(zh="不在同一个镇街。", en="Different towns."), left, right)
    if a.number and b.number:
        return _made("address", "different", -8, Text(zh="门牌不同。", en="Different streets."), left, right)
    if towns[0] & towns[1]:
        return _made("address", "close", 8, Text(zh="在同一个镇街。", en="The same town."), left, right)
    return _missing("address", left, right)


def _compare_words(a: Record, b: Record) -> Comparison:
    """Addresses in Latin letters: telling words and numbers in common, spelling forgiven."""
    left, right = a.entry.address, b.entry.address
    likeness = fuzz.token_set_ratio(" ".join(sorted(a.address_words)), " ".join(sorted(b.address_words)))
    shared = len(a.address_words & b.address_words)
    enough = shared >= 3 or shared == min(len(a.address_words), len(b.address_words))
    if likeness >= 85 and enough:
        return _made("address", "same", 25, Text(zh="地址相同。", en="The same address."), left, right)
    if likeness >= 65 and shared >= 2:
        return _made("address", "close", 7, Text(zh="地址相近。", en="Similar addresses."), left, right)
    return _made("address", "different", -6, Text(zh="地址不同。", en="Different addresses."), left, right)


def compare_name(a: Record, b: Record) -> Comparison:
    if a.chinese and b.chinese:
        pairs = [_bodies(x, y) for x in a.chinese.bodies for y in b.chinese.bodies]
        state, points, reason = max(pairs, key=lambda found: found[1])
        if a.chinese.branch != b.chinese.branch:
            state, points, reason = "different", min(points, 20), BRANCH
    elif a.english and b.english:
        state, points, reason = _english(a.english, b.english)
    else:
        state, points, reason = "one side", 0, OTHER_SCRIPT
    return _made("name", state, points, reason, a.entry.name, b.entry.name)


type Finding = tuple[State, int, Text]
BRANCH = Text(zh="名称中的分厂或分公司不同。", en="The names tell different branches.")
OTHER_SCRIPT = Text(zh="一个是中文名，一个是外文名，无法比较。", en="One name is Chinese, the other is not: not comparable.")
SAME_NAME = Text(zh="去掉地名和公司形式后，名称相同。", en="The same name without place and legal form.")
SHORT_FORM = Text(zh="一个是另一个的简称。", en="One name is the short form of the other.")
HOMOPHONE = Text(zh="名称同音不同字。", en="The names sound the same in other characters.")
ONE_OFF = Text(zh="名称只差一个字。", en="The names differ by one character.")
OTHER_TRADE = Text(zh="字号相同，行业不同：{left}、{right}。", en="The same word in the name, but other trades: {left}, {right}.")
OTHER_NAME = Text(zh="名称不同。", en="Different names.")
SPELLING = Text(zh="名称拼写相近。", en="The names are spelled alike.")


def _bodies(a: Body, b: Body) -> Finding:
    if a.whole == b.whole:
        return "same", 72, SAME_NAME
    if a.core == b.core:
        if not a.trade or not b.trade:
            return "close", 48, SHORT_FORM
        return "different", 10, OTHER_TRADE.format(left=a.trade, right=b.trade)
    if sounds_alike(a.whole, b.whole):
        return "close", 46, HOMOPHONE
    if a.trade == b.trade and min(len(a.core), len(b.core)) >= 3 and DamerauLevenshtein.distance(a.core, b.core) == 1:
        return "close", 26, ONE_OFF
    return "different", -20, OTHER_NAME


def _english(a: EnglishName, b: EnglishName) -> Finding:
    state, points, reason = _english_core(a, b)
    if a.branch == b.branch or points <= 0:
        return state, points, reason
    return "different", min(points, 10 if a.branch and b.branch else 32), BRANCH


def _english_core(a: EnglishName, b: EnglishName) -> Finding:
    same = a.core == b.core or a.joined == b.joined
    if not same and not _alike(a, b):
        return "different", -20, OTHER_NAME
    if a.trades and b.trades and not a.trades & b.trades:
        return "different", 10, OTHER_TRADE.format(left=", ".join(sorted(a.trades)), right=", ".join(sorted(b.trades)))
    if a.place and b.place and not a.place & b.place and not _near_place(a, b):
        return "close", 40, SHORT_FORM
    if a.alias != a.core and b.alias != b.core and a.alias != b.alias:
        return "close", 32, SHORT_FORM
    if not same or a.alias != b.alias and "".join(a.alias) != "".join(b.alias):
        return "close", 52, SPELLING
    if len(a.joined) >= 8 or (a.trades == b.trades and (a.words == b.words or len(a.joined) > 4)):
        return "same", 72, SAME_NAME
    return "close", 52, SHORT_FORM


def _alike(a: EnglishName, b: EnglishName) -> bool:
    """A slip of spelling in a name of five letters or more, or one name with, the other without its brackets."""
    left, right = a.joined, b.joined
    if min(len(left), len(right)) >= 5 and JaroWinkler.similarity(left, right) >= 0.92:
        return True
    return a.alias == b.core or a.core == b.alias or _without(a, b) == right or _without(b, a) == left


def _without(name: EnglishName, other: EnglishName) -> str:
    """The core without a word that is the other's place mistyped (Wehzhou)."""
    return "".join(
        word for word in name.core if not any(len(word) >= 6 and DamerauLevenshtein.distance(word, p) <= 1 for p in other.place)
    )


def _near_place(a: EnglishName, b: EnglishName) -> bool:
    return any(DamerauLevenshtein.distance(x, y) <= 1 for x in a.place for y in b.place)
