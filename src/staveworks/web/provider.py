"""Where allauth looks for the kinds of places outside from which people sign in."""

from staveworks.web.join.outside.providers import (
    DingTalk,
    DirectoryProvider,
    OidcProvider,
    SamlProvider,
    WeComProvider,
)

provider_classes = [OidcProvider, SamlProvider, DirectoryProvider, WeComProvider, DingTalk]
