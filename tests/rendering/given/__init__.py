"""What each template is given in the golden tests: a rich context, and the same with hostile words."""

from tests.rendering.given.entities import NAMES
from tests.rendering.given.hostile import hostile
from tests.rendering.given.messages import MESSAGES as _MESSAGES
from tests.rendering.given.postmortems import POSTMORTEMS
from tests.rendering.given.replies import REPLIES
from tests.rendering.given.variants import VARIANTS
from tests.rendering.given.views import VIEWS

MESSAGES = _MESSAGES | REPLIES | VARIANTS

__all__ = ["MESSAGES", "NAMES", "POSTMORTEMS", "VIEWS", "hostile"]
