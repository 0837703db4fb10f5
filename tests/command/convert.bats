#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# sonde convert: what is asked for changes, and nothing else.
load common

setup() {
	dir=$BATS_TEST_TMPDIR
	chat=$pcaps/chat/join-nick-leave.pcap
	reply=$pcaps/date/python-reply.pcap
	all=$pcaps/pcapng/all-blocks.pcapng
}

# The types of all blocks, a line each.
blocks() {
	python3 - "$1" <<'PY'
import struct, sys
data, at, order = open(sys.argv[1], 'rb').read(), 0, '<'
while at < len(data):
    if data[at:at + 4] == b'\n\r\r\n':
        order = '<' if data[at + 8:at + 12] == b'\x4d\x3c\x2b\x1a' else '>'
    kind, length = struct.unpack_from(order + 'II', data, at)
    assert length % 4 == 0 and struct.unpack_from(order + 'I', data, at + length - 4)[0] == length
    print(hex(kind))
    at += length
PY
}

@test "pcapng to pcapng: every block as it was, bit for bit" {
	local file
	for file in all-blocks two-sections-two-endians several-link-types comments loose-ends resolutions big-endian plain; do
		sonde convert "$pcaps/pcapng/$file.pcapng" "$dir/$file.pcapng"
		cmp "$pcaps/pcapng/$file.pcapng" "$dir/$file.pcapng"
	done
	sonde convert "$pcaps/frame/every-option.pcapng" "$dir/options.pcapng"
	cmp "$pcaps/frame/every-option.pcapng" "$dir/options.pcapng"
}

@test "only the length of a section is not known any more" {
	local file=$pcaps/pcapng/section-lengths.pcapng
	sonde convert "$file" "$dir/a.pcapng"
	is "$(blocks "$dir/a.pcapng")" "$(blocks "$file")"
	is "$(sonde read -V "$dir/a.pcapng")" "$(sonde read -V "$file")"
	python3 - "$file" "$dir/a.pcapng" <<'PY'
import sys
a, b = (open(name, 'rb').read() for name in sys.argv[1:])
assert len(a) == len(b)
for at in {i for i in range(len(a)) if a[i] != b[i]}:
    start = max(a.rfind(b'\n\r\r\n', 0, at), 0)
    assert 16 <= at - start < 24, at
PY
}

@test "pcap to pcapng and back" {
	local file
	for file in "$chat" "$reply" "$pcaps/pcap/nanoseconds.pcap"; do
		run -0 --separate-stderr sonde convert "$file" "$dir/a.pcapng"
		is "$stderr" ""
		run -0 --separate-stderr sonde convert "$dir/a.pcapng" "$dir/b.pcap"
		is "$(essence "$dir/a.pcapng")" "$(essence "$file")"
		cmp "$dir/b.pcap" "$file" || is "$(essence "$dir/b.pcap")" "$(essence "$file")"
	done
	sonde convert "$chat" "$dir/c.other" -F pcap
	has "$(sonde info "$dir/c.other")" "format:         pcap 2.4"
	is "$(sonde convert "$chat" - | sonde convert - - -F pcap | sonde read -n -)" "$(sonde read -n "$chat")"
}

@test "what a pcap file has no room for is said" {
	run -0 --separate-stderr sonde convert "$all" "$dir/a.pcap"
	has "$stderr" "1 comment, 2 interfaces with what is known of them"
	has "$stderr" "1 packet without a time"
	has "$stderr" "3 host names, 2 blocks of interface statistics, 1 block of decryption secrets, 2 custom blocks, 1 block of another kind"
	has "$stderr" "write pcapng"
	is "$(sonde read -q "$dir/a.pcap")" "5 packets"
	run -2 --separate-stderr sonde convert "$pcaps/pcapng/several-link-types.pcapng" "$dir/b.pcap"
	has "$stderr" "a pcap file holds only one; write pcapng"
	refused convert "$chat" "$dir/c.pcap" --comment x
	has "$stderr" "no room for comments"
	[ ! -e "$dir/c.pcap" ]
}

@test "by numbers" {
	sonde convert "$chat" "$dir/a.pcapng" --packets 1-3,7,20-
	is "$(sonde read -n -T fields -e tcp.seq_raw -e frame.time_epoch "$dir/a.pcapng")" \
		"$(sonde read -n -T fields -e tcp.seq_raw -e frame.time_epoch "$chat" | sed -n '1,3p;7p;20,$p')"
	sonde convert "$chat" "$dir/b.pcapng" --packets 9,2,8-10,9-9,-1
	is "$(sonde read -q "$dir/b.pcapng")" "5 packets"
	sonde convert "$all" "$dir/c.pcapng" --packets 18446744073709551615
	is "$(sonde read -q "$dir/c.pcapng")" "0 packets"
	is "$(blocks "$dir/c.pcapng")" "$(blocks "$all" | grep -vxE '0x[236]')"
	for list in '' 0 x 1,,2 3-2 -0 1-,2x 18446744073709551616 -; do
		refused convert "$chat" "$dir/d.pcapng" --packets "$list"
		has "$stderr" "not a list of packet numbers"
	done
	refused convert "$chat" "$dir/d.pcapng" --packets "$(seq -s, 1 2 20003)"
	has "$stderr" "more than 10000 ranges"
}

@test "by capture filter, by display filter, by count" {
	sonde convert "$chat" "$dir/a.pcapng" -f 'tcp src port 5555'
	is "$(essence -e frame.time_epoch "$dir/a.pcapng" | cut -d, -f2-)" "$(essence -e frame.time_epoch "$chat" tcp src port 5555 | cut -d, -f2-)"
	sonde convert "$chat" "$dir/b.pcapng" -Y 'frame.number in {2..4, 9}'
	is "$(sonde read -q "$dir/b.pcapng")" "4 packets"
	sonde convert "$chat" "$dir/c.pcapng" --packets 3-9 -Y 'tcp.srcport == 5555'
	is "$(essence "$dir/c.pcapng" | cut -d, -f2-)" "$(essence "$chat" -Y 'frame.number in {3..9} and tcp.srcport == 5555' | cut -d, -f2-)"
	sonde convert "$chat" "$dir/d.pcapng" -c 5
	is "$(sonde read -q "$dir/d.pcapng")" "5 packets"
	refused convert "$chat" "$dir/e.pcapng" -f 'nonsense ((('
	run -2 sonde convert "$chat" "$dir/f.pcapng" -Y 'no.such.field'
	[ ! -e "$dir/f.pcapng" ]
}

@test "by time: relative, local, UTC, with a zone" {
	local from=2026-01-31T12:00:00.001
	sonde convert "$chat" "$dir/a.pcapng" --from +1ms --until +3ms
	is "$(sonde read -T fields -e frame.time_relative "$dir/a.pcapng" | wc -l)" 2
	is "$(sonde read -T fields -e frame.time_epoch "$dir/a.pcapng" | head -1)" 1769860800.001000000
	for time in "$from" "${from/T/ }" "${from}Z" 2026-01-31T13:00:00.001+01:00 2026-01-31T07:00:00.001000000-0500; do
		sonde convert "$chat" "$dir/b.pcapng" --from "$time" --until +0.003
		cmp "$dir/a.pcapng" "$dir/b.pcapng"
	done
	TZ=Europe/Berlin sonde convert "$chat" "$dir/b.pcapng" --from 2026-01-31T13:00:00.001 --until +3ms
	cmp "$dir/a.pcapng" "$dir/b.pcapng"
	sonde convert "$chat" "$dir/c.pcapng" --from 2026-02-01
	is "$(sonde read -q "$dir/c.pcapng")" "0 packets"
	sonde convert "$chat" "$dir/c.pcapng" --from 2026-01-31 --until 2026-01-31T12:01
	is "$(sonde read -q "$dir/c.pcapng")" "24 packets"
	for time in '' soon 2026-13-01 2026-02-30T00:00 12:00 +1x +99999999999s 2026-01-31T12:00:00.5+15:00; do
		refused convert "$chat" "$dir/d.pcapng" --from "$time"
		has "$stderr" "not a time"
	done
}

@test "times are shifted, and everything else stays" {
	sonde convert "$chat" "$dir/a.pcap" --shift -1h
	is "$(sonde read -T fields -e frame.time_epoch "$dir/a.pcap" | head -1)" 1769857200.000000000
	sonde convert "$dir/a.pcap" "$dir/b.pcap" --shift 3600
	cmp "$dir/b.pcap" "$chat"
	local file
	for file in all-blocks two-sections-two-endians resolutions comments loose-ends; do
		file=$pcaps/pcapng/$file.pcapng
		sonde convert "$file" "$dir/there.pcapng" --shift=+1.5s
		run ! cmp -s "$file" "$dir/there.pcapng"
		is "$(blocks "$dir/there.pcapng")" "$(blocks "$file")"
		sonde convert "$dir/there.pcapng" "$dir/back.pcapng" --shift=-1500ms
		cmp "$dir/back.pcapng" "$file"
	done
	run -2 --separate-stderr sonde convert "$chat" "$dir/c.pcapng" --shift -100000d
	has "$stderr" "packet 1: its time cannot be shifted so far"
	refused convert "$chat" "$dir/c.pcapng" --shift 1parsec
	has "$stderr" "not a length of time"
}

@test "comments: added, found, deleted" {
	local file
	for file in "$reply" "$pcaps/pcapng/plain.pcapng" "$pcaps/pcapng/big-endian.pcapng"; do
		sonde convert "$file" "$dir/a.pcapng" --comment "second try" --packet-comment "2:no: reply" --packet-comment 1-2:both
		run -0 sonde info "$dir/a.pcapng"
		has "$output" "section 1: second try"
		has "$output" "packet 1: both"
		has "$output" "packet 2: no: reply"$'\n'"  packet 2: both"
		sonde convert "$dir/a.pcapng" "$dir/b.pcapng" --delete-comments
		lacks "$(sonde info "$dir/b.pcapng")" comments
		is "$(essence "$dir/b.pcapng")" "$(essence "$file")"
	done
	sonde convert "$pcaps/pcapng/comments.pcapng" "$dir/c.pcapng" --delete-comments --packet-comment 1:new
	has "$(sonde info "$dir/c.pcapng")" "comments:       1 on packet"$'\n'"  packet 1: new"
	run -2 --separate-stderr sonde convert "$all" "$dir/d.pcapng" --packet-comment 2:x
	has "$stderr" "packet 2: it is a Simple Packet Block, which has no room for a comment"
	refused convert "$reply" "$dir/e.pcapng" --packet-comment "no number"
	refused convert "$reply" "$dir/e.pcapng" --packet-comment "$(printf '1:%070000d' 1)"
	has "$stderr" "longer than 65535 octets"
}

@test "tshark sees the comments and the times" {
	need tshark
	sonde convert "$pcaps/pcapng/big-endian.pcapng" "$dir/a.pcapng" --packet-comment 1:hello --shift 10s
	is "$(tshark -r "$dir/a.pcapng" -T fields -e frame.comment 2>/dev/null | head -1)" hello
	is "$(tshark -r "$dir/a.pcapng" -T fields -e frame.time_epoch 2>/dev/null)" "$(sonde read -T fields -e frame.time_epoch "$dir/a.pcapng")"
	[ "$(sonde read -T fields -e frame.time_epoch "$dir/a.pcapng")" != "$(sonde read -T fields -e frame.time_epoch "$pcaps/pcapng/big-endian.pcapng")" ]
}

@test "the same shift as editcap's" {
	need editcap
	editcap -F pcap -t -12.25 "$chat" "$dir/theirs.pcap"
	sonde convert "$chat" "$dir/ours.pcap" --shift -12.25
	is "$(essence "$dir/ours.pcap")" "$(essence "$dir/theirs.pcap")"
}

# A file in which packets come again: after 1, 2, 4 and 8 others.
repeated() {
	python3 - "$1" <<'PY'
import struct, sys
words = [b'a', b'a', b'b', b'a', b'c', b'd', b'b', b'e', b'f', b'g', b'h', b'c', b'aa', b'a']
with open(sys.argv[1], 'wb') as out:
    out.write(struct.pack('<IHHIIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
    for i, word in enumerate(words):
        body = word * 60
        out.write(struct.pack('<IIII', 1000 + i, 0, len(body), len(body)) + body)
PY
}

@test "duplicates within a window, as editcap leaves them out" {
	repeated "$dir/repeated.pcap"
	sonde convert "$dir/repeated.pcap" "$dir/a.pcap" --drop-duplicates
	is "$(sonde read -T fields -e frame.time_epoch "$dir/a.pcap" | cut -d. -f1 | tr '\n' ' ')" \
		"1000 1002 1004 1005 1007 1008 1009 1010 1011 1012 1013 "
	if command -v editcap >/dev/null; then
		for window in 2 3 5 6 9 14 100; do
			editcap -F pcap -D "$window" "$dir/repeated.pcap" "$dir/theirs.pcap" 2>/dev/null
			sonde convert "$dir/repeated.pcap" "$dir/ours.pcap" --drop-duplicates="$window"
			is "$window $(essence "$dir/ours.pcap")" "$window $(essence "$dir/theirs.pcap")"
		done
	fi
	for window in 0 1 10001 x; do
		refused convert "$dir/repeated.pcap" "$dir/b.pcap" --drop-duplicates="$window"
		has "$stderr" "from 2 to 10000"
	done
}

@test "packets are cut" {
	sonde convert "$chat" "$dir/a.pcap" --snap 40
	is "$(sonde read -T fields -e frame.cap_len "$dir/a.pcap" | sort -u)" 40
	is "$(sonde read -T fields -e frame.len "$dir/a.pcap")" "$(sonde read -T fields -e frame.len "$chat")"
	sonde convert "$all" "$dir/b.pcapng" --snap 20
	is "$(sonde read -T fields -e frame.cap_len "$dir/b.pcapng" | sort -u)" 20
	is "$(blocks "$dir/b.pcapng")" "$(blocks "$all")"
	has "$(sonde info "$dir/b.pcapng")" "snap length:    20 octets"
	if command -v editcap >/dev/null; then
		editcap -F pcap -s 40 "$chat" "$dir/theirs.pcap"
		is "$(sonde read -x "$dir/a.pcap")" "$(sonde read -x "$dir/theirs.pcap")"
	fi
}

@test "cut and damaged files: what can be read, then the error and status 2" {
	for file in pcap/cut-in-packet.pcap pcapng/cut-in-block.pcapng pcapng/lengths-differ.pcapng pcapng/zero-length-block.pcapng; do
		run -2 --separate-stderr sonde convert "$pcaps/$file" "$dir/a.pcapng" --shift 1s
		has "$stderr" "what came before was read"
		is "$(sonde read -q "$dir/a.pcapng")" "$(sonde info "$pcaps/$file" 2>/dev/null | sed -n 's/^packets: *//p') packets"
	done
}

@test "the file that is read is not written over" {
	cp "$chat" "$dir/a.pcap"
	ln "$dir/a.pcap" "$dir/b.pcap"
	ln -s a.pcap "$dir/c.pcap"
	for name in a b c; do
		run -2 --separate-stderr sonde convert "$dir/a.pcap" "$dir/$name.pcap" --packets 1
		has "$stderr" "this file is being read"
		cmp "$chat" "$dir/a.pcap"
	done
}

@test "two files, no more, no fewer" {
	refused convert
	refused convert "$chat"
	refused convert "$chat" "$dir/a.pcap" tcp
	has "$stderr" "two files are needed"
	refused convert "$dir/missing" "$dir/a.pcap"
	refused convert "$chat" "$dir/a.pcap" -F gif
	has "$stderr" "no such format"
}
