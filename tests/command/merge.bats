#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# sonde merge: several files become one, and nothing that they hold is lost.
load common

setup() {
	dir=$BATS_TEST_TMPDIR
	chat=$pcaps/chat/join-nick-leave.pcap
	reply=$pcaps/date/python-reply.pcap
	all=$pcaps/pcapng/all-blocks.pcapng
}

# Time and length of each packet.
packets() {
	sonde read -n -T fields -e frame.time_epoch -e frame.len "$@"
}

# A file of two packets for each time, made by the test; $1: name, $2: < or >, then interface names.
make() {
	python3 - "$@" <<'PY'
import struct, sys
name, order, *interfaces = sys.argv[1:]
def pad(b): return b + bytes(-len(b) % 4)
def option(code, value): return struct.pack(order + 'HH', code, len(value)) + pad(value)
def block(kind, body): return struct.pack(order + 'II', kind, len(body) + 12) + body + struct.pack(order + 'I', len(body) + 12)
def word(*values): return struct.pack(order + 'I' * len(values), *values)
out = block(0x0a0d0d0a, struct.pack(order + 'IHHq', 0x1a2b3c4d, 1, 0, -1) +
            option(1, b'comment of ' + name.split('/')[-1].encode()) + option(2, b'amd64') + option(3, b'Linux ' + order.encode()) +
            option(2988, struct.pack(order + 'I', 4711) + b'custom'))
for i, interface in enumerate(interfaces):
    out += block(1, struct.pack(order + 'HHI', 1, 0, 100 + i) + option(2, interface.encode()) + option(9, b'\x09') +
                 option(8, struct.pack(order + 'Q', 1000000)) + option(1, b'about ' + interface.encode()) + option(0, b''))
out += block(4, struct.pack(order + 'HH', 1, 9) + pad(b'\x0a\0\0\1name\0') + word(0) + option(4, b'\x08\x08\x08\x08'))
for second in range(1, 4):
    for i, interface in enumerate(interfaces):
        ticks = second * 10**9 + i
        out += block(6, word(i, ticks >> 32, ticks & 0xffffffff, 60, 61) + bytes([i] * 60) +
                     option(2, word(1)) + option(4, struct.pack(order + 'Q', 7)) + option(1, interface.encode()) + option(0, b''))
        out += block(2, struct.pack(order + 'HH', i, 3) + word(ticks >> 32, ticks & 0xffffffff, 60, 61) + bytes([i] * 60))
out += block(10, word(0x544c534b, 3) + b'key\0')
for i in range(len(interfaces)):
    out += block(5, word(i, 0, 4000000000) + option(2, word(0, 1000000000)) + option(4, struct.pack(order + 'Q', 100 + i)) +
                 option(7, struct.pack(order + 'Q', 5 + i)) + option(0, b''))
open(name, 'wb').write(out)
PY
}

facts() {
	sonde info -T json "$1" | python3 -c '
import json, sys
o = json.load(sys.stdin)
print(o["packets"], o["sections"], o["names"], o["secrets"], o["statistics"], o["comment_count"], o["dropped"], *[i["name"] for i in o["interfaces"]])'
}

@test "by time; of equal times in the order of the files" {
	sonde merge -o "$dir/a.pcap" "$chat" "$reply"
	is "$(packets "$dir/a.pcap")" "$({ packets "$chat"; packets "$reply"; } | sort -s -n -k1,1)"
	sonde merge -w "$dir/b.pcap" "$reply" "$chat"
	is "$(packets "$dir/b.pcap")" "$({ packets "$reply"; packets "$chat"; } | sort -s -n -k1,1)"
	[ "$(packets "$dir/a.pcap")" != "$(packets "$dir/b.pcap")" ]
	sonde merge -o "$dir/c.pcapng" "$chat" "$reply"
	is "$(packets "$dir/c.pcapng")" "$(packets "$dir/a.pcap")"
}

@test "mergecap gives the same packets" {
	need mergecap
	# Of packets of the same time mergecap takes either first: there are none here.
	sonde convert "$reply" "$dir/between.pcap" --shift 0.0005
	mergecap -F pcap -w "$dir/theirs.pcap" "$chat" "$dir/between.pcap"
	run -0 --separate-stderr sonde merge -o "$dir/ours.pcap" "$chat" "$dir/between.pcap"
	is "$stderr" ""
	is "$(essence "$dir/ours.pcap")" "$(essence "$dir/theirs.pcap")"
}

@test "interfaces, comments, names, secrets and statistics are kept" {
	make "$dir/a.pcapng" '<' eth0 eth1
	make "$dir/b.pcapng" '<' wlan0 eth0
	is "$(facts "$dir/a.pcapng")" "12 1 1 1 2 9 11 eth0 eth1"
	run -0 --separate-stderr sonde merge -o "$dir/c.pcapng" "$dir/a.pcapng" "$dir/b.pcapng"
	is "$stderr" ""
	is "$(facts "$dir/c.pcapng")" "24 1 2 2 4 18 22 eth0 eth1 wlan0 eth0"
	is "$(sonde read -T fields -e frame.interface_name "$dir/c.pcapng" -c 8 | tr '\n' ' ')" "eth0 eth0 wlan0 wlan0 eth1 eth1 eth0 eth0 "
	run -0 sonde info "$dir/c.pcapng"
	has "$output" "section 1: comment of a.pcapng"
	has "$output" "section 1: comment of b.pcapng"
	has "$output" "interface 2: about wlan0"
	has "$output" "hardware:       amd64"
	is "$(sonde info -T json "$dir/c.pcapng" | python3 -c 'import json, sys; print([(i["received"], i["snap_length"]) for i in json.load(sys.stdin)["interfaces"]])')" \
		"[(100, 100), (101, 101), (100, 100), (101, 101)]"
}

@test "files of different byte order: everything known is turned round" {
	make "$dir/a.pcapng" '<' eth0 eth1
	make "$dir/b.pcapng" '>' wlan0 eth2
	make "$dir/c.pcapng" '<' wlan0 eth2
	run -0 --separate-stderr sonde merge -o "$dir/mixed.pcapng" "$dir/a.pcapng" "$dir/b.pcapng"
	is "$stderr" ""
	sonde merge -o "$dir/same.pcapng" "$dir/a.pcapng" "$dir/c.pcapng"
	has "$(sonde info "$dir/mixed.pcapng")" "pcapng, little-endian"
	# The sections differ in what they say of their system and name; then every octet is the same.
	has "$(sonde info "$dir/mixed.pcapng")" "system of $dir/b.pcapng: Linux >"
	python3 - "$dir/mixed.pcapng" "$dir/same.pcapng" <<'PY'
import struct, sys
a, b = (open(name, 'rb').read() for name in sys.argv[1:])
skip = lambda data: data[struct.unpack_from('<I', data, 4)[0]:]
assert skip(a) == skip(b) and len(skip(a)) > 2000
PY
	sonde merge -o "$dir/big.pcapng" "$dir/b.pcapng" "$dir/a.pcapng"
	has "$(sonde info "$dir/big.pcapng")" "pcapng, big-endian"
	is "$(sonde read -V "$dir/big.pcapng" | grep -v -i 'interface\|number')" "$(sonde merge -o - "$dir/c.pcapng" "$dir/a.pcapng" | sonde read -V - | grep -v -i 'interface\|number')"
}

@test "what is not known and cannot be turned round is kept, and said" {
	make "$dir/a.pcapng" '<' eth0
	make "$dir/b.pcapng" '>' eth1
	printf '\x12\x34\x56\x78\x00\x00\x00\x10abcd\x00\x00\x00\x10' >>"$dir/b.pcapng"
	run -0 --separate-stderr sonde merge -o "$dir/c.pcapng" "$dir/a.pcapng" "$dir/b.pcapng"
	has "$stderr" "1 blocks or options of unknown content keep the byte order of their file"
	has "$(sonde info "$dir/c.pcapng")" "1 of type 0x12345678"
	grep -q abcd "$dir/c.pcapng"
}

@test "several link types: interfaces kept apart in pcapng, refused in pcap" {
	sonde merge -o "$dir/a.pcapng" "$reply" "$pcaps"/sll/*.pcap
	is "$(sonde read -q "$dir/a.pcapng")" "$(($(for f in "$reply" "$pcaps"/sll/*.pcap; do sonde read -q "$f" | cut -d' ' -f1; done | paste -sd+))) packets"
	has "$(sonde info "$dir/a.pcapng")" "Linux cooked v1 (113)"
	run -2 --separate-stderr sonde merge -o "$dir/a.pcap" "$reply" "$pcaps"/sll/*.pcap
	has "$stderr" "a pcap file holds only one; write pcapng"
}

@test "the files as they are, one behind the other" {
	sonde merge --append -o "$dir/a.pcapng" "$all" "$pcaps/pcapng/big-endian.pcapng"
	cat "$all" "$pcaps/pcapng/big-endian.pcapng" | cmp - "$dir/a.pcapng"
	sonde merge --append -o "$dir/b.pcapng" "$reply" "$all" "$chat"
	is "$(sonde read -q "$dir/b.pcapng")" "31 packets"
	has "$(sonde info "$dir/b.pcapng")" "sections:       3"
	is "$(sonde read -x "$dir/b.pcapng" -c 2)" "$(sonde read -x "$reply")"
	sonde merge --append -o "$dir/c.pcap" "$chat" "$reply"
	is "$(packets "$dir/c.pcap")" "$(packets "$chat"; packets "$reply")"
}

@test "a file with several sections" {
	make "$dir/a.pcapng" '<' eth0 eth1
	make "$dir/b.pcapng" '<' wlan0
	cat "$dir/b.pcapng" "$dir/b.pcapng" >"$dir/twice.pcapng"
	sonde merge -o "$dir/c.pcapng" "$dir/a.pcapng" "$dir/twice.pcapng"
	is "$(facts "$dir/c.pcapng")" "24 2 3 3 4 21 21 eth0 eth1 wlan0 eth0 eth1 wlan0"
	is "$(sonde read -T fields -e frame.interface_name "$dir/c.pcapng" | sort | uniq -c | tr -s ' \n' ' ')" " 6 eth0 6 eth1 12 wlan0 "
}

@test "packets without a time" {
	run -0 --separate-stderr sonde merge -o "$dir/a.pcapng" "$reply" "$all"
	has "$stderr" "1 packets had no time (Simple Packet Blocks); they have the time 0 now"
	is "$(sonde read -q "$dir/a.pcapng")" "7 packets"
	run -0 --separate-stderr sonde merge -o "$dir/b.pcapng" "$all" "$reply"
	is "$stderr" ""
	is "$(sonde info -T json "$dir/b.pcapng" | python3 -c 'import json, sys; print(json.load(sys.stdin)["timeless"])')" 1
	is "$(sonde read -T fields -e frame.len "$dir/a.pcapng" | sort)" "$(sonde read -T fields -e frame.len "$dir/b.pcapng" | sort)"
}

@test "one file through merge is what it was" {
	local file
	for file in all-blocks comments plain loose-ends resolutions; do
		sonde merge --append -o "$dir/a.pcapng" "$pcaps/pcapng/$file.pcapng"
		cmp "$pcaps/pcapng/$file.pcapng" "$dir/a.pcapng"
		sonde merge -o "$dir/b.pcapng" "$pcaps/pcapng/$file.pcapng"
		is "$(sonde read -V "$dir/b.pcapng")" "$(sonde read -V "$pcaps/pcapng/$file.pcapng")"
		is "$(sonde info "$dir/b.pcapng" | tail -n +4)" "$(sonde info "$pcaps/pcapng/$file.pcapng" | tail -n +4)"
	done
}

@test "a damaged file: what can be read of it, all of the others, status 2" {
	run -2 --separate-stderr sonde merge -o "$dir/a.pcapng" "$pcaps/pcap/cut-in-packet.pcap" "$chat"
	has "$stderr" "cut-in-packet.pcap: cut in packet 2"
	is "$(sonde read -q "$dir/a.pcapng")" "25 packets"
	run -2 --separate-stderr sonde merge --append -o "$dir/b.pcapng" "$pcaps/pcapng/cut-in-block.pcapng" "$chat"
	has "$stderr" "cut in the block"
	is "$(packets "$dir/b.pcapng" | tail -24)" "$(packets "$chat")"
}

@test "what a pcap file has no room for is said" {
	make "$dir/a.pcapng" '<' eth0
	run -0 --separate-stderr sonde merge -o "$dir/a.pcap" "$dir/a.pcapng" "$reply"
	has "$stderr" "1 host name, 1 block of interface statistics, 1 block of decryption secrets"
	is "$(sonde read -q "$dir/a.pcap")" "8 packets"
}

@test "tshark reads the merged file" {
	need tshark
	make "$dir/a.pcapng" '<' eth0 eth1
	make "$dir/b.pcapng" '>' wlan0
	sonde merge -o "$dir/c.pcapng" --comment "all of it" "$dir/a.pcapng" "$dir/b.pcapng" "$chat"
	is "$(tshark -r "$dir/c.pcapng" -T fields -e frame.interface_id -e frame.interface_name -e frame.time_epoch -e frame.comment 2>/dev/null | wc -l)" 42
	is "$(tshark -r "$dir/c.pcapng" -Y 'frame.time_epoch < 100' -T fields -e frame.interface_name -e frame.comment 2>/dev/null | sort | uniq -c | tr -s ' \t\n' ' ')" \
		"$(sonde read "$dir/c.pcapng" -Y 'frame.time_epoch < 100' -T fields -e frame.interface_name -e frame.comment | sort | uniq -c | tr -s ' \t\n' ' ')"
	has "$(capinfos "$dir/c.pcapng")" "all of it"
}

@test "a file that is read is not written over" {
	cp "$chat" "$dir/a.pcap"
	cp "$reply" "$dir/b.pcap"
	for name in a b; do
		run -2 --separate-stderr sonde merge -o "$dir/$name.pcap" "$dir/a.pcap" "$dir/b.pcap"
		has "$stderr" "this file is being read"
	done
	cmp "$chat" "$dir/a.pcap" && cmp "$reply" "$dir/b.pcap"
}

@test "64 files, and what is missing" {
	local files=()
	for _ in $(seq 64); do files+=("$reply"); done
	sonde merge -o "$dir/a.pcap" "${files[@]}"
	is "$(sonde read -q "$dir/a.pcap")" "128 packets"
	refused merge -o "$dir/a.pcap" "${files[@]}" "$reply"
	has "$stderr" "at most 64"
	refused merge -o "$dir/b.pcap"
	refused merge "$reply" "$chat"
	has "$stderr" "with -o FILE"
	refused merge -o "$dir/b.pcap" - -
	refused merge -o "$dir/b.pcap" "$reply" "$dir/missing"
	[ ! -e "$dir/b.pcap" ]
	is "$(sonde merge -o - "$reply" - <"$chat" | sonde read -q -)" "26 packets"
}
