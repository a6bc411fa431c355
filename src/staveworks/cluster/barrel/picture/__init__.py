"""The picture of a barrel: accessible SVG drawn on the server, its glyph for tables, and the same values as rows."""

from staveworks.cluster.barrel.picture.draw import draw
from staveworks.cluster.barrel.picture.printed import for_print
from staveworks.cluster.barrel.picture.small import bar, glyph
from staveworks.cluster.barrel.picture.view import Barrel, Height
from staveworks.cluster.barrel.picture.words import Row, description, rows, title, whole

__all__ = [
    "Barrel",
    "Height",
    "Row",
    "bar",
    "description",
    "draw",
    "for_print",
    "glyph",
    "rows",
    "title",
    "whole",
]
