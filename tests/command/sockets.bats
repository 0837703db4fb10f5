#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# sonde sockets: the same lines as ss and netstat print for the same sockets; its own filters, JSON and words.
load live

# Runs a function of this file in a namespace with sockets of every kind.
among_sockets() {
	need python3
	export -f same plain "$1"
	export body=$1
	made() {
		"$top/tests/command/sockets.py" bash -euo pipefail -c '"$body"'
	}
	export top=$top_srcdir
	in_namespace made
}

# Blanks are those of the program; ss writes titles together; what sonde does not know, or adds, is left out.
plain() {
	sed -E 's/:Port ?Process/:Port Process/; s/ cgroup:[^ ]*//; s/ timer:\(timewait[^)]*\)//; s/ bbr:\([^)]*\)//; s/ last(snd|rcv|ack):[0-9]+//g; s/ peer:\([^ ]*//; s/[ \t]+/ /g; s/ $//' |
		grep -v '^ *$' | sort
}

# same COMMAND OPTION...: sonde prints what ss or netstat does. pids after fork() and moving times are not in these.
same() {
	local style=$1
	shift
	diff <("$style" "$@" 2>/dev/null | plain) <("$SONDE" sockets --style "$style" "$@" 2>/dev/null | plain) ||
		{ printf '# above: %s %s\n' "$style" "$*"; return 1; }
}

# ------------------------------------------------------------------------------------------------ ss and netstat

as_ss() {
	local options
	for options in -tan -tn -ltn -uan -un -lun -wan -0an -tuln -tuan -tan4 -tan6 -tanH -xan -x -xl -tanm -uanm -uane; do
		same ss "$options"
	done
	same ss -tanp
	same ss -xanp
	same ss -tani
	same ss -tanio
	same ss -tanO
}

@test "the lines of ss, option by option" {
	need ss
	among_sockets as_ss
}

as_ss_with_filters() {
	same ss -tn state established
	same ss -tn state connected
	same ss -tan state close-wait
	same ss -tn state listening
	same ss -tan exclude established
	same ss -tan dport = :5555
	same ss -tan sport != 5555
	same ss -tan sport gt 1024
	same ss -tan '( sport = :22 or dport = :80 )'
	same ss -tan '! sport = :22'
	same ss -tan dst 127.0.0.0/8
	same ss -tan src '[::1]'
	same ss -tan dst '[::1]:80'
	same ss -tn state established sport = 5555
	same ss -uan dev = lo
	same ss -xan src '*/server'
}

@test "the filters of ss choose what they choose there" {
	need ss
	among_sockets as_ss_with_filters
}

as_netstat() {
	local options
	for options in -tan -tn -ltn -uan -un -lun -wan -tuln -tane -tuane -tanp -an4; do
		same netstat "$options"
	done
}

@test "the lines of netstat, option by option" {
	need netstat
	among_sockets as_netstat
}

unix_as_netstat() {
	diff <(netstat -xan 2>/dev/null | sed -E 's/^(unix +)[0-9]+/\1-/' | plain) \
		<("$SONDE" sockets --style netstat -xan | plain)
}

@test "unix sockets of netstat, but for their references" {
	need netstat
	among_sockets unix_as_netstat
}

# ------------------------------------------------------------------------------------------------ filters

chosen_by_columns() {
	local out
	out=$("$SONDE" sockets -tnH 'state == "ESTAB" && dport == 5555')
	[ "$(wc -l <<<"$out")" = 2 ]
	[ "$out" = "$("$SONDE" sockets -tnH state established and dport = 5555)" ]
	out=$("$SONDE" sockets -tnH 'state == "LISTEN" and serves.ipv4 == true')
	[ "$(wc -l <<<"$out")" = 3 ]
	[ "$("$SONDE" sockets -tanH 'process == "python3" and sport == 22' | wc -l)" = 1 ]
	[ -z "$("$SONDE" sockets -tanH 'process == "no such"')" ]
	[ "$("$SONDE" sockets -uanH 'recv_q > 0' | wc -l)" = 1 ]
	"$SONDE" sockets -tn --json 'peer.name == "python3" and dport == 80' | grep -q '"local":"\[::1\]:'
}

@test "display filters over the columns" {
	among_sockets chosen_by_columns
}

# A sentence, the filter, a mark, and perhaps the right form.
wrong() {
	run -2 --separate-stderr sonde sockets "$@"
	is "$output" ""
}

@test "what is no filter: where, and what could be meant" {
	wrong 'prt == 5555'
	has "$stderr" "no column 'prt'; did you mean 'port'?"
	has "$stderr" "  ^~~"
	wrong 'state == "LISTN"'
	has "$stderr" 'did you mean "LISTEN"?'
	wrong state estblished
	has "$stderr" "did you mean 'established'?"
	wrong dport = 70000
	has "$stderr" "this is no port"
	wrong 'dport = 5555 and ('
	has "$stderr" "ends too early"
}

# ------------------------------------------------------------------------------------------------ JSON, -s, --explain

as_json() {
	"$SONDE" sockets -tan --json >"$dir/json"
	jq -es 'length == 15 and all(.kind == "tcp" and .source == "sock_diag")' "$dir/json"
	jq -es 'map(select(.sport == 5555 and .state == "LISTEN")) | .[0] | .recv_q == 1 and .send_q == 7 and
		.local == "127.0.0.1:5555" and .ip.src == "127.0.0.1" and .uid == 0 and .inode > 0 and .cookie > 0 and
		.memory.drops == 0 and .process[0].name == "python3" and .process[0].fd > 2' "$dir/json"
	jq -es 'any(.state == "ESTAB" and .dport == 80 and .timer.name == "keepalive" and .timer.expires > 60 and
		.peer[0].name == "python3" and .tcp_info.snd_mss > 500)' "$dir/json"
	jq -es 'any(.sport == 5556 and .state == "LISTEN" and .v6only == false and .serves.ipv4)' "$dir/json"
	jq -es 'any(.sport == 5557 and .v6only == true and (.serves.ipv4 | not))' "$dir/json"
	"$SONDE" sockets -xan --json | jq -es 'any(.local == "@sonde-test" and .type == "dgram")'
	"$SONDE" sockets -ts --json | jq -es '.[0].tcp | .total == 15 and .ipv4 == 9 and .states.LISTEN == 5'
}

@test "--json: an object a socket, numbers as numbers" {
	need jq
	among_sockets as_json
}

explained() {
	local out
	out=$("$SONDE" sockets -tan --explain)
	grep -q '^Recv-Q: ' <<<"$out"
	grep -q '^CLOSE-WAIT: ' <<<"$out"
	grep -q 'to 127.0.0.1:5555: the peer has closed the connection, and python3 (pid .*) has not' <<<"$out"
	grep -q '127.0.0.1:5555: 1 connection waits for accept() (7 may)' <<<"$out"
	grep -q '5 octets wait to be read: python3' <<<"$out"
	"$SONDE" sockets -s | grep -q '^TCP .*LISTEN 5'
}

@test "--explain: what the columns mean, and what is remarkable" {
	among_sockets explained
}

@test "--explain=WORD: titles, states, columns, words of -i and -m" {
	run -0 "$SONDE" sockets --explain=Send-Q
	has "$output" "the backlog"
	run -0 "$SONDE" sockets --explain=CLOSE_WAIT
	has "$output" "has not called close()"
	run -0 "$SONDE" sockets --explain=cwnd
	has "$output" "segments that may be on their way"
	run -0 "$SONDE" sockets --explain=rb
	has "$output" "SO_RCVBUF"
	refused sockets --explain=Recv-K
	has "$stderr" "did you mean Recv-Q?"
}

# ------------------------------------------------------------------------------------------------ what is refused

@test "options that do not fit" {
	refused sockets --style lsof
	has "$stderr" "--style lsof"
	refused sockets --style netstat -0
	has "$stderr" "netstat has no columns for packet sockets"
	refused sockets --explain --json
	has "$stderr" "--explain: it explains a table"
}

@test "a namespace that is not there" {
	refused sockets --netns no-such-namespace
	has "$stderr" "no-such-namespace"
	refused sockets --netns 4194304000
}

elsewhere() {
	[ -z "$(unshare -n "$SONDE" sockets -tanH)" ]
	[ "$(unshare -n "$SONDE" sockets -tanH --netns $$ sport = :22)" = "$("$SONDE" sockets -tanH sport = :22)" ]
	[ -n "$("$SONDE" sockets -tanH sport = :22)" ]
}

@test "--netns: the sockets of another namespace" {
	among_sockets elsewhere
}

as_nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$SONDE" sockets -tanp >"$dir/out" 2>"$dir/err"
	[ "$(wc -l <"$dir/out")" = 16 ]
	[ "$(wc -l <"$dir/err")" = 1 ]
	grep -q 'may not be looked into: sockets that only .* are shown without an owner' "$dir/err"
	grep -qv 'users:' "$dir/out"
}

@test "who may not look into processes is told so, once" {
	chmod go+rx "$BATS_TEST_TMPDIR"
	among_sockets as_nobody
}

without_proc() {
	unshare -m bash -euo pipefail -c 'mount -t tmpfs none /proc; "$SONDE" sockets -tanp' >"$dir/out" 2>"$dir/err"
	[ "$(wc -l <"$dir/out")" = 16 ]
	[ "$(wc -l <"$dir/err")" = 1 ]
	grep -q /proc "$dir/err"
}

@test "without /proc: the sockets, and a sentence" {
	! grep -q __asan_init "$SONDE" || skip "a program under AddressSanitizer needs /proc itself"
	among_sockets without_proc
}

nothing() {
	[ "$("$SONDE" sockets -tan | wc -l)" = 1 ]
	[ -z "$("$SONDE" sockets -tanH)" ]
	[ -z "$("$SONDE" sockets -tan --json)" ]
}

@test "a namespace without sockets" {
	in_namespace nothing
}
