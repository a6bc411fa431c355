from django.urls import path

from staveworks.web.order import views_contracts as contracts
from staveworks.web.order import views_projects as projects
from staveworks.web.order import views_sealed as sealing

urlpatterns = [
    path("requests/", projects.requests, name="requests"),
    path("requests/new/", projects.new, name="request_new"),
    path("requests/<uuid:own_request>/edit/", projects.edit, name="request_edit"),
    path("requests/<uuid:own_request>/publish/", projects.publish, name="request_publish"),
    path("requests/<uuid:own_request>/close/", projects.close, name="request_close"),
    path("requests/<uuid:own_request>/points/", projects.points, name="request_points"),
    path("requests/<uuid:own_request>/award/", projects.award, name="request_award"),
    path("requests/<uuid:asked_request>/", projects.one, name="request"),
    path("requests/<uuid:asked_request>/nda/", projects.nda, name="request_nda"),
    path("requests/<uuid:asked_request>/proposal/", sealing.proposal, name="proposal"),
    path("requests/<uuid:asked_request>/proposal/sealed/", sealing.sealed, name="proposal_sealed"),
    path("requests/<uuid:asked_request>/withdraw/", projects.withdraw, name="proposal_withdraw"),
    path("requests/<uuid:asked_request>/open/", projects.open_sealed, name="proposal_open"),
    path("requests/<uuid:asked_request>/files/<uuid:attachment>/", projects.attachment, name="request_file"),
    path("contracts/<uuid:contract>/", contracts.contract, name="contract"),
    path("contracts/<uuid:contract>/order/", contracts.order, name="contract_order"),
    path("contracts/<uuid:contract>/confirm/", contracts.confirm, name="contract_confirm"),
    path("contracts/<uuid:contract>/change/", contracts.change, name="contract_change"),
    path("contracts/<uuid:contract>/set-aside/", contracts.aside, name="contract_aside"),
    path(
        "contracts/<uuid:contract>/milestones/<int:place>/deliver/",
        contracts.deliver,
        name="milestone_deliver",
    ),
    path(
        "contracts/<uuid:contract>/milestones/<int:place>/accept/", contracts.accept, name="milestone_accept"
    ),
    path(
        "contracts/<uuid:contract>/milestones/<int:place>/return/",
        contracts.give_back,
        name="milestone_return",
    ),
    path(
        "contracts/<uuid:contract>/files/<uuid:delivered_file>/", contracts.delivered, name="delivered_file"
    ),
    path("contracts/changes/<uuid:change>/sign/", contracts.sign, name="change_sign"),
    path("contracts/changes/<uuid:change>/refuse/", contracts.refuse, name="change_refuse"),
]
