"""Which files of the data folder this room's rows name: a backup must hold them, a restore must bring them."""

from typing import LiteralString

KEPT: dict[str, LiteralString] = {
    "files_stored_file": """
        SELECT DISTINCT 'files/' || left(sha256, 2) || '/' || substr(sha256, 3, 2) || '/' || sha256, sha256
        FROM files_stored_file f WHERE to_jsonb(f) ->> 'scan' IS DISTINCT FROM 'infected'
    """
}
"""Table → query giving (path in the data folder, sha256). A backup before an upgrade asks it of the former schema, which may lack a
column; an infected file lies in quarantine."""
