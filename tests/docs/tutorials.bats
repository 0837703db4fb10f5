#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Does what docs/add-a-protocol.md and docs/add-a-command.md say, in a copy of the sources, then make.

block() { # PAGE LANGUAGE: the page's one block in that language
	awk -v fence="\`\`\`$2" '$0 == fence { inside = 1; next } /^```$/ { inside = 0 } inside' "$source/docs/$1.md"
}

insert() { # FILE PATTERN LINE: the line behind the first that matches
	line=$3 awk -v pattern="$2" '{ print } !done && $0 ~ pattern { print ENVIRON["line"]; done = 1 }
		END { exit !done }' "$tree/$1" >"$BATS_FILE_TMPDIR/new"
	mv "$BATS_FILE_TMPDIR/new" "$tree/$1"
}

one_line() { # exactly one line goes through
	awk '{ print } END { exit NR != 1 }'
}

add_protocol() {
	block add-a-protocol c >"$tree/dissectors/toy.c"
	insert dissectors/local.mk '^DISSECTORS = ' "$(block add-a-protocol make | one_line)"
}

add_command() {
	block add-a-command c >"$tree/src/cmd/count.c"
	insert src/local.mk '^libsonde_a_SOURCES ' "$(block add-a-command make | one_line)"
	insert src/cmd/commands.c '^extern const struct command ' "$(block add-a-command text | sed -n 1p)"
	insert src/cmd/commands.c '^const struct command .* = {' "$(block add-a-command text | sed -n 2p)"
}

capture() { # OCTETS: a capture of one UDP datagram to port 7000, cut after that many octets of it
	python3 - "$1" <<'END'
import struct
import sys

words = bytes.fromhex("1205002a") + b"hello"
udp = struct.pack(">HHHH", 40000, 7000, 8 + len(words), 0)
ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp + words), 1, 0, 64, 17, 0, bytes([10, 0, 0, 2]), bytes([10, 0, 0, 1]))
frame = bytes(12) + b"\x08\x00" + ip + udp + words
kept = frame[: 14 + 20 + 8 + int(sys.argv[1])]
sys.stdout.buffer.write(struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
sys.stdout.buffer.write(struct.pack("<IIII", 1, 0, len(kept), len(frame)) + kept)
END
}

setup_file() {
	set -e
	source=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	tree=$BATS_FILE_TMPDIR/tree
	mkdir "$tree"
	tar -C "$source" -cf - --exclude=./.git --exclude='./build*/*' --exclude='./sonde-*' . | tar -C "$tree" -xf -
	tar -C "$source" -cf - build-aux | tar -C "$tree" -xf -
	chmod -R u+w "$tree"
	[ -x "$tree/configure" ] || "$tree/bootstrap"
	mkdir -p "$tree/build"
	cd "$tree/build"
	unset MAKEFLAGS MFLAGS MAKELEVEL
	../configure --quiet CFLAGS=-O0
	add_protocol
	add_command
	make -s Makefile # alone: with -j, make and config.status would want the same descriptors under bats
	make -s -j"$(nproc)" sonde
	capture 9 >"$BATS_FILE_TMPDIR/toy.pcap"
	capture 6 >"$BATS_FILE_TMPDIR/cut.pcap"
	export sonde=$tree/build/sonde
}

@test "the new protocol is listed with its fields" {
	run "$sonde" list fields toy
	[ "$status" = 0 ]
	[[ $output = *toy.number* ]]
}

@test "its line has the summary" {
	run "$sonde" read -n "$BATS_FILE_TMPDIR/toy.pcap"
	[ "$status" = 0 ]
	[[ $output = *TOY*"answer 42: hello"* ]]
}

@test "its fields can be asked for" {
	run "$sonde" read -T fields -e toy.version -e toy.kind -e toy.number -e toy.words -E separator=, \
		"$BATS_FILE_TMPDIR/toy.pcap"
	[ "$status" = 0 ]
	[ "$output" = "1,2,42,hello" ]
}

@test "a packet that was captured in part is cut, not malformed" {
	run "$sonde" read -n "$BATS_FILE_TMPDIR/cut.pcap"
	[ "$status" = 0 ]
	[[ $output = *TOY*"answer 42"*"[cut"* ]]
	[[ $output != *malformed* ]]
}

@test "the new command counts packets and octets" {
	run "$sonde" count "$BATS_FILE_TMPDIR/toy.pcap"
	[ "$status" = 0 ]
	[ "$output" = 1 ]
	run "$sonde" count --octets "$BATS_FILE_TMPDIR/toy.pcap"
	[ "$output" = 51 ]
}

@test "the new command is in the overview, and has its own help" {
	run "$sonde" help
	[[ $output = *"count "*"count the packets of a capture"* ]]
	run "$sonde" count --help
	[ "$status" = 0 ]
	[[ $output = *--octets* ]]
}

@test "the new command refuses what is no capture" {
	run "$sonde" count "$BATS_TEST_FILENAME"
	[ "$status" = 2 ]
	[[ $output = "sonde count: "* ]]
}
