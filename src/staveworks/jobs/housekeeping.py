"""Sessions that have run out are thrown away, with the note of the device they were on."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone


def forget_sessions() -> int:
    """The number of sessions that were over: past their time, or unused for longer than one may be."""
    now = timezone.now()
    idle = UserSession.objects.filter(last_seen_at__lt=now - timedelta(seconds=settings.SESSION_IDLE_SECONDS))
    over = list(idle.values_list("session_key", flat=True))
    gone, _ = Session.objects.filter(session_key__in=over).delete()
    idle.delete()
    expired, _ = Session.objects.filter(expire_date__lt=now).delete()
    return gone + expired
