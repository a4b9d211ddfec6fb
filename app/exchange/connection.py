"""A registry by its address, spoken to with somebody's access token."""

import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx2

_TRIES: Final = 5
_WAIT_SECONDS: Final = 1.0
_SAYS_NOTHING: Final = frozenset({404, 410})


class RefusedError(Exception):
    """The registry does not take what was sent; the message is its own sentence."""


@dataclass(frozen=True, slots=True)
class Connection:
    """One registry, as one caller. A busy one is asked again, under the same key."""

    http: httpx2.Client

    def act(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Do one act; its answer.

        Raises:
            RefusedError: it was not done.
            httpx2.TransportError: nobody answered, so it may have been done.
        """
        key = secrets.token_urlsafe(16)
        answer = self._patiently("POST", path, json=body, headers={"Idempotency-Key": key})
        return dict(_good(answer).json())

    def knows(self, path: str) -> bool:
        """Whether there is something at an address that the caller may see.

        Raises:
            RefusedError: the caller may not look there.
        """
        answer = self._patiently("GET", path)
        return answer.status_code not in _SAYS_NOTHING and bool(_good(answer))

    def pages(self, path: str) -> Iterator[str]:
        """The pages of a list, one after another, as they come.

        Raises:
            RefusedError: the caller may not read it.
        """
        url: str | None = path
        while url is not None:
            answer = _good(self._patiently("GET", url))
            yield answer.text
            following = answer.links.get("next", {}).get("url")
            # The registry names its public address, which need not be the one we reach it at.
            url = None if following is None else httpx2.URL(following).raw_path.decode()

    def _patiently(self, method: str, path: str, **sent: Any) -> httpx2.Response:
        answer = self.http.request(method, path, **sent)
        for attempt in range(_TRIES):
            if answer.status_code != httpx2.codes.SERVICE_UNAVAILABLE:
                break
            time.sleep(_WAIT_SECONDS * attempt)
            answer = self.http.request(method, path, **sent)
        return answer


@contextmanager
def connected(url: str, token: str) -> Iterator[Connection]:
    """A connection to the registry at ``url``."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=url, headers=headers, timeout=60, trust_env=False) as http:
        yield Connection(http)


def _good(answer: httpx2.Response) -> httpx2.Response:
    if answer.is_success:
        return answer
    try:
        said = str(answer.json()["detail"])
    except (ValueError, KeyError):
        said = f"the address answered {answer.status_code}"
    raise RefusedError(said)
