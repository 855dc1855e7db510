"""Definitions as text: one YAML file with issuers, skills, outcomes, badges and pathways, and the way back.

* :mod:`.reading`      bytes → plain values with the line of every place; hostile text is refused cheaply
* :mod:`.writing`      plain values → the same bytes every time
* :mod:`.entries`      which members each section has
* :mod:`.pictures`     files beside the bundle, or ``data:`` addresses in it
* :mod:`.sections`, :mod:`.badge_section`   how entries are stored, and read back from the database
* :mod:`.change`       what applying a bundle changes
* :mod:`.application`  plan (look, and leave everything as it was), apply, export
"""

from .application import ApplyOptions, BundleReport, apply_bundle, export_bundle, plan_bundle
from .change import Blast, BlastRadius, Change, preview_blast
from .errors import BundleError, BundleProblem

__all__ = [
    "ApplyOptions",
    "Blast",
    "BlastRadius",
    "BundleError",
    "BundleProblem",
    "BundleReport",
    "Change",
    "apply_bundle",
    "export_bundle",
    "plan_bundle",
    "preview_blast",
]
