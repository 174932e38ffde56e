"""The app below a path of nginx, with the very configuration that is handed out: pages, websocket, routes, uploads."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect

from tests.awaiting import deadline
from tests.browser.conftest import ROOT, Server, await_health, complaints_of, free_port, started, tab
from tests.browser.test_pages import ONE, answer, draw, file_input, settled

pytestmark = pytest.mark.browser

NGINX = shutil.which("nginx", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))
HOSTING = ROOT / "hosting"
BELOW = "digits"
# One process, so that it ends with its test and writes as whoever runs the tests; nothing outside of the folder.
AROUND = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/digits.conf;
}}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app below /digits, with nginx before it; the address is nginx's."""
    if NGINX is None:
        pytest.skip("nginx is not installed (Debian: apt install nginx-light)")
    with started(tmp_path_factory.mktemp("home"), below=BELOW) as app:
        folder = tmp_path_factory.mktemp("nginx")
        with proxied(NGINX, folder, app.url.rpartition(":")[2]) as url:
            yield Server(url, app.pid, app.home, app.log)
        said = (folder / "error.log").read_text()
        assert [line for line in said.splitlines() if re.search(r"\[(warn|error|crit|alert|emerg)\]", line)] == []


@contextmanager
def proxied(nginx: str, folder: Path, port: str) -> Iterator[str]:
    """nginx with the configuration that is handed out, but for the two addresses, which are of this machine."""
    own, text = free_port(), (HOSTING / "nginx.conf").read_text("utf-8")
    for address, here in (("listen 80;", f"listen 127.0.0.1:{own};"), ("//app:8501;", f"//localhost:{port};")):
        assert text.count(address) == 1
        text = text.replace(address, here)
    (folder / "digits.conf").write_text(text)
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder))
    serving = subprocess.Popen([nginx, "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")])
    try:
        url = f"http://127.0.0.1:{own}"
        await_health(f"{url}/{BELOW}", serving)
        yield url
    finally:
        serving.terminate()
        serving.wait(deadline())


@pytest.fixture
def through(browser: Browser, server: Server) -> Iterator[Page]:
    """A new tab; fails afterwards where browser or server complained."""
    complaints: list[str] = []
    with tab(browser, server.url, {"width": 1440, "height": 900}) as page:
        page.on("console", lambda message: complaints.extend(complaints_of(message)))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
    assert complaints == []
    assert server.faults() == []


def test_pages_are_shown_over_a_websocket_below_the_path(through: Page, server: Server) -> None:
    sockets: list[WebSocket] = []
    through.on("websocket", lambda socket: sockets.append(socket))
    through.goto(f"/{BELOW}")
    expect(through.get_by_role("heading", level=1)).to_be_visible()
    settled(through)
    through.get_by_role("link", name="Sketch").first.click()
    expect(through).to_have_url(re.compile(rf"^{server.url}/{BELOW}/sketch"))
    expect(through.get_by_role("heading", name="Sketch", exact=True)).to_be_visible()
    settled(through)
    draw(through, ONE)
    expect(answer(through)).to_have_text("1")
    assert {socket.url for socket in sockets} == {f"ws{server.url.removeprefix('http')}/{BELOW}/_stcore/stream"}


def test_a_file_is_uploaded_below_the_path(through: Page) -> None:
    through.goto(f"/{BELOW}/sketch?way=photo")
    settled(through)
    with through.expect_response(re.compile(rf"/{BELOW}/_stcore/upload_file/")) as sent:
        file_input(through, "Photo").set_input_files(
            {"name": "none.png", "mimeType": "image/png", "buffer": b"no picture at all" * 200_000}
        )
    assert sent.value.ok
    expect(through.get_by_text("none.png").first).to_be_visible()


def test_both_sides_name_the_same_path_and_the_same_length_of_uploads() -> None:
    compose, nginx = ((HOSTING / name).read_text("utf-8") for name in ("compose.yaml", "nginx.conf"))
    assert re.findall(r"STREAMLIT_SERVER_BASE_URL_PATH: (\w+)", compose) == [BELOW]
    assert f"location /{BELOW}/ {{" in nginx
    (most,) = re.findall(r"maxUploadSize = (\d+)", (ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    (let,) = re.findall(r"client_max_body_size (\d+)m;", nginx)
    assert int(most) <= int(let) <= int(most) + 10
    ports = set(re.findall(r"app:(\d+)", nginx)) | set(
        re.findall(r"EXPOSE (\d+)", (HOSTING / "Dockerfile").read_text())
    )
    assert ports == {"8501"}


def test_secrets_are_mounted_where_the_app_looks_for_them_and_stay_out_of_the_history() -> None:
    compose = (HOSTING / "compose.yaml").read_text("utf-8")
    (file,) = re.findall(r"STREAMLIT_SECRETS_FILES: (\S+)", compose)
    mounts = re.findall(r"- \./(\S+):(\S+):ro", compose)
    assert ("secrets", str(PurePosixPath(file).parent)) in mounts
    assert "hosting/secrets/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()
    taken = [line for line in (HOSTING / "Dockerfile.dockerignore").read_text("utf-8").splitlines() if line[:1] == "!"]
    assert not any("hosting" in line for line in taken)
