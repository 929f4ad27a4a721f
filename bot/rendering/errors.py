"""What a template's author is told when a template cannot be used."""

from collections.abc import Iterable

from ops_core.errors import OpsError


class Fault(Exception):
    """Something wrong at one place of a rendered template; the engine adds the template's name."""

    def __init__(self, said: str, line: int = 0) -> None:
        super().__init__(said)
        self.said = said
        self.line = line


class TemplateError(OpsError):
    """A template that is missing or broken, or was given too little; `hint` says what to try."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)


def listed(names: Iterable[str]) -> str:
    """`a, b, c` for an error message, `nothing` when there is none."""
    return ", ".join(sorted(names)) or "nothing"
