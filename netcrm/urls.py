"""Every address of the application."""

from django.urls import include, path

urlpatterns = [
    path("", include("favours.urls")),
    path("contacts/", include("contacts.urls")),
    path("accounts/", include("accounts.urls")),
]
