"""The second wall around a query: a process that cannot open connections, nor take more memory than it may.

The first is `guard`, which refuses what asks for a connection. On Linux the kernel keeps this process,
and every thread that it starts from now on, from making sockets (seccomp), so that a way past the guard
leads nowhere. Other systems have the first wall only.
"""

from __future__ import annotations

import os
import platform
import struct
import sys
from pathlib import Path

__all__ = ["bound_memory", "cpu_seconds", "cut_off_network", "resident_bytes"]

#: By machine: the kernel's number of it, and its numbers of the calls socket, socketpair and io_uring_setup.
_MACHINES = {
    "x86_64": (0xC000003E, (41, 53, 425)),
    "aarch64": (0xC00000B7, (198, 199, 425)),
}
#: Instructions of the kernel's filters: load a word, compare, compare with at least, return.
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13  # the latter as "permission denied"
_NO_NEW_PRIVILEGES, _SET_FILTER, _FILTER = 38, 22, 2
#: On x86_64, calls of the other calling convention begin here.
_OTHER_CALLS = 0x40000000


def cut_off_network() -> bool:
    """Keep this process from opening connections for good; False where the system cannot."""
    if sys.platform != "linux" or platform.machine() not in _MACHINES or sys.maxsize < 2**32:
        return False
    import ctypes

    machine, calls = _MACHINES[platform.machine()]
    last = len(calls) + 1  # how far it is from the first comparison to the refusal
    program = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 0, last + 1, machine),
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, last - 1, 0, _OTHER_CALLS),
        *((_EQUAL, len(calls) - 1 - at + 1, 0, call) for at, call in enumerate(calls)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    code = b"".join(struct.pack("=HBBI", *each) for each in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("@HxxxxxxP", len(program), ctypes.addressof(buffer))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    if prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    where = ctypes.create_string_buffer(header, len(header))
    return bool(prctl(_SET_FILTER, _FILTER, ctypes.addressof(where), 0, 0) == 0)


def bound_memory(more: int) -> bool:
    """Let this process take so many bytes more than it has now; False where the system has no such bound."""
    # Where memory is out, Rust looks for the names of its functions if it is asked to: that takes memory, and hangs.
    os.environ["RUST_BACKTRACE"] = "0"
    try:
        import resource
    except ImportError:
        return False
    try:
        has = _data_now()
        kind = resource.RLIMIT_DATA if has is not None else resource.RLIMIT_AS
        _, hard = resource.getrlimit(kind)
        wanted = (has or 0) + more
        if hard != resource.RLIM_INFINITY:
            wanted = min(wanted, hard)
        resource.setrlimit(kind, (wanted, hard))
    except (OSError, ValueError):
        return False
    return True


def _data_now() -> int | None:
    """Bytes of memory of its own that this process has mapped; None where the system does not say."""
    status = Path("/proc/self/status")
    if not os.access(status, os.R_OK):
        return None
    lines = status.read_text(encoding="utf-8", errors="replace").splitlines()
    found = [line.split()[1] for line in lines if line.startswith("VmData:")]
    return int(found[0]) * 1024 if found else None


def resident_bytes(pid: int) -> int:
    """Bytes of memory of its own that a process holds; 0 where the system does not say."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
    except OSError:
        return 0
    return max(0, int(pages[1]) - int(pages[2])) * os.sysconf("SC_PAGE_SIZE")


def cpu_seconds(pid: int) -> float | None:
    """How long a process has had a processor; None where the system does not say."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9
    except (OSError, ValueError, IndexError):
        return None
