"""How messages leave, and how long they are kept."""

from staveworks.kit.configuration import table

PUBLIC_URL = table.PUBLIC_URL.read()
SMTP_URL = table.SMTP_URL.read()
MAIL_FROM = table.MAIL_FROM.read()
PROVIDER_NETWORKS = table.PROVIDER_NETWORKS.read()
MESSAGE_LEASE_S = table.MESSAGE_LEASE_S.read()
