"""Django finds the app's tables here; each applet keeps its own."""

from .applets.attainments.models import *  # noqa: F403
from .applets.audit.models import *  # noqa: F403
from .applets.authoring.models import *  # noqa: F403
from .applets.awards.models import *  # noqa: F403
from .applets.backfill.models import *  # noqa: F403
from .applets.badges.models import *  # noqa: F403
from .applets.delivery.models import *  # noqa: F403
from .applets.evidence.care_models import *  # noqa: F403
from .applets.evidence.models import *  # noqa: F403
from .applets.evidence.reviewer_models import *  # noqa: F403
from .applets.evidence.upload_models import *  # noqa: F403
from .applets.issuance.models import *  # noqa: F403
from .applets.mailing.models import *  # noqa: F403
from .applets.offers.models import *  # noqa: F403
from .applets.offices.models import *  # noqa: F403
from .applets.pathways.models import *  # noqa: F403
from .applets.responses.models import *  # noqa: F403
from .applets.reviews.models import *  # noqa: F403
from .applets.skills.models import *  # noqa: F403
from .applets.webhooks.models import *  # noqa: F403
