"""Mail over TLS and STARTTLS against a server on this machine with certificates of its own."""

import socketserver
import ssl
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from guanxi.kernel.sealing import seal
from guanxi.notices.mail import send_mail
from guanxi.notices.models import MailServer
from guanxi.notices.words import NotSent
from guanxi.testing.outer import _mails as mail_handler
from guanxi.testing.people import browser
from tests.notices.conftest import with_mail

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A folder with `ca.pem` of an own authority, and what it has signed: `good`, `other`, `old`."""
    folder = tmp_path_factory.mktemp("certificates")
    ca_key = ec.generate_private_key(ec.SECP256R1())
    ca_name = _name("Our own authority")
    now = datetime.now(UTC)

    def sign(subject, key, *, hosts=(), ends=DAY):
        made = x509.CertificateBuilder().subject_name(subject).issuer_name(ca_name)
        made = made.public_key(key.public_key()).serial_number(x509.random_serial_number())
        made = made.not_valid_before(now - 3 * DAY).not_valid_after(now + ends)
        if hosts:
            made = made.add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        else:
            made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        return made.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    (folder / "ca.pem").write_bytes(sign(ca_name, ca_key))
    here, there = x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("mail.example.com")
    for name, host, ends in (("good", here, DAY), ("other", there, DAY), ("old", here, -DAY)):
        key = ec.generate_private_key(ec.SECP256R1())
        plain = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        signed = sign(_name("mail"), key, hosts=[host], ends=ends)
        (folder / f"{name}.pem").write_bytes(plain + signed)
    return folder


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@pytest.fixture
def mail_over(authority, outer, db):
    """Starts a server that speaks TLS from the first byte, or after STARTTLS; gives its settings."""
    running = []

    def start(security, *, certificate="good"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(authority / f"{certificate}.pem")
        server = _Server(("127.0.0.1", 0), _handler(outer, context, security))
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        running.append(server)
        return MailServer.objects.create(
            host="127.0.0.1",
            port=server.server_address[1],
            security=security,
            user="crm",
            password=seal("geheim-9"),
            sender="crm@example.com",
            site="https://crm.example.com",
        )

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Who does not trust us hangs up; that is what is tested."""


def _handler(outer, context, security):
    class Handler(mail_handler(outer)):
        def setup(self):
            if security == "tls":
                self.request = context.wrap_socket(self.request, server_side=True)
            super().setup()

        def handle(self):
            if security == "starttls":
                self.say("220 simulated")
                for line in iter(self.rfile.readline, b""):
                    if line[:8].upper() == b"STARTTLS":
                        break
                    self.say("250-simulated\r\n250 STARTTLS")
                self.say("220 go on")
                self.request = context.wrap_socket(self.request, server_side=True)
                super().setup()
                # The greeting is not said again.
                self.say = _silent_once(self.say)
            super().handle()

    return Handler


def _silent_once(say):
    said = []

    def later(line):
        if said:
            say(line)
        said.append(line)

    return later


def _send(server):
    send_mail(server, to="ben@example.com", subject="你好", content={"text": "正文"})


@pytest.fixture
def trusted(authority, monkeypatch):
    """As a company does that has an authority of its own."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority / "ca.pem"))


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_mail_goes_out_encrypted_to_a_server_that_is_trusted(outer, mail_over, trusted, security):
    _send(mail_over(security))
    (mail,) = outer.mails
    assert mail["Subject"] == "你好"
    assert outer.signed_in == [b"\0crm\0geheim-9"]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_nobody_s_certificate_is_refused_before_the_password(outer, mail_over, security):
    with pytest.raises(NotSent) as fault:
        _send(mail_over(security))
    assert (fault.value.code, fault.value.again) == ("certificate", False)
    assert (outer.mails, outer.signed_in) == ([], [])


@pytest.mark.parametrize(
    ("certificate", "said"), [("other", "not valid for '127.0.0.1'"), ("old", "expired")]
)
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_of_another_name_or_time_is_refused(
    outer, mail_over, trusted, security, certificate, said
):
    with pytest.raises(NotSent) as fault:
        _send(mail_over(security, certificate=certificate))
    assert fault.value.code == "certificate"
    assert said in fault.value.detail
    assert (outer.mails, outer.signed_in) == ([], [])


def test_the_test_button_says_what_is_wrong_with_the_certificate(company, mail_over):
    server = mail_over("starttls")
    with_mail(company.boss)
    names = ("host", "port", "security", "user", "sender", "site")
    sent = {name: getattr(server, name) for name in names}
    page = browser(company.boss).post("/notices/mail/", sent | {"test": "1"}).content.decode()
    assert "服务器的证书不可信。" in page


def test_plain_speech_where_tls_was_chosen_is_named(mail_over, outer, trusted):
    server = mail_over("starttls")
    server.security = "tls"
    with pytest.raises(NotSent) as fault:
        _send(server)
    assert fault.value.code == "security"
    server.port, server.security = outer.mail_port, "starttls"
    with pytest.raises(NotSent) as fault:
        _send(server)
    assert fault.value.code == "security"
