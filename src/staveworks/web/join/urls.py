"""Sign-in, organisations, members, mandates, claims, files."""

from django.urls import include, path

from staveworks.web.join import (
    views_claims,
    views_files,
    views_home,
    views_members,
    views_operator,
    views_organisation,
    views_revocation,
)

urlpatterns = [
    path("", views_home.home, name="home"),
    path("accounts/", include("staveworks.web.join.urls_accounts")),
    path("welcome/", views_home.welcome, name="welcome"),
    path("join/switch/", views_home.switch, name="switch_organisation"),
    path("join/operator/<str:token>/", views_operator.operator, name="operator_link"),
    path("join/firm/", views_organisation.register, name="register_organisation"),
    path("join/cities/", views_organisation.cities, name="cities"),
    path("join/invitation/<str:token>/", views_members.invitation, name="invitation"),
    path(
        "join/invitations/<uuid:org_id>/<uuid:invitation_id>/",
        views_members.own_invitation,
        name="own_invitation",
    ),
    path("join/link/<str:token>/", views_claims.claim_link, name="claim_link"),
    path("join/claim/", views_claims.search, name="claim_search"),
    path("join/claim/<uuid:org_id>/", views_claims.claim, name="claim"),
    path("join/claims/<uuid:claim_id>/", views_claims.own_claim, name="own_claim"),
    path("join/claims/<uuid:claim_id>/end/", views_claims.end_own_claim, name="end_own_claim"),
    path("agreement/", views_organisation.agreement, name="agreement"),
    path("agreement/end/", views_organisation.end_agreement, name="end_agreement"),
    path("members/", views_members.members, name="members"),
    path("members/invite/", views_members.invite, name="invite"),
    path("members/leave/", views_members.leave, name="leave"),
    path("members/<uuid:membership_id>/", views_members.change, name="change_member"),
    path("members/invitations/<uuid:invitation_id>/end/", views_members.withdraw, name="end_invitation"),
    path("mandates/", views_members.mandates, name="mandates"),
    path("mandates/new/", views_members.mandate, name="give_mandate"),
    path("mandates/<uuid:mandate_id>/end/", views_members.end_mandate, name="end_mandate"),
    path("claims/", views_claims.claims, name="claims"),
    path("claims/<uuid:claim_id>/", views_claims.decide, name="decide_claim"),
    path("claims/<uuid:claim_id>/letter/", views_claims.letter, name="claim_letter"),
    path("claims/<uuid:claim_id>/revoke/", views_revocation.revoke, name="revoke_claim"),
    path("claims/<uuid:claim_id>/restore/", views_revocation.restore, name="restore_claim"),
    path("files/<uuid:file_id>/", views_files.download, name="file"),
]
