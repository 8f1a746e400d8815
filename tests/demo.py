"""The demo as a process of its own, which tests send odd requests and signals."""

import os
import re
import subprocess
import sys
import threading
from contextlib import contextmanager

HIDDEN = {name: value for name, value in os.environ.items() if name not in ("GRADIO_TEMP_DIR", "NLP_GRU_AUTH")}


class Demo:
    def __init__(self, *arguments, temporary, **environment):
        command = [sys.executable, "-m", "nlp_gru", "demo", *arguments, "--no-browser", "--port", "0"]
        self.temporary = temporary
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                                        env={**HIDDEN, "TMPDIR": str(temporary), **environment})  # fmt: skip
        self.lines = []
        for line in self.process.stdout:
            self.lines.append(line)
            if found := re.search(r"nlp-gru: (http://\S+)", line):
                self.url = found[1]
                break
        threading.Thread(target=lambda: self.lines.extend(self.process.stdout), daemon=True).start()

    @property
    def output(self):
        return "".join(self.lines)

    def files(self):
        """What lies in its temporary folder, without what belongs to the folder itself."""
        found = [p for p in self.temporary.rglob("*") if p.is_file() and "nlp-gru-" in str(p)]
        return [p for p in found if p.name not in ("lock", "owner")]

    def end(self):
        self.process.terminate()
        try:
            return self.process.wait(30)
        finally:
            self.process.kill()


@contextmanager
def demo(*arguments, temporary, **environment):
    running = Demo(*arguments, temporary=temporary, **environment)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait()
