"""All URLs of the application."""

from django.urls import include, path

from netcrm import admin
from netcrm.health import health

handler400 = "netcrm.errors.bad_request"
handler500 = "netcrm.errors.server_error"

urlpatterns = [
    path("", include("favours.urls")),
    path("contacts/", include("contacts.urls")),
    path("accounts/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("health/", health, name="health"),
    path("health/<slug:check>/", health, name="health_of"),
]
