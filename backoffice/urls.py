"""Where each address of the site leads."""

from itertools import chain

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from backoffice.discovery import modules
from backoffice.health import healthz

# Every app's endpoints stand under one version of the API.
api = list(chain.from_iterable(module.urlpatterns for module in modules("api")))

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", include("backoffice.pages.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include((api, "api"))),
    path("healthz", healthz, name="healthz"),
]
