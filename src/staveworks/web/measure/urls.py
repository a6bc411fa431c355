from django.urls import path

from staveworks.web.measure import views_cluster, views_figures, views_firms, views_map

urlpatterns = [
    path("cluster/", views_cluster.home, name="cluster"),
    path("cluster/export.xlsx", views_cluster.export, name="cluster_export"),
    path("cluster/map/", views_map.cluster_map, name="cluster_map"),
    path("cluster/map/export.xlsx", views_map.export, {"form": "xlsx"}, name="cluster_map_xlsx"),
    path("cluster/map/export.pdf", views_map.export, {"form": "pdf"}, name="cluster_map_pdf"),
    path("cluster/map/export.png", views_map.export, {"form": "png"}, name="cluster_map_png"),
    path("figures/", views_figures.figures, name="figures"),
    path("figures/export.xlsx", views_figures.export, {"form": "xlsx"}, name="figures_xlsx"),
    path("figures/export.pdf", views_figures.export, {"form": "pdf"}, name="figures_pdf"),
    path("figures/export.png", views_figures.export, {"form": "png"}, name="figures_png"),
    path("cluster/firms/", views_firms.table, name="firms"),
    path("cluster/firms/export.xlsx", views_firms.export, name="firms_export"),
    path("cluster/firms/views/", views_firms.keep_view, name="firms_keep_view"),
    path("cluster/firms/views/<uuid:view>/forget/", views_firms.drop_view, name="firms_drop_view"),
    path("cluster/firms/<uuid:firm>/", views_firms.one, name="firm"),
    path("cluster/firms/<uuid:firm>/report.pdf", views_firms.report, name="firm_report"),
    path("cluster/firms/<uuid:firm>/invite/", views_firms.invite, name="firm_invite"),
    path("cluster/firms/<uuid:firm>/act/", views_firms.act, name="firm_act"),
]
