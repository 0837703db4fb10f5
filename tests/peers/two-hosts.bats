#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The main job: sonde plays on two hosts, sonde captures and decodes it live, and misses nothing.

setup_file() {
	bats_require_minimum_version 1.5.0
	export here=$BATS_TEST_DIRNAME
	export SONDE=${SONDE:-$here/../../build/sonde}
	if unshare --net true 2>/dev/null; then
		export namespace="unshare --net"
	elif unshare --user --map-root-user --net ip link set lo up 2>/dev/null; then
		export namespace="unshare --user --map-root-user --net"
	else
		export namespace=
	fi
}

watch() { # OPTION...: what sonde capture prints
	[ -n "$namespace" ] || skip "this machine refuses network namespaces"
	# shellcheck disable=SC2086 # a command of several words
	run --separate-stderr $namespace "$here/two-hosts" "$SONDE" "$@"
	# shellcheck disable=SC2154 # run sets it
	[ "$status" = 0 ] || { echo "$stderr"; return 1; }
}

shows() { # WORDS...: a line has them, in this order
	local pattern='*' word
	for word; do
		pattern+=$word'*'
	done
	# shellcheck disable=SC2053 # it is a pattern
	for word in "${lines[@]}"; do
		[[ $word != $pattern ]] || return 0
	done
	echo "no line like: $pattern"
	return 1
}

@test "date, echo and chat are decoded live" {
	watch -n --color never
	shows '10.0.0.2:' '> 10.0.0.1:5555' DATE request
	shows '10.0.0.1:5555' '> 10.0.0.2:' DATE reply
	shows '10.0.0.2:' '> 10.0.0.1:3500' ECHO 'hello echo'
	shows '10.0.0.1:3500' '> 10.0.0.2:' ECHO 'hello stream'
	shows '10.0.0.2:' '> 255.255.255.255:6666' CHAT 'alice: hello everybody'
	shows '10.0.0.1:' '> 255.255.255.255:6666' CHAT 'bob: hello alice'
	shows '10.0.0.1:5000' '> 10.0.0.2:' CHAT 'bob -> alice: meet me at noon'
	shows ARP 10.0.0.1
	[[ $stderr = *"listening on client"* ]]
}

@test "every message is there once" {
	watch -T json udp
	[ "$(jq -s '[.[] | select(.date["date.request"])] | length' <<<"$output")" = 2 ]
	[ "$(jq -s '[.[] | select(.date["date.reply"])] | length' <<<"$output")" = 2 ]
	[ "$(jq -s '[.[] | select(.echo)] | length' <<<"$output")" = 2 ]
	[ "$(jq -s '[.[] | select(.chat)] | length' <<<"$output")" = 2 ]
	[ "$(jq -s '.[-1].summary.dropped' <<<"$output")" = 0 ]
}

@test "saved packets are those that were shown" {
	local columns=(-T fields -e frame.number -e frame.time_epoch -e frame.len -e frame.protocols)
	watch "${columns[@]}" -w "$BATS_TEST_TMPDIR/lab.pcapng" --print
	[ ${#lines[@]} -gt 30 ]
	shown=$output
	run --separate-stderr "$SONDE" read "${columns[@]}" "$BATS_TEST_TMPDIR/lab.pcapng"
	[ "$status" = 0 ]
	diff <(echo "$shown") <(echo "$output")
}
