"""The addresses of signing in from outside; those of SAML are named as allauth calls them."""

from allauth.socialaccount.providers import registry
from django.urls import path

from staveworks.web.doors import door_person, door_public
from staveworks.web.join.outside import views

registry.load()  # the kinds of places: `web/apps.py` says why not before

urlpatterns = [
    path("unlink/<int:account>/", door_person(views.unlink), name="outside_unlink"),
    path("<slug:provider>/", door_public(views.start), name="outside_login"),
    path("<slug:provider>/callback/", door_public(views.callback), name="outside_callback"),
    path("<slug:provider>/directory/", door_public(views.directory), name="outside_directory"),
    path("<slug:organization_slug>/acs/", door_public(views.saml_acs), name="saml_acs"),
    path("<slug:organization_slug>/acs/finish/", door_public(views.saml_finish), name="saml_finish_acs"),
    path("<slug:organization_slug>/metadata/", door_public(views.saml_metadata), name="saml_metadata"),
    path("<slug:organization_slug>/logout/", door_public(views.saml_logout), name="saml_sls"),
]
