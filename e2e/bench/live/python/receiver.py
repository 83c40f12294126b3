"""A receiver of webhooks as one writes it in Python: granian in this process, uvloop, aiohttp.

    receiver.py URL PORT FOLDERS

What it must do stands in crates/stand-ins/src/events.rs.
"""

import asyncio
import hashlib
import hmac
import json
import os
import sys
import time
from urllib.parse import urlencode

import aiohttp
import uvloop
from granian.server.embed import Server
from yarl import URL

KEY = b"the key of the webhooks"
WINDOW = 300_000  # milliseconds that the clocks may differ
GAP = 0.5  # seconds between two questions for one folder, after the first
LOADED_AT_ONCE = 16


class Folder:
    """A folder: what is in it, and whether it is to be fetched."""

    def __init__(self, base, number):
        self.path = f"/folders/{number:06}"
        query = {
            "projectId": f"7d0c6f3e-1a2b-4c3d-9e8f-{number:012}",
            "environment": "prod",
            "secretPath": self.path,
            "viewSecretValue": "true",
            "expandSecretReferences": "true",
            "recursive": "false",
            "includeImports": "true",
            "includePersonalOverrides": "false",
        }
        self.url = URL(f"{base}/api/v4/secrets?{urlencode(query)}", encoded=True)
        self.values = {}
        self.wanted = False
        self.following = False
        self.last = float("-inf")


class Receiver:
    """All folders, and the application of RSGI that hears of their changes."""

    def __init__(self, base, folders):
        self.base = base
        every = [Folder(base, number) for number in range(folders)]
        self.folders = {folder.path: folder for folder in every}
        self.tasks = set()

    async def start(self):
        self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=100))
        login = {"clientId": "bench", "clientSecret": "bench"}
        async with self.session.post(f"{self.base}/api/v1/auth/universal-auth/login", json=login) as answer:
            token = (await answer.json())["accessToken"]
        self.headers = {"authorization": f"Bearer {token}"}
        gate = asyncio.Semaphore(LOADED_AT_ONCE)

        async def load(folder):
            async with gate:
                await self.fetch(folder)

        await asyncio.gather(*map(load, self.folders.values()))

    async def fetch(self, folder):
        async with self.session.get(folder.url, headers=self.headers) as answer:
            listed = json.loads(await answer.read())
        values = {}
        for imported in listed["imports"]:
            for secret in imported["secrets"]:
                values[secret["secretKey"]] = secret["secretValue"]
        for secret in listed["secrets"]:
            if not secret["secretValueHidden"]:
                values[secret["secretKey"]] = secret["secretValue"]
        before, folder.values = folder.values, values
        for key, value in values.items():
            if key.startswith("NUMBER_") and before.get(key) != value:
                os.write(1, value.encode() + b"\n")

    def hint(self, folder):
        folder.wanted = True
        if not folder.following:
            folder.following = True
            task = asyncio.get_running_loop().create_task(self.follow(folder))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def follow(self, folder):
        while folder.wanted:
            pause = folder.last + GAP - time.monotonic()
            if pause > 0:
                await asyncio.sleep(pause)
            folder.wanted = False
            folder.last = time.monotonic()
            await self.fetch(folder)
        folder.following = False

    async def __rsgi__(self, scope, protocol):
        body = await protocol()
        status, words = self.take(scope, body)
        protocol.response_str(status, [("content-type", "text/plain")], words)

    def take(self, scope, body):
        if scope.method != "POST" or scope.path != "/infisical/webhook":
            return 404, "there is nothing here"
        moment, separator, code = scope.headers.get("x-infisical-signature", "").partition(";")
        expected = hmac.new(KEY, body, hashlib.sha256).hexdigest()
        if not separator or not hmac.compare_digest(code, expected):
            return 401, "signature"
        event = json.loads(body)
        if moment != f"t={event['timestamp']}" or abs(time.time() * 1000 - event["timestamp"]) > WINDOW:
            return 401, "time"
        folder = self.folders.get(event["project"]["secretPath"])
        if event["event"] != "secrets.modified" or folder is None:
            return 200, "taken"
        self.hint(folder)
        return 202, "taken"


async def main():
    base, port, folders = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    receiver = Receiver(base, folders)
    await receiver.start()
    server = Server(receiver, port=port, log_enabled=False, websockets=False)
    serving = asyncio.create_task(server.serve())
    await asyncio.sleep(0)
    os.write(1, b"ready\n")
    await serving


uvloop.run(main())
