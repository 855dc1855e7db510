"""People in front of the pages."""

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from tests.fixtures.catalogue import make_user, set_up_catalogue


@pytest.fixture(autouse=True)
def catalogue(transactional_db: None) -> None:
    set_up_catalogue()


@pytest.fixture
def sign_in() -> Callable[..., Client]:
    """A browser in which somebody is signed in, with permissions of the app if any are named."""

    def enter(user_id: int | None = None, *permissions: str) -> Client:
        client = Client(headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
        if user_id is not None:
            user = get_user_model().objects.get(pk=user_id)
            for codename in permissions:
                user.user_permissions.add(
                    Permission.objects.get(codename=codename, content_type__app_label="microcred_app")
                )
            client.force_login(user)
        return client

    return enter


@pytest.fixture
def amina() -> int:
    return make_user("amina")
