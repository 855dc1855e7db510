"""A filled site that stays for the next run: the data of MariaDB, and beside it what bulk statements have to know."""

from __future__ import annotations

import pickle
from pathlib import Path

from .learners import Learners

__all__ = ["find_site", "keep_site"]

_NOTE = "scene.pickle"


def find_site(folder: Path | None, wallet_address: str) -> Learners | None:
    """The learners of the site that an earlier run filled, with its wallets at their new address; None without one."""
    if folder is None or not (folder / _NOTE).exists():
        return None
    from microcred_app.applets.delivery.models import Host

    # Written by this program, in a folder that whoever runs it named.
    learners: Learners = pickle.loads((folder / _NOTE).read_bytes())
    Host.objects.filter(pk=learners.scene.host).update(
        base_url=wallet_address,
        authorisation_url=wallet_address,
        token_url=wallet_address,
        registration_url=wallet_address,
    )
    return learners


def keep_site(folder: Path | None, learners: Learners) -> None:
    """Note for the next run what is there and which events were used up."""
    if folder is not None:
        (folder / _NOTE).write_bytes(pickle.dumps(learners))
