"""What can go wrong, told to a person: what happened, and what to try."""

from __future__ import annotations


class OpsError(Exception):
    """A failure that a person can read.

    `message` says what was wrong and where, `hint` what to try next, and `may_retry` whether the
    same request can succeed later without anybody changing it.
    """

    def __init__(self, message: str, *, hint: str = "", may_retry: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.may_retry = may_retry


class NotFound(OpsError):
    """What was named does not exist."""


class Conflict(OpsError):
    """It exists, but its state no longer allows this; often somebody was faster."""


class Invalid(OpsError):
    """The request itself makes no sense. `field` names the input at fault, where there is one."""

    def __init__(self, message: str, *, hint: str = "", field: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.field = field


class Repeated(OpsError):
    """The very same request was carried out before; only the answer to it got lost."""


class Forbidden(OpsError):
    """The person may not do this."""


class Unavailable(OpsError):
    """Something that we depend on did not answer."""

    def __init__(self, message: str, *, hint: str = "", may_retry: bool = True) -> None:
        super().__init__(message, hint=hint, may_retry=may_retry)
