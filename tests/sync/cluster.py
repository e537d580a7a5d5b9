"""A PostgreSQL of the tests' own: a cluster in a folder of its own, on loopback, under its user."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD = "a secret"
OWNER = "owner"


def find_programs() -> Path | None:
    """The folder of PostgreSQL's programs, the newest; None where there are none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda it: it.parts[-3])
    beside = shutil.which("initdb")
    known = [*found, *([Path(beside).resolve()] if beside else [])]
    for initdb in reversed(known):
        if (initdb.parent / "pg_ctl").exists():
            return initdb.parent
    return None


class Cluster:
    """A running server.

    Attributes:
        folder: Its own; `passwords` in it is a passfile.
        port: On 127.0.0.1.
        certificate: Of its own, which nobody else signed, for 127.0.0.1.
    """

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self.folder = programs, folder
        self._user = "postgres" if os.getuid() == 0 else None  # it runs under no root
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.passfile = folder / "passwords"
        self.passfile.write_text(f"*:*:*:*:{PASSWORD}\n")
        self.passfile.chmod(0o600)
        secret = folder / "secret"
        secret.write_text(PASSWORD)
        if self._user:
            user = pwd.getpwnam(self._user)
            for path in (folder, secret):
                os.chown(path, user.pw_uid, user.pw_gid)
        self._run(
            "initdb", "-D", str(folder / "data"), "-U", OWNER, "--auth=scram-sha-256",
            f"--pwfile={secret}", "--encoding=UTF8", "--locale=C", "--no-sync",
        )  # fmt: skip
        self.certificate = self._certify()
        self.start()

    def _certify(self) -> Path:
        data = self.folder / "data"
        self._run(
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
            "-keyout", str(data / "server.key"), "-out", str(data / "server.crt"),
        )  # fmt: skip
        return Path(shutil.copy(data / "server.crt", self.folder / "certificate"))

    def start(self) -> None:
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={self.port} -c max_connections=150"
            f" -c unix_socket_directories={self.folder} -c ssl=on"
        )
        self._control("start", "-o", options, "-l", str(self.folder / "data" / "log"))

    def kill(self) -> None:
        """End it as a power cut would."""
        self._control("stop", "-m", "immediate")

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [shutil.which(program, path=self._programs) or program, *arguments],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT,
            user=self._user, cwd=self.folder, env={"PATH": os.environ["PATH"]},
        )  # fmt: skip

    def address(self, role: str, database: str = "quiz") -> str:
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

    def connect(self, role: str = OWNER, database: str = "quiz") -> psycopg.Connection[Any]:
        return psycopg.connect(self.address(role, database), password=PASSWORD, autocommit=True)

    def add_learner(self, role: str) -> str:
        """Let a role log in; return its address."""
        with self.connect(database="postgres") as db:
            db.execute(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
                    sql.Identifier(role), sql.Literal(PASSWORD)
                )
            )
        return self.address(role)

    def make_database(self, name: str) -> None:
        with self.connect(database="postgres") as db:
            db.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


@contextmanager
def running(programs: Path) -> Iterator[Cluster]:
    with tempfile.TemporaryDirectory(prefix="quiz-cluster-", ignore_cleanup_errors=True) as name:
        cluster = Cluster(programs, Path(name))
        try:
            yield cluster
        finally:
            cluster.kill()
