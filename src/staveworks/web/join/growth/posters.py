"""Posters as a print-ready PDF: a QR code by which whoever holds the sheet claims the firm."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import qrcode
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.image.svg import SvgPathImage

from staveworks.kit.printing import print_pdf
from staveworks.kit.text import Language, Text
from staveworks.web.figures import day

TEMPLATE = Path(__file__).with_name("poster.typ")
TITLE = Text(zh="认领海报", en="Claim posters")
SCAN = Text(zh="手机扫码，三分钟看清自己短在哪里", en="Scan it: three minutes show where your firm is short")
OR = Text(zh="扫不了码，请在浏览器里输入：", en="No camera? Type this address into a browser:")
ALT = Text(zh="认领企业的二维码", en="QR code to claim the firm")
FOR_FIRM = Text(
    zh="您的企业已在集群名册里。认领后，数据归您管，给谁看由您决定。",
    en="Your firm stands in the cluster's roster. Claim it: the data are yours, and you decide who sees them.",
)
ONE_FIRM = Text(
    zh="这张海报只给这家企业用，{until} 前有效，用过即失效。请不要转给别人。",
    en="For this firm only, valid until {until}, once. Please pass it to nobody.",
)
FOR_ALL = Text(zh="您的企业短在哪块板？", en="Which stave of your firm is short?")
ALL_SAYS = Text(
    zh="找到自己的企业，认领它，答八题，就看见自己的木桶。",
    en="Find your firm, claim it, answer eight questions, and see your barrel.",
)
ALL_SMALL = Text(zh="不收费。数据归企业所有。", en="Free of charge. The data belong to the firm.")


@dataclass(frozen=True, slots=True)
class FirmPoster:
    """One firm's sheet: ``address`` is its claim link, valid until ``until``."""

    title: Text
    address: str
    until: datetime


def print_posters(
    posters: Sequence[FirmPoster], *, operator: Text, language: Language, at: datetime
) -> bytes:
    """A page a firm."""
    sheets = [
        {
            "firm": poster.title.in_language(language),
            "says": FOR_FIRM.in_language(language),
            "small": ONE_FIRM.say(language, until=day(poster.until)),
            "address": poster.address,
            "qr": qr_svg(poster.address),
        }
        for poster in posters
    ]
    return _print(sheets, operator, language, at)


def print_general(address: str, *, operator: Text, language: Language, at: datetime) -> bytes:
    """One sheet for everybody: to hang up at a market or in a hall."""
    sheet = {
        "firm": FOR_ALL.in_language(language),
        "says": ALL_SAYS.in_language(language),
        "small": ALL_SMALL.in_language(language),
        "address": address,
        "qr": qr_svg(address),
    }
    return _print([sheet], operator, language, at)


def _print(sheets: list[dict[str, str]], operator: Text, language: Language, at: datetime) -> bytes:
    values = {
        "language": language,
        "title": TITLE.in_language(language),
        "operator": operator.in_language(language),
        "scan": SCAN.in_language(language),
        "or": OR.in_language(language),
        "alt": ALT.in_language(language),
        "posters": sheets,
    }
    return print_pdf(TEMPLATE, values, at=at)


def qr_svg(address: str) -> str:
    """The code as a vector picture; a quarter of it may be dirty or torn."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=0, image_factory=SvgPathImage)
    code.add_data(address)
    return str(code.make_image().to_string(encoding="unicode"))
