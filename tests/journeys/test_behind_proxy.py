"""What docs/install.md describes, as far as one machine allows: nginx as configured there, TLS, two servers."""

import contextlib
import http.client
import re
import shutil
import ssl
import subprocess

import pytest

from marketplace import config
from tests import certificates, live
from tests.marketplace.people import PASSWORD, person

INSTALL = config.ROOT / "docs" / "install"
NAME = "ieum.example"


@contextlib.contextmanager
def proxy(folder, upstreams):
    """nginx on a free port with the documented configuration; only addresses, paths and ports are put in."""
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    port, plain = live.free_port(), live.free_port()
    believed, key, certificate = certificates.issue(folder, NAME)
    key.rename(folder / "privkey.pem")
    certificate.rename(folder / "fullchain.pem")
    text = (INSTALL / "nginx.conf").read_text()
    for machine, upstream in zip(("10.0.0.11:8000", "10.0.0.12:8000"), upstreams, strict=True):
        assert machine in text
        text = text.replace(machine, upstream)
    text = text.replace("listen 443", f"listen 127.0.0.1:{port}").replace(
        "listen 80", f"listen 127.0.0.1:{plain}"
    )
    text = text.replace("/etc/ieum/tls/", f"{folder}/")
    frame = f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}} http {{ access_log off;"
    frame += "".join(
        f" {kind}_temp_path {folder};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(f"{frame}\n{text}\n}}\n")
    server = subprocess.Popen([nginx, "-p", folder, "-c", folder / "nginx.conf"])
    try:
        live.wait_for_port(port)
        yield Door(port, believed), plain
    finally:
        server.terminate()
        server.wait(timeout=20)


class Door:
    """HTTPS requests to the proxy under the site's name, with a jar of cookies."""

    def __init__(self, port, believed):
        self.port, self.trust, self.cookies = port, ssl.create_default_context(cafile=believed), {}

    def ask(self, method, path, form=None, headers=None):
        """One request on a connection of its own; answers (status, headers, text)."""
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30, context=self.trust)
        connection.connect = lambda: self._connect(connection)
        body = None if form is None else "&".join(f"{k}={v}" for k, v in form.items())
        sent = {"Host": NAME, "Referer": f"https://{NAME}/", **(headers or {})}
        sent["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        if form is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        text = answer.read().decode()
        connection.close()
        return answer.status, answer.headers, text

    def _connect(self, connection):
        http.client.HTTPConnection.connect(connection)
        connection.sock = self.trust.wrap_socket(connection.sock, server_hostname=NAME)


def csrf(text):
    return re.search(r'name="csrf_token" value="([^"]+)"', text).group(1)


@pytest.fixture
def behind(settings):
    """Settings of a machine behind the proxy."""
    return {**settings, "SITE_URL": f"https://{NAME}", "TRUSTED_PROXIES": "1"}


@pytest.mark.full
def test_two_servers_behind_a_proxy_with_tls(app, behind, tmp_path):
    member = person(app, "vendor")
    with live.serving(behind) as one, live.serving(behind) as other, live.process(behind, "worker"):
        ends = [address.removeprefix("http://") for address in (one, other)]
        with proxy(tmp_path, ends) as (door, plain):
            status, headers, page = door.ask("GET", "/sign-in")
            assert status == 200
            assert headers["Strict-Transport-Security"]
            assert "__Host-ieum=" in headers["Set-Cookie"]
            assert "Secure" in headers["Set-Cookie"]
            form = {"email": member.email, "password": PASSWORD.replace(" ", "+"), "csrf_token": csrf(page)}
            assert door.ask("POST", "/sign-in", form)[0] == 303
            # Both machines know the sign-in: the proxy takes turns.
            assert [door.ask("GET", "/account")[0] for _ in range(6)] == [200] * 6
            assert door.ask("GET", "/metrics")[0] == 403
            assert door.ask("GET", "/sign-in", headers={"Host": "evil.example"})[0] in (400, 421)
            door.cookies.clear()
            forged = {"X-Forwarded-Proto": "http", "X-Forwarded-For": "198.51.100.7"}
            assert "Strict-Transport-Security" in door.ask("GET", "/sign-in", headers=forged)[1]
            to = http.client.HTTPConnection("127.0.0.1", plain, timeout=10)
            to.request("GET", "/solutions", headers={"Host": NAME})
            assert to.getresponse().headers["Location"] == f"https://{NAME}/solutions"


@pytest.mark.full
def test_one_machine_stops_and_the_site_goes_on(behind, tmp_path):
    with contextlib.ExitStack() as stopping, live.serving(behind) as other:
        one = stopping.enter_context(live.serving(behind))
        with proxy(tmp_path, [address.removeprefix("http://") for address in (one, other)]) as (door, _plain):
            assert [door.ask("GET", "/solutions")[0] for _ in range(4)] == [200] * 4
            stopping.close()
            assert [door.ask("GET", "/solutions")[0] for _ in range(20)] == [200] * 20


def test_the_settings_file_names_only_settings_that_exist():
    lines = (INSTALL / "ieum.env").read_text().splitlines()
    named = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}
    assert named
    assert named <= {setting.name for setting in config.SETTINGS}


@pytest.mark.parametrize("unit", ["ieum.service", "ieum-worker.service"])
def test_the_units_start_commands_that_exist(app, unit):
    command = re.search(
        r"^ExecStart=/srv/ieum/\.venv/bin/flask (\w+)", (INSTALL / unit).read_text(), re.MULTILINE
    )
    assert command.group(1) in app.cli.commands
