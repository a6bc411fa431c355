"""Copy the fonts of printed papers into the data folder, the semi-bold Chinese one cut down to the characters in common use.

    npm pack @expo-google-fonts/noto-sans-sc @expo-google-fonts/ibm-plex-sans   # unpack each into its own folder
    pip install fonttools
    python tools/build_fonts.py --noto FOLDER --plex FOLDER

Regular stays whole: a firm's name may hold any of its 30,890 characters. Headings and figures are semi-bold; a character that
is missing there is set in Regular by Typst itself. See src/staveworks/data/fonts/README.md.
"""

import argparse
import gzip
import shutil
from pathlib import Path

from fontTools import subset

FONTS = Path(__file__).parent.parent / "src" / "staveworks" / "data" / "fonts"
REGIONS = FONTS.parent / "regions"
RANGES = ((0x20, 0x7F), (0xA0, 0x100), (0x2000, 0x2070), (0x3000, 0x3030), (0xFF00, 0xFFEF))


def common_characters() -> set[int]:
    """GB 2312, punctuation, and whatever stands in the names of places."""
    rows = (bytes([a, b]) for a in range(0xA1, 0xF8) for b in range(0xA1, 0xFF))
    found = {ord(text) for row in rows if (text := row.decode("gb2312", "ignore"))}
    found |= {character for low, high in RANGES for character in range(low, high)}
    places = (REGIONS / "cn.csv").read_text("utf-8") + gzip.open(
        REGIONS / "cn-towns.csv.gz", "rt", encoding="utf-8"
    ).read()
    return found | set(map(ord, places))


def cut_down(source: Path, target: Path) -> None:
    options = subset.Options(layout_features=[], hinting=False, name_IDs=["*"], notdef_outline=True)
    font = subset.load_font(str(source), options)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=common_characters())
    worker.subset(font)
    subset.save_font(font, str(target), options)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--noto", type=Path, required=True)
    parser.add_argument("--plex", type=Path, required=True)
    chosen = parser.parse_args()
    FONTS.mkdir(exist_ok=True)
    shutil.copyfile(
        chosen.noto / "400Regular" / "NotoSansSC_400Regular.ttf", FONTS / "NotoSansSC-Regular.ttf"
    )
    cut_down(chosen.noto / "600SemiBold" / "NotoSansSC_600SemiBold.ttf", FONTS / "NotoSansSC-SemiBold.ttf")
    for folder, weight in (("400Regular", "Regular"), ("600SemiBold", "SemiBold")):
        shutil.copyfile(
            chosen.plex / folder / f"IBMPlexSans_{folder}.ttf", FONTS / f"IBMPlexSans-{weight}.ttf"
        )
    shutil.copyfile(chosen.noto / "LICENSE_FONT", FONTS / "LICENSE-NotoSansSC.txt")
    shutil.copyfile(chosen.plex / "LICENSE_FONT", FONTS / "LICENSE-IBMPlexSans.txt")
    for path in sorted(FONTS.iterdir()):
        print(f"{path.stat().st_size:>10,}  {path.name}")


if __name__ == "__main__":
    main()
