#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The roles of date, echo and chat: their words and options, and what is refused.
load play

roles=("date server" "date client" "date announce" "date listen" "echo server" "echo client"
	"chat speak" "chat listen" "chat server" "chat client")

each_role() { # COMMAND...: with each role's words after it
	local role
	for role in "${roles[@]}"; do
		# shellcheck disable=SC2086 # two words
		"$@" $role
	done
}

teardown() {
	end_all
}

explains_itself() {
	run -0 --separate-stderr sonde "$@" --help
	has "$output" "usage: sonde $* "
	has "$output" "Examples"
	is "$stderr" ""
	is "$(sonde "$@" -h)" "$output"
	is "$(sonde help "$@")" "$output"
}

@test "every role explains itself" {
	each_role explains_itself
}

@test "a family alone explains its roles, with status 2" {
	for family in date echo chat; do
		run -2 --separate-stderr sonde "$family"
		has "$output" "usage: sonde $family ROLE"
		has "$output" "  server "
		has "$output" "  client "
		is "$stderr" ""
		run -0 sonde "$family" --help
		is "$(sonde help "$family")" "$output"
	done
}

@test "the overview has the families with their roles" {
	run -0 sonde help
	has "$output" "  date server|client|announce|listen"
	has "$output" "  echo server|client"
	has "$output" "  chat speak|listen|server|client"
}

@test "a mistyped role" {
	refused date serv
	is "$stderr" "sonde date: no role 'serv'; did you mean 'server'?"
	refused help chat clent
	has "$stderr" "did you mean 'client'?"
	refused echo xyzzy
	has "$stderr" "see sonde echo --help"
	refused date -p 5555 server
	has "$stderr" "unknown option -p"
}

refuses_more() {
	refused "$@" --no-such-option
	has "$stderr" "sonde $*: unknown option --no-such-option; see sonde $* --help"
	refused "$@" --jsn
	has "$stderr" "did you mean --json?"
	refused "$@" --json=yes
	has "$stderr" "--json takes no value"
	refused "$@" --explain=everything
	has "$stderr" "sonde $*: "
}

@test "options that are none" {
	each_role refuses_more
}

@test "words that are too many" {
	refused date server here
	has "$stderr" "'here' is one word too many"
	refused date client one two
	has "$stderr" "'two' is one word too many"
	refused chat listen here
	refused chat client one two
}

@test "a client without a host" {
	refused date client
	has "$stderr" "which host?"
	refused echo client
	has "$stderr" "which host?"
	refused chat client
	has "$stderr" "which host?"
}

@test "values that are none" {
	refused date server --format pyhton
	has "$stderr" "did you mean python?"
	refused date announce --format noon
	has "$stderr" "use python, "
	refused date server --answer al
	has "$stderr" "use any or word"
	refused date server --terminator clrf
	has "$stderr" "did you mean crlf?"
	refused echo server --model epol
	has "$stderr" "did you mean 'epoll'?"
	refused chat client localhost --peer promt
	has "$stderr" "prompt"
	refused echo server --timeout soon
	has "$stderr" "not a time above 0"
	refused date announce --every 0
	has "$stderr" "not a time above 0"
	refused chat server --count 0
	has "$stderr" "not a number above 0"
	refused date server --ready-fd 99
	has "$stderr" "not an open descriptor"
	refused date server --user $'two\nlines'
	has "$stderr" "user name"
}

@test "options that exclude each other" {
	refused echo client localhost -u -t x
	has "$stderr" "-u and -t"
	refused date server -4 -6
	has "$stderr" "-4 and -6"
	refused date server --once -c 2
	has "$stderr" "--once"
	refused date client localhost -i lo
	has "$stderr" "add --broadcast"
	refused date client --broadcast -t
	has "$stderr" "TCP has none"
	refused date client --broadcast -6
	has "$stderr" "IPv6 has none"
	refused date client 127.0.0.1 --broadcast --to 127.0.0.2
	has "$stderr" "use one"
}

@test "ports that are none" {
	for port in 99999 65536 abc -1 "" 80x; do
		refused date server --port="$port"
		refused echo client localhost x --port="$port"
		refused chat listen --port="$port"
		has "$stderr" "sonde chat listen: "
	done
}

@test "addresses that are not here" {
	refused date server -p 0 --bind 192.0.2.77
	has "$stderr" "192.0.2.77"
	refused chat server -p 0 --bind 192.0.2.77
	has "$stderr" "192.0.2.77"
}

@test "chat cannot run where memory is not shared, and says why" {
	refused chat server -p 0 --model fork
	has "$stderr" "do not share memory"
}

@test "a name that does not resolve" {
	refused date client no-such-host.invalid
	has "$stderr" "no-such-host.invalid: "
	refused echo client no-such-host.invalid -t x
	refused chat client no-such-host.invalid
	refused date server --bind no-such-host.invalid
}

@test "a port in use names the program that holds it" {
	start date server -4
	refused date server -4 -p "$port"
	has "$stderr" "$port"
	has "$stderr" sonde
	stop
}

@test "a usage line ends in no blank" {
	no_blank() { lacks "$(sonde "$@" --help)"$'\n' $' \n'; }
	each_role no_blank
	no_blank list
}

@test "a host that is none, a port that nobody has" {
	refused date client ""
	has "$stderr" "an empty word is no host"
	for words in "date client 127.0.0.1" "date client 127.0.0.1 -t" "echo client 127.0.0.1 x" "chat client 127.0.0.1" \
		"chat speak --user a" "date announce"; do
		# shellcheck disable=SC2086 # two words
		refused $words -p 0
		has "$stderr" "port 0: nobody"
	done
}

@test "an address of one link needs its interface" {
	for words in "date client fe80::1" "date client fe80::1 -t" "echo client fe80::1 x" "chat client fe80::1"; do
		# shellcheck disable=SC2086 # two words
		refused $words
		has "$stderr" "write it as fe80::1%eth0"
	done
}

@test "--bind of the other version of IP" {
	refused date client 127.0.0.1 --bind ::1
	has "$stderr" "127.0.0.1: has no address of IPv6, which -6 or --bind asks for"
}

@test "values that would do harm" {
	refused date server --user ""
	has "$stderr" "--user is empty"
	refused echo server --ready-fd 1
	has "$stderr" "--ready-fd 1: it would be closed"
}
