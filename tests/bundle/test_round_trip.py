"""Export, apply, export: the same bytes, on the same site and on an empty one."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from microcred_app.applets.badges import api as badges
from microcred_app.applets.badges import publication
from microcred_app.applets.badges.models import BadgeVersion
from microcred_app.bundle import export_bundle
from microcred_app.bundle.pictures import PictureFolder
from tests.bundle.conftest import Desk
from tests.fixtures.catalogue import NOW, PICTURE

DEMO = Path(__file__).resolve().parents[2] / "demo_site" / "course" / "bundle.yaml"


def test_applying_again_changes_nothing(desk: Desk) -> None:
    first = desk.apply()
    assert len(first.of("new")) == 10
    again = desk.apply()
    assert again.of("new") == again.of("changed") == ()
    assert BadgeVersion.objects.count() == 3


def test_a_site_that_applies_its_own_export_stays_as_it_is(desk: Desk) -> None:
    desk.apply()
    text = desk.export()
    assert desk.apply(text.encode()).of("changed") == ()
    assert desk.export() == text


def test_an_empty_site_becomes_the_same(desk: Desk, empty_site: Callable[[], None]) -> None:
    desk.apply()
    text = desk.export()
    empty_site()
    desk.apply(text.encode())
    assert desk.export() == text
    assert badges.current_badge("part").terms.accepts == ("former",)
    assert badges.latest_badges(["former"])["former"].life.state == "retired"


def test_pictures_travel_in_the_text_when_there_is_no_folder(
    desk: Desk, empty_site: Callable[[], None]
) -> None:
    desk.apply()
    text = export_bundle(PictureFolder(None), now=NOW)
    empty_site()
    desk.apply(text.encode())
    assert badges.get_picture(badges.current_badge("part").image_sha256).content == PICTURE
    assert export_bundle(PictureFolder(None), now=NOW) == text


def test_a_generated_picture_is_not_written_and_survives_a_better_artist(desk: Desk, monkeypatch) -> None:
    desk.apply()
    assert not (desk.folder / "pictures" / "badge-stack.svg").exists()
    draw = publication.draw_badge
    monkeypatch.setattr(
        publication, "draw_badge", lambda **inputs: draw(**inputs).replace(b"</svg>", b"<g/></svg>")
    )
    assert desk.apply().of("changed") == ()


def test_a_version_that_waits_for_its_date_is_written_with_it(desk: Desk) -> None:
    desk.data["badges"][1]["effective_at"] = "2026-06-01"
    desk.apply()
    text = desk.export()
    assert 'effective_at: "2026-06-01T00:00:00+00:00"' in text
    assert desk.apply(text.encode()).of("changed") == ()


def test_odd_texts_come_back_the_same(desk: Desk) -> None:
    desk.data["skills"][0]["statement"] = "مهارة 🔧: # - “x”\n\n  indented\nend"
    desk.data["badges"][0]["name"] = "no"
    desk.data["badges"][0]["description"] = "- a\n- b: c"
    desk.apply()
    text = desk.export()
    assert desk.apply(text.encode()).of("changed") == ()
    assert desk.export() == text
    assert badges.current_badge("stack").name == "no"


def test_the_demos_bundle_is_ready_and_comes_back(desk: Desk, tmp_path: Path) -> None:
    out = StringIO()
    call_command("microcred_apply", str(DEMO), "--yes", stdout=out)
    assert "not ready" not in out.getvalue()
    path = tmp_path / "bundle.yaml"
    call_command("microcred_export", str(path), stdout=StringIO())
    out = StringIO()
    call_command("microcred_plan", str(path), stdout=out)
    assert out.getvalue().startswith("0 new, 0 changed")
