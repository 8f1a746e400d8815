"""The demo as a process of its own, which benchmarks and tests send odd requests and signals."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PASSED_ON = {name: value for name, value in os.environ.items() if name not in ("GRADIO_TEMP_DIR", "NLP_GRU_AUTH")}
MEGABYTE = 1_000_000


class Demo:
    """A demo that has started, with `temporary` for its temporary files."""

    def __init__(self, *arguments: str, temporary: Path, **environment: str):
        command = [sys.executable, "-m", "nlp_gru", "demo", *arguments, "--no-browser", "--port", "0"]
        self.temporary = temporary
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**PASSED_ON, "TMPDIR": str(temporary), **environment},
        )
        self.lines: list[str] = []
        self.url = ""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if found := re.search(r"nlp-gru: (http://\S+)", line):
                self.url = found[1]
                break
        else:
            raise RuntimeError(f"the demo did not start: {self.output}")
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(self.process.stdout)

    @property
    def output(self) -> str:
        return "".join(self.lines)

    @property
    def folders(self) -> list[Path]:
        return list(self.temporary.glob("nlp-gru-*"))

    def files(self) -> list[Path]:
        """What lies in its temporary folder, without what belongs to the folder itself."""
        found = [p for folder in self.folders for p in folder.rglob("*") if p.is_file()]
        return [p for p in found if p.name not in ("lock", "owner")]

    def megabytes(self) -> float:
        """Resident memory."""
        return int(subprocess.check_output(["ps", "-o", "rss=", "-p", str(self.process.pid)])) * 1024 / MEGABYTE

    def core_seconds(self) -> float:
        """What it has used of the cores so far: exact on Linux, whole seconds elsewhere."""
        stat = Path(f"/proc/{self.process.pid}/stat")
        if stat.is_file():
            fields = stat.read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        time = subprocess.check_output(["ps", "-o", "time=", "-p", str(self.process.pid)], text=True)
        return sum(float(part) * 60**i for i, part in enumerate(reversed(time.strip().replace("-", ":").split(":"))))

    def end(self) -> int:
        """SIGTERM, as `docker stop` sends it; returns the exit status."""
        self.process.terminate()
        try:
            return self.process.wait(30)
        finally:
            self.process.kill()


@contextmanager
def demo(*arguments: str, temporary: Path, **environment: str) -> Iterator[Demo]:
    running = Demo(*arguments, temporary=temporary, **environment)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait()
