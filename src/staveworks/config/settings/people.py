"""Who people are and how they sign in: by phone or e-mail, with a code or a password, TOTP on top (django-allauth)."""

from staveworks.kit.configuration import table

AUTH_USER_MODEL = "parties.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "staveworks.web.join.adapter.PeopleAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"phone", "email"}
ACCOUNT_SIGNUP_FIELDS = ["phone", "email"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_RESEND_COUNT = 2
ACCOUNT_FORMS = {"confirm_login_code": "staveworks.web.join.signin.CodeForm"}
ACCOUNT_EMAIL_VERIFICATION = "none"  # whoever registers proves her address by the code she signs in with
ACCOUNT_PHONE_VERIFICATION_ENABLED = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {  # beside allauth's own: a service hall signs in from one address
    "login": "120/m/ip",
    "change_phone": "3/m/user",
    "claim_search": "20/m/ip",
    "tap": "60/m/ip",
}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
MFA_ADAPTER = "staveworks.web.join.second_factor.FactorAdapter"
MFA_FORMS = {
    "activate_totp": "staveworks.web.join.second_factor.ActivateForm",
    "authenticate": "staveworks.web.join.second_factor.FactorForm",
    "reauthenticate": "staveworks.web.join.second_factor.FactorAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Staveworks"
SESSION_COOKIE_AGE = table.SESSION_DAYS.read() * 24 * 3600
SESSION_IDLE_SECONDS = table.SESSION_IDLE_HOURS.read() * 3600
SIGN_IN = table.SIGN_IN.read()
SOCIALACCOUNT_ADAPTER = "staveworks.web.join.outside.adapter.OutsideAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
MESSENGER = "staveworks.config.ports.messenger"
