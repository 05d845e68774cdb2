"""Where each address of the site leads."""

from itertools import chain

from django.contrib import admin
from django.urls import include, path

from backoffice import sign_in
from backoffice.discovery import modules
from backoffice.health import healthz

# Every app's endpoints stand under one version of the API.
api = list(chain.from_iterable(module.urlpatterns for module in modules("api")))
# And their pages for customers and resellers in one portal.
portal = list(chain.from_iterable(module.urlpatterns for module in modules("portal")))

urlpatterns = [
    path("", sign_in.home, name="home"),
    path("account/", include(sign_in.urlpatterns)),
    path("portal/", include((portal, "portal"))),
    path("admin/", include("backoffice.pages.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include((api, "api"))),
    path("healthz", healthz, name="healthz"),
]
