"""Files that were taken while the malware scanner was down are scanned when it answers again."""

from staveworks.foundation.files.types import ScannerDown
from staveworks.foundation.files.usecases.scan_waiting import list_waiting, scan_waiting
from staveworks.jobs.work import actor_of_job, cross_job


@cross_job(
    "finds the files of every organisation that wait for the malware scanner, then scans each for its own"
)
def scan_waiting_files() -> int:
    """How many were scanned; with the scanner still down, none."""
    scanned = 0
    for org_id, file_id in list_waiting():
        try:
            scan_waiting(actor_of_job(org_id), file_id=file_id)
        except ScannerDown:
            break
        scanned += 1
    return scanned
