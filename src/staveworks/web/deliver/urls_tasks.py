from django.urls import path

from staveworks.web.deliver import views_tasks as views

urlpatterns = [
    path("tasks/", views.tasks, name="tasks"),
    path("tasks/find/", views.find, name="find_sample"),
    path("tasks/<uuid:task>/", views.one, name="task"),
    path("tasks/<uuid:task>/labels.pdf", views.labels, name="task_labels"),
    path("tasks/<uuid:served_task>/custody/", views.custody, name="task_custody"),
    path("tasks/<uuid:served_task>/results/", views.results, name="task_results"),
    path("tasks/<uuid:served_task>/file/", views.results_file, name="task_file"),
    path("tasks/<uuid:served_task>/report/", views.report, name="task_report"),
    path("s/<str:label>/", views.sample, name="sample"),
    path("reports/<uuid:report>/", views.download, name="test_report"),
    path("desk/scopes/", views.scopes, name="scopes"),
    path("desk/scopes/<uuid:scope>/end/", views.stop_scope, name="scope_end"),
]
