"""What a model does."""

from typing import Literal, TypeAlias

Task: TypeAlias = Literal["classification", "regression"]
