"""As much of the platform's tables as the package and our door read."""

from __future__ import annotations

from typing import Any

from django.db import models
from opaque_keys.edx.django.models import CourseKeyField


class CourseOverview(models.Model):
    """A course in the platform's list."""

    id = CourseKeyField(primary_key=True, max_length=255)
    org = models.CharField(max_length=255)

    class Meta:
        app_label = "stand_in"

    @classmethod
    def get_from_id(cls, key: Any) -> CourseOverview:
        """As the platform's own."""
        return cls.objects.get(pk=key)


class ContentLibrary(models.Model):
    """A library; there is none."""

    class Meta:
        app_label = "stand_in"
