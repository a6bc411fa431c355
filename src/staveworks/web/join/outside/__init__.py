"""Signing in with an account from outside: OIDC, SAML, a directory (LDAP), WeCom, DingTalk, on top of django-allauth."""
