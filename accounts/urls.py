"""Sign-in (allauth), joining, invitations, settings and mails."""

from django.urls import URLPattern, URLResolver, include, path

from accounts.views import invitations, joining, mails, sessions, settings, sign_in_links

own_urls = [
    # Becoming a member
    path("join/<str:token>/", joining.join, name="join"),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/<uuid:invitation_uuid>/revoke/", invitations.revoke, name="revoke-invitation"),
    # Signing in without the password
    path("login/link/", sign_in_links.request_link, name="request-sign-in-link"),
    path("login/link/sent/", sign_in_links.link_sent, name="sign-in-link-sent"),
    path("login/link/<str:token>/", sign_in_links.sign_in_by_link, name="sign-in-by-link"),
    # One's own account
    path("settings/", settings.settings, name="settings"),
    path("settings/erase/", settings.erase, name="erase"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/end/", sessions.end, name="end-session"),
    path("mails/", mails.mails, name="mails"),
    path("mails/<uuid:mail_uuid>/", mails.mail, name="mail"),
    path("mails/<uuid:mail_uuid>/frame/", mails.mail_frame, name="mail_frame"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((own_urls, "accounts"))),
    path("", include("allauth.urls")),
]
