"""Pages by a webhook: JSON from a template, signed with HMAC-SHA256; also the road to an SMS gateway."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.adapters.calling import call
from bot.settings.reach import SmsSettings, WebhookSettings
from ops_core.errors import Invalid
from ops_core.oncall.reach import Notice

SIGNATURE, DELIVERY = "X-Tocsin-Signature", "X-Tocsin-Delivery"
LONGEST = 100_000


class Webhook:
    """Posts notices. A receiver checks the signature over the body and may see a delivery twice."""

    def __init__(self, settings: WebhookSettings | SmsSettings) -> None:
        self.settings = settings
        environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
        try:
            self._template = environment.from_string(settings.body) if settings.body else None
        except TemplateError as error:
            raise Invalid(f"The body of the webhook is no template: {error}.") from error

    def send(self, notice: Notice) -> None:
        """Post one. Raises `Unavailable` when trying again may help, else `Invalid`."""
        body = self.body(notice)
        headers = {"Content-Type": "application/json", DELIVERY: notice.number}
        secret = self.settings.secret.get_secret_value()
        if secret:
            headers[SIGNATURE] = signature(secret, body)
        call("The webhook", "POST", self.settings.url, headers=headers, content=body)

    def body(self, notice: Notice) -> bytes:
        """The JSON that is posted. Raises `Invalid` when the template gives none."""
        given = values(notice)
        if self._template is None:
            return json.dumps(given, ensure_ascii=False).encode()
        try:
            written = self._template.render(given)[:LONGEST]
            json.loads(written)
        except (TemplateError, TypeError, ArithmeticError, ValueError) as error:
            raise Invalid(
                f"The body of the webhook gives no JSON: {error}.",
                hint="Write values as {{ title|tojson }}; they are: " + ", ".join(given) + ".",
            ) from error
        return written.encode()


def values(notice: Notice) -> dict[str, Any]:
    """What a template may use, and what is posted without one."""
    return {
        "key": notice.key,
        "delivery": notice.number,
        "act": notice.act.value,
        "person": notice.person.label,
        "email": notice.person.email,
        "phone": notice.person.phone,
        "severity": notice.severity.value,
        "ref": notice.ref,
        "title": notice.title,
        "model": notice.model,
        "text": notice.text,
        "at": notice.at.isoformat(),
    }


def signature(secret: str, body: bytes) -> str:
    """`sha256=` and the hexadecimal HMAC-SHA256 of the body under the secret."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
