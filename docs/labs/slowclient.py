#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A client of the date server that does one thing at a time: Enter goes on."""
import socket

client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
input("I have called socket() ")
client.sendto(b"", ("127.0.0.1", 5555))
print("the date is", client.recvfrom(128)[0].decode().strip())
input("I have called sendto() and recvfrom() ")
