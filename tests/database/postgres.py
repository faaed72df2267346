"""A real PostgreSQL on loopback, set up as RDS sets its own up: TLS, and a master that is no superuser."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.database.certificates import Certificates
from tools.postgresql import PostgreSql

HOST = "localhost"
MASTER = "platform_admin"
MASTER_PASSWORD = "of-the-master-0123456789"
# Unprivileged, and on every Linux: PostgreSQL refuses to run as root.
NOBODY = 65534
START_SECONDS = 60
# Another program may take the free port before the server does.
TRIES = 3

CONFIGURATION = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{home}'
ssl = on
ssl_cert_file = '{certificate}'
ssl_key_file = '{key}'
ssl_min_protocol_version = 'TLSv1.2'
password_encryption = 'scram-sha-256'
log_statement = 'ddl'
log_connections = on
log_min_error_statement = error
fsync = off
jit = off
shared_buffers = '16MB'
max_connections = 60
lc_messages = 'C'
"""

# The superuser comes by the socket only; TLS is required, and rdsadmin closed, as on RDS.
ACCESS = """
local all rdsadmin trust
host rdsadmin all all reject
hostssl all all 127.0.0.1/32 scram-sha-256
hostnossl all all all reject
"""

# What RDS gives its master: rds_superuser, the right to make roles and databases, and the ownership of the databases
# that were there before it (Amazon RDS User Guide, "Understanding the rds_superuser role").
AS_RDS = (
    "CREATE ROLE rds_superuser",
    "GRANT pg_read_all_data, pg_signal_backend, pg_monitor TO rds_superuser WITH ADMIN OPTION",
    f"CREATE ROLE {MASTER} LOGIN CREATEDB CREATEROLE PASSWORD '{MASTER_PASSWORD}' IN ROLE rds_superuser",
    "CREATE DATABASE rdsadmin",
    f"ALTER DATABASE postgres OWNER TO {MASTER}",
    f"ALTER DATABASE template1 OWNER TO {MASTER}",
)


@dataclass(frozen=True, kw_only=True)
class Server:
    program: PostgreSql
    home: Path
    port: int
    ca_file: Path

    def superuser(self, database: str = "postgres") -> psycopg.Connection[Any]:
        return psycopg.connect(host=str(self.home), port=self.port, user="rdsadmin", dbname=database, autocommit=True)

    def login(self, user: str, password: str, database: str) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=HOST,
            port=self.port,
            user=user,
            password=password,
            dbname=database,
            sslmode="verify-full",
            sslrootcert=str(self.ca_file),
            autocommit=True,
        )

    def log(self) -> str:
        return (self.home / "log").read_text(encoding="utf-8", errors="replace")


@contextmanager
def running(program: PostgreSql, certificates: Certificates) -> Iterator[Server]:
    """Start a server of ``program`` in a directory of its own, and end it and the directory afterwards."""
    # Not below pytest's directory, which only its owner may enter.
    home = Path(tempfile.mkdtemp(prefix="idp-postgresql-"))
    process: subprocess.Popen[bytes] | None = None
    try:
        home.chmod(0o755)
        reachable = _reachable(program, home)
        _lay_out(reachable, home, certificates)
        for _ in range(TRIES):
            server = Server(program=reachable, home=home, port=free_port(), ca_file=home / "ca.pem")
            process = _start(server)
            if _answers(server, process):
                break
        else:
            raise RuntimeError(f"PostgreSQL {program.version} did not start:\n{server.log()}")
        with server.superuser() as connection:
            for statement in AS_RDS:
                connection.execute(statement)
        yield server
    finally:
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGQUIT)  # at once: nobody needs what is in it
            process.wait(30)
        shutil.rmtree(home)


def _lay_out(program: PostgreSql, home: Path, certificates: Certificates) -> None:
    files = {"ca.pem": certificates.ca, "server.pem": certificates.server, "server.key": certificates.key}
    for name, text in files.items():
        (home / name).write_bytes(text)
    (home / "server.key").chmod(0o600)
    if os.geteuid() == 0:
        for path in (home, *(home / name for name in files)):
            os.chown(path, NOBODY, NOBODY)
    data = home / "data"
    command = _as_nobody(program, "initdb", "-D", data, "-U", "rdsadmin", "-E", "UTF8", "--locale=C", "-N")
    subprocess.run(command, check=True, capture_output=True, cwd=home)
    (data / "pg_hba.conf").write_text(ACCESS)


def _start(server: Server) -> subprocess.Popen[bytes]:
    home = server.home
    settings = CONFIGURATION.format(
        port=server.port, home=home, certificate=home / "server.pem", key=home / "server.key"
    )
    (home / "data" / "postgresql.conf").write_text(settings)
    with (home / "log").open("wb") as log:
        command = _as_nobody(server.program, "postgres", "-D", home / "data")
        return subprocess.Popen(command, stdout=log, stderr=log, cwd=home)


def _as_nobody(program: PostgreSql, name: str, *arguments: str | Path) -> list[str]:
    command = [str(program.bin / name), *map(str, arguments)]
    if program.libraries:
        command = ["env", f"LD_LIBRARY_PATH={os.pathsep.join(map(str, program.libraries))}", *command]
    if os.geteuid() == 0:
        command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]
    return command


def _reachable(program: PostgreSql, home: Path) -> PostgreSql:
    """The program where the unprivileged user can run it: copied when a directory above it is closed to others."""
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o001 for parent in program.bin.parents):
        return program
    copy = home / "program"
    shutil.copytree(program.root, copy, symlinks=True)
    return PostgreSql(
        version=program.version,
        root=copy,
        bin=copy / program.bin.relative_to(program.root),
        libraries=tuple(copy / path.relative_to(program.root) for path in program.libraries),
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(server: Server, process: subprocess.Popen[bytes]) -> bool:
    """Wait for the first connection; False when the process ends, or the time does."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None:
        try:
            server.superuser().close()
            return True
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                process.kill()
                process.wait()
            time.sleep(0.1)
    return False
