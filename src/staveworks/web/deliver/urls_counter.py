from django.urls import path

from staveworks.web.deliver import views_counter

urlpatterns = [
    path("desk/counter/", views_counter.counter, name="counter"),
    path("arrive/<str:arrival>/", views_counter.arrive, name="arrive"),
]
