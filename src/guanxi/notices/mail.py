"""Handing one mail to the server of the settings."""

import json
import smtplib
import socket
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

from django.conf import settings

from guanxi.kernel.errors import Wrong
from guanxi.kernel.sealing import Sealed, seal
from guanxi.notices.models import MailServer, Message
from guanxi.notices.words import NotSent

TIMEOUT = 15


def mail_server() -> MailServer | None:
    """What an administrator has set, else what the environment says, else None."""
    kept = MailServer.objects.order_by("id").first()
    given = settings.MAIL_SERVER
    if kept is not None or not given:
        return kept
    return MailServer(**{**given, "password": seal(given["password"]) if given["password"] else ""})


def site() -> str:
    """What links in mails begin with: GUANXI_URL, else what the administrator confirmed."""
    server = None if settings.SITE_URL else mail_server()
    return settings.SITE_URL or (server.site if server else "")


def send_mail(server: MailServer, *, to: str, subject: str, content: dict[str, str]) -> None:
    """Raises NotSent."""
    mail = build(server, to=to, subject=subject, content=content)
    try:
        with _connect(server) as connection:
            if server.user:
                connection.login(server.user, opened(server.password))
            connection.send_message(mail)
    except NotSent:
        raise
    except (smtplib.SMTPException, OSError) as fault:
        raise why(fault) from None


def build(server: MailServer, *, to: str, subject: str, content: dict[str, str]) -> EmailMessage:
    mail = EmailMessage()
    try:
        mail["From"] = Address(server.sender_name, addr_spec=server.sender)
    except (ValueError, IndexError):
        raise NotSent("sender") from None
    try:
        mail["To"] = Address(addr_spec=to)
    except (ValueError, IndexError):
        raise NotSent("bad_address") from None
    mail["Subject"] = " ".join(subject.split())
    mail["Date"] = formatdate()
    mail["Message-ID"] = make_msgid(domain=server.sender.rpartition("@")[2] or "localhost")
    # So that absence notes of the receiver do not answer.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(content["text"])
    if content.get("html"):
        mail.add_alternative(content["html"], subtype="html")
    return mail


def _connect(server: MailServer) -> smtplib.SMTP:
    secure = ssl.create_default_context()
    if server.security == MailServer.Security.TLS:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=secure)
    connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
    if server.security == MailServer.Security.STARTTLS:
        try:
            connection.starttls(context=secure)
        except BaseException:
            connection.close()
            raise
    return connection


def why(fault: Exception) -> NotSent:
    """The fault in our words. Replies of 4xx pass; what the settings cause does not."""
    if isinstance(fault, smtplib.SMTPAuthenticationError):
        return NotSent("sign_in", detail=_reply(fault.smtp_code, fault.smtp_error))
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(fault.recipients.values()))
        return NotSent("bad_address", again=code < 500, detail=_reply(code, text))
    if isinstance(fault, smtplib.SMTPSenderRefused):
        reply = _reply(fault.smtp_code, fault.smtp_error)
        return NotSent("sender", again=fault.smtp_code < 500, detail=reply)
    if isinstance(fault, smtplib.SMTPNotSupportedError):
        return NotSent("security")
    if isinstance(fault, smtplib.SMTPResponseException):
        reply = _reply(fault.smtp_code, fault.smtp_error)
        return NotSent("refused", again=fault.smtp_code < 500, detail=reply)
    if isinstance(fault, ssl.SSLCertVerificationError):
        return NotSent("certificate", detail=fault.verify_message)
    if isinstance(fault, ssl.SSLError):
        return NotSent("security")
    if isinstance(fault, socket.gaierror):
        return NotSent("unknown_host", again=True)
    return NotSent("unreachable", again=True)


def _reply(code: int, text: Any) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return f"{code} {' '.join(said.split())}"[:200]


def opened(sealed: str) -> str:
    """The text of a sealed setting; raises NotSent where no key of this installation fits."""
    if not sealed:
        return ""
    try:
        return Sealed(sealed).open()
    except Wrong:
        raise NotSent("sealed") from None


def content_of(message: Message) -> dict[str, str]:
    return dict(json.loads(opened(message.content)))
