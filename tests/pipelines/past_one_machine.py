"""A bucket on loopback, commands in processes of their own, and one edition held to another number by number."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb
import requests

from pipelines import store, table_files
from pipelines.comparison.cells import Outcome, compare
from pipelines.comparison.tables import of_database
from pipelines.replication.results import keys

COMMAND = [sys.executable, "-c", "from pipelines.cli import main; main()"]
SMALL = ["run", "--scenario", "universal", "--draws", "256"]
OURS = ("CYBERACCORD_", "DAGSTER_", "AWS_")


class Bucket:
    """A server that speaks S3, on a port of its own, with one bucket."""

    def __init__(self) -> None:
        import boto3  # with moto in requirements-cluster.lock
        from moto.server import ThreadedMotoServer

        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self._server.start()
        host, port = self._server.get_host_and_port()
        self.url, self.running = f"http://{host}:{port}", True
        self._reset(auth=b"inf")  # what an earlier one of this process was told outlives it
        self.environment = {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        own = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
        self.client = boto3.client("s3", endpoint_url=self.url, **own)
        self.client.create_bucket(Bucket="office")

    def names(self, below: str = "") -> list[str]:
        """What lies in the bucket."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket="office", Prefix=below)
        return [each["Key"] for page in pages for each in page.get("Contents", [])]

    def refuse_unknown_keys(self) -> None:
        """From now on a request needs keys that the server has given out, and it has given out none."""
        self._reset(auth=b"0", contents=False)

    def _reset(self, auth: bytes, contents: bool = True) -> None:
        if contents:
            requests.post(f"{self.url}/moto-api/reset", timeout=10).raise_for_status()
        requests.post(f"{self.url}/moto-api/reset-auth", data=auth, timeout=10).raise_for_status()

    def stop(self) -> None:
        import s3fs

        if self.running:
            self._server.stop()
            self.running = False
            # or the next server would be looked for at the address of this one
            s3fs.S3FileSystem.clear_instance_cache()
            table_files.in_bucket.cache_clear()


def environment(home: Path, **more: str) -> dict[str, str]:
    """That of a command on a home, without settings of the one who runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    paths = os.pathsep.join(filter(None, (str(store.ROOT), os.environ.get("PYTHONPATH"))))
    return {**kept, "PYTHONPATH": paths, "CYBERACCORD_HOME": str(home), **more}


def said(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command, in a process of its own, and what it said."""
    own = environment(home, **more)
    return subprocess.run([*COMMAND, *arguments], env=own, cwd=store.ROOT, capture_output=True, text=True, timeout=900)


def database(home: Path) -> Path:
    return home / "published" / "cyberaccord.duckdb"


def differences(expected: Path, found: Path) -> tuple[int, Sequence[Outcome]]:
    """How many numbers two editions hold alike to the last bit, and the tables in which anything differs."""
    with duckdb.connect() as connection:
        for name, path in (("one", expected), ("two", found)):
            connection.execute(f"attach '{path}' as {name} (read_only)")
        outcomes = compare(connection, of_database(connection, "one", keys()), "two", exact=True)
    return sum(each.identical for each in outcomes), [each for each in outcomes if not each.passed]
