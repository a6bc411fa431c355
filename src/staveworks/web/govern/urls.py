from django.urls import path

from staveworks.web.govern import (
    views,
    views_kinds,
    views_known,
    views_rules,
    views_sharing,
    views_shown,
    views_support,
    views_vouchers,
)

urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("settings/tokens/", views.tokens, name="tokens"),
    path("settings/tokens/<uuid:token_id>/end/", views.end_token, name="end_token"),
    path("settings/rights/", views.rights, name="rights"),
    path("support/", views_support.tickets, name="tickets"),
    path("support/ask/", views_support.ask, name="ask"),
    path("support/<uuid:ticket>/", views_support.ticket, name="ticket"),
    path("support/<uuid:ticket>/close/", views_support.close, name="close_ticket"),
    path("sharing/", views_sharing.sharing, name="sharing"),
    path("sharing/give/", views_sharing.give, name="give_grant"),
    path("sharing/agreement/end/", views_sharing.withdraw_default, name="withdraw_default"),
    path("sharing/<uuid:grant>/withdraw/", views_sharing.withdraw, name="withdraw_grant"),
    path("shown/", views_shown.shown, name="shown"),
    path("shown/<uuid:firm>/<str:purpose>/", views_shown.shown_firm, name="shown_firm"),
    path("shown/<uuid:firm>/<str:purpose>/files/<uuid:file>/", views_shown.shown_file, name="shown_file"),
    path("settings/institutions/", views_kinds.kinds, name="kinds"),
    path("settings/institutions/<uuid:org>/<str:kind>/confirm/", views_kinds.confirm, name="confirm_kind"),
    path(
        "settings/institutions/<uuid:org>/<str:kind>/unconfirm/", views_kinds.unconfirm, name="unconfirm_kind"
    ),
    path("known/", views_known.known, name="known"),
    path("known/<uuid:fact>/correct/", views_known.correct, name="correct"),
    path("cluster/firms/<uuid:firm>/known/", views_known.known_of, name="known_of"),
    path("corrections/", views_known.corrections, name="corrections"),
    path("corrections/<uuid:correction>/", views_known.decide, name="decide_correction"),
    path("rules/", views_rules.rules, name="rules"),
    path("rules/<str:rule>/", views_rules.rule, name="rule"),
    path("rules/<str:rule>/adopt/", views_rules.adopt, name="adopt_rule"),
    path("vouchers/", views_vouchers.vouchers, name="vouchers"),
    path("vouchers/<uuid:voucher>/withdraw/", views_vouchers.withdraw, name="withdraw_voucher"),
    path("audit/", views.audit, name="audit"),
]
