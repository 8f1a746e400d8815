"""Who answers the parts: processes of this machine, or those of a Ray cluster. Each has the model, and one core."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nlp_gru.data_files.parts import Part
from nlp_gru.errors import UserError, optional
from nlp_gru.scale.answers import answered, as_files

REACHED_WITHIN = 10  # seconds
WAITING = 2  # parts given to each worker: the one it is at, and the next


@dataclass(frozen=True)
class Workers:
    """submit: gives a part away, and what is to be written comes back; most: parts that may be away at once."""

    submit: Callable[[Part], Future[bytes]]
    most: Callable[[], int]


@contextmanager
def local(folder: Path, processes: int) -> Iterator[Workers]:
    """Start processes on this machine. Raise `UserError` when one of them dies."""
    model = as_files(folder)
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _begin)
    try:
        yield Workers(lambda part: pool.submit(answered, model, part), lambda: WAITING * processes)
    except BrokenProcessPool:
        raise UserError(
            "a process was killed, perhaps for want of memory; finished parts are kept: "
            "start the same command again, with fewer --processes"
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it at once and without a word
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


@contextmanager
def on_ray(folder: Path, address: str) -> Iterator[Workers]:
    """Use the cores of a Ray cluster, those of nodes that join later, too. The model goes to them; nlp-gru is there
    already.

    A part whose node dies is given to another one. Raise `UserError` where the cluster cannot be reached or has no
    nlp-gru.
    """
    with optional():
        import ray
    try:
        if ":" in address:  # Ray itself waits for minutes, and may end the whole process
            host, _, port = address.rpartition("/")[2].rpartition(":")
            socket.create_connection((host.strip("[]"), int(port)), REACHED_WITHIN).close()
        ray.init(address=address, log_to_driver=False, logging_level="error")
    except Exception as error:  # of many kinds, by address and version
        raise UserError(f"--ray {address}: no Ray cluster answers there ({_line(error)})") from None
    task = ray.remote(num_cpus=1, max_retries=-1)(answered)
    model = ray.put(as_files(folder, whole=True))
    try:
        yield Workers(
            lambda part: task.remote(model, part).future(),
            lambda: WAITING * max(int(ray.cluster_resources().get("CPU", 0)), 1),
        )
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, UserError):
            raise UserError(str(error.cause)) from None
        raise UserError(f"--ray {address}: a worker failed ({_line(error.cause)})") from None
    except ray.exceptions.RayError as error:
        raise UserError(f"--ray {address}: {_line(error)}; is the same nlp-gru installed on every node?") from None
    finally:
        ray.shutdown()


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
