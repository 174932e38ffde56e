"""The app below a path of nginx, with the very configuration that is handed out: pages, websocket, routes, uploads.

Two web processes of one home share the people, each browser with one of them.
"""

import os
import re
import shutil
import signal
import subprocess
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect

from mnist_dash.own_digits.class_room import open_room
from mnist_dash.own_digits.sets import make_own_set
from mnist_dash.settings import Settings
from mnist_dash.store.database import open_database
from tests.awaiting import deadline, until
from tests.browser.conftest import ROOT, Server, await_health, complaints_of, free_port, started, tab
from tests.browser.test_class_room import asked, inked, keep, write
from tests.browser.test_pages import ONE, SEVEN, answer, draw, file_input, settled

pytestmark = pytest.mark.browser

NGINX = shutil.which("nginx", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))
HOSTING = ROOT / "hosting"
BELOW = "digits"
COOKIE = "mnist_dash_web"
NAMES = [f"browser-{number}" for number in range(32)]
# One process, so that it ends with its test and writes as whoever runs the tests; nothing outside of the folder.
AROUND = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    log_format whereto "$browser $upstream_addr";
    access_log {folder}/whereto whereto;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/digits.conf;
}}
"""


@dataclass(frozen=True, slots=True)
class Proxied:
    """nginx before two web processes of one home."""

    url: str
    folder: Path
    webs: tuple[Server, Server]

    def faults(self) -> list[str]:
        """What no user should ever cause, of both."""
        return [fault for web in self.webs for fault in web.faults()]

    def went(self) -> dict[str, set[str]]:
        """By the cookie of each browser, the ports of the web processes that answered it."""
        went: dict[str, set[str]] = {}
        for line in (self.folder / "whereto").read_text().splitlines():
            # Where the one that was asked is gone, nginx has asked the other after it.
            browser, *_, web = line.split()
            # A redirect is nginx's own answer.
            went.setdefault(browser, set()).update({web.rpartition(":")[2]} - {"-"})
        return went


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    """The app below /digits, with nginx before it; the address is nginx's."""
    with serve_two(tmp_path_factory) as server:
        yield server
    said = (server.folder / "error.log").read_text()
    assert [line for line in said.splitlines() if re.search(r"\[(warn|error|crit|alert|emerg)\]", line)] == []


@contextmanager
def serve_two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    """Two web processes of a new home, and nginx before them."""
    if NGINX is None:
        pytest.skip("nginx is not installed (Debian: apt install nginx-light)")
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("nginx")
    with (
        started(home, below=BELOW) as one,
        started(home, below=BELOW) as other,
        proxied(NGINX, folder, [web.url.rpartition(":")[2] for web in (one, other)]) as url,
    ):
        yield Proxied(url, folder, (one, other))


@contextmanager
def proxied(nginx: str, folder: Path, ports: Sequence[str]) -> Iterator[str]:
    """nginx with the configuration that is handed out, but for the addresses, which are of this machine."""
    own, text = free_port(), (HOSTING / "nginx.conf").read_text("utf-8")
    webs = "".join(f"server 127.0.0.1:{port};" for port in ports)
    for address, here in (("listen 80;", f"listen 127.0.0.1:{own};"), ("server app:8501;", webs)):
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
def through(browser: Browser, server: Proxied) -> Iterator[Page]:
    """A new tab; fails afterwards where browser or server complained."""
    complaints: list[str] = []
    with tab(browser, server.url, {"width": 1440, "height": 900}) as page:
        page.on("console", lambda message: complaints.extend(complaints_of(message)))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
    assert complaints == []
    assert server.faults() == []


def test_pages_are_shown_over_a_websocket_below_the_path(through: Page, server: Proxied) -> None:
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


def test_every_browser_stays_with_one_web_process(through: Page, server: Proxied) -> None:
    through.goto(f"/{BELOW}")
    settled(through)
    (cookie,) = [cookie for cookie in through.context.cookies() if cookie["name"] == COOKIE]
    assert (cookie["path"], cookie["httpOnly"], cookie["sameSite"]) == (f"/{BELOW}/", True, "Lax")
    spread(server)
    went = server.went()
    assert len(went[cookie["value"]]) == 1
    assert {len(ports) for ports in went.values()} <= {0, 1}
    assert len(set().union(*went.values())) == 2


def test_a_phone_on_one_web_process_fills_the_wall_on_the_other(browser: Browser, server: Proxied) -> None:
    spread(server)
    with open_database(Settings(home=server.webs[0].home)) as database:
        room = open_room(database, make_own_set(database, "class-7a").key, 2, named=True)
    with (
        tab(browser, server.url, {"width": 390, "height": 844}, phone=True) as phone,
        tab(browser, server.url) as teacher,
    ):
        for person, web in zip((phone, teacher), server.webs, strict=True):
            stay(person, server, web)
        teacher.goto(f"/{BELOW}/own_digits?set=class-7a&own_view=class")
        expect(teacher.get_by_role("img", name="Digits of class-7a, the oldest first: 0")).to_be_visible()
        phone.goto(f"/{BELOW}/class_room?class={room.code}")
        asked(phone)
        write(phone, SEVEN)
        until(lambda: inked(phone) > 1_000)
        keep(phone)
        expect(teacher.get_by_role("img", name="Digits of class-7a, the oldest first: 1")).to_be_visible()
    assert server.faults() == []


def test_a_web_process_that_dies_leaves_its_pages_to_the_other(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with serve_two(tmp_path_factory) as server, tab(browser, server.url, {"width": 1440, "height": 900}) as person:
        spread(server)
        dying, other = server.webs
        name = stay(person, server, dying)
        person.goto(f"/{BELOW}/runs")
        expect(person.get_by_role("heading", name="Runs", exact=True)).to_be_visible()
        settled(person)
        os.kill(dying.pid, signal.SIGKILL)
        # Nobody has loaded the page anew: its browser asks by itself.
        until(lambda: other.url.rpartition(":")[2] in server.went()[name])
        expect(person.locator("[data-testid=stApp][data-test-connection-state=CONNECTED]")).to_be_visible()
        settled(person)
        person.get_by_role("link", name="Sketch").first.click()
        expect(person.get_by_role("heading", name="Sketch", exact=True)).to_be_visible()
        settled(person)
        draw(person, ONE)
        expect(answer(person)).to_have_text("1")
        assert other.faults() == []


def stay(person: Page, server: Proxied, web: Server) -> str:
    """Let the browser of that person be one that goes to that web process; the name by which nginx knows it."""
    port, went = web.url.rpartition(":")[2], server.went()
    name = next(name for name in NAMES if went.get(name) == {port})
    person.context.add_cookies([{"name": COOKIE, "value": name, "url": f"{server.url}/{BELOW}/"}])
    return name


def spread(server: Proxied) -> None:
    """Ask with so many cookies that all of them hardly ever go to one web process."""
    for name in NAMES:
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{server.url}/{BELOW}/_stcore/health", headers={"Cookie": f"{COOKIE}={name}"}
        )
        with urllib.request.urlopen(request, timeout=deadline()) as answer:  # noqa: S310 - our own server
            assert answer.status == 200


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
