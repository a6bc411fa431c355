from django.urls import path

from staveworks.web.deliver import views_callers, views_offers

urlpatterns = [
    path("desk/", views_offers.desk, name="desk"),
    path("desk/offers/", views_offers.own_offers, name="own_offers"),
    path("desk/offers/new/", views_offers.new, name="new_offer"),
    path("desk/offers/<uuid:own_offer>/", views_offers.edit, name="own_offer"),
    path("desk/offers/<uuid:own_offer>/price/", views_offers.price, name="offer_price"),
    path("desk/offers/<uuid:own_offer>/withdraw/", views_offers.withdraw, name="withdraw_offer"),
    path("desk/offers/<uuid:own_offer>/restore/", views_offers.restore, name="restore_offer"),
    path("desk/offers/<uuid:own_offer>/discard/", views_offers.discard, name="discard_offer"),
    path("desk/callers/", views_callers.callers, name="callers"),
]
