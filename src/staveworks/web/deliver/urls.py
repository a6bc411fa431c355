from django.urls import path

from staveworks.web.deliver import views

urlpatterns = [
    path("lines/", views.lines, name="lines"),
    path("disputes/", views.disputes, name="disputes"),
    path("lines/<uuid:line>/", views.line, name="line"),
    path("lines/<uuid:served_line>/serve/<str:act>/", views.serve, name="line_serve"),
    path("lines/<uuid:line>/order/<str:act>/", views.buy, name="line_buy"),
    path("lines/<uuid:disputed_line>/decide/", views.decide, name="line_decide"),
]
