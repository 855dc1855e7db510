"""Sign-offs for a list of people: who may hand one in, start it, see it and take it back.

Nobody is given a badge past its rule: a list signs off one thing that published rules ask for, and the awards follow
from that. So whoever may give the sign-off may do it for a list (:mod:`.signoffs` decides), and whoever takes a list
back must be one who may revoke the awards it led to as well.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from microcred_app.permissions import api as permissions

from .applets.keyset import Slice
from .applets.signoff_lists import api as lists
from .applets.signoff_lists.reading import read_cells, today_of
from .signoffs import SignOffRefused, SignOffTask, require_task, sign_off_tasks, tidy_reason

__all__ = [
    "MOST_SENT",
    "check_at_once",
    "drop_list",
    "get_list",
    "hand_in_file",
    "hand_in_members",
    "may_undo",
    "page_lists",
    "page_rows",
    "pull_lever",
    "start_list",
]

#: Rows that a program sends at once; whoever has more hands a file in.
MOST_SENT = 5_000
#: So often more lists are read for a page on which others' were left out; after that the page is shorter.
MOST_READS = 10


def hand_in_file(
    actor_id: int, key: str, role: str, file: lists.ListFile, *, now: datetime
) -> lists.ListInfo:
    """Keep the rows of a file to be checked. Raises ``SignOffRefused``, ``ListFileRefused`` and ``NotAllowed``."""
    return lists.hand_in_list(_thing(require_task(actor_id, key, role)), file, actor_id=actor_id, now=now)


def hand_in_members(
    actor_id: int, key: str, role: str, members: Sequence[Mapping[str, str]], *, now: datetime
) -> lists.ListInfo:
    """The same for rows that a program sent: ``learner``, and ``day``, ``reason``, ``evidence`` where there are any."""
    thing = _thing(require_task(actor_id, key, role))
    today = today_of(now)
    rows = [
        read_cells(number, {**dict.fromkeys(lists.COLUMNS, ""), **member}, today)
        for number, member in enumerate(members, 1)
    ]
    sent = json.dumps([dict(member) for member in members], sort_keys=True, ensure_ascii=True)
    digest = hashlib.sha256(sent.encode()).hexdigest()
    return lists.hand_in_rows(thing, rows, sha256=digest, actor_id=actor_id, now=now)


def check_at_once(list_id: str, *, now: datetime, seconds: float) -> None:
    """Check a short list while somebody waits; what is left is a worker's."""
    lists.work_on_list(list_id, clock=lambda: now, seconds=seconds)


def start_list(actor_id: int, list_id: str, *, count: int, reason: str, now: datetime) -> lists.ListInfo:
    """Sign off for everybody on the list who can be; *count* is how many somebody saw that this is."""
    info = get_list(actor_id, list_id)
    task = require_task(actor_id, info.key, info.role)
    reason = tidy_reason(reason)
    return lists.start_list(
        list_id, count=count, reason=reason, thing=_thing(task), actor_id=actor_id, now=now
    )


def pull_lever(actor_id: int, list_id: str, lever: str, *, reason: str = "", now: datetime) -> lists.ListInfo:
    """``pause``, ``resume``, ``cancel`` or ``undo`` a list."""
    info = get_list(actor_id, list_id)
    if lever == "undo":
        _require_revoking(actor_id, info)
        return lists.undo_list(list_id, reason=tidy_reason(reason), actor_id=actor_id, now=now)
    if lever == "resume":
        require_task(actor_id, info.key, info.role)
    steps = {"pause": lists.pause_list, "resume": lists.resume_list, "cancel": lists.cancel_list}
    if lever not in steps:
        raise SignOffRefused("lever", _("Choose what to do: pause, resume, cancel or undo."))
    return steps[lever](list_id, actor_id=actor_id, now=now)


def drop_list(actor_id: int, list_id: str) -> None:
    """Forget a list that nobody started."""
    get_list(actor_id, list_id)
    lists.drop_list(list_id)


def get_list(actor_id: int, list_id: str) -> lists.ListInfo:
    """One list that this person may see."""
    among, scope = _visible(actor_id)
    info = lists.get_list(list_id, among=among)
    if not _is_theirs(info, actor_id, scope):
        raise lists.ListNotFound(_("There is no such list."))
    return info


def page_lists(
    actor_id: int, *, after: Sequence[str] | None = None, limit: int = 50
) -> Slice[lists.ListInfo]:
    """Lists of what this person may sign off, and those they handed in themselves; the newest first."""
    among, scope = _visible(actor_id)
    theirs: list[lists.ListInfo] = []
    for _read in range(MOST_READS):
        found = lists.page_lists(among, after=after, limit=limit - len(theirs))
        theirs += [one for one in found.items if _is_theirs(one, actor_id, scope)]
        after = found.next
        if found.next is None or len(theirs) == limit:
            break
    return Slice(tuple(theirs), found.next)


def page_rows(
    actor_id: int,
    list_id: str,
    *,
    verdicts: Sequence[str] = (),
    after: Sequence[str] | None = None,
    limit: int = 50,
) -> Slice[lists.ListRow]:
    """Rows of a list that this person may see."""
    return lists.page_rows(get_list(actor_id, list_id).id, verdicts=verdicts, after=after, limit=limit)


def may_undo(actor_id: int, info: lists.ListInfo) -> bool:
    """Whether this person may take the list back with its awards."""
    return all(
        permissions.may(actor_id, permissions.Action.REVOKE_AWARDS, slug) for slug in info.issuer_slugs
    )


def _require_revoking(actor_id: int, info: lists.ListInfo) -> None:
    for slug in info.issuer_slugs:
        permissions.require(actor_id, permissions.Action.REVOKE_AWARDS, slug)


def _visible(actor_id: int) -> tuple[Q, permissions.Scope]:
    scope = permissions.require_somewhere(actor_id, permissions.Action.SIGN_OFF)
    wanted = Q(handed_in_by=actor_id)
    for task in sign_off_tasks(actor_id):
        wanted |= Q(key=task.key, role=task.role)
    return wanted, scope


def _is_theirs(info: lists.ListInfo, actor_id: int, scope: permissions.Scope) -> bool:
    """Whoever may sign a thing off now does not see whom other organisations signed it off for before."""
    return info.handed_in_by == actor_id or all(scope.covers(slug) for slug in info.issuer_slugs)


def _thing(task: SignOffTask) -> lists.Thing:
    return lists.Thing(task.key, task.role, task.issuer_slugs)
