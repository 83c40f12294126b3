"""Secrets of `keyloom listen` for programs in Python. Nothing but the standard library.

    from keyloom_listen import Listener

    secrets = Listener()
    secrets.subscribe("DATABASE_URL", lambda key, new, old: reconnect(new))
    secrets.start()
    url = secrets.get("DATABASE_URL")

`Listener` asks the sidecar over HTTP on this machine, `FileListener` reads the directory that it fills (`--dir`). Both hold all
secrets in one mapping that is replaced as a whole, so that what belongs together is never mixed from two versions.
"""

import json
import logging
import os
import random
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

URL = "http://127.0.0.1:8200"
TOKEN_FILE = "/run/keyloom/token"
DIRECTORY = "/run/keyloom/secrets"

log = logging.getLogger(__name__)


class _Secrets:
    """What both have in common: the secrets of now, and who is told of changes."""

    def __init__(self):
        self._now = {}
        self._lock = threading.Lock()
        self._callbacks = {}
        self._stop = threading.Event()
        self._thread = None

    def get(self, key, default=None):
        """The value of a secret, as it is now."""
        return self._now.get(key, default)

    def get_all(self):
        """All secrets as they are at one moment."""
        return dict(self._now)

    def subscribe(self, key, callback):
        """Has `callback(key, new, old)` called when a secret changes; `new` is None when it is gone, `old` when it is new."""
        with self._lock:
            self._callbacks.setdefault(key, []).append(callback)

    def unsubscribe(self, key, callback):
        """Ends that."""
        with self._lock:
            if callback in self._callbacks.get(key, []):
                self._callbacks[key].remove(callback)

    def start(self):
        """Loads all secrets, and follows their changes from then on. Fails when they cannot be loaded."""
        self._put(self._load())
        self._thread = threading.Thread(target=self._follow, name="keyloom-listen", daemon=True)
        self._thread.start()

    def stop(self):
        """Follows no longer; what was loaded can still be read."""
        self._stop.set()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def __repr__(self):
        return f"{type(self).__name__}({len(self._now)} secrets)"

    def _put(self, new):
        old, self._now = self._now, new
        if self._thread is None:
            return
        for key in sorted(old.keys() | new.keys()):
            if old.get(key) == new.get(key):
                continue
            with self._lock:
                callbacks = list(self._callbacks.get(key, []))
            for callback in callbacks:
                try:
                    callback(key, new.get(key), old.get(key))
                except Exception as error:
                    # Its words may hold a value, and the others are told all the same.
                    log.error("a callback for %s failed with %s", key, type(error).__name__)

    def _load(self):
        raise NotImplementedError

    def _follow(self):
        raise NotImplementedError


class Listener(_Secrets):
    """Asks the sidecar over HTTP. It learns of a change as soon as the sidecar does."""

    def __init__(self, url=None, token_file=None, wait=30):
        super().__init__()
        self._url = (url or os.environ.get("KEYLOOM_LISTEN_URL", URL)).rstrip("/")
        self._token_file = token_file or os.environ.get("KEYLOOM_LISTEN_TOKEN_FILE", TOKEN_FILE)
        self._wait = wait
        self._version = ""
        # No proxy stands between two containers of a pod.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def _ask(self, path):
        # The token is read each time: a sidecar that is started anew may have made another one.
        with open(self._token_file, encoding="ascii") as file:
            token = file.read().strip()
        request = urllib.request.Request(self._url + path, headers={"Authorization": f"Bearer {token}"})
        with self._opener.open(request, timeout=self._wait + 10) as answer:
            return json.load(answer)

    def _load(self):
        answer = self._ask("/v1/secrets")
        self._version = answer["version"]
        return answer["secrets"]

    def _follow(self):
        failures = 0
        while not self._stop.is_set():
            try:
                since = urllib.parse.quote(self._version)
                answer = self._ask(f"/v1/changes?since={since}&wait={self._wait}")
                if answer["reset"] or answer["changes"]:
                    self._put(self._load())
                failures = 0
            except (OSError, ValueError, KeyError) as error:
                failures += 1
                log.warning("keyloom listen does not answer: %s", type(error).__name__)
                self._stop.wait(random.uniform(0.5, 1) * min(30, 2**failures / 4))


class FileListener(_Secrets):
    """Reads the directory that the sidecar fills, and looks every second whether it has changed as a whole."""

    def __init__(self, directory=None, interval=1.0):
        super().__init__()
        self._directory = directory or os.environ.get("KEYLOOM_LISTEN_DIRECTORY", DIRECTORY)
        self._interval = interval
        self._state = None

    def _load(self):
        while True:
            # One state is read through and through: `..data` leads to another one as soon as something changes.
            state = os.readlink(os.path.join(self._directory, "..data"))
            folder = os.path.join(self._directory, state)
            try:
                secrets = {}
                for name in os.listdir(folder):
                    with open(os.path.join(folder, name), encoding="utf-8", newline="") as file:
                        secrets[name] = file.read()
            except FileNotFoundError:
                # Another state took its place meanwhile.
                time.sleep(0.01)
                continue
            self._state = state
            return secrets

    def _follow(self):
        while not self._stop.wait(self._interval):
            try:
                if os.readlink(os.path.join(self._directory, "..data")) != self._state:
                    self._put(self._load())
            except OSError as error:
                log.warning("the directory of keyloom listen cannot be read: %s", type(error).__name__)
