"""The demo's addresses, and two for measuring: the plainest way to store a file, and one that forgets uploads."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from microcred_app.applets.evidence import retention, storage
from microcred_app.applets.evidence.models import EvidenceFile, Submission

__all__ = ["urlpatterns"]


@csrf_exempt
@transaction.non_atomic_requests
def plain(request: HttpRequest) -> HttpResponse:
    """Store the body under a random name while it comes, and nothing else."""
    name, _size = storage.keep_stream(iter(lambda: request.read(256 * 1024), b""))
    storage.delete_file(name)
    return HttpResponse(status=204)


@csrf_exempt
def forget(request: HttpRequest) -> HttpResponse:
    """Remove what was uploaded, so that the next round begins with nothing."""
    for learner in set(Submission.objects.values_list("learner_id", flat=True)):
        retention.retire_learner(learner, now=timezone.now())
    EvidenceFile.objects.all().delete()
    return HttpResponse(status=204)


urlpatterns = [path("plain/", plain), path("forget/", forget), path("", include("demo_site.urls"))]
