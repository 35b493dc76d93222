"""What a worker gives up before it opens the graph: the network, new files, other programs, and more than its share.

Each fence stands by itself, and a system that lacks one keeps the others: ``/health`` tells which hold. The fences guard what the
guard of ``kg.query`` may miss; texts are refused before they come here.
"""

import ctypes
import errno
import os
import platform
import resource
import signal
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

from kg.serve.messages import Ready

OPEN_FILES = 1024
_MB = 1 << 20
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_PDEATHSIG, _SECCOMP, _NO_NEW_PRIVS = 1, 22, 38
_FILTER = 2
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_ARGUMENTS = 16
"""Where the arguments of a system call start in ``struct seccomp_data``, eight bytes each, the low word first."""
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

_REFUSED = {
    # socket connect execve execveat io_uring_setup ptrace process_vm_writev; creat mkdir rmdir rename link unlink symlink mknod truncate
    # and their forms with a folder; socketpair stays: asyncio and multiprocessing talk through it
    "x86_64": (41, 42, 59, 322, 425, 101, 311, 85, 83, 84, 82, 86, 87, 88, 133, 76, 258, 259, 263, 264, 265, 266, 316),
    "aarch64": (198, 203, 221, 281, 425, 117, 271, 45, 33, 34, 35, 36, 37, 38, 276),
}
_OPENING = {"x86_64": ((2, 1), (257, 2)), "aarch64": ((56, 2),)}
"""Calls that open a file, with the number of the argument that says how; ``openat2`` hides it and is refused as unknown."""
_OPENAT2 = 437
_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000
"""From here on, x86-64 numbers its calls a second time."""


def close_off() -> Ready:
    """Give up the network and writing, as far as this system lets a process do so; return which fences stand.

    Call it before anything else starts a thread: a process with threads gets no namespace of its own.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = OPEN_FILES if most == resource.RLIM_INFINITY else min(OPEN_FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    if sys.platform != "linux":
        return Ready(network=(), files=("size limit",))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    namespace = libc.unshare(_NEW_NET) == 0 or libc.unshare(_NEW_USER | _NEW_NET) == 0
    calls = _filtered(libc)
    return Ready(
        network=(*(["namespace"] if namespace else []), *(["system calls"] if calls else [])),
        files=("size limit", *(["system calls"] if calls else [])),
    )


def limit_memory(megabytes: int) -> None:
    """Allow so much memory beyond what the process has mapped by now; what a store takes when it opens is not a query's fault.

    Only Linux tells what is mapped, and others do not keep to the limit; there nothing happens.
    """
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return
    mapped = int(statm.read_text().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (mapped + megabytes * _MB, hard))


def limit_processor(seconds: float) -> None:
    """Allow so many more seconds of processor time: the second line behind the server's own clock."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds) + 1, hard))


def _filtered(libc: ctypes.CDLL) -> bool:
    """Have the kernel refuse the calls that reach out, start programs or change files; tell whether it does."""
    machine = platform.machine()
    if machine not in _ARCHITECTURE or sys.byteorder != "little":
        return False
    program = b"".join(_program(machine))
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HL", len(program) // 8, ctypes.addressof(code))
    if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_SECCOMP, _FILTER, header, 0, 0) == 0)


def _program(machine: str) -> Iterator[bytes]:
    """Yield the filter's instructions (classic BPF: code, steps if true, steps if false, constant)."""
    yield _step(_LOAD, 4)
    yield _step(_EQUAL, _ARCHITECTURE[machine], 1)
    yield _step(_RETURN, _REFUSE | errno.EACCES)
    yield _step(_LOAD, 0)
    yield _step(_AT_LEAST, _X32, 0, 1)
    yield _step(_RETURN, _REFUSE | errno.ENOSYS)
    yield _step(_EQUAL, _OPENAT2, 0, 1)
    yield _step(_RETURN, _REFUSE | errno.ENOSYS)
    for number in _REFUSED[machine]:
        yield _step(_EQUAL, number, 0, 1)
        yield _step(_RETURN, _REFUSE | errno.EACCES)
    for number, argument in _OPENING[machine]:
        yield _step(_EQUAL, number, 0, 4)
        yield _step(_LOAD, _ARGUMENTS + 8 * argument)
        yield _step(_ANY_BIT, _WRITING, 0, 1)
        yield _step(_RETURN, _REFUSE | errno.EROFS)
        yield _step(_RETURN, _ALLOW)
    yield _step(_RETURN, _ALLOW)


def _step(code: int, constant: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, constant)
