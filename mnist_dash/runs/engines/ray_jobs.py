"""Ray's Jobs over HTTP, as its documentation describes them (Ray 2.60, "Ray Jobs REST API").

Its own client would want the whole package, 260 MB and 40 others, at the very version of the cluster, wherever a web
server or a supervisor runs; four addresses are all that is needed, and they have been the same since Ray 2.0.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from mnist_dash.errors import EngineAwayError, EngineError

PATIENCE = (3.0, 10.0)
"""Seconds to connect, and to wait for an answer."""
PENDING, RUNNING, STOPPED = "PENDING", "RUNNING", "STOPPED"
_NO_PLACE = "JOB_SUPERVISOR_ACTOR_START_TIMEOUT"
_REFUSALS = {
    401: "wants a token, and none is set here",
    403: "refuses the token that is set here",
}


@dataclass(frozen=True, slots=True)
class Node:
    """A machine of a cluster that lives: its name, its cores, and bytes of memory that jobs may ask for."""

    name: str
    cores: int
    memory: int


@dataclass(frozen=True, slots=True)
class Job:
    """What a cluster knows of a job; `code` is the exit status of its process where that was seen.

    `found_no_place` is true where Ray gave it up since it had waited for cores for too long, before it began.
    """

    status: str
    message: str
    code: int | None
    found_no_place: bool


class RayJobs:
    """The jobs of the cluster at `address`. All raises EngineAwayError where nobody answers, or EngineError."""

    def __init__(self, address: str) -> None:
        """Ask nothing yet."""
        self._address, self._session = address, requests.Session()
        # Neither a proxy of this machine's nor its .netrc, which would put another password in the token's place.
        self._session.trust_env = False

    def submit(self, submission_id: str, entrypoint: str, cores: int, memory: int) -> None:
        """Submit a job of so many cores and bytes; one that is known by that id already is left as it is."""
        wanted = {"entrypoint_num_cpus": cores, "entrypoint_memory": memory}
        try:
            self._ask("POST", "jobs/", {"entrypoint": entrypoint, "submission_id": submission_id, **wanted})
        except EngineAwayError:
            raise
        except EngineError:
            # The answer to an earlier try may have been lost.
            if self.find(submission_id) is None:
                raise

    def find(self, submission_id: str) -> Job | None:
        """What is known of a job; None where nothing is."""
        told = self._ask("GET", f"jobs/{submission_id}", known=False)
        if told is None:
            return None
        code = told.get("driver_exit_code")
        return Job(
            status=str(told.get("status")),
            message=str(told.get("message") or ""),
            code=code if isinstance(code, int) else None,
            found_no_place=told.get("error_type") == _NO_PLACE,
        )

    def read_logs(self, submission_id: str) -> str:
        """All that a job has printed, both of its streams in one; empty where it is not known."""
        told = self._ask("GET", f"jobs/{submission_id}/logs", known=False)
        return str(told.get("logs") or "") if told else ""

    def stop(self, submission_id: str) -> None:
        """Ask a job to stop; one that is not known has."""
        self._ask("POST", f"jobs/{submission_id}/stop", known=False)

    def forget(self, submission_id: str) -> None:
        """Forget a job that has ended, so that its id is free."""
        self._ask("DELETE", f"jobs/{submission_id}", known=False)

    def list_nodes(self) -> list[Node]:
        """The nodes that live, by their names."""
        told: Any = self._ask("GET", "v0/nodes")
        try:
            rows = told["data"]["result"]["result"]
            nodes = [
                Node(
                    name=str(row["node_name"] or row["node_ip"]),
                    cores=int(row["resources_total"].get("CPU", 0)),
                    memory=int(row["resources_total"].get("memory", 0)),
                )
                for row in rows
                if row["state"] == "ALIVE"
            ]
        except (KeyError, TypeError, ValueError, AttributeError) as e:
            raise EngineError(f"{self._name} lists its nodes in a way that is not known here. Use Ray 2.60.") from e
        return sorted(nodes, key=lambda node: node.name)

    @property
    def _name(self) -> str:
        return f"The Ray cluster at {self._address}"

    def _ask(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, known: bool = True
    ) -> dict[str, object] | None:
        """The answer as an object; None where the job is not there, which must be `known` otherwise."""
        try:
            answer = self._session.request(
                method,
                f"{self._address}/api/{path}",
                json=body,
                headers=_authorise(),
                timeout=PATIENCE,
                # A token is for the address that was named, and for no other.
                allow_redirects=False,
            )
        except (requests.RequestException, OSError) as e:
            told = "does not answer in time" if isinstance(e, requests.Timeout) else "cannot be reached"
            raise EngineAwayError(f"{self._name} {told}. Check that its head runs and that this is its address.") from e
        if answer.status_code in _REFUSALS:
            raise EngineError(
                f"{self._name} {_REFUSALS[answer.status_code]}. Put its token into RAY_AUTH_TOKEN, or into the file "
                "that RAY_AUTH_TOKEN_PATH names, with RAY_AUTH_MODE=token, and start the app again."
            )
        if answer.status_code == 404 and not known and answer.text.endswith("does not exist"):
            return None
        if answer.status_code >= 502:
            raise EngineAwayError(f"{self._name} is not ready (HTTP {answer.status_code}). It may be starting.")
        if answer.status_code != 200:
            # What went wrong stands in the last line of a traceback, before a lone full stop.
            said = next((line.strip() for line in reversed(answer.text.splitlines()) if line.strip(" .")), "no words")
            raise EngineError(
                f"{self._name} answers HTTP {answer.status_code} ({said[:200]}). Check the address, and its log."
            )
        try:
            told = answer.json()
        except ValueError as e:
            raise EngineError(f"{self._name} does not speak as a Ray head does. Check the address.") from e
        return told if isinstance(told, dict) else {}


def _authorise() -> dict[str, str]:
    """The header with the token, where tokens are on: Ray's own variables say so, and where it stands."""
    if os.environ.get("RAY_AUTH_MODE", "").lower() != "token":
        return {}
    token = os.environ.get("RAY_AUTH_TOKEN", "").strip()
    if not token:
        path = Path(os.environ.get("RAY_AUTH_TOKEN_PATH") or Path.home() / ".ray" / "auth_token")
        try:
            token = path.read_text("utf-8").strip()
        except (OSError, ValueError):
            return {}
    if not (token.isascii() and token.isprintable()):
        raise EngineError("The token in RAY_AUTH_TOKEN has characters that no token has. Copy it anew.")
    return {"Authorization": f"Bearer {token}"} if token else {}
