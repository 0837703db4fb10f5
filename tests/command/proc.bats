#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Whose packets are, in capture files: shown, chosen, kept, and what is said where they cannot be kept.
load common

setup() {
	dir=$BATS_TEST_TMPDIR
	lab=$pcaps/proc/both-ends.pcapng
}

# numbers FILTER: of the packets of the capture that pass.
numbers() {
	sonde read "$lab" -Y "$1" -T fields -e frame.number | tr '\n' ' '
}

@test "packets of a program, by its name" {
	run -0 --separate-stderr sonde read "$lab" -Y 'proc.name == "python3"' -T fields -e proc.pid -e udp.srcport
	is "$output" $'4242,17\t40000\n17,4242\t5555\n4242,17,18,19,20\t40000\n4242\t40000'
	is "$stderr" ""
}

@test "filters: of either end, of one, by certainty, and whether anything is told" {
	is "$(numbers proc)" "1 2 3 4 5 "
	is "$(numbers 'not proc')" "6 "
	is "$(numbers 'proc.pid == 18')" "3 "
	is "$(numbers 'proc.src.pid == 17')" "2 "
	is "$(numbers 'proc.src.user == "student" and proc.dst.user == "root"')" "1 3 "
	is "$(numbers 'any proc.certainty == "remembered"')" "3 "
	is "$(numbers 'all proc.certainty == "exact"')" "1 4 5 "
	is "$(numbers proc.more)" "3 4 "
	is "$(numbers 'proc.path contains "bin" and proc.arguments matches "client"')" "1 2 3 5 "
	is "$(numbers 'udp.proc.srcpid == 4242')" "1 3 5 "
	is "$(numbers 'udp.proc.dstcmd == "date-server.py"')" "1 3 4 "
	is "$(numbers tcp.proc.srcpid)" ""
	is "$(numbers 'proc.uid == 0')" "1 2 3 4 "
}

@test "protocols and statistics are those of the wire" {
	is "$(sonde read "$lab" -T fields -e frame.protocols | sort -u)" eth:ip:udp:date
	lacks "$(sonde stats protocols "$lab")" proc
	is "$(sonde read "$lab" -Y 'proc contains 00' -q)" "0 packets"
}

@test "Wireshark's names are kept where they are named" {
	lacks "$(sonde read "$lab" -T json)" udp.proc
	lacks "$(sonde read "$lab" -V)" "process user name"
	has "$(sonde read "$lab" -T json -e udp.proc.srcuname -c 1)" '{"udp":{"udp.proc.srcuname":"student"}}'
	is "$(sonde read "$pcaps/proc/over-tcp.pcapng" -T fields -e tcp.proc.srcpid -e tcp.proc.dstpid)" $'4242\t17\n17\t4242'
}

@test "an error about a datagram has no ports of its own" {
	is "$(sonde read "$pcaps/proc/other-layers.pcapng" -T fields -e frame.number -e udp.proc.srcpid -e proc.src.pid)" \
		$'1\t\t4242\n2\t4242\t4242\n3\t4242\t4242\n4\t4242\t4242'
}

@test "a copy has the same octets, a choice the same processes" {
	sonde convert "$lab" "$dir/copy.pcapng"
	cmp "$lab" "$dir/copy.pcapng"
	sonde read "$lab" -w "$dir/read.pcapng"
	cmp "$lab" "$dir/read.pcapng"
	sonde read "$lab" -Y 'proc.src.pid == 17' -w "$dir/some.pcapng"
	is "$(sonde read "$dir/some.pcapng" -T fields -e proc.name -e proc.certainty)" $'date-server.py,python3\t2,3'
	sonde merge -o "$dir/both.pcapng" "$lab" "$pcaps/proc/ptcpdump.pcapng"
	is "$(sonde read "$dir/both.pcapng" -Y 'proc.name == "curl" or proc.pid == 4242' -q)" "7 packets"
	has "$(sonde convert "$lab" "$dir/none.pcapng" --delete-comments; sonde read -V -c 1 "$dir/none.pcapng")" \
		"Source process: 4242"
}

@test "pcap has no room for processes, which is said once" {
	run -0 --separate-stderr sonde read "$lab" -w "$dir/a.pcap"
	is "$stderr" "sonde read: $dir/a.pcap: a pcap file has no room for processes; lost: those of 5 packets; write pcapng to keep them"
	run -0 --separate-stderr sonde read "$lab" -w "$dir/b" -F nsecpcap -Y 'proc.src.pid == 17'
	has "$stderr" "lost: those of 1 packet; write"
	run -0 --separate-stderr sonde read "$lab" -w "$dir/c.pcap" -Y 'not proc'
	is "$stderr" ""
	run -0 --separate-stderr sonde read "$lab" -w "$dir/d.pcapng"
	is "$stderr" ""
	run -0 --separate-stderr sonde convert "$lab" "$dir/e.pcap"
	has "$stderr" ", 5 packets' processes,"
	run -0 --separate-stderr sonde merge -o "$dir/f.pcap" "$lab" "$pcaps/proc/over-tcp.pcapng"
	has "$stderr" " 7 packets' processes,"
}

@test "info names the processes" {
	has "$(sonde info "$lab")" "processes:      told of 5 packets: python3 4242, date-server.py 17, date-server.py 18,"
	has "$(sonde info "$pcaps/proc/hostile.pcapng")" 'back\\slash\\q\\ 1002'
	has "$(sonde info "$pcaps/proc/hostile.pcapng")" ", and more"
	has "$(sonde info -T json "$lab")" '"with_processes":5'
	lacks "$(sonde info "$pcaps/date/python-reply.pcap")" processes
}

@test "what processes call themselves never steers the terminal" {
	for form in "" -V "-T fields -e proc.name -e proc.path -e udp.proc.srccmd"; do
		# shellcheck disable=SC2086
		run -0 sonde read "$pcaps/proc/hostile.pcapng" $form
		lacks "$output" $'\x1b'
		lacks "$output" $'\xe2\x80\xae'
		has "$output" '\x1b[31mred'
	done
	is "$(sonde read "$pcaps/proc/hostile.pcapng" -Y 'proc.name contains "\nCertainty: exact" and proc.certainty == "port"' -q)" "1 packets"
	is "$(sonde read "$pcaps/proc/hostile.pcapng" -Y 'proc.certainty == "exact"' -T fields -e frame.number)" 20
}

@test "what others write about processes is never certain" {
	for file in ptcpdump numbers-alone; do
		is "$(sonde read "$pcaps/proc/$file.pcapng" -Y 'proc.certainty == "exact" and proc.name != "python3"' -q)" "0 packets"
	done
}
