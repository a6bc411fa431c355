from django.urls import path

from staveworks.web.settle import views_books, views_earned

urlpatterns = [
    path("earned/", views_earned.earned, name="earned"),
    path("earned/export.xlsx", views_earned.export, name="earned_xlsx"),
    path("books/", views_books.books, name="books"),
    path("books/export.xlsx", views_books.export_books, name="books_xlsx"),
    path("books/export.<str:program>", views_books.export_text, name="books_text"),
    path("books/close/", views_books.close, name="books_close"),
    path("books/<uuid:book>/", views_books.statement, name="statement"),
    path("books/<uuid:book>/export.xlsx", views_books.export_statement, name="statement_xlsx"),
]
