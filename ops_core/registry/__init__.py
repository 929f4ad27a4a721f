"""Which versions of a model exist, which one serves, and which one to go back to."""

from ops_core.registry.rollback import Proposal, Served, propose_rollback
from ops_core.registry.serving import Serving, ServingState
from ops_core.registry.versions import ModelVersion, Registry

__all__ = [
    "ModelVersion",
    "Proposal",
    "Registry",
    "Served",
    "Serving",
    "ServingState",
    "propose_rollback",
]
