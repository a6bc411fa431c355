from django.urls import path

from staveworks.web.measure import views_cluster, views_firms

urlpatterns = [
    path("cluster/", views_cluster.home, name="cluster"),
    path("cluster/export.xlsx", views_cluster.export, name="cluster_export"),
    path("cluster/firms/", views_firms.table, name="firms"),
    path("cluster/firms/export.xlsx", views_firms.export, name="firms_export"),
    path("cluster/firms/views/", views_firms.keep_view, name="firms_keep_view"),
    path("cluster/firms/views/<uuid:view>/forget/", views_firms.drop_view, name="firms_drop_view"),
    path("cluster/firms/<uuid:firm>/", views_firms.one, name="firm"),
    path("cluster/firms/<uuid:firm>/invite/", views_firms.invite, name="firm_invite"),
    path("cluster/firms/<uuid:firm>/act/", views_firms.act, name="firm_act"),
]
