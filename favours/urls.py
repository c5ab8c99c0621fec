"""The giving and getting: Today, the quick log, the journal and the network page."""

from django.urls import URLPattern

app_name = "favours"

urlpatterns: list[URLPattern] = []
