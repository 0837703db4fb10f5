#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Crafted probes, looked at by programs that know nothing of how they were made.
load ../command/common

setup() {
	file=$BATS_TEST_TMPDIR/crafted.pcap
	"${top_builddir:-$top/build}/tests/probe/crafted" >"$file"
}

# How many packets of the file a display filter chooses.
count() {
	sonde read -n -Y "$1" "$file" | wc -l
}

@test "sonde finds every checksum good" {
	is "$(count frame)" 120
	is "$(count 'ip.checksum.status == 1')" 60
	is "$(count 'udp.checksum.status == 1')" 40
	is "$(count 'icmp.checksum.status == 1')" 20
	is "$(count 'icmpv6.checksum.status == 1')" 20
	is "$(count 'tcp.checksum.status == 1')" 40
}

@test "the probes of a flow are alike where routers look" {
	is "$(count 'udp.srcport == 40000 && udp.dstport == 33434')" 40
	is "$(count 'icmp.checksum == 0xbeef && icmp.ident == 0x1234')" 20
	is "$(count 'icmpv6.checksum == 0xbeef && icmpv6.echo.identifier == 0x1234')" 20
	is "$(count 'ipv6.flow == 0xabcde')" 60
}

@test "the key of a probe is its checksum, sequence number and identification" {
	is "$(count 'udp.checksum == 0xffff')" 8
	is "$(count 'icmp.seq == 0xffff || icmpv6.echo.sequence_number == 0xffff')" 8
	is "$(count 'tcp.seq_raw == 0xffef')" 8
	is "$(count 'ip.id == 0xffff')" 12
}

@test "tcpdump finds no checksum wrong" {
	need tcpdump
	run --separate-stderr tcpdump -nn -vv -r "$file"
	is "$status" 0
	is "$(grep -ciE 'bad (udp |icmp |tcp )?cksum|incorrect|wrong' <<<"$output")" 0
	is "$(grep -cE 'udp sum ok' <<<"$output")" 40
}

@test "tshark finds every checksum good" {
	need tshark
	local options=(-o ip.check_checksum:TRUE -o udp.check_checksum:TRUE -o tcp.check_checksum:TRUE)
	is "$(tshark "${options[@]}" -r "$file" -Y 'udp.checksum.status == 1 || tcp.checksum.status == 1 ||
		icmp.checksum.status == 1 || icmpv6.checksum.status == 1' 2>/dev/null | wc -l)" 120
	is "$(tshark "${options[@]}" -r "$file" -Y 'ip.checksum.status == 1' 2>/dev/null | wc -l)" 60
}
