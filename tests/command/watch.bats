#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What sonde sockets --watch tells of programs that open, use and close sockets.
load live

# watch OPTION...: begins to watch; its lines are read from descriptor 7, one after the other. Its process is $pid.
watch() {
	mkfifo "$dir/lines" "$dir/ready"
	env --default-signal=INT "$SONDE" sockets --watch --ready-fd 9 "$@" >"$dir/lines" 9>"$dir/ready" 2>"$dir/err" &
	pid=$!
	exec 7<"$dir/lines"
	read -r _ <"$dir/ready" || { cat "$dir/err"; return 1; }
}

# event WHAT...: the next line is that, as a pattern of bash, behind its time.
event() {
	local line pattern="[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9] $1"
	IFS= read -r -t 60 line <&7 || { echo "no line, but awaited: $1"; return 1; }
	# shellcheck disable=SC2053
	[[ $line == $pattern ]] || { echo "awaited: $1"; echo "came:    $line"; return 1; }
}

# end: Ctrl-C; nothing else was told, and the status is 0.
end() {
	local rest
	kill -INT "$pid"
	wait "$pid"
	rest=$(cat <&7)
	[[ -z $rest ]] || { echo "came as well: $rest"; return 1; }
}

# program NAME: one of Python's, which does what it is told on descriptor $in, a line each, and answers on $out.
program() {
	mkfifo "$dir/$1.in" "$dir/$1.out"
	python3 -u -c 'import os, socket, sys
for line in iter(sys.stdin.readline, ""):
    exec(line)
    print("done", flush=True)' <"$dir/$1.in" >"$dir/$1.out" &
	eval "$1=$!"
	exec {in}>"$dir/$1.in" {out}<"$dir/$1.out"
	eval "$1_in=$in $1_out=$out"
}

# does NAME STATEMENT: waits until it is done. What it prints before is in $answer.
does() {
	local in_name=$1_in out_name=$1_out line
	printf '%s\n' "$2" >&"${!in_name}"
	answer=
	while read -r -t 60 line <&"${!out_name}" && [[ $line != done ]]; do answer=$line; done
	[[ $line == done ]]
}

# ends NAME: it exits, and closes what it has by that.
ends() {
	local in_name=$1_in
	echo 'os._exit(0)' >&"${!in_name}"
	wait "${!1}"
}

# Runs it in a namespace of its own, with these functions.
watching() {
	need python3
	export -f watch event end program does ends
	in_namespace "$1"
}

exercise() {
	program server
	program client
	does server 's = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.1", 5555))'
	watch -uHn
	event "= *127.0.0.1:5555 *users:((\"python3\",pid=$server,fd=[0-9]*))"
	does client 's = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)'
	"$SONDE" sockets -uanH >"$dir/before"
	[[ $(wc -l <"$dir/before") == 1 ]] # the server's: there is no socket before sendto
	does client 's.sendto(b"hello", ("127.0.0.1", 5555)); print(s.getsockname()[1])'
	local port=$answer
	event "+ *0.0.0.0:$port *users:((\"python3\",pid=$client,fd=[0-9]*))"
	ends client
	event "- *0.0.0.0:$port *users:((\"python3\",pid=$client,fd=[0-9]*)) (seen for [0-9]*.[0-9][0-9][0-9] s)"
	"$SONDE" sockets -uanH >"$dir/after"
	grep -q '127.0.0.1:5555' "$dir/after" # the server's is still there
	[[ $(wc -l <"$dir/after") == 1 ]]
	end
	ends server
}
@test "no socket before sendto, one after, gone at exit, and the server's is still there" {
	watching exercise
}

lab() {
	mkfifo "$dir/started"
	"$SONDE" date server -u -4 --ready-fd 9 9>"$dir/started" >/dev/null 2>&1 &
	local server=$!
	read -r _ <"$dir/started"
	watch -uHn
	event "= *0.0.0.0:5555 *users:((\"sonde\",pid=$server,fd=[0-9]*))"
	"$SONDE" date client -u -4 127.0.0.1 >/dev/null
	# It lives a moment: seen or not, its end is told.
	local line=
	until [[ $line == *" - UNCONN"* ]]; do
		IFS= read -r -t 60 line <&7
		[[ $line != *:5555* ]]
	done
	[[ $line == *"(seen for "* || $line == *"(open for less than 0.050 s, its process was not seen)" ]]
	kill "$server"
	wait "$server"
	event "- *0.0.0.0:5555 *users:((\"sonde\",pid=$server,fd=[0-9]*))"
	end
}
@test "the date server and its client" {
	watching lab
}

connection() {
	program server
	program client
	does server 's = socket.create_server(("127.0.0.1", 4000))'
	watch -tHn 'port == 4000'
	event '= LISTEN *127.0.0.1:4000 *'
	does client 's = socket.create_connection(("127.0.0.1", 4000)); print(s.getsockname()[1])'
	local port=$answer
	# Both ends are new; which is told first is the kernel's order.
	local new one
	IFS= read -r -t 60 one <&7
	IFS= read -r -t 60 new <&7
	new+=$one
	[[ $new == *" + ESTAB"*"127.0.0.1:$port"*"127.0.0.1:4000"*"((\"python3\",pid=$client,fd="* ]]
	[[ $new == *" + ESTAB"*"127.0.0.1:4000"*"127.0.0.1:$port"* ]]
	does server 'c = s.accept()[0]'
	event "~ ESTAB *127.0.0.1:4000 *127.0.0.1:$port *users:((\"python3\",pid=$server,fd=[0-9]*)) (its processes are others)"
	does server 'c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0"); c.close()'
	# A reset ends both; which is told first depends on what the kernel is done with.
	IFS= read -r -t 60 one <&7
	IFS= read -r -t 60 new <&7
	new+=$one
	[[ $new == *" - ESTAB"*"127.0.0.1:4000"*"127.0.0.1:$port"*"((\"python3\",pid=$server,fd="* ]]
	[[ $new == *" - ESTAB"*"127.0.0.1:$port"*"127.0.0.1:4000"*"((\"python3\",pid=$client,fd="* ]]
	end
	ends client
	ends server
}
@test "a connection, from its listener to a reset" {
	watching connection
}

objects() {
	program server
	watch -u --json
	does server 's = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.1", 5555))'
	IFS= read -r -t 60 line <&7
	printf '%s\n' "$line" >"$dir/new"
	does server 's.connect(("127.0.0.1", 5556))'
	IFS= read -r -t 60 line <&7
	printf '%s\n' "$line" >"$dir/changed"
	ends server
	IFS= read -r -t 60 line <&7
	printf '%s\n' "$line" >"$dir/gone"
	end
	python3 - "$dir" "$server" <<'PYTHON'
import json, sys
new, changed, gone = (json.load(open(f"{sys.argv[1]}/{name}")) for name in ("new", "changed", "gone"))
assert [new["event"], changed["event"], gone["event"]] == ["new", "changed", "gone"]
assert new["local"] == "127.0.0.1:5555" and "remote" not in new, new
assert [process["pid"] for process in new["process"]] == [int(sys.argv[2])], new
assert changed["was"]["state"] == "UNCONN" and changed["state"] == "ESTAB" and changed["remote"] == "127.0.0.1:5556", changed
assert new["cookie"] == changed["cookie"] == gone["cookie"]
assert new["time"] <= changed["time"] <= gone["time"]
assert gone["seen_for"] > 0, gone
PYTHON
}
@test "an object for each event" {
	watching objects
}

briefly() {
	program client
	watch -uHn --period 60s
	does client 's = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.1", 4321)); s.close()'
	event '- *127.0.0.1:4321 * (open for less than 60.000 s, its process was not seen)'
	end
	ends client
}
@test "a socket that nobody saw is told when the kernel says that it ended" {
	watching briefly
}

@test "options that do not go together" {
	run -2 "$SONDE" sockets --period 1s
	[[ $output == *"add --watch"* ]]
	run -2 "$SONDE" sockets --watch -s
	[[ $output == *"leave out one of them"* ]]
	run -2 "$SONDE" sockets --watch --style netstat
	[[ $output == *"leave out --style"* ]]
}
