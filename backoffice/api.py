"""The API's description and the page that shows it. The endpoints are the apps' own (``<app>.api``)."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    # The admin's gate, so that somebody who is not signed in is led to the sign-in and not to an error.
    path("docs/", admin.site.admin_view(SpectacularSwaggerSplitView.as_view(url_name="api:schema")), name="docs"),
]
