"""A self-made certificate for `make run TLS=1`: browsers warn, the connection is encrypted."""

import ipaddress
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from service.local.private_file import write_private

LASTS = timedelta(days=365)
RENEW = timedelta(days=30)


def own_certificate(folder: Path) -> tuple[Path, Path]:
    """The paths of certificate and key in the folder, made on first use and before they expire."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    if not (certificate.exists() and key.exists()) or _runs_out(certificate):
        folder.mkdir(mode=0o700, exist_ok=True)
        _make(certificate, key)
    return certificate, key


def _runs_out(certificate: Path) -> bool:
    try:
        made = x509.load_pem_x509_certificate(certificate.read_bytes())
    except ValueError:
        return True
    return made.not_valid_after_utc < datetime.now(UTC) + RENEW


def _make(certificate: Path, key: Path) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kraftsamling på den här datorn")])
    now = datetime.now(UTC)
    names: list[x509.GeneralName] = [x509.DNSName("localhost"), x509.DNSName(_host())]
    names += [x509.IPAddress(ipaddress.ip_address(one)) for one in ("127.0.0.1", "::1")]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + LASTS)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    write_private(key, pem.decode())
    write_private(certificate, made.public_bytes(serialization.Encoding.PEM).decode())


def _host() -> str:
    name = socket.gethostname()
    return name if name.isascii() and 0 < len(name) < 64 else "localhost"
