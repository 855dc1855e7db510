"""Studio's addresses as the plugin adds them."""

from django.urls import include, path

urlpatterns = [path("microcred/studio/", include("microcred_app.studio_urls"))]
