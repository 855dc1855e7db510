"""The two tables of the platform that openedx-authz refers to."""

urlpatterns: list[object] = []
