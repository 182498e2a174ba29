"""The service as real processes: started, waited for, killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass
class Server:
    """One running ``remix serve`` on loopback."""

    port: int
    process: subprocess.Popen[bytes]

    def get(self, path: str) -> tuple[int, bytes]:
        """Ask for an address; status 0 while nobody answers."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except OSError:
            return 0, b""
        finally:
            connection.close()

    def wait_ready(self, seconds: float = 120) -> float:
        """Wait until questions can be answered; returns the seconds that it took."""
        began = time.monotonic()
        while self.get("/readiness")[0] != 200:
            if self.process.poll() is not None or time.monotonic() - began > seconds:
                raise AssertionError(f"not ready after {time.monotonic() - began:.0f} s; {self.get('/readiness')}")
            time.sleep(0.05)
        return time.monotonic() - began

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def cpu_seconds(self) -> float:
        """Return the processor time that it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mb(self) -> float:
        """Return the resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


@contextmanager
def serving(variables: Mapping[str, str]) -> Iterator[Server]:
    """Start ``remix serve`` with these variables (``REMIX_HOME``…), and stop it in the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {"PYTHONPATH": str(REPOSITORY), "REMIX_LOG_LEVEL": "warning", "REMIX_RATE_LIMIT": ""}
    words = ("-m", "service.cli", "serve", "--port", str(port))
    process = subprocess.Popen([sys.executable, *words], env=os.environ | own | variables, cwd=variables["REMIX_HOME"])  # noqa: S603
    try:
        yield Server(port, process)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
