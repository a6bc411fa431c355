from django.urls import path

from staveworks.web.allocate import views, views_demand, views_firms, views_plan, views_what_if, views_work

RUN = "dispatch/runs/<uuid:run>/"

urlpatterns = [
    path("dispatch/", views.runs, name="dispatch"),
    path("dispatch/new/", views.new_run, name="dispatch_new"),
    path("dispatch/demand/", views_demand.demands, name="dispatch_demands"),
    path("dispatch/demand/typed/", views_demand.typed, name="dispatch_demand_typed"),
    path("dispatch/demand/<uuid:demand>/", views_demand.demand, name="dispatch_demand"),
    path("dispatch/demand/<uuid:demand>/line/", views_demand.line, name="dispatch_demand_line"),
    path("dispatch/demand/<uuid:demand>/sheet/", views_demand.sheet, name="dispatch_demand_sheet"),
    path(RUN, views.run, name="dispatch_run"),
    path(f"{RUN}state/", views.state, name="dispatch_state"),
    path(f"{RUN}stop/", views.stop, name="dispatch_stop"),
    path(f"{RUN}replay/", views.replay, name="dispatch_replay"),
    path(f"{RUN}publish/", views.publish, name="dispatch_publish"),
    path(f"{RUN}withdraw/", views.withdraw, name="dispatch_withdraw"),
    path(f"{RUN}bars/", views_plan.bars, name="dispatch_bars"),
    path(f"{RUN}plan/", views_plan.plan, name="dispatch_plan"),
    path(f"{RUN}plan.xlsx", views_plan.workbook, name="dispatch_workbook"),
    path(f"{RUN}lines/", views_plan.late, name="dispatch_late"),
    path(f"{RUN}line/", views_plan.line, name="dispatch_line"),
    path(f"{RUN}staves/", views_plan.staves, name="dispatch_staves"),
    path(f"{RUN}firm/", views_firms.firm, name="dispatch_firm"),
    path(f"{RUN}what-if/", views_what_if.ask, name="dispatch_ask"),
    path(f"{RUN}redispatch/", views_what_if.anew, name="dispatch_anew"),
    path(f"{RUN}accept/", views_what_if.accept, name="dispatch_accept"),
    path(f"{RUN}discard/", views_what_if.discard, name="dispatch_discard"),
    path("work/", views_work.shares, name="work"),
    path("work/<uuid:share>/", views_work.share, name="work_share"),
]
