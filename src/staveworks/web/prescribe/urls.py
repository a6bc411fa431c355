"""The journey of prescription: move the budget, see what changes and why, accept."""

from django.urls import path

from staveworks.web.prescribe import views

urlpatterns = [
    path("prescriptions/", views.by_its_name, name="prescriptions_by_name"),
    path("prescribe/", views.prescribe, name="prescribe"),
    path("prescribe/all/", views.prescriptions, name="prescriptions"),
    path("prescribe/<uuid:prescription>/", views.prescription, name="prescription"),
    path("prescribe/<uuid:prescription>/frontier/", views.frontier, name="prescription_frontier"),
    path("prescribe/<uuid:prescription>/proof/", views.proof, name="prescription_proof"),
    path("prescribe/<uuid:prescription>/order/", views.order, name="prescription_order"),
]
