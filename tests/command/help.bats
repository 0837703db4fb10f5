#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Help for everything, and a hint for every word that is nearly right.
load common

@test "sonde help lists the commands" {
	run -0 sonde help
	for command in capture read list help; do
		has "$output" "  $command "
	done
}

@test "sonde --help is sonde help" {
	is "$(sonde --help)" "$(sonde help)"
	is "$(sonde -h)" "$(sonde help)"
}

@test "every command explains itself" {
	for command in capture read list help; do
		run -0 --separate-stderr sonde "$command" --help
		has "$output" "usage: sonde $command"
		is "$stderr" ""
		is "$(sonde "$command" -h)" "$output"
	done
}

@test "--version prints one line" {
	run -0 sonde --version
	[[ $output =~ ^sonde\ [0-9]+\.[0-9]+ ]]
	is "${#lines[@]}" 1
}

@test "without words: the commands, and status 2" {
	run -2 sonde
	has "$output" "usage: sonde COMMAND"
}

@test "an unknown command" {
	refused raed file
	has "$stderr" "did you mean 'read'?"
	refused xyzzy
	has "$stderr" "see sonde help"
}

@test "help for an unknown command" {
	refused help captur
	has "$stderr" "did you mean 'capture'?"
}

@test "an unknown option" {
	refused read --folow file
	has "$stderr" "did you mean --follow?"
	refused read -y file
	has "$stderr" "unknown option -y; see sonde read --help"
	refused capture --ready-df 3
	has "$stderr" "did you mean --ready-fd?"
}

@test "an option without its value" {
	refused read -c
	has "$stderr" "needs a value"
}

@test "an unknown field" {
	refused read "$pcaps/date/python-reply.pcap" -T fields -e ip.sorc
	has "$stderr" "did you mean ip.src?"
}

@test "an unknown format" {
	refused read "$pcaps/date/python-reply.pcap" -T jsn
	has "$stderr" "did you mean json?"
}

@test "an unknown protocol to decode as" {
	refused read "$pcaps/date/python-reply.pcap" -d udp.port==9999,dat
	has "$stderr" "did you mean 'dat"
	refused read "$pcaps/date/python-reply.pcap" -d udp.port==9999,eco
	has "$stderr" "did you mean 'echo'?"
}

@test "an unknown list" {
	refused list feilds
	has "$stderr" "did you mean 'fields'?"
}

@test "list fields WORD finds names and labels" {
	run -0 sonde list fields --names date.
	has "$output" "date.time"
	lacks "$output" "ip.src"
	run -0 sonde list fields "checksum status"
	has "$output" "udp.checksum.status"
}

@test "list says no with status 1" {
	run -1 sonde list fields no.such.field
	run -1 sonde list protocols no-such-protocol
}

@test "list protocols names the lab's own with their ports" {
	need jq
	for protocol in date echo chat; do
		run -0 sonde list protocols "$protocol" --json
		jq -es "any(.name == \"$protocol\" and (.found_at | contains(\"udp.port\")))" <<<"$output"
	done
}

@test "list interfaces has the loopback" {
	run -0 sonde list interfaces --names
	has $'\n'"$output"$'\n' $'\nlo\n'
}

@test "list models explains each server model" {
	need jq
	run -0 sonde list models --names
	is "$output" $'iterative\nfork\nthreads\nselect\npoll\nepoll\nuring'
	run -0 sonde list models --json
	jq -es 'all(.explanation | test("^[A-Z].*\\. [A-Z].*slow.*\\.$"))' <<<"$output"
	jq -es '[.[] | select(.shares_memory | not).name] == ["fork"]' <<<"$output"
}
