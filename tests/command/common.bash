# SPDX-License-Identifier: BSD-2-Clause
# What the tests of the commands share.
bats_require_minimum_version 1.5.0
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "${top_srcdir:-$here/../..}" && pwd)
SONDE=$(realpath "${SONDE:-$top/build/sonde}")
pcaps=$top/pcaps
export SONDE TZ=UTC LC_ALL=C.UTF-8 TERM=xterm
unset NO_COLOR

sonde() {
	"$SONDE" "$@"
}

# is ACTUAL EXPECTED
is() {
	[ "$1" == "$2" ] && return
	printf 'expected: %s\nactual:   %s\n' "$2" "$1"
	return 1
}

# has TEXT PART
has() {
	[[ $1 == *"$2"* ]] && return
	printf 'not in it: %s\nthe text:  %s\n' "$2" "$1"
	return 1
}

# lacks TEXT PART
lacks() {
	[[ $1 != *"$2"* ]] && return
	printf 'in it:    %s\nthe text: %s\n' "$2" "$1"
	return 1
}

# Skips the test when one of the tools is not installed.
need() {
	local tool
	for tool; do
		command -v "$tool" >/dev/null || skip "$tool is not installed"
	done
}

# refused WORDS...: the command ends with 2, says one line on standard error and nothing on standard output.
refused() {
	run --separate-stderr sonde "$@"
	is "$status" 2
	is "$output" ""
	is "$(wc -l <<<"$stderr")" 1
}

# The fields that every writer must keep, one line a packet.
essence() {
	sonde read -n -T fields -e frame.number -e frame.time_epoch -e frame.len -e frame.cap_len -e frame.protocols -E separator=, "$@"
}
