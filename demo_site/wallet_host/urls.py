"""Addresses of the wallet host."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import include, path, re_path
from oauth2_provider.views import AuthorizationView, RevokeTokenView, TokenView

from . import accounts, api, discovery, pages, registration

oauth_urls = (
    [
        path("authorize/", AuthorizationView.as_view(), name="authorize"),
        path("token/", TokenView.as_view(), name="token"),
        path("revoke/", RevokeTokenView.as_view(), name="revoke-token"),
    ],
    "oauth2_provider",
)

urlpatterns = [
    path("", pages.show_wallet, name="wallet"),
    path("badges/<int:badge_id>/", pages.show_badge, name="badge"),
    path("badges/<int:badge_id>/check/", pages.check_again, name="check-again"),
    path("senders/<int:application_id>/withdraw/", pages.withdraw, name="withdraw"),
    path("sign-in/", accounts.sign_in, name="sign-in"),
    path("sign-out/", LogoutView.as_view(next_page="sign-in"), name="sign-out"),
    path("terms/", pages.show_page, {"name": "terms"}, name="terms"),
    path("privacy/", pages.show_page, {"name": "privacy"}, name="privacy"),
    path(".well-known/oauth-authorization-server", discovery.show_authorisation_server),
    path("oauth/register", registration.register_client),
    path("oauth/", include(oauth_urls)),
    path("ims/ob/v3p0/discovery", discovery.show_discovery),
    path("ims/ob/v3p0/credentials", api.credentials),
    path("ims/ob/v3p0/profile", api.profile),
    re_path(r"^ims/", api.unknown_address),
    *staticfiles_urlpatterns(),
]
handler404 = "demo_site.wallet_host.pages.not_found"
handler500 = "demo_site.wallet_host.pages.server_error"
