"""What browsers are told, and what is kept secret."""

from django.utils.csp import CSP

from staveworks.config.environment import secret_key
from staveworks.kit.configuration import table

SECRET_KEY = secret_key()
ALLOWED_HOSTS = list(table.HOSTS.read())
HTTPS = table.HTTPS.read()
CSRF_TRUSTED_ORIGINS = list(table.TRUSTED_ORIGINS.read())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True  # scripts take the proof from the page
if HTTPS:  # a browser takes cookies of these names from this host over TLS only
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    LANGUAGE_COOKIE_NAME = "__Host-language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS and not table.DEBUG.read()
SECURE_REDIRECT_EXEMPT = [
    r"^(healthz|readyz|metrics)$"
]  # asked from inside, beside the proxy that has the certificate
METRICS_TOKEN = table.METRICS_TOKEN.read()
PROXIES = table.PROXIES.read()
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
UPLOAD_LIMIT = table.UPLOAD_MB.read() * 1_000_000
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
CSRF_FAILURE_VIEW = "staveworks.web.faults.form_expired"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "web_cache"}}
