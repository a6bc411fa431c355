from django.urls import path

from staveworks.web.order import views_wishes

urlpatterns = [
    path("offers/<uuid:offer>/wish/", views_wishes.new, name="wish_new"),
    path("lines/<uuid:line>/move/", views_wishes.move, name="line_move"),
    path("wishes/", views_wishes.wishes, name="wishes"),
    path("wishes/<uuid:wish>/", views_wishes.wish, name="wish"),
    path("wishes/<uuid:wish>/take/", views_wishes.take, name="wish_take"),
    path("wishes/<uuid:wish>/decline/", views_wishes.decline, name="wish_decline"),
    path("wishes/<uuid:wish>/leave/", views_wishes.leave, name="wish_leave"),
]
