"""Sandbox of this process: it gives up, for good, what work on untrusted media does not need.

The kernel then refuses all other system calls: a process that an attacker takes over cannot open
files or sockets, start programs, or reach other processes. libseccomp, which Debian's `apt` brings
along, writes the filter; without it, and on other systems than Linux, `confine` does what it can.
"""

import ctypes
import errno
import fcntl
import sys
from functools import cache
from typing import Any, Final, Literal, get_args

Protection = Literal["memory", "privileges", "systemCalls"]
"""What protects a process: no other process reads its memory, no program that it starts has more
rights, and only the system calls below work."""

PROTECTIONS: Final[tuple[Protection, ...]] = get_args(Protection)

PR_GET_DUMPABLE: Final = 3
PR_SET_DUMPABLE: Final = 4
PR_SET_NO_NEW_PRIVS: Final = 38
"""Of <linux/prctl.h>."""

MEBIBYTE: Final = 1024 * 1024

MAX_LOG_BYTES: Final = 64 * 1024
"""Of standard error, the only file that a child writes to."""

SPARE_FILES: Final = 3
"""Standard input, output and error; a child can open no other file."""

LIBRARY: Final = "libseccomp.so.2"

ALLOW: Final = 0x7FFF0000
REFUSE: Final = 0x00050000
"""Actions of <seccomp.h>; the latter with the error number to return."""
EQUAL: Final = 4
MASKED_EQUAL: Final = 7
TSYNC: Final = 4
"""Attribute of a filter: it holds for all threads of the process, not only for this one."""

CLONE_THREAD: Final = 0x00010000

ALLOWED: Final = (
    *("read", "readv", "pread64", "write", "writev", "pwrite64", "lseek", "close", "fstat"),
    *("poll", "ppoll", "ftruncate"),
    *("mmap", "munmap", "mremap", "mprotect", "madvise", "brk", "membarrier"),
    *("futex", "set_robust_list", "rseq", "sched_yield", "sched_getaffinity", "getcpu"),
    *("sched_getparam", "sched_getscheduler", "sched_get_priority_max", "sched_get_priority_min"),
    *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall"),
    *("clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "times"),
    *("getpid", "gettid", "getrandom", "getrlimit", "getrusage", "sysinfo", "uname"),
    *("exit", "exit_group"),
)
"""System calls that decoding, encoding and pose detection make on files that are already open."""

ALLOWED_OF_FCNTL: Final = (fcntl.F_GETFD, fcntl.F_SETFD, fcntl.F_GETFL)
"""Commands of `fcntl`. Others make the kernel send any signal to any process of the same user."""


class _Argument(ctypes.Structure):
    """`struct scmp_arg_cmp`: a condition on an argument of a system call."""

    _fields_ = (
        ("arg", ctypes.c_uint),
        ("op", ctypes.c_int),
        ("datum_a", ctypes.c_uint64),
        ("datum_b", ctypes.c_uint64),
    )


ARGUMENTS: Final[dict[str, tuple[Any, ...]]] = {
    "seccomp_init": (ctypes.c_uint32,),
    "seccomp_attr_set": (ctypes.c_void_p, ctypes.c_int, ctypes.c_uint32),
    "seccomp_load": (ctypes.c_void_p,),
    "seccomp_rule_add_array": (
        ctypes.c_void_p,
        ctypes.c_uint32,
        ctypes.c_int,
        ctypes.c_uint,
        ctypes.c_void_p,
    ),
}
"""Types of the arguments of libseccomp's functions."""


@cache
def load_library() -> Any:
    """Load libseccomp, once, while files can be opened; return None if it is missing."""
    try:
        library: Any = ctypes.CDLL(LIBRARY)
    except OSError:
        return None
    library.seccomp_init.restype = ctypes.c_void_p
    for name, types in ARGUMENTS.items():
        getattr(library, name).argtypes = types
    return library


def confine(*, filters: bool = True) -> tuple[Protection, ...]:
    """Confine this process with all its threads; return the protections that are in force.

    Without `filters` all system calls stay.
    """
    if not sys.platform.startswith("linux"):
        return ()
    libc = ctypes.CDLL(None, use_errno=True)
    found: list[Protection] = []
    if libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 and not libc.prctl(PR_GET_DUMPABLE):
        found.append("memory")
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
        found.append("privileges")
    if filters and _filter_system_calls():
        found.append("systemCalls")
    return tuple(found)


def _filter_system_calls() -> bool:
    """Load the filter into the kernel; return whether it is in force."""
    seccomp = load_library()
    if seccomp is None:
        return False
    context = seccomp.seccomp_init(REFUSE | errno.EPERM)
    if not context or seccomp.seccomp_attr_set(context, TSYNC, 1):
        return False

    def rule(call: str, action: int = ALLOW, *conditions: _Argument) -> bool:
        number = seccomp.seccomp_syscall_resolve_name(call.encode())
        array = (_Argument * len(conditions))(*conditions)
        return not seccomp.seccomp_rule_add_array(context, action, number, len(array), array)

    # A new thread, not a new process; glibc falls back to clone if clone3 does not exist.
    thread = _Argument(0, MASKED_EQUAL, CLONE_THREAD, CLONE_THREAD)
    rules = [rule("clone", ALLOW, thread), rule("clone3", REFUSE | errno.ENOSYS)]
    rules += [rule(call) for call in ALLOWED]
    rules += [rule("fcntl", ALLOW, _Argument(1, EQUAL, number)) for number in ALLOWED_OF_FCNTL]
    return all(rules) and seccomp.seccomp_load(context) == 0
