#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Does what docs/add-a-protocol.md says, in a copy of the sources: one file and one line, then make.

block() { # LANGUAGE: the page's one block in that language
	awk -v fence="\`\`\`$1" '$0 == fence { inside = 1; next } /^```$/ { inside = 0 } inside' "$page"
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
	local source
	source=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	export page=$source/docs/add-a-protocol.md
	export tree=$BATS_FILE_TMPDIR/tree
	mkdir "$tree"
	(cd "$source" && tar -cf - --exclude=./.git --exclude='./build*/*' --exclude='./sonde-*' .) | tar -xf - -C "$tree"
	(cd "$source" && tar -cf - build-aux) | tar -xf - -C "$tree"
	chmod -R u+w "$tree"
	[ -x "$tree/configure" ] || "$tree/bootstrap"
	mkdir -p "$tree/build"
	cd "$tree/build"
	env -u MAKEFLAGS -u MFLAGS ../configure --quiet CFLAGS=-O0
	block c >"$tree/dissectors/toy.c"
	[ "$(block make | wc -l)" = 1 ]
	line=$(block make) awk '{ print } /^DISSECTORS = / { print ENVIRON["line"] }' "$tree/dissectors/local.mk" \
		>"$BATS_FILE_TMPDIR/local.mk"
	mv "$BATS_FILE_TMPDIR/local.mk" "$tree/dissectors/local.mk"
	env -u MAKEFLAGS -u MFLAGS make -s -j"$(nproc)" sonde
	capture 9 >"$BATS_FILE_TMPDIR/toy.pcap"
	capture 6 >"$BATS_FILE_TMPDIR/cut.pcap"
	export sonde=$tree/build/sonde
}

@test "the tutorial's protocol is listed with its fields" {
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
