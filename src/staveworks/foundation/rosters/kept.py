"""Which files of the data folder this room's rows name: a backup must hold them, a restore must bring them."""

from typing import LiteralString

KEPT: dict[str, LiteralString] = {
    "rosters_roster": "SELECT DISTINCT 'files/rosters/' || org_id || '/' || digest, digest FROM rosters_roster"
}
"""Table → query giving (path in the data folder, sha256)."""
