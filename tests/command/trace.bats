#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# sonde trace: its options, what is refused, and its outputs on this machine alone. Paths with routers: tests/probe/run.
load live

# ------------------------------------------------------------------------------------------------ what is refused

@test "no host, a word too many, and a length that is none" {
	refused trace
	has "$stderr" "which host?"
	refused trace 127.0.0.1 60 70
	has "$stderr" "'70' is one word too many"
	refused trace 127.0.0.1 long
	has "$stderr" "'long' is no packet length"
	refused trace 127.0.0.1 65536
	has "$stderr" "at most 65535"
	refused trace 127.0.0.1 29
	has "$stderr" "at least"
}

@test "a name without an address" {
	refused trace no.such.host.invalid
	has "$stderr" "no.such.host.invalid"
}

@test "numbers out of range" {
	refused trace -m 300 127.0.0.1
	has "$stderr" "-m 300: at most 255"
	refused trace -f 31 127.0.0.1
	has "$stderr" "-f 31 is behind the last hop, -m 30"
	refused trace -q 101 127.0.0.1
	has "$stderr" "-q 101: at most 100"
	refused trace -N 1025 127.0.0.1
	refused trace -t 256 127.0.0.1
	has "$stderr" "-t 256: not a number from 0 to 255"
	refused trace -l 0x100000 -6 ::1
	refused trace --mda 100 127.0.0.1
	has "$stderr" "95 or 99"
}

@test "times that are none" {
	refused trace -w 0 127.0.0.1
	refused trace -w 5,3,10,1 127.0.0.1
	has "$stderr" "-w 5,3,10,1: not MAX[,HERE[,NEAR]]"
	refused trace -w 1,,2 127.0.0.1
	refused trace -z fast 127.0.0.1
	has "$stderr" "-z fast: not a time"
}

@test "ports that are none" {
	refused trace -p 0 127.0.0.1
	refused trace -p 65536 127.0.0.1
	has "$stderr" "-p 65536: not a port"
	refused trace -T -p no-such-service 127.0.0.1
	has "$stderr" "no such service"
	refused trace -I -p 80 127.0.0.1
	has "$stderr" "ICMP has no ports"
}

@test "options that exclude each other" {
	refused trace -I -T 127.0.0.1
	has "$stderr" "probes are of one kind"
	refused trace -4 -6 127.0.0.1
	refused trace --live --report 127.0.0.1
	refused trace --flows 4 --mda 95 127.0.0.1
	refused trace --classic --flows 4 127.0.0.1
	refused trace --json --report 127.0.0.1
	refused trace -c 3 127.0.0.1
	has "$stderr" "belong to --live and --report"
	refused trace -w - 127.0.0.1
	has "$stderr" "name a file"
	refused trace -4 ::1
	refused trace -s ::1 127.0.0.1
	has "$stderr" "the other version of IP"
}

@test "columns that are none" {
	refused trace --report -o LSQ 127.0.0.1
	has "$stderr" "Q"
}

no_way() {
	ip link add down0 type veth peer name down1
	ip address add 10.99.0.1/24 dev down0
	run() { "$SONDE" trace "$@" >"$dir/out" 2>"$dir/err" && return 9 || is $? 2; is "$(wc -l <"$dir/err")" 1; is "$(<"$dir/out")" ""; }
	run 10.99.1.1
	has "$(<"$dir/err")" "10.99.1.1"
	run -i no0 127.0.0.1
	has "$(<"$dir/err")" "no0"
	run -i down0 10.99.0.2
	run -s 10.0.0.77 127.0.0.1
	has "$(<"$dir/err")" "10.0.0.77"
}
@test "no route, no such interface, an interface that is down, an address of others" {
	in_namespace no_way
}

# ------------------------------------------------------------------------------------------------ this machine

layouts() {
	for options in "-n" "-n -I" "-n -T -p 9" "-n --unprivileged" "-n -T -p 9 --unprivileged" "-n -6"; do
		local host=127.0.0.1
		[[ $options != *-6* ]] || host=::1
		# shellcheck disable=SC2086 # several words
		"$SONDE" trace $options "$host" >"$dir/out" 2>"$dir/err"
		has "$(sed -n 1p "$dir/out")" "traceroute to $host ($host), 30 hops max, "
		sed -n 2p "$dir/out" | grep -Eqx " 1  $host(  [0-9]+\.[0-9]{3} ms){3}" || { cat "$dir/out"; return 1; }
		is "$(sed 1,2d "$dir/out" | grep -vx '\|hop 1: the port is closed')" ""
	done
}
@test "the layout is traceroute's, with every method, with rights and without" {
	in_namespace layouts
}

names() {
	"$SONDE" trace -q 1 127.0.0.1 >"$dir/out"
	has "$(<"$dir/out")" " 1  localhost (127.0.0.1)  "
}
@test "names of /etc/hosts are shown" {
	grep -q '^127\.0\.0\.1[[:space:]]*localhost' /etc/hosts || skip "127.0.0.1 is not called localhost here"
	in_namespace names
}

limits() {
	"$SONDE" trace -n --unprivileged 127.0.0.1 2>&1 >/dev/null | grep -q "without CAP_NET_RAW"
	! "$SONDE" trace -n --unprivileged -w "$dir/x.pcapng" 127.0.0.1 2>"$dir/err"
	has "$(<"$dir/err")" "without CAP_NET_RAW"
	! "$SONDE" trace -n --unprivileged --mda 95 127.0.0.1 2>"$dir/err"
	has "$(<"$dir/err")" "takes CAP_NET_RAW"
	! "$SONDE" trace -n --unprivileged -I 127.0.0.1 2>"$dir/err"
	has "$(<"$dir/err")" "ping_group_range"
}
@test "what is missing without rights is said" {
	in_namespace limits
}

saved() {
	for options in "" "-I" "-T -p 9" "-6" "-6 -I" "-6 -T -p 9"; do
		local host=127.0.0.1
		[[ $options != *-6* ]] || host=::1
		# shellcheck disable=SC2086 # several words
		"$SONDE" trace -n -q 2 $options -w "$dir/trace.pcapng" "$host" >/dev/null
		is "$("$SONDE" read -n "$dir/trace.pcapng" -T fields -e frame.number | wc -l)" 4
		lacks "$("$SONDE" read -n "$dir/trace.pcapng")" malformed
		is "$("$SONDE" read -n "$dir/trace.pcapng" -Y 'ip.checksum.status == "bad" || udp.checksum.status == "bad" ||
			tcp.checksum.status == "bad" || icmp.checksum.status == "bad" || icmpv6.checksum.status == "bad"')" ""
		! command -v tshark >/dev/null || is "$(tshark -n -r "$dir/trace.pcapng" 2>/dev/null | wc -l)" 4
	done
}
@test "-w saves probes and answers, which sonde and tshark read" {
	in_namespace saved
}

ports() {
	local options
	for options in "" "-T" "--unprivileged"; do
		# shellcheck disable=SC2086 # none, or one word
		"$SONDE" trace -n -q 2 $options --sport 5123 --json 127.0.0.1 >"$dir/out" 2>"$dir/err"
		is "$(jq -r 'select(.event == "probe") | .local' "$dir/out" | sort -u)" 127.0.0.1:5123
	done
}
@test "--sport is the port that probes come from" {
	need jq
	in_namespace ports
}

times_or_files() {
	cd "$dir"
	"$SONDE" trace -n -w 5,3,10 127.0.0.1 >/dev/null
	"$SONDE" trace -n -w 5 127.0.0.1 >/dev/null
	[ ! -e 5 ] && [ ! -e 5,3,10 ]
	"$SONDE" trace -n -w ./5 127.0.0.1 >/dev/null
	"$SONDE" trace -n --write 6 127.0.0.1 >/dev/null
	"$SONDE" read 5 >/dev/null
	"$SONDE" read 6 >/dev/null
}
@test "-w is a time when it can be one, and a file otherwise" {
	in_namespace times_or_files
}

objects() {
	"$SONDE" trace -n --json 127.0.0.1 >"$dir/out"
	is "$(jq -r .event "$dir/out" | sort | uniq -c | tr -s ' ' | tr '\n' ';')" " 3 answer; 1 hop; 3 probe; 1 trace;"
	is "$(jq -r 'select(.event == "trace") | .reached' "$dir/out")" true
	is "$(jq -r 'select(.event == "answer") | .rtt > 0' "$dir/out" | sort -u)" true
}
@test "--json prints an object for each probe, each answer and the whole" {
	need jq
	in_namespace objects
}

reports() {
	"$SONDE" trace -n --report -c 3 --interval 1ms 127.0.0.1 >"$dir/out"
	has "$(sed -n 2p "$dir/out")" "Loss%   Snt   Last   Avg  Best  Wrst StDev"
	sed -n 3p "$dir/out" | grep -Eq '^  1\.\|-- 127\.0\.0\.1 +0\.0% +3 ' || { cat "$dir/out"; return 1; }
	"$SONDE" trace -n --report -c 2 --interval 1ms -o "SR 59" 127.0.0.1 >"$dir/out"
	has "$(sed -n 2p "$dir/out")" "Snt"
	lacks "$(<"$dir/out")" "Loss%"
}
@test "--report has mtr's columns, and those that -o names" {
	in_namespace reports
}

no_rights_left() {
	"$SONDE" trace -n --live --interval 50ms 127.0.0.1 >"$dir/out" &
	pid=$!
	until grep -q 127.0.0.1 "$dir/out"; do :; done
	is "$(grep -c '^Cap\(Inh\|Prm\|Eff\|Bnd\|Amb\):[[:space:]]*0*$' "/proc/$pid/status")" 5
	is "$(grep NoNewPrivs "/proc/$pid/status" | tr -dc 01)" 1
	kill -INT "$pid"
	wait "$pid"
	has "$(tail -n 1 "$dir/out")" "127.0.0.1"
}
@test "no right is left once the sockets are open; Ctrl-C prints what is known" {
	in_namespace no_rights_left
}

strike() {
	need python3
	TERM=xterm timeout 60 python3 "$here/keys.py" "$@" -- "$SONDE" trace -n --live --interval 20ms 127.0.0.1 >"$dir/out"
}
export -f strike need
export here
keys() {
	strike "1.|-- 127.0.0.1" j Jttr j p50 p "paused; " p "q quit" r "q quit" n "q quit" q
	has "$(<"$dir/out")" $'\033[?1049h'
	has "$(<"$dir/out")" $'\033[?1049l'
	is "$(tail -n 1 "$dir/out" | cut -c 1-19)" "  1.|-- 127.0.0.1  "
	lacks "$(sed 's/.*1049l//' <<<"$(tail -n 2 "$dir/out")")" $'\033'
}
@test "--live on a terminal: keys pause, restart, change columns, quit; the table stays" {
	in_namespace keys
}

explained() {
	"$SONDE" trace -n -q 1 --explain 127.0.0.1 >"$dir/out" 2>"$dir/err"
	has "$(<"$dir/out")" "Alike in all: addresses, protocol and ports"
	has "$(<"$dir/out")" "User Datagram Protocol"
	has "$(<"$dir/out")" "no program has the port"
	has "$(<"$dir/err")" "IP_HDRINCL"
	has "$(<"$dir/err")" "SO_TIMESTAMPING"
	"$SONDE" trace -n -q 1 --explain=calls 127.0.0.1 >"$dir/out" 2>"$dir/err"
	is "$(wc -l <"$dir/out")" 2
	has "$(<"$dir/err")" "socket("
}
@test "--explain tells what is sent, how, and why it is answered" {
	in_namespace explained
}
