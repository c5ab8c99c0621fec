"""A member with a browser, and members who write without pausing."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from http.cookiejar import CookieJar
from itertools import count
from typing import Self

from tests.passwords import PASSWORD
from tests.processes.deployment import Deployment
from tests.processes.instance import manage
from tests.servers import wait_until

PATIENCE = 60.0
"""Seconds after which a response counts as never received."""

SAVED = 302
"""Status of the redirect to the next entry."""

PAUSE = 0.02
"""Default seconds between a response and a writer's next entry, leaving the machine some time for other work."""


@dataclass(frozen=True, slots=True)
class Page:
    """A response as a browser receives it: the status (0 for none), the redirect target, and the content."""

    status: int
    location: str = ""
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """The response to a POST of the quick log: its status (0 for none) and the seconds it took."""

    status: int
    seconds: float
    people: Sequence[str]
    key: str

    @property
    def saved(self) -> bool:
        return self.status == SAVED


class Member:
    """A new member of the deployment, signed in."""

    _numbers = count(1)

    def __init__(self, deployment: Deployment) -> None:
        self.email = f"member-{next(self._numbers)}@example.org"
        self._deployment = deployment
        self._cookies = CookieJar()
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies), _Stay())
        made = manage(deployment.environment, "create_member", self.email, "--password-stdin", text=f"{PASSWORD}\n")
        assert made.returncode == 0, made.stderr
        self.get("/accounts/login/")
        assert self.post("/accounts/login/", login=self.email, password=PASSWORD).status == 302
        # Exports ask members to confirm their identity.
        assert self.post("/accounts/reauthenticate/", password=PASSWORD).status == 302
        assert self.get("/").status == 200
        ((self.network_id,),) = deployment.rows(
            "SELECT network.id FROM contacts_network network JOIN accounts_user owner ON owner.id = network.owner_id "
            f"WHERE owner.email = '{self.email}'"
        )

    def log(self, people: Sequence[str], key: str = "") -> Answer:
        """Log a tip for the people with these names, and return the response; unknown names become contacts."""
        key = key or str(uuid.uuid4())
        begin = time.monotonic()
        page = self.post("/log/", mode="give", kind="tip", people="; ".join(people), client_key=key)
        return Answer(page.status, time.monotonic() - begin, people, key)

    def sign_out(self) -> None:
        """Forget the session, and open the sign-in form."""
        self._cookies.clear()
        assert self.get("/accounts/login/").status == 200

    def misplaced(self, answers: Iterable[Answer]) -> int:
        """Return how many of the confirmed entries are not in the journal exactly once."""
        stored = Counter(
            str(key).replace("-", "")
            for (key,) in self._deployment.rows(
                f"SELECT client_key FROM favours_favour WHERE network_id = {self.network_id}"
            )
        )
        return sum(stored[answer.key.replace("-", "")] != 1 for answer in answers)

    def is_up_to_date(self) -> bool:
        """Return whether the stored summary includes the latest entry."""
        found = self._deployment.rows(
            "SELECT summary.revision = network.revision AND network.stale_from IS NULL FROM contacts_network network "
            "JOIN favours_summary summary ON summary.network_id = network.id AND summary.month IS NULL "
            f"WHERE network.id = {self.network_id}"
        )
        return bool(found and found[0][0])

    def wait_until_up_to_date(self) -> float:
        """Return the seconds until the summary includes the latest entry, restarting any process that has ended."""

        def up_to_date() -> bool:
            self._deployment.start_ended()
            return self.is_up_to_date()

        begin = time.monotonic()
        wait_until(up_to_date, "the summary is up to date")
        return time.monotonic() - begin

    def get(self, path: str) -> Page:
        return self._open(urllib.request.Request(self._deployment.address(path)))

    def post(self, path: str, **fields: str) -> Page:
        """Submit a form and return the response."""
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": self._token(), **fields}).encode()
        return self._open(urllib.request.Request(self._deployment.address(path), body))

    def upload(self, path: str, name: str, content: bytes) -> Page:
        """Submit a form with a file in its field `file`, and return the response."""
        boundary = uuid.uuid4().hex
        disposition = f"--{boundary}\r\nContent-Disposition: form-data; name="
        head = f'{disposition}"csrfmiddlewaretoken"\r\n\r\n{self._token()}\r\n{disposition}"file"; filename="{name}"'
        body = f"{head}\r\n\r\n".encode() + content + f"\r\n--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self._open(urllib.request.Request(self._deployment.address(path), body, headers))

    def _token(self) -> str:
        return next(cookie.value or "" for cookie in self._cookies if cookie.name == "csrftoken")

    def _open(self, request: urllib.request.Request) -> Page:
        try:
            with self._browser.open(request, timeout=PATIENCE) as answer:
                return Page(answer.status, content=answer.read())
        except urllib.error.HTTPError as answer:
            with answer:
                return Page(answer.code, answer.headers.get("Location", ""), answer.read())
        except (OSError, HTTPException):
            return Page(0)


class _Stay(urllib.request.HTTPRedirectHandler):
    """Does not follow redirects: the target is a separate request."""

    def redirect_request(self, *_arguments: object) -> None:
        return None


@dataclass
class Writers:
    """Threads that log entries for a member for the duration of the `with` block."""

    member: Member
    threads: int = 2
    pause: float = PAUSE
    answers: list[Answer] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._end = threading.Event()
        self._running = [threading.Thread(target=self._write, args=(number,)) for number in range(self.threads)]
        for thread in self._running:
            thread.start()
        return self

    def __exit__(self, *_problem: object) -> None:
        self._end.set()
        for thread in self._running:
            thread.join()

    def wait_for(self, entries: int) -> None:
        """Wait until this many more entries have been answered."""
        enough = len(self.answers) + entries
        wait_until(lambda: len(self.answers) >= enough, f"{entries} entries are answered")

    @property
    def saved(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.saved]

    def _write(self, number: int) -> None:
        for entry in count():
            self.answers.append(self.member.log([f"Person {number} {entry % 7}", f"Friend {number} {entry % 5}"]))
            if self._end.wait(self.pause):
                return
