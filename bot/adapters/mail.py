"""Pages by e-mail, over SMTP."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from bot.settings.reach import MailSettings
from ops_core.errors import Invalid, OpsError, Unavailable
from ops_core.oncall.reach import Act, Notice

SECONDS = 15
_WORDS = {Act.TRIGGER: "PAGE", Act.ACKNOWLEDGE: "ACKNOWLEDGED", Act.RESOLVE: "OVER"}


class Mail:
    """One connection a mail. Mails of one escalation refer to each other, so that readers see one thread."""

    def __init__(self, settings: MailSettings) -> None:
        self.settings = settings

    def send(self, notice: Notice) -> None:
        """Hand a mail to the server. Raises `Unavailable`, or `Invalid` when the server refuses for good."""
        written = self.written(notice)
        ours = self.settings
        try:
            with self.connected() as server:
                server.send_message(written)
        except smtplib.SMTPAuthenticationError as error:
            raise Invalid(
                f"{ours.server} does not accept the password of {ours.user} ({error.smtp_code}).",
                hint="Correct oncall.mail.user and TOCSIN_SMTP_PASSWORD.",
            ) from None
        except smtplib.SMTPRecipientsRefused as error:
            raise self._refused(next(iter(error.recipients.values()))) from None
        except smtplib.SMTPResponseException as error:
            raise self._refused((error.smtp_code, error.smtp_error)) from None
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable(f"{ours.server}:{ours.port} did not take the mail: {error}") from error

    def written(self, notice: Notice) -> EmailMessage:
        """The mail as it is sent."""
        domain = parseaddr(self.settings.sender)[1].partition("@")[2] or "localhost"
        mail = EmailMessage()
        mail["From"], mail["To"] = self.settings.sender, notice.person.email
        title = " ".join(notice.title.split())  # a line break of foreign text would begin a header
        mail["Subject"] = f"[{_WORDS[notice.act]}] {notice.severity} {notice.ref} {title}"[:200]
        mail["Date"] = format_datetime(notice.at)
        mail["Message-ID"] = f"<{notice.number}@{domain}>"
        mail["References"] = f"<{notice.key}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        if notice.act is Act.TRIGGER:
            mail["X-Priority"] = "1"
        mail.set_content(notice.text)
        return mail

    def connected(self) -> smtplib.SMTP:
        """A connection, encrypted and logged in as the settings say. Raises what smtplib raises."""
        server = self._opened()
        if self.settings.user:
            try:
                server.login(self.settings.user, self.settings.password.get_secret_value())
            except (OSError, smtplib.SMTPException):
                server.close()
                raise
        return server

    def _opened(self) -> smtplib.SMTP:
        ours = self.settings
        if ours.tls == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(ours.server, ours.port, timeout=SECONDS, context=context)
        server = smtplib.SMTP(ours.server, ours.port, timeout=SECONDS)
        if ours.tls == "starttls":
            try:
                server.starttls(context=ssl.create_default_context())
            except (OSError, smtplib.SMTPException):
                server.close()
                raise
        return server

    def _refused(self, answer: tuple[int, bytes | str]) -> OpsError:
        """The server's answer: a code from 500 is for good, from 400 for now (RFC 5321, 4.2.1)."""
        code, text = answer
        said = text.decode(errors="replace") if isinstance(text, bytes) else text
        message = f"{self.settings.server} refused the mail: {code} {said}"
        return Invalid(message, hint="Correct the address.") if code >= 500 else Unavailable(message)
