"""A head of a Ray cluster that speaks over real HTTP, in the words that Ray 2.60 was heard to use, and does nothing."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from mnist_dash.runs.engines import ray
from mnist_dash.settings import Settings

TRACE = (
    "Traceback (most recent call last):\n  …\nRuntimeError: Request failed with status code 400: Traceback …\n"
    "ValueError: Job with submission_id {} already exists. Please use a different submission_id.\n.\n"
)


@dataclass
class Head:
    """What the head knows: jobs by their id, nodes, the token it wants, and every submission that it has heard."""

    address: str = ""
    token: str = ""
    jobs: dict[str, dict[str, object]] = field(default_factory=dict)
    nodes: list[dict[str, object]] = field(default_factory=list)
    heard: list[dict[str, object]] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    loses_answers: bool = False
    said: str | None = None
    """What every job has printed; None where that cannot be read any more."""
    status: int = 200

    def add_node(self, name: str, cpu: float = 1.0, memory: float = 2e9, state: str = "ALIVE") -> None:
        """Let a node be there."""
        has = {"object_store_memory": 8e7, "CPU": cpu, f"node:{name}": 1.0, "memory": memory}
        self.nodes.append({"node_id": name * 9, "node_ip": "127.0.0.1", "is_head_node": not self.nodes, "state": state,
                           "state_message": None, "node_name": name, "resources_total": has, "labels": {}})  # fmt: skip

    def end(self, status: str, code: int | None = None, error: str | None = None, message: str = "") -> None:
        """Let all jobs have ended so."""
        for job in self.jobs.values():
            job.update(status=status, driver_exit_code=code, error_type=error, message=message, end_time=1)

    def answer(self, method: str, path: str, token: str | None, body: dict[str, object]) -> tuple[int, object]:
        """The status and what is said."""
        if self.token and token is None:
            return 401, "Unauthorized: Missing authentication token"
        if self.token and token != f"Bearer {self.token}":
            return 403, "Forbidden: Invalid authentication token"
        if self.status != 200:
            return self.status, "Traceback (most recent call last):\nKeyError: 'head'\n"
        if path == "/api/v0/nodes":
            listed = {"total": len(self.nodes), "num_filtered": len(self.nodes), "result": self.nodes}
            return 200, {"result": True, "msg": "", "data": {"result": listed}}
        name = path.removeprefix("/api/jobs/").removesuffix("/stop").removesuffix("/logs")
        if method == "POST" and not name:
            return self._submit(body)
        if name not in self.jobs:
            return 404, f"Job {name} does not exist"
        if method == "DELETE":
            del self.jobs[name]
            return 200, {"deleted": True}
        if path.endswith("/stop"):
            self.stopped.append(name)
            return 200, {"stopped": True}
        if path.endswith("/logs"):
            return (500, "No such file") if self.said is None else (200, {"logs": self.said})
        return 200, self.jobs[name]

    def _submit(self, body: dict[str, object]) -> tuple[int, object]:
        self.heard.append(body)
        name = str(body["submission_id"])
        if name in self.jobs:
            return 500, TRACE.format(name)
        self.jobs[name] = {
            **{"type": "SUBMISSION", "job_id": None, "submission_id": name, "driver_info": None, "status": "PENDING"},
            **{"entrypoint": body["entrypoint"], "message": "Job has not started yet.", "error_type": None},
            **{"start_time": 1, "end_time": None, "driver_node_id": None, "driver_exit_code": None},
        }
        return (503, "") if self.loses_answers else (200, {"job_id": name, "submission_id": name})


@pytest.fixture
def head(monkeypatch: pytest.MonkeyPatch) -> Iterator[Head]:
    """A head without nodes, that wants no token; the engine asks as often as it likes."""
    for name in ("RAY_AUTH_MODE", "RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(ray, "PACE", 0.0)
    monkeypatch.setattr(ray, "REST", 0.0)
    monkeypatch.setattr(ray, "SOON", 0.0)
    head = Head()

    class Handler(BaseHTTPRequestHandler):
        def handle_one(self) -> None:
            text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = json.loads(text) if text else {}
            status, told = head.answer(self.command, self.path, self.headers.get("Authorization"), body)
            content = (told if isinstance(told, str) else json.dumps(told)).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = handle_one  # noqa: N815 - names of the library

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    head.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield head
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def on_ray(settings: Settings, head: Head) -> Settings:
    """The settings of a home whose runs go to that head, four at once."""
    return replace(settings, engine=f"ray:{head.address}", slots=4)
