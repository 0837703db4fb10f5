#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# sonde info: what a file is, and what is in it.
load common

setup() {
	dir=$BATS_TEST_TMPDIR
}

# fact FILE NAME: one member of the JSON object.
fact() {
	sonde info -T json "$1" 2>/dev/null | python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$2"
}

# What can be said of a line "name:   value".
line() {
	sed -n "s/^$2: *//p" <<<"$1"
}

@test "a pcap file" {
	run -0 --separate-stderr sonde info "$pcaps/date/python-reply.pcap"
	is "$stderr" ""
	is "$(line "$output" format)" "pcap 2.4, little-endian, resolution of times: 10^-6 s"
	is "$(line "$output" size)" "167 octets"
	is "$(line "$output" packets)" 2
	is "$(line "$output" octets)" "111 captured, 111 on the wire"
	is "$(line "$output" "first packet")" "2026-01-31 12:00:00.000000000 UTC"
	is "$(line "$output" "last packet")" "2026-01-31 12:00:00.001000000 UTC"
	is "$(line "$output" duration)" "0.001000000 s"
	is "$(line "$output" rate)" "2000.00 packets and 111000.00 octets a second"
	is "$(line "$output" "packet length")" "55.50 octets on average, 42 to 69"
	is "$(line "$output" "in order")" yes
	is "$(line "$output" "link type")" "Ethernet (1)"
	lacks "$output" comments
	lacks "$output" compression
}

@test "what a pcapng file says of its interfaces" {
	run -0 sonde info "$pcaps/pcapng/all-blocks.pcapng"
	has "$output" "statistics:     2 blocks"
	has "$output" "names:          3"
	has "$output" "secrets:        1 block of decryption secrets"
	has "$output" "custom blocks:  2"
	has "$output" "other blocks:   1 of type 0x0000bad0"
	has "$output" "dropped:        3 packets"
	has "$output" "without time:   1 packet"$'\n'
	[[ $output =~ id\ +name\ +description\ +link_type\ +snap_length ]]
	[[ $output =~ 0\ +eth0\ +the\ wire\ +Ethernet\ \(1\)\ +262144\ +10\^-6\ s\ +4\ +9\ +2\ +1\ +udp\ +Linux\ +a\ card ]]
	[[ $output =~ 1\ +eth1\ +Ethernet\ \(1\)\ +262144\ +10\^-9\ s\ +1 ]]
}

@test "comments, and what captured" {
	run -0 sonde info "$pcaps/pcapng/comments.pcapng"
	has "$output" "comments:       1 on section, 1 on interface, 3 on packets"
	has "$output" "  section 1: a comment on the section"
	has "$output" "  interface 0: a comment on the interface"
	has "$output" "  packet 2: second"
	has "$output" "application:    sonde"
	has "$output" "system:         Linux"
	has "$output" "hardware:       an old computer"
}

@test "formats, byte orders, resolutions, compression" {
	has "$(sonde info "$pcaps/pcap/microseconds-big-endian.pcap")" "pcap 2.4, big-endian, resolution of times: 10^-6 s"
	has "$(sonde info "$pcaps/pcap/nanoseconds.pcap")" "pcap 2.4, little-endian, resolution of times: 10^-9 s"
	has "$(sonde info "$pcaps/pcap/modified.pcap")" "pcap 2.4 (modified), little-endian"
	has "$(sonde info "$pcaps/pcapng/big-endian.pcapng")" "pcapng, big-endian"
	has "$(sonde info "$pcaps/pcapng/two-sections-two-endians.pcapng")" "pcapng, both byte orders"
	has "$(sonde info "$pcaps/pcapng/two-sections-two-endians.pcapng")" "sections:       3"
	has "$(sonde info "$pcaps/pcapng/resolutions.pcapng")" "resolution of times: several"
	gzip -c "$pcaps/date/python-reply.pcap" >"$dir/packed.pcap.gz"
	run -0 sonde info "$dir/packed.pcap.gz"
	has "$output" "compression:    gzip"
	has "$output" ", 167 unpacked"
	is "$(sonde info - <"$dir/packed.pcap.gz" | tail -n +2)" "$(sonde info "$dir/packed.pcap.gz" | tail -n +2)"
	is "$(sonde info - < <(cat "$pcaps/date/python-reply.pcap") | grep -c '^size')" 0
}

@test "packets that are cut, times that go back, several link types" {
	has "$(sonde info "$pcaps/pcap/snaplen.pcap")" "packets, of which the file has only the beginning"
	is "$(fact "$pcaps/pcap/snaplen.pcap" cut)" "$(sonde read -T fields -e frame.len -e frame.cap_len -E separator=, "$pcaps/pcap/snaplen.pcap" | awk -F, '$1 > $2' | wc -l)"
	sonde read "$pcaps/chat/join-nick-leave.pcap" -c 3 -w "$dir/a.pcap"
	sonde convert "$dir/a.pcap" "$dir/b.pcap" --shift -1h
	{ cat "$dir/a.pcap"; tail -c +25 "$dir/b.pcap"; } >"$dir/c.pcap"
	has "$(sonde info "$dir/c.pcap")" "in order:       no: 1 packet is older than the one before, the first is packet 4"
	is "$(fact "$dir/c.pcap" ordered)" False
	has "$(sonde info "$pcaps/pcapng/several-link-types.pcapng")" "Ethernet (1): "
}

@test "a file that is cut: what can be read, where it ends, status 2" {
	for file in pcap/cut-in-packet.pcap pcapng/cut-in-block.pcapng pcapng/lengths-differ.pcapng pcapng/zero-length-block.pcapng; do
		run -2 --separate-stderr sonde info "$pcaps/$file"
		has "$output" "packets:        "
		has "$(line "$output" problem)" " at octet "
		has "$stderr" "$(line "$output" problem)"
	done
	run -2 --separate-stderr sonde info "$pcaps/pcap/cut-in-packet.pcap" "$pcaps/date/python-reply.pcap"
	is "$(grep -c '^file:' <<<"$output")" 2
}

@test "what is no capture does not stop the others" {
	echo "not a capture" >"$dir/text"
	run -2 --separate-stderr sonde info "$dir/text" "$pcaps/date/python-reply.pcap" "$dir/missing" -T csv
	is "${#lines[@]}" 2
	has "$stderr" "not a capture file"
	has "$stderr" "missing: cannot open"
	run -2 --separate-stderr sonde info
	has "$stderr" "no file is named"
	refused info -T xml "$pcaps/date/python-reply.pcap"
	has "$stderr" "use plain, json or csv"
}

@test "JSON: an object a file, with interfaces and comments" {
	sonde info -T json "$pcaps/pcapng/all-blocks.pcapng" "$pcaps/pcapng/comments.pcapng" "$pcaps/pcap/empty.pcap" | python3 -c '
import json, sys
a, b, c = (json.loads(line) for line in sys.stdin)
assert a["packets"] == 5 and a["timeless"] == 1 and a["dropped"] == 3 and a["names"] == 3
assert [i["name"] for i in a["interfaces"]] == ["eth0", "eth1"]
assert a["interfaces"][0]["dropped"] == 2 and a["interfaces"][1]["dropped"] is None
assert [k["on"] for k in b["comments"]] == ["section", "interface", "packet", "packet", "packet"]
assert b["first"] == "1769860800.000000000" and b["duration"] == "0.001000000"
assert c["packets"] == 0 and c["first"] is None and c["comments"] == []'
}

@test "CSV: a line a file" {
	sonde info -T csv "$pcaps"/pcapng/comments.pcapng "$pcaps"/date/python-reply.pcap | python3 -c '
import csv, sys
rows = list(csv.DictReader(sys.stdin))
assert [r["packets"] for r in rows] == ["2", "2"] and rows[0]["application"] == "sonde" and rows[1]["application"] == ""'
}

@test "nothing in a file reaches the terminal raw" {
	python3 - "$dir/evil.pcapng" <<'PY'
import struct, sys
def option(code, value): return struct.pack('<HH', code, len(value)) + value + bytes(-len(value) % 4)
def block(kind, body): return struct.pack('<II', kind, len(body) + 12) + body + struct.pack('<I', len(body) + 12)
evil = b'\x1b[2Jgone\r\n'
open(sys.argv[1], 'wb').write(
    block(0x0a0d0d0a, struct.pack('<IHHq', 0x1a2b3c4d, 1, 0, -1) + option(1, evil) + option(4, evil)) +
    block(1, struct.pack('<HHI', 1, 0, 0) + option(2, evil) + option(11, b'\0' + evil)))
PY
	for form in plain json csv; do
		run -0 sonde info -T "$form" "$dir/evil.pcapng"
		lacks "$output" $'\x1b'
		lacks "$output" $'\r'
	done
}

# Packets, size, octets, first, last, average length, as capinfos has them; nothing when it cannot read the file.
capinfos_says() {
	capinfos -T -r -B -S -M -c -s -d -a -e -z "$1" 2>/dev/null | python3 -c '
import sys
p = sys.stdin.read().rstrip("\n").split("\t")
number = lambda text: None if text in ("n/a", "") else round(float(text), 6)
if len(p) == 7:
    print(p[1], p[2], p[3], number(p[4]), number(p[5]), p[6])'
}

sonde_says() {
	sonde info -T json "$1" | python3 -c '
import json, sys
o = json.load(sys.stdin)
first, last = (None if o[k] is None else round(float(o[k]), 6) for k in ("first", "last"))
print(o["packets"], o["size"], o["wire"], first, last, "%.2f" % o["average_length"])'
}

@test "capinfos counts the same, and has the same times" {
	need capinfos
	local file theirs compared=0
	for file in "$pcaps"/{chat,date,tcp,udp,ip}/*.pcap "$pcaps"/pcapng/{plain,comments,nanoseconds,big-endian}.pcapng; do
		theirs=$(capinfos_says "$file")
		[ -n "$theirs" ] || continue
		compared=$((compared + 1))
		is "$file $(sonde_says "$file")" "$file $theirs"
	done
	[ "$compared" -gt 20 ]
}

@test "capinfos agrees about order and link types" {
	need capinfos
	is "$(capinfos -o "$pcaps/chat/join-nick-leave.pcap" | awk -F': *' '/Strict/ { print $2 }')" "$(fact "$pcaps/chat/join-nick-leave.pcap" ordered)"
	mergecap -a -w "$dir/back.pcap" -F pcap "$pcaps/chat/join-nick-leave.pcap" "$pcaps/date/python-reply.pcap"
	is "$(capinfos -o "$dir/back.pcap" | awk -F': *' '/Strict/ { print $2 }')" "$(fact "$dir/back.pcap" ordered)"
	is "$(fact "$dir/back.pcap" ordered)" False
}

@test "--json is -T json" {
	is "$(sonde info --json "$pcaps/pcapng/comments.pcapng")" "$(sonde info -T json "$pcaps/pcapng/comments.pcapng")"
}
