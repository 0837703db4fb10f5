#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# sonde expect -i: judging while packets come, in network namespaces.
load live

# watch OPTION...: sonde expect on lo, armed when this returns. Its process is $pid.
watch() {
	rm -f "$dir/ready"
	mkfifo "$dir/ready"
	env --default-signal=INT "$SONDE" expect -i lo --ready-fd 9 "$@" 9>"$dir/ready" >"$dir/out" 2>"$dir/err" &
	pid=$!
	read -r _ <"$dir/ready" || { cat "$dir/err"; return 1; }
}

# ends STATUS: it ends by itself.
ends() {
	local status=0
	wait "$pid" || status=$?
	is "$status" "$1"
}

in_lab() {
	export -f watch ends
	in_namespace "$1"
}

@test "it stops as soon as the answers are certain" {
	body() {
		watch 'count(udp.dstport == 4444) >= 3' 'count(udp) >= 1'
		has "$(cat "$dir/err")" "listening on lo"
		send 3
		ends 0
		has "$(cat "$dir/out")" "ok      count(udp.dstport == 4444) >= 3: 3 packets"
	}
	in_lab body
}

@test "it stops as soon as a failure is certain" {
	body() {
		watch 'none(udp.dstport == 4444)' --within 10min
		send 1
		ends 1
		has "$(cat "$dir/out")" "not ok  none(udp.dstport == 4444): packet"
	}
	in_lab body
}

@test "it goes on until all of them are certain" {
	body() {
		watch 'none(udp.dstport == 4444)' 'count(udp.dstport == 4445) >= 2'
		send 1 4444
		send 1 4445
		[ -d "/proc/$pid" ]
		send 1 4445
		ends 1
		has "$(cat "$dir/out")" "2 expectations: 1 ok, 1 not ok"
	}
	in_lab body
}

@test "at --within what is open is judged, though nothing came" {
	body() {
		watch --within 200ms 'none(udp)' 'count(udp) >= 1'
		ends 1
		has "$(cat "$dir/out")" "ok      none(udp): no packet passes"
		has "$(cat "$dir/out")" "not ok  count(udp) >= 1: no packet passes; the capture has no packets"
	}
	in_lab body
}

@test "an interrupt judges what was captured, to the last packet" {
	body() {
		local i
		for ((i = 0; i < 20; i++)); do
			watch -f 'udp port 4444' 'count(udp) == 7' 'none(tcp)'
			send 7
			kill -INT "$pid"
			ends 0
		done
		watch -f 'udp port 4444' 'count(udp) == 7'
		kill -TERM "$pid"
		ends 1
	}
	in_lab body
}

@test "a dialogue of sonde's own players" {
	body() {
		mkfifo "$dir/serving"
		"$SONDE" date server -4 --ready-fd 8 8>"$dir/serving" >/dev/null 2>&1 &
		local server=$!
		read -r _ <"$dir/serving"
		watch 'seq(date.request, date.reply)' 'count(date.response_time) >= 1'
		"$SONDE" date client 127.0.0.1 >/dev/null
		ends 0
		watch 'paired(date) within 60s'
		"$SONDE" date client 127.0.0.1 >/dev/null
		kill -INT "$pid"
		ends 0
		has "$(cat "$dir/out")" "1 request answered"
		watch 'count(icmp) >= 1' 'paired(date) within 60s'
		kill "$server"
		wait "$server"
		"$SONDE" date client 127.0.0.1 >/dev/null 2>&1 && return 1
		ends 1
		has "$(cat "$dir/out")" "nobody listens on 127.0.0.1:5555 (ICMP port unreachable)"
	}
	in_lab body
}

@test "-f, -Y, -c and -d" {
	body() {
		watch -f 'udp port 4444' 'count(udp) == 2' -c 2
		send 1 4445
		send 2
		ends 0
		watch -Y 'udp.dstport == 4444' -d udp.port==4444,date 'count(date.request) == 1' -c 1
		send 1 4445
		send 1
		ends 0
	}
	in_lab body
}

@test "several interfaces, and one that is not there" {
	body() {
		ip link add v0 type veth peer name v1
		ip link set v0 up
		ip link set v1 up
		ip address add 10.9.0.1/24 dev v0
		ip neigh add 10.9.0.2 lladdr 02:00:00:00:00:02 dev v0 nud permanent
		watch -i v0 -f 'udp port 4444' -c 2 'count(ip.dst == 10.9.0.2) == 1' 'count(ip.dst == 127.0.0.1) == 1'
		has "$(cat "$dir/err")" "listening on lo, v0"
		send 1
		send 1 4444 10.9.0.2
		ends 0
		local status=0
		"$SONDE" expect -i loo 'none(udp)' 2>"$dir/err" || status=$?
		is "$status" 2
		has "$(cat "$dir/err")" "did you mean lo?"
	}
	in_lab body
}

@test "what only later packets tell is refused" {
	body() {
		local status=0
		"$SONDE" expect -i lo 'count(date.response_in) >= 1' >"$dir/out" 2>"$dir/err" || status=$?
		is "$status" 2
		is "$(cat "$dir/out")" ""
		has "$(cat "$dir/err")" "sonde capture -w"
		status=0
		"$SONDE" expect -i lo -2 'none(udp)' 2>"$dir/err" || status=$?
		is "$status" 2
	}
	in_lab body
}

@test "every right is given up before the first packet; the report is opened before" {
	body() {
		watch 'count(udp.dstport == 4444) >= 1' --junit "$dir/out.xml"
		is "$(value CapEff)" 0000000000000000
		is "$(value CapPrm)" 0000000000000000
		is "$(value NoNewPrivs)" 1
		send 1
		ends 0
		has "$(cat "$dir/out.xml")" 'tests="1" failures="0" errors="0"'
	}
	value() {
		awk -v key="$1:" '$1 == key { print $2 }' "/proc/$pid/status"
	}
	in_lab body
}

@test "without rights: one sentence that says how to get them" {
	body() {
		local status=0
		setpriv --bounding-set=-all --inh-caps=-all "$SONDE" expect -i lo 'none(udp)' >"$dir/out" 2>"$dir/err" || status=$?
		is "$status" 2
		has "$(cat "$dir/err")" "CAP_NET_RAW"
	}
	in_lab body
}
