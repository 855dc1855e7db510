"""Packaging of Microcred: two root packages, one distribution."""

import subprocess
import sys
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
# Catalogues are kept as people read them and compiled when a package is built or installed.
subprocess.run([sys.executable, str(HERE / "scripts" / "translations.py"), "--compile"], check=True)  # noqa: S603
VERSION: dict[str, str] = {}
exec((HERE / "microcred_app" / "version.py").read_text(encoding="utf-8"), VERSION)  # noqa: S102 - our own file


def package_data(package: str, *folders: str) -> list[str]:
    """Every data file below *folders* of *package*, relative to the package; links are followed."""
    root = HERE / package
    files: list[str] = []
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                files.append(str(path.relative_to(root)))
        # A linked folder is walked through its target: rglob does not follow links on every Python.
        if (root / folder).is_symlink():
            target = (root / folder).resolve()
            files.extend(
                f"{folder}/{p.relative_to(target)}" for p in sorted(target.rglob("*")) if p.is_file()
            )
    return sorted(set(files))


setup(
    name="microcred",
    version=VERSION["__version__"],
    description="Micro-units, skill badges and Open Badges 3.0 credentials for Open edX",
    long_description=(HERE / "README.rst").read_text(encoding="utf-8"),
    long_description_content_type="text/x-rst",
    author="The Microcred developers",
    license="Apache-2.0",
    license_files=["LICENSE"],
    python_requires=">=3.11",
    packages=find_packages(include=["microcred_xblock*", "microcred_app*"]),
    package_data={
        "microcred_xblock": package_data("microcred_xblock", "static", "templates", "translations"),
        "microcred_app": [
            "py.typed",
            *package_data(
                "microcred_app",
                "static",
                "templates",
                "mako_templates",
                "locale",
                "ob3/contexts",
                "ob3/schemas",
            ),
        ],
    },
    install_requires=[
        "Django>=4.2,<6",
        "XBlock>=5.1",
        "lazy",  # XBlock's Django request wrapper imports it without declaring it
        "edx-opaque-keys",
        'web-fragments; python_version < "3.12"',  # part of XBlock from 6.2 on
        "edx-django-utils",
        "django-crum",
        "celery",
        "cryptography",
        "djangorestframework",
        "drf-spectacular",
        "PyNaCl",
        "PyLD>=2.0.4",
        "requests",
        "oauthlib",
        "Pillow",
        "PyYAML",
        "segno",
        "setuptools<81",  # fs, which XBlock imports, still needs pkg_resources
    ],
    extras_require={
        "speed": ["orjson"],  # faster tokens and reading; everything works without it
        "s3": ["django-storages[s3]"],  # evidence in an object store; pieces may go straight there
        "pkcs11": ["python-pkcs11"],  # signing keys in a hardware token
        "statements": ["edx-event-routing-backends"],  # xAPI and Caliper; part of most platforms already
        "metrics": ["prometheus-client"],  # figures for Prometheus; without it their address says so
    },
    entry_points={
        "xblock.v1": [
            "microcred_unit = microcred_xblock.unit:UnitBlock",
            "microcred_check = microcred_xblock.check:CheckBlock",
            "microcred_evidence = microcred_xblock.evidence:EvidenceBlock",
        ],
        "lms.djangoapp": ["microcred_app = microcred_app.apps:MicrocredConfig"],
        "cms.djangoapp": ["microcred_app = microcred_app.apps:MicrocredConfig"],
        "openedx.course_tab": ["microcred_badges = microcred_app.platform_pages.course_tab:MyBadgesTab"],
        "openedx.course_app": ["microcred = microcred_app.platform_pages.course_app:MicrocredCourseApp"],
        "console_scripts": ["microcred-verify = microcred_app.ob3.__main__:main"],
    },
    classifiers=[
        "Development Status :: 3 - Alpha",
        "Framework :: Django",
        "Framework :: Django :: 4.2",
        "Framework :: Django :: 5.2",
        "Intended Audience :: Education",
        "License :: OSI Approved :: Apache Software License",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
    ],
)
