#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""refusing.py PROGRAM...: runs it where pidfd_getfd(2) is refused with EPERM, as containers and Yama do."""
import ctypes
import os
import struct
import sys

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
PIDFD_GETFD, EPERM = 438, 1  # the number is that of every architecture


def instruction(code, yes, no, value):
    return struct.pack("HBBI", code, yes, no, value)


def main():
    program = b"".join((
        instruction(0x20, 0, 0, 0),                      # load the number of the call
        instruction(0x15, 0, 1, PIDFD_GETFD),            # is it this one?
        instruction(0x06, 0, 0, 0x00050000 | EPERM),     # return an error
        instruction(0x06, 0, 0, 0x7fff0000),             # let it go
    ))
    octets = ctypes.create_string_buffer(program)
    filters = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(octets))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filters, 0, 0):
        sys.exit(f"seccomp: {os.strerror(ctypes.get_errno())}")
    os.execv(sys.argv[1], sys.argv[1:])


main()
