"""The addresses of allauth that we use, each named as allauth calls it; the rest of them don't exist here."""

from allauth.account import views
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import include, path
from django.views.generic import RedirectView

from staveworks.web.doors import door_person, door_public
from staveworks.web.join import views_sessions
from staveworks.web.join.personal import views as personal
from staveworks.web.join.second_factor import ActivateView
from staveworks.web.join.signin import SignInView, sign_up
from staveworks.web.join.views_security import change_contact, confirm_contact, password, security

to_sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)
to_security = RedirectView.as_view(pattern_name="profile")

urlpatterns = [
    path("login/", door_public(SignInView.as_view()), name="account_login"),
    path("login/code/", door_public(to_sign_in), name="account_request_login_code"),
    path("login/code/confirm/", door_public(views.confirm_login_code), name="account_confirm_login_code"),
    path("logout/", door_public(views.logout), name="account_logout"),
    path("inactive/", door_public(views.account_inactive), name="account_inactive"),
    path("signup/", door_public(sign_up), name="account_signup"),
    path("reauthenticate/", door_person(views.reauthenticate), name="account_reauthenticate"),
    path("security/", door_person(security), name="profile"),
    path("sessions/", door_person(views_sessions.sessions), name="sessions"),
    path("sessions/others/end/", door_person(views_sessions.end_other_sessions), name="end_other_sessions"),
    path("sessions/<int:session>/end/", door_person(views_sessions.end_session), name="end_session"),
    path("contact/", door_person(change_contact), name="change_contact"),
    path("contact/confirm/", door_person(confirm_contact), name="confirm_contact"),
    path("data/", door_person(personal.data), name="personal_data"),
    path("data/download/", door_person(personal.download), name="personal_download"),
    path("erase/", door_person(personal.erase), name="personal_erase"),
    path("erased/", door_public(personal.erased), name="account_erased"),
    path("outside/", include("staveworks.web.join.outside.urls")),
    path("password/change/", door_person(password), name="account_change_password"),
    path("password/set/", door_person(password), name="account_set_password"),
    path("password/reset/", door_public(to_sign_in), name="account_reset_password"),
    path("2fa/", door_person(to_security), name="mfa_index"),
    path("2fa/authenticate/", door_public(mfa.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", door_person(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", door_person(ActivateView.as_view()), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", door_person(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery/", door_person(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery/generate/",
        door_person(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
]
