"""What a person asked for herself is emptied; what she asked for an organisation is its correspondence and stays with it."""

from staveworks.db.transaction import acting
from staveworks.foundation.parties.erasing import Gone
from staveworks.foundation.support.models import Entry, Ticket


def erase_in_support(gone: Gone) -> int:
    """How many tickets and entries were emptied."""
    with acting(person=gone.id):
        own = Ticket.objects.filter(org_id=None, person_id=gone.id)
        entries = Entry.objects.filter(ticket__in=own).exclude(text="").update(text="")
        return entries + own.update(first="", page="")
