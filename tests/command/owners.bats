#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Whose packets these are, live: each test in a network namespace of its own, with the programs that it starts.
load live

setup() {
	need python3
	export -f serve ask lines until_lines
}

# serve FILE PORT [NAME]: a server of datagrams with a file of its own, answering; ready when this returns. Its process
# is $server.
serve() {
	cat >"$dir/$1" <<-'PYTHON'
		import ctypes, socket, sys
		sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
		sock.bind(("::", int(sys.argv[1])))
		if len(sys.argv) > 3:
		    ctypes.CDLL(None).prctl(15, sys.argv[3].encode().decode("unicode_escape").encode("latin-1"), 0, 0, 0)
		open(sys.argv[2], "w").close()
		while True:
		    data, peer = sock.recvfrom(2048)
		    sock.sendto(b"answer to " + data, peer)
	PYTHON
	mkfifo "$dir/$1.up"
	python3 "$dir/$1" "$2" "$dir/$1.up" "${@:3}" >/dev/null &
	server=$!
	read -r _ <"$dir/$1.up" || true
	rm "$dir/$1.up"
}

# ask PORT N: a client that asks N times, waiting for each answer.
ask() {
	python3 - "$1" "$2" <<-'PYTHON'
		import socket, sys
		sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		sock.settimeout(60)
		for i in range(int(sys.argv[2])):
		    sock.sendto(b"question %d" % i, ("127.0.0.1", int(sys.argv[1])))
		    sock.recv(2048)
	PYTHON
}

# lines: how many packets were shown.
lines() {
	wc -l <"$dir/out"
}

one_program() {
	serve date-server.py 5555
	serve twin.py 5556
	start -i lo --program date-server.py -T fields -e udp.srcport -e udp.dstport
	ask 5555 5
	ask 5556 5
	stop
	is "$(lines)" 10
	lacks "$(cat "$dir/out")" 5556
	has "$(cat "$dir/err")" "10 packets exact"
}

one_pid() {
	serve date-server.py 5555
	start -i lo --pid $server -T fields -e udp.srcport -e udp.dstport
	serve date-twin.py 5556
	ask 5555 3
	ask 5556 3
	stop
	is "$(lines)" 6
	lacks "$(cat "$dir/out")" 5556
}

# until_lines N: waits until so many packets were shown.
until_lines() {
	local patience=3000
	until [ "$(lines)" -ge "$1" ]; do
		((patience--)) || return 1
		read -rt 0.02 <> <(:) || true
	done
}

# The program's sockets are there only after the capture began; one ends, and another program takes its port.
comes_and_goes() {
	start -i lo -l --program date-server.py -T fields -e udp.srcport
	serve date-server.py 5555
	ask 5555 2
	until_lines 4
	kill "$server"
	wait "$server" || true
	serve other.py 5555
	ask 5555 2
	serve date-server.py 5557
	ask 5557 2
	until_lines 8
	stop
	is "$(lines)" 8
}

names_with_escapes() {
	serve date-server.py 5555 '\033[31mred'
	start -i lo --program "$(printf '\033[31mred')"
	ask 5555 2
	stop
	is "$(lines)" 4
	if grep -q "$(printf '\033')" "$dir/out" "$dir/err"; then false; fi
}

without_processes() {
	start -i lo
	send 1 9
	stop
	lacks "$(cat "$dir/err")" processes
}

of_others() {
	serve date-server.py 5555
	RUN=(setpriv --inh-caps=-all,+net_raw --ambient-caps=-all,+net_raw --reuid=65534 --clear-groups)
	chmod 777 "$dir"
	start -i lo --processes
	unset RUN
	ask 5555 1
	stop
	has "$(cat "$dir/err")" "may not be looked into"
	has "$(cat "$dir/err")" "root may look"
}

saved() {
	serve date-server.py 5555
	start -i lo --program date-server.py -w "$dir/saved.pcapng"
	ask 5555 3
	send 1 9
	stop
	is "$("$SONDE" read "$dir/saved.pcapng" | wc -l)" 6
}

@test "capture --program: exactly the packets of that program" { in_namespace one_program; }
@test "capture --pid: exactly the packets of that process" { in_namespace one_pid; }
@test "capture --program: sockets that come and go" { in_namespace comes_and_goes; }
@test "capture --program: a name with escapes is not written to a terminal" { in_namespace names_with_escapes; }
@test "capture: nobody is asked for unless it is wanted" { in_namespace without_processes; }
@test "capture --processes: those of others are said to be hidden" { in_namespace of_others; }
@test "capture --program -w: exactly the packets of that program" { in_namespace saved; }

@test "capture --pid: a process that is not there is refused" {
	refused capture -i lo --pid 2147483647
	has "$stderr" "--pid 2147483647: there is no such process"
	refused capture -i lo --pid none
	has "$stderr" "--pid none: not the number of a process"
}
