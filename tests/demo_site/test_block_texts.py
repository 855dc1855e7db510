"""A block of the demo speaks the reader's language: as on the platform, its own catalogue for blocks comes first."""

from __future__ import annotations

import pytest
from django.utils import translation

from demo_site.runtime.services import BlockTextService


@pytest.mark.parametrize("language", ["es", "fr", "de", "ar"])
def test_texts_of_a_block_are_translated(language: str) -> None:
    with translation.override(language):
        texts = BlockTextService("microcred_xblock")
        assert texts.gettext("You earned") != "You earned"
        assert texts.gettext("Create verify link") != "Create verify link"
        assert texts.ngettext("{count} minute", "{count} minutes", 3)


def test_a_language_without_a_catalogue_reads_english() -> None:
    with translation.override("nl"):
        assert BlockTextService("microcred_xblock").gettext("You earned") == "You earned"
