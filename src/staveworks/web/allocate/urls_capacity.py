from django.urls import path

from staveworks.web.allocate import (
    views_capacity,
    views_centre,
    views_heat,
    views_limits,
    views_sheet,
    views_windows,
)

urlpatterns = [
    path("capacity/", views_capacity.capacity, name="capacity"),
    path("capacity/confirm/", views_capacity.confirm, name="capacity_confirm"),
    path("capacity/new/", views_centre.choose, name="centre_choose"),
    path("capacity/new/<str:operation>/", views_centre.new, name="centre_new"),
    path("capacity/centres/<uuid:centre>/", views_windows.centre, name="centre"),
    path("capacity/centres/<uuid:centre>/edit/", views_centre.edit, name="centre_edit"),
    path("capacity/centres/<uuid:centre>/close/", views_centre.close, name="centre_close"),
    path("capacity/centres/<uuid:centre>/reopen/", views_centre.reopen, name="centre_reopen"),
    path("capacity/windows/<uuid:window>/withdraw/", views_windows.withdraw, name="window_withdraw"),
    path("capacity/sheets/", views_sheet.load, name="sheet_load"),
    path("capacity/sheets/template.xlsx", views_sheet.template, name="sheet_template"),
    path("capacity/sheets/<uuid:sheet>/", views_sheet.outcome, name="sheet"),
    path("capacity/sheets/<uuid:sheet>/faults.xlsx", views_sheet.faults, name="sheet_faults"),
    path("capacity/published/", views_heat.published, name="heat_published"),
    path("dispatch/heat/", views_heat.heat, name="heat"),
    path("dispatch/heat.xlsx", views_heat.export, name="heat_xlsx"),
    path("dispatch/capacity/", views_limits.firms, name="dispatch_capacity"),
    path("dispatch/capacity/<uuid:trial_firm>/limit/", views_limits.limit, name="firm_limit"),
]
