"""What waits for whom: the list, one of them, what is done with it; and the links that come in messages."""

from django.urls import path

from staveworks.web.todo import views, views_link

urlpatterns = [
    path("todo/", views.todos, name="todos"),
    path("todo/<uuid:todo_id>/", views.todo, name="todo"),
    path("todo/<uuid:todo_id>/go/", views.go, name="todo_go"),
    path("todo/<uuid:todo_id>/take/", views.take, name="todo_take"),
    path("todo/<uuid:todo_id>/release/", views.release, name="todo_release"),
    path("todo/<uuid:todo_id>/hand/", views.hand, name="todo_hand"),
    path("todo/<uuid:todo_id>/snooze/", views.snooze, name="todo_snooze"),
    path("todo/<uuid:todo_id>/done/", views.finish, name="todo_finish"),
    path("todo/<uuid:todo_id>/again/", views.again, name="todo_again"),
    path("t/done/", views_link.done, name="tap_done"),
    path("t/<str:token>/", views_link.tap, name="tap"),
]
