"""Tells that a secret changed, and shows digests in place of values: python3 app.py [--files] KEY"""

import hashlib
import sys
import threading

from keyloom_listen import FileListener, Listener


def digest(value):
    return "none" if value is None else hashlib.sha256(value.encode()).hexdigest()[:16]


def main():
    files = "--files" in sys.argv
    key = sys.argv[-1]
    secrets = FileListener() if files else Listener()
    secrets.subscribe(key, lambda key, new, old: print(f"{key} changed from {digest(old)} to {digest(new)}", flush=True))
    secrets.start()
    print(f"{key} is {digest(secrets.get(key))}, one of {len(secrets.get_all())}", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
