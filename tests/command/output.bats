#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What reaches the terminal, and what other programs can parse.
load common

escapes=$pcaps/chat/escape-in-text.pcap

# Octets below 0x20 other than tab and newline, DEL, and C1 as UTF-8.
controls() {
	LC_ALL=C grep -cP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' || [ $? = 1 ]
}

@test "control characters never reach the terminal" {
	for form in "" "-V" "-V -x" "-X" "-T json" "-T fields -e chat.text -e chat.user -e frame.comment -e udp.payload"; do
		# shellcheck disable=SC2086
		is "$(sonde read $form "$escapes" | controls)" 0
		# shellcheck disable=SC2086
		is "$(sonde read $form "$pcaps/frame/every-option.pcapng" | controls)" 0
	done
}

@test "text that changes its direction is escaped" {
	is "$(sonde read "$escapes" -V | LC_ALL=C grep -cP '\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]' || [ $? = 1 ])" 0
}

@test "accents and emoji pass" {
	has "$(sonde read -n "$pcaps/chat/broadcast-lines.pcap")" "alice: ça va ? 👋"
}

@test "every line of JSON is an object, the last one the summary" {
	need jq
	for file in "$pcaps"/*/*.pcap*; do
		sonde read -T json "$file" 2>/dev/null >"$BATS_TEST_TMPDIR/out" || [ $? = 2 ]
		jq -e 'type == "object"' <"$BATS_TEST_TMPDIR/out" >/dev/null
		is "$(jq -c 'has("summary")' <"$BATS_TEST_TMPDIR/out" | tail -1)" true
		is "$(jq -s '.[-1].summary.packets' <"$BATS_TEST_TMPDIR/out")" "$(($(wc -l <"$BATS_TEST_TMPDIR/out") - 1))"
	done
}

@test "--json is -T json" {
	is "$(sonde read --json "$escapes")" "$(sonde read -T json "$escapes")"
}

@test "--json in sonde list" {
	need jq
	for list in interfaces protocols fields; do
		sonde list "$list" --json | jq -e 'has("name")' >/dev/null
	done
}

@test "the types of JSON values" {
	need jq
	is "$(sonde read "$pcaps/date/python-reply.pcap" -T json | jq -c 'select(.date."date.reply") |
		[.frame."frame.number", .ip."ip.src", .ip."ip.flags.df", .udp."udp.srcport", .date."date.time", .udp."udp.payload"[:8]]')" \
		'[2,"10.0.0.1",true,5555,"1769860800.123456000","32303236"]'
	is "$(sonde read "$pcaps/chat/two-lines-in-one-segment.pcap" -T json | jq -c 'select(.chat) | [.chat | arrays | .[]."chat.text"]' | tail -1)" \
		'["hello","how are you","fine","me too"]'
	is "$(sonde read "$pcaps/ip/tunnel-and-unknown.pcap" -c 1 -T json | jq -c '[.ip | arrays | .[]."ip.src"] | select(length > 0)')" \
		'["10.0.0.2","192.0.2.1"]'
	is "$(sonde read "$pcaps/ip/options.pcap" -T json | jq -c '.ip."ip.opt.type" | arrays' | sort | head -1)" '[1,1,131,0]'
}

@test "no colours into a pipe" {
	is "$(sonde read "$escapes" | grep -c $'\033' || [ $? = 1 ])" 0
}

@test "--color always, never, and NO_COLOR" {
	[ "$(sonde read --color always "$escapes" | grep -c $'\033')" -gt 0 ]
	is "$(sonde read --color never "$escapes" | grep -c $'\033' || [ $? = 1 ])" 0
	[ "$(NO_COLOR=1 sonde read --color always "$escapes" | grep -c $'\033')" -gt 0 ]
}

@test "colours are of the sixteen" {
	is "$(sonde read --color always "$pcaps/date/python-reply.pcap" "$@" | grep -oP '\x1b\[[0-9;]*[^0-9;]' |
		grep -vcP '^\x1b\[(0|1|3[0-7]|9[0-7]|;)*m$' || [ $? = 1 ])" 0
}

@test "colours on a terminal, unless NO_COLOR is set or it is dumb" {
	need script
	terminal() {
		script -qec "$1 '$SONDE' read '$pcaps/date/python-reply.pcap'" /dev/null </dev/null | grep -c $'\033\\[' || [ $? = 1 ]
	}
	[ "$(terminal env)" -gt 0 ]
	is "$(terminal 'env NO_COLOR=1')" 0
	is "$(terminal 'env TERM=dumb')" 0
	[ "$(terminal 'env NO_COLOR=')" -gt 0 ]
}

@test "colours frame the same text" {
	is "$(sonde read --color always "$pcaps/tcp/bad-checksum.pcap" | sed 's/\x1b\[[0-9;]*m//g')" "$(sonde read "$pcaps/tcp/bad-checksum.pcap")"
}

@test "no packet line ends in blanks" {
	for file in "$pcaps"/*/*.pcap*; do
		is "$(sonde read -n "$file" 2>/dev/null | grep -n ' $' || [ $? = 1 ])" ""
	done
}

@test "columns stay aligned" {
	is "$(sonde read -n "$pcaps/echo/tcp-upper.pcap" | awk '{ print index($0, " > ") }' | sort -u | wc -l)" 1
}

@test "-l writes each packet at once" {
	mkfifo "$BATS_TEST_TMPDIR/in" "$BATS_TEST_TMPDIR/out"
	"$SONDE" read -l -n - <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out" 3>&- &
	exec 6>"$BATS_TEST_TMPDIR/in" 5<"$BATS_TEST_TMPDIR/out"
	head -c 82 "$pcaps/date/python-reply.pcap" >&6
	local line
	read -r -t 60 line <&5
	has "$line" "request"
	exec 6>&-
	wait $!
	exec 5<&-
}

@test "-T json with -e keeps the chosen fields and the protocols that have one" {
	is "$(sonde read "$pcaps/date/python-reply.pcap" -c 2 -T json -e ip.src -e date.words | head -n 1)" \
		'{"ip":{"ip.src":"10.0.0.2"}}'
	is "$(sonde read "$pcaps/arp/who-has.pcap" -c 1 -T json -e udp.length | head -n 1)" '{}'
}
