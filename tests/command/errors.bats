#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Bad input: what is refused, what is shown before the error, and with which status.
load common

@test "a file that is not there" {
	refused read "$BATS_TEST_TMPDIR/missing.pcap"
	has "$stderr" "missing.pcap: cannot open: No such file or directory"
}

@test "a directory" {
	refused read "$BATS_TEST_TMPDIR"
	has "$stderr" "a directory, not a capture file"
}

@test "an empty file" {
	: >"$BATS_TEST_TMPDIR/empty.pcap"
	refused read "$BATS_TEST_TMPDIR/empty.pcap"
	has "$stderr" "empty.pcap: not a capture file: it is empty"
}

@test "a text file" {
	echo "hello, I am a text" >"$BATS_TEST_TMPDIR/notes.txt"
	refused read "$BATS_TEST_TMPDIR/notes.txt"
	has "$stderr" 'notes.txt: not a capture file'
	has "$stderr" 'hello'
}

@test "what a file begins with is escaped" {
	printf '\033[31mred\n' >"$BATS_TEST_TMPDIR/esc"
	refused read "$BATS_TEST_TMPDIR/esc"
	lacks "$stderr" $'\033'
}

@test "a file name with an escape sequence" {
	refused read $'no\033[31msuch'
	lacks "$stderr" $'\033'
	has "$stderr" 'no\x1b[31msuch'
}

@test "a file without rights to read it" {
	[ "$(id -u)" -eq 0 ] && ! command -v setpriv >/dev/null && skip "root can read everything, and setpriv is not installed"
	cp "$pcaps/date/python-reply.pcap" "$BATS_TEST_TMPDIR/secret.pcap"
	chmod 0 "$BATS_TEST_TMPDIR/secret.pcap"
	if [ "$(id -u)" -eq 0 ]; then
		run -2 setpriv --bounding-set=-all --inh-caps=-all "$SONDE" read "$BATS_TEST_TMPDIR/secret.pcap"
	else
		run -2 sonde read "$BATS_TEST_TMPDIR/secret.pcap"
	fi
	has "$output" "Permission denied"
}

@test "no file" {
	refused read
	has "$stderr" "no file is named"
}

@test "a cut file shows what it holds, then the offset, and ends with 2" {
	local whole=$pcaps/date/python-reply.pcap
	head -c 120 "$whole" >"$BATS_TEST_TMPDIR/cut.pcap"
	run -2 --separate-stderr sonde read -n "$BATS_TEST_TMPDIR/cut.pcap"
	is "$output" "$(sonde read -n "$whole" -c 1)"
	[[ $stderr =~ cut\.pcap:\ cut\ in\ packet\ 2\ at\ octet\ [0-9]+ ]]
}

@test "a file cut where a packet ends is whole" {
	head -c 82 "$pcaps/date/python-reply.pcap" >"$BATS_TEST_TMPDIR/cut.pcap"
	run -0 --separate-stderr sonde read -q "$BATS_TEST_TMPDIR/cut.pcap"
	is "$output" "1 packets"
}

@test "a cut file in JSON still ends with its summary" {
	need jq
	head -c 120 "$pcaps/date/python-reply.pcap" >"$BATS_TEST_TMPDIR/cut.pcap"
	run -2 --separate-stderr sonde read -T json "$BATS_TEST_TMPDIR/cut.pcap"
	is "$(jq -s '.[-1].summary.packets' <<<"$output")" 1
}

@test "an absurd length ends quickly" {
	run -2 --separate-stderr sonde read -q "$pcaps/pcap/absurd-length.pcap"
	has "$stderr" "octet 86"
}

@test "a pcap without packets is an empty capture" {
	run -0 --separate-stderr sonde read "$pcaps/pcap/empty.pcap"
	is "$output$stderr" ""
}

@test "a bad filter names itself" {
	refused read "$pcaps/date/python-reply.pcap" udp prt 5555
	has "$stderr" "udp prt 5555"
	has "$stderr" "syntax error"
}

@test "values that are none" {
	local file=$pcaps/date/python-reply.pcap words
	for words in "-c 0" "-c many" "-t x" "-E header=maybe" "-E colour=red" "-d nonsense" "-d udp.port==70000,date" \
		"--zone noon" "--color sometimes" "-T fields" "-F xml -w x" "-C 1q -w x"; do
		# shellcheck disable=SC2086
		refused read "$file" $words
	done
}

@test "a filter twice" {
	refused read "$pcaps/date/python-reply.pcap" -f udp tcp
	has "$stderr" "use one"
}

@test "standard output is full" {
	run -2 bash -c '"$0" read -n "$1" >/dev/full' "$SONDE" "$pcaps/date/python-reply.pcap"
	has "$output" "No space left on device"
	run -2 bash -c '"$0" help --manual >/dev/full' "$SONDE"
	has "$output" "No space left on device"
	run -2 bash -c '"$0" read "$1" -w - >/dev/full' "$SONDE" "$pcaps/date/python-reply.pcap"
	has "$output" "disk is full"
}

@test "the reader of the output went away: an error, no signal" {
	need python3
	run -2 python3 -c '
import os, subprocess, sys
gone, out = os.pipe()
os.close(gone)
sys.exit(subprocess.run(sys.argv[1:], stdout=out).returncode & 255)' "$SONDE" read -n "$pcaps/date/python-reply.pcap"
	has "$output" "Broken pipe"
}

@test "a file that cannot be made" {
	refused read "$pcaps/date/python-reply.pcap" -w "$BATS_TEST_TMPDIR/no/such/folder.pcapng"
	has "$stderr" "No such file or directory"
}

@test "a capture is not written over itself" {
	cp "$pcaps/date/python-reply.pcap" "$BATS_TEST_TMPDIR/own.pcap"
	run -2 sonde read "$BATS_TEST_TMPDIR/own.pcap" -w "$BATS_TEST_TMPDIR/own.pcap"
	cmp "$pcaps/date/python-reply.pcap" "$BATS_TEST_TMPDIR/own.pcap"
}

@test "nothing matched is no error" {
	run -0 --separate-stderr sonde read "$pcaps/date/python-reply.pcap" tcp
	is "$output$stderr" ""
}
