"""The link that phones follow to a class, and whether they can: by an address that means another machine to them."""

import socket
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlencode, urlsplit, urlunsplit

_PAGE = "class_room"
_NOWHERE = ("192.0.2.1", 9)
"""An address that belongs to nobody (RFC 5737): a way to it is looked up, and nothing is sent."""
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - said, not listened to
_ALONE = (
    "Phones cannot follow this link: this server listens to this machine alone. Start it with "
    "STREAMLIT_SERVER_ADDRESS=0.0.0.0 in a network that you trust, and open this page anew."
)
_GUESSED = "This is the address of this machine in its network, as far as it can tell. Try it with one phone first."
_UNKNOWN = (
    "Phones cannot follow this link, since localhost means themselves to them. Open this page by the name or number "
    "that this machine has in your network, and the link follows."
)


@dataclass(frozen=True, slots=True)
class ClassLink:
    """The address of a class, and what is to be known of it; `reachable` is False where no phone can follow it."""

    address: str
    told: str = ""
    reachable: bool = True


def make_link(opened: str, code: str, listens_at: str | None, own_address: str | None) -> ClassLink:
    """The link of a class for whoever has `opened` a page of this server at that address.

    `listens_at` is where the server listens, nothing or 0.0.0.0 where everywhere; `own_address` what the machine takes
    for its own address.
    """
    parts = urlsplit(opened)
    host = parts.hostname or "localhost"
    if not _is_local(host):
        return ClassLink(_write(opened, parts.netloc, code))
    if listens_at and _is_local(listens_at) and listens_at not in _EVERYWHERE:
        return ClassLink(_write(opened, parts.netloc, code), _ALONE, reachable=False)
    if own_address is None:
        return ClassLink(_write(opened, parts.netloc, code), _UNKNOWN, reachable=False)
    netloc = own_address if parts.port is None else f"{own_address}:{parts.port}"
    return ClassLink(_write(opened, netloc, code), _GUESSED)


def find_own_address() -> str | None:
    """The address that this machine has in its network, None where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect(_NOWHERE)
        except OSError:
            return None
        found = str(way.getsockname()[0])
    return None if _is_local(found) else found


def _is_local(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        number = ip_address(host)
    except ValueError:
        return False
    return number.is_loopback or number.is_unspecified


def _write(opened: str, netloc: str, code: str) -> str:
    parts = urlsplit(opened)
    path = f"{parts.path.rpartition('/')[0]}/{_PAGE}"
    return urlunsplit((parts.scheme or "http", netloc, path, urlencode({"class": code}), ""))
