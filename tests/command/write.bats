#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What -w writes, and what other tools read in it.
load common

setup() {
	dir=$BATS_TEST_TMPDIR
}

# Captures that can be written anew whole: no error in them, one link type.
whole() {
	local file
	for file in "$pcaps"/*/*.pcap*; do
		case $file in
		*/several-link-types.* | */two-sections-* | */frame/unknown-link-type.* | */all-blocks.* | */loose-ends.*) continue ;;
		esac
		"$SONDE" read -q "$file" >/dev/null 2>&1 && echo "$file"
	done
}

# What tshark says of each packet; $2: more fields.
by_tshark() {
	tshark -n -r "$1" -T fields -e frame.number -e frame.time_epoch -e frame.len -e frame.cap_len "${@:2}" 2>/dev/null
}

@test "pcapng and back: every packet as it was" {
	whole | while read -r file; do
		sonde read "$file" -w "$dir/a.pcapng"
		sonde read "$dir/a.pcapng" -w "$dir/b.pcap" -F nsecpcap
		sonde read "$dir/b.pcap" -w "$dir/c.pcapng"
		is "$(essence "$dir/a.pcapng")" "$(essence "$file")"
		is "$(essence "$dir/b.pcap")" "$(essence "$file")"
		is "$(essence "$dir/c.pcapng")" "$(essence "$file")"
	done
}

@test "the octets of every packet as they were" {
	for file in date/python-reply.pcap udp/bad-checksum.pcap ip/padding.pcap frame/every-flag.pcapng; do
		sonde read "$pcaps/$file" -w "$dir/a.pcapng"
		sonde read "$pcaps/$file" -w "$dir/b.pcap"
		is "$(sonde read -n -x "$dir/a.pcapng")" "$(sonde read -n -x "$pcaps/$file")"
		is "$(sonde read -n -x "$dir/b.pcap" | grep -v date)" "$(sonde read -n -x "$pcaps/$file" | grep -v date)"
	done
}

@test "the name and -F choose the format" {
	local file=$pcaps/pcapng/plain.pcapng
	magic() {
		head -c 4 "$1" | od -An -tx1 | tr -d ' '
	}
	sonde read "$file" -w "$dir/a.pcap" && is "$(magic "$dir/a.pcap")" d4c3b2a1
	sonde read "$file" -w "$dir/a.pcapng" && is "$(magic "$dir/a.pcapng")" 0a0d0d0a
	sonde read "$file" -w "$dir/a.other" && is "$(magic "$dir/a.other")" 0a0d0d0a
	sonde read "$file" -w "$dir/b.other" -F pcap && is "$(magic "$dir/b.other")" d4c3b2a1
	sonde read "$file" -w "$dir/c.other" -F nsecpcap && is "$(magic "$dir/c.other")" 4d3cb2a1
	sonde read "$file" -w "$dir/c.pcap" -F pcapng && is "$(magic "$dir/c.pcap")" 0a0d0d0a
	sonde read "$pcaps/pcap/nanoseconds.pcap" -w "$dir/d.pcap" && is "$(magic "$dir/d.pcap")" 4d3cb2a1
}

@test "-w - into sonde read -" {
	for file in "$pcaps/pcapng/all-blocks.pcapng" "$pcaps/date/python-reply.pcap"; do
		is "$(sonde read "$file" -w - | sonde read -n -)" "$(sonde read -n "$file")"
		is "$(sonde read "$file" -w - -U | sonde read -n -)" "$(sonde read -n "$file")"
	done
}

@test "tshark reads the same from what was written" {
	need tshark
	local more
	for file in pcapng/comments.pcapng pcapng/resolutions.pcapng frame/every-flag.pcapng pcap/nanoseconds.pcap chat/join-nick-leave.pcap; do
		# A pcap file has no interfaces: tshark calls those of a pcapng file without names "unknown".
		more=(-e frame.comment -e frame.packet_flags)
		[[ $file == *.pcapng ]] && more+=(-e frame.interface_name)
		sonde read "$pcaps/$file" -w "$dir/a.pcapng"
		is "$(by_tshark "$dir/a.pcapng" "${more[@]}")" "$(by_tshark "$pcaps/$file" "${more[@]}")"
		sonde read "$pcaps/$file" -w "$dir/b.pcap" -F nsecpcap
		is "$(by_tshark "$dir/b.pcap")" "$(by_tshark "$pcaps/$file")"
	done
}

@test "tcpdump reads the same from what was written" {
	need tcpdump
	for file in chat/join-nick-leave.pcap pcapng/plain.pcapng icmpv6/neighbour-discovery.pcap; do
		sonde read "$pcaps/$file" -w "$dir/a.pcapng"
		sonde read "$pcaps/$file" -w "$dir/b.pcap"
		is "$(tcpdump -ttnxr "$dir/a.pcapng" 2>/dev/null)" "$(tcpdump -ttnxr "$pcaps/$file" 2>/dev/null)"
		is "$(tcpdump -ttnxr "$dir/b.pcap" 2>/dev/null)" "$(tcpdump -ttnxr "$pcaps/$file" 2>/dev/null)"
	done
}

@test "capinfos counts the same, and finds the comment" {
	need capinfos
	sonde read "$pcaps/chat/join-nick-leave.pcap" -w "$dir/a.pcapng" --comment "a day in the lab"
	is "$(capinfos -Mc "$dir/a.pcapng" | awk -F: '/Number of packets/ { print $2 + 0 }')" 24
	has "$(capinfos "$dir/a.pcapng")" "a day in the lab"
	is "$(capinfos -Mae "$dir/a.pcapng" | tail -n +2)" "$(capinfos -Mae "$pcaps/chat/join-nick-leave.pcap" | tail -n +2)"
}

@test "what is not understood is kept, bit for bit" {
	for file in all-blocks two-sections-two-endians several-link-types comments loose-ends resolutions big-endian; do
		sonde read "$pcaps/pcapng/$file.pcapng" -w "$dir/$file.pcapng"
		cmp "$pcaps/pcapng/$file.pcapng" "$dir/$file.pcapng"
	done
	sonde read "$pcaps/frame/every-option.pcapng" -w "$dir/options.pcapng"
	cmp "$pcaps/frame/every-option.pcapng" "$dir/options.pcapng"
}

@test "a section that says its length is still right when packets are left out" {
	need tshark
	sonde read "$pcaps/pcapng/section-lengths.pcapng" udp src port 5555 -w "$dir/a.pcapng"
	is "$(sonde read -q "$dir/a.pcapng")" "1 packets"
	is "$(by_tshark "$dir/a.pcapng" | wc -l)" 1
}

@test "a filter and -c go before the file" {
	sonde read "$pcaps/date/python-reply.pcap" udp src port 5555 -w "$dir/a.pcapng"
	is "$(sonde read -q "$dir/a.pcapng")" "1 packets"
	sonde read "$pcaps/chat/join-nick-leave.pcap" -c 5 -w "$dir/b.pcap"
	is "$(sonde read -q "$dir/b.pcap")" "5 packets"
}

@test "several link types do not fit into a pcap" {
	run -2 --separate-stderr sonde read "$pcaps/pcapng/several-link-types.pcapng" -w "$dir/a.pcap"
	has "$stderr" "write pcapng"
	is "$(sonde read -q "$dir/a.pcap")" "1 packets"
}

@test "a cut file is written as far as it goes" {
	run -2 --separate-stderr sonde read "$pcaps/pcap/cut-in-packet.pcap" -w "$dir/a.pcapng"
	is "$(sonde read -q "$dir/a.pcapng")" "1 packets"
}

@test "--print shows the packets as well" {
	is "$(sonde read -n "$pcaps/date/python-reply.pcap" -w "$dir/a.pcapng" --print)" "$(sonde read -n "$pcaps/date/python-reply.pcap")"
	is "$(sonde read "$pcaps/date/python-reply.pcap" -w "$dir/a.pcapng")" ""
}

@test "-C begins new files" {
	sonde read "$pcaps/chat/join-nick-leave.pcap" -w "$dir/r.pcapng" -C 1k
	[ "$(find "$dir" -name 'r*' | wc -l)" -gt 1 ]
	local total=0 file
	for file in "$dir"/r*; do
		total=$((total + $(sonde read -q "$file" | cut -d' ' -f1)))
	done
	is "$total" 24
}

@test "-C with -W keeps the newest" {
	sonde read "$pcaps/chat/join-nick-leave.pcap" -w "$dir/r.pcapng" -C 1k -W 2
	is "$(find "$dir" -name 'r*' | wc -l)" 2
	local file last=''
	for file in "$dir"/r*; do
		last+=" $(sonde read -n "$file" -T fields -e tcp.seq_raw | tail -1)"
	done
	has "$last" 1033
}

@test "the disk is full: an error that says so, and a file that is whole" {
	[ "$(id -u)" -eq 0 ] || skip "a file system of its own needs root"
	unshare -m true 2>/dev/null || skip "a mount name space is refused here"
	mkdir "$dir/small"
	run -0 unshare -m bash -c '
		mount -t tmpfs -o size=8k none "$1/small" || exit 99
		for i in $(seq 200); do cat "$2"; done >"$1/body"
		{ head -c 24 "$2"; for i in $(seq 200); do tail -c +25 "$2"; done; } >"$1/long.pcap"
		"$0" read "$1/long.pcap" -w "$1/small/full.pcap" 2>"$1/err"
		echo "status $?"
		"$0" read -q "$1/small/full.pcap"' "$SONDE" "$dir" "$pcaps/date/python-reply.pcap"
	[ "${lines[0]}" == "status 2" ]
	[[ ${lines[1]} =~ ^[1-9][0-9]*\ packets$ ]]
	has "$(cat "$dir/err")" "disk is full"
}
