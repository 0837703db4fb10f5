#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# sonde capture on real interfaces, in network namespaces.
load live

@test "-c takes exactly N packets, each once, and shows them" {
	body() {
		start -i lo -c 3 -T fields -e udp.length -f 'udp port 4444'
		send 5
		wait "$pid"
		is "$(cat "$dir/out")" $'15\n15\n15'
	}
	in_namespace body
}

@test "an interrupt drains what the kernel holds: N sent, N found, a hundred times" {
	body() {
		local i
		for ((i = 0; i < 100; i++)); do
			start -i lo -q -w "$dir/a.pcapng" -f 'udp port 4444'
			send 7
			stop
			is "$("$SONDE" read -q "$dir/a.pcapng")" "7 packets"
		done
	}
	in_namespace body
}

@test "SIGTERM ends it as an interrupt does, with the counters" {
	body() {
		start -i lo -f 'udp port 4444'
		send 4
		stop TERM
		is "$(wc -l <"$dir/out")" 4
		has "$(cat "$dir/err")" "4 packets captured"
		has "$(cat "$dir/err")" "4 packets received by filter"
		has "$(cat "$dir/err")" "0 packets dropped by kernel"
	}
	in_namespace body
}

@test "listening on: printed when it is armed" {
	body() {
		start -i lo -c 1 -f 'udp port 4444'
		has "$(cat "$dir/err")" "listening on lo"
		send 1
		wait "$pid"
	}
	in_namespace body
}

@test "SIGUSR1 prints the counters in between" {
	body() {
		mkfifo "$dir/said" "$dir/ready"
		exec 5<>"$dir/said"
		"$SONDE" capture -i lo --ready-fd 9 -f 'udp port 4444' 9>"$dir/ready" >"$dir/out" 2>&5 5>&- &
		pid=$!
		read -r _ <"$dir/ready"
		kill -USR1 "$pid"
		local line=
		until [[ $line == *"packets captured"* ]]; do
			read -r -t 60 line <&5
		done
		[ -d "/proc/$pid" ]
		kill "$pid"
		wait "$pid"
	}
	in_namespace body
}

@test "-a duration: ends by the wall clock though nothing arrives" {
	body() {
		start -i lo -a duration:200ms
		wait "$pid"
		is "$(cat "$dir/out")" ""
	}
	in_namespace body
}

@test "-a packets: and -a filesize:" {
	body() {
		start -i lo -a packets:2 -q -w "$dir/a.pcapng" -f 'udp port 4444'
		send 5
		wait "$pid"
		is "$("$SONDE" read -q "$dir/a.pcapng")" "2 packets"
		start -i lo -a filesize:1 -w "$dir/b.pcapng" -f 'udp port 4444'
		send 100
		wait "$pid"
		[ "$(stat -c %s "$dir/b.pcapng")" -ge 1024 ]
		[ "$(stat -c %s "$dir/b.pcapng")" -lt 8192 ]
	}
	in_namespace body
}

@test "loopback packets are shown once, as incoming" {
	body() {
		start -i lo -T fields -e frame.packet_flags_direction -e frame.interface_name -f 'udp port 4444'
		send 2
		stop
		is "$(cat "$dir/out")" $'0x00000001\tlo\n0x00000001\tlo'
	}
	in_namespace body
}

@test "a checksum that the kernel left out is not called bad" {
	body() {
		start -i lo -c 1 -T fields -e udp.checksum.status -f 'udp port 4444'
		send 1
		wait "$pid"
		is "$(cat "$dir/out")" 5
	}
	in_namespace body
}

@test "several interfaces, named on the line" {
	body() {
		ip link add v0 type veth peer name v1
		ip link set v0 up
		ip link set v1 up
		ip address add 10.9.0.1/24 dev v0
		ip neigh add 10.9.0.2 lladdr 02:00:00:00:00:02 dev v0 nud permanent
		start -i lo -i v0 -T fields -e frame.interface_name -f 'udp port 4444'
		send 1
		send 1 4444 10.9.0.2
		stop
		is "$(sort "$dir/out")" $'lo\nv0'
		start -i lo -i v0 -n -c 2 -f 'udp port 4444'
		send 1
		send 1 4444 10.9.0.2
		wait "$pid"
		grep -qw lo "$dir/out"
		grep -qw v0 "$dir/out"
	}
	in_namespace body
}

@test "without -i: every interface, each packet once" {
	body() {
		start -T fields -e frame.interface_name -e sll.pkttype -e ip.src -f 'udp port 4444'
		send 2
		stop
		is "$(cut -f1,3 "$dir/out")" $'lo\t127.0.0.1\nlo\t127.0.0.1'
	}
	in_namespace body
}

@test "the pcap engine sees the same" {
	body() {
		start -i lo --engine pcap -T fields -e udp.length -e udp.dstport -f 'udp port 4444'
		send 3
		stop
		is "$(cat "$dir/out")" $'15\t4444\n15\t4444\n15\t4444'
	}
	in_namespace body
}

@test "words after the options are the filter" {
	body() {
		start -i lo -c 1 -T fields -e udp.dstport udp port 4445
		send 2 4444
		send 1 4445
		wait "$pid"
		is "$(cat "$dir/out")" 4445
	}
	in_namespace body
}

@test "-s cuts packets, and says how long they were" {
	body() {
		start -i lo -c 1 -s 40 -T fields -e frame.cap_len -e frame.len -f 'udp port 4444'
		send 1
		wait "$pid"
		is "$(cat "$dir/out")" $'40\t49'
	}
	in_namespace body
}

@test "JSON live ends with the counters" {
	need jq
	body() {
		start -i lo --json -f 'udp port 4444'
		send 2
		stop
		is "$(jq -sc '.[-1].summary | [.packets, .shown, .received, .dropped]' "$dir/out")" '[2,2,2,0]'
		is "$(wc -l <"$dir/out")" 3
	}
	in_namespace body
}

@test "capture -w - into sonde read -" {
	body() {
		mkfifo "$dir/pipe"
		"$SONDE" read -n -T fields -e udp.dstport - <"$dir/pipe" >"$dir/read" &
		local reader=$!
		rm -f "$dir/ready"
		mkfifo "$dir/ready"
		"$SONDE" capture -i lo -c 3 -w - --ready-fd 9 -f 'udp port 4444' 9>"$dir/ready" >"$dir/pipe" 2>"$dir/err" &
		pid=$!
		read -r _ <"$dir/ready"
		send 3
		wait "$pid"
		wait "$reader"
		is "$(cat "$dir/read")" $'4444\n4444\n4444'
	}
	in_namespace body
}

@test "the file says where, with which filter, and what was lost" {
	need capinfos
	body() {
		start -i lo -c 2 -w "$dir/a.pcapng" --comment "in the lab" -f 'udp port 4444'
		send 2
		wait "$pid"
	}
	in_namespace body
	local facts
	facts=$(capinfos "$BATS_TEST_TMPDIR/a.pcapng")
	has "$facts" "Name = lo"
	has "$facts" "udp port 4444"
	has "$facts" "in the lab"
	has "$facts" "Number of stat entries = 1"
	has "$facts" "nanosecond"
}

@test "-c with -Y counts what passes, shown or not; -a packets what is captured" {
	body() {
		start -i lo -q -c 2 -Y 'udp.length == 15' -f 'udp port 4444'
		send 3
		wait "$pid"
		start -i lo -n -a packets:2 -Y 'udp.length == 1' -f 'udp port 4444'
		send 2
		wait "$pid"
		is "$(cat "$dir/out")" ""
	}
	in_namespace body
}

@test "-w with --print" {
	body() {
		start -i lo -c 2 -w "$dir/a.pcapng" --print -T fields -e udp.dstport -f 'udp port 4444'
		send 2
		wait "$pid"
		is "$(cat "$dir/out")" $'4444\n4444'
		is "$("$SONDE" read -q "$dir/a.pcapng")" "2 packets"
	}
	in_namespace body
}

@test "-C -W: a ring of files, each of them whole" {
	body() {
		start -i lo -w "$dir/r.pcapng" -C 2k -W 3 -f 'udp port 4444'
		send 200
		stop
		is "$(find "$dir" -name 'r*.pcapng*' -o -name 'r.pcapng*' | sort -u | wc -l)" 3
		for file in "$dir"/r*pcapng*; do
			[[ $("$SONDE" read -q "$file") =~ ^[1-9][0-9]*\ packets$ ]]
		done
	}
	in_namespace body
}

@test "-G -W: files by the clock, and the end after the last, with nothing arriving" {
	body() {
		start -i lo -w "$dir/t-%s.pcapng" -G 1 -W 2
		wait "$pid"
		is "$(find "$dir" -name 't-*' | wc -l)" 2
		for file in "$dir"/t-*; do
			is "$("$SONDE" read -q "$file")" "0 packets"
		done
	}
	in_namespace body
}

@test "every right is given up before the first packet" {
	body() {
		start -i lo -f 'udp port 4444'
		is "$(value CapEff)" 0000000000000000
		is "$(value CapPrm)" 0000000000000000
		is "$(value CapInh)" 0000000000000000
		is "$(value CapAmb)" 0000000000000000
		is "$(value NoNewPrivs)" 1
		send 1
		stop
		is "$(wc -l <"$dir/out")" 1
	}
	value() {
		awk -v key="$1:" '$1 == key { print $2 }' "/proc/$pid/status"
	}
	in_namespace body
}

@test "-Z becomes another user, and still writes the file" {
	getent passwd nobody >/dev/null || skip "there is no user nobody"
	body() {
		start -i lo -Z nobody -w "$dir/a.pcapng" -f 'udp port 4444'
		is "$(value Uid)" "$(id -u nobody)"
		is "$(value NoNewPrivs)" 1
		is "$(value CapEff)" 0000000000000000
		send 2
		stop
		is "$("$SONDE" read -q "$dir/a.pcapng")" "2 packets"
	}
	value() {
		awk -v key="$1:" '$1 == key { print $3 ? $3 : $2 }' "/proc/$pid/status"
	}
	in_namespace body
}

@test "CAP_NET_RAW alone is enough" {
	body() {
		RUN=(setpriv --bounding-set=-all,+net_raw --inh-caps=-all)
		start -i lo -c 1 -T fields -e udp.dstport -f 'udp port 4444'
		send 1
		wait "$pid"
		is "$(cat "$dir/out")" 4444
	}
	in_namespace body
}

@test "without rights: one sentence that says how to get them" {
	body() {
		local status=0
		setpriv --bounding-set=-all --inh-caps=-all "$SONDE" capture -i lo -c 1 >"$dir/out" 2>"$dir/err" || status=$?
		is "$status" 2
		is "$(wc -l <"$dir/err")" 1
		has "$(cat "$dir/err")" "CAP_NET_RAW"
		has "$(cat "$dir/err")" "setcap cap_net_raw+ep"
	}
	in_namespace body
}

@test "an interface that is not there" {
	body() {
		local status=0
		"$SONDE" capture -i loo -c 1 2>"$dir/err" || status=$?
		is "$status" 2
		has "$(cat "$dir/err")" "did you mean lo?"
	}
	in_namespace body
}

@test "a filter that is none" {
	body() {
		local status=0
		"$SONDE" capture -i lo -c 1 -f 'udp prt 5' 2>"$dir/err" || status=$?
		is "$status" 2
		has "$(cat "$dir/err")" "udp prt 5"
	}
	in_namespace body
}

@test "an interface that goes down and comes up again" {
	body() {
		start -i lo -c 2 -T fields -e udp.dstport -f 'udp port 4444'
		send 1
		ip link set lo down
		ip link set lo up
		send 1
		wait "$pid"
		is "$(cat "$dir/out")" $'4444\n4444'
	}
	in_namespace body
}
