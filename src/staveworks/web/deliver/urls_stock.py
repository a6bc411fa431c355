from django.urls import path

from staveworks.web.deliver import views_stock as views
from staveworks.web.deliver import views_weekly

urlpatterns = [
    path("desk/stock/", views.stocks, name="stocks"),
    path("desk/weekly/", views_weekly.weekly, name="weekly"),
    path("desk/weekly/<uuid:weekly>/", views_weekly.change, name="weekly_change"),
    path("desk/stock/<uuid:stock>/", views.stock, name="stock"),
    path("desk/stock/<uuid:stock>/lots/<uuid:stock_lot>/count/", views.count, name="stock_count"),
]
