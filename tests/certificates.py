"""Certificates made for one test run, by an authority made for it."""

import ssl
from functools import cache

import trustme


@cache
def authority():
    """The authority of this process; nobody else believes it."""
    return trustme.CA()


def issue(folder, name):
    """A certificate for `name`, in files under `folder`: (what a client must believe, the key, the certificate)."""
    issued = authority().issue_cert(name)
    believed, key, certificate = (folder / f"{name}{end}" for end in (".ca.pem", ".key.pem", ".pem"))
    authority().cert_pem.write_to_path(str(believed))
    issued.private_key_pem.write_to_path(str(key))
    certificate.write_bytes(b"".join(part.bytes() for part in issued.cert_chain_pems))
    return believed, key, certificate


def server(folder, name):
    """What a client must believe, and a server's context with a certificate for `name`."""
    believed, key, certificate = issue(folder, name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return believed, context
