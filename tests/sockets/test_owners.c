/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose the socket at an end is. */
#include "owning.h"

#define HERE "127.0.0.1"

static void nothing(unsigned step)
{
	(void)step;
}

/* ------------------------------------------------------------------------------------------------ one socket */

static void bound_to_the_wildcard_and_known_before(void **state)
{
	int fd = socket_at(SOCK_DGRAM, "0.0.0.0", 5555);
	struct owners *owners = owners_made();
	struct socket_ends ends = ends_of(SOCKET_UDP, HERE, 5555, HERE, 40000);
	struct owners_answer answer = found(owners, &ends, clock_utc());

	(void)state;
	assert_true(answer.here);
	assert_owner(&answer.owner, OWNER_EXACT, 1, getpid());
	assert_string_equal(answer.owner.processes[0]->name, "test_owners");
	assert_true(answer.owner.processes[0]->has_uid);
	assert_int_equal(answer.owner.processes[0]->uid, getuid());
	assert_true(answer.since <= clock_utc());
	assert_int_not_equal(answer.cookie, 0);
	assert_true(owners_still(owners, &ends, answer.cookie, clock_utc()));
	assert_false(owners_still(owners, &ends, answer.cookie + 1, clock_utc()));
	close(fd);
	assert_false(owners_still(owners, &ends, answer.cookie, clock_utc()));
	owners_free(owners);
}

static void ipv6_that_takes_ipv4(void **state)
{
	int dual = socket_at(SOCK_DGRAM, "::", 5555), one = 1;
	int only = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct address address = at("::", 5556);
	struct owners *owners;
	struct socket_ends ends = ends_of(SOCKET_UDP, HERE, 5555, HERE, 40000);
	struct owners_answer answer;

	(void)state;
	assert_int_equal(setsockopt(only, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one), 0);
	assert_int_equal(bind(only, (struct sockaddr *)&address.storage, address.length), 0);
	owners = owners_made();
	answer = found(owners, &ends, clock_utc());
	assert_owner(&answer.owner, OWNER_EXACT, 1, getpid());
	ends = ends_of(SOCKET_UDP, "::1", 5555, "::1", 40000);
	answer = found(owners, &ends, clock_utc());
	assert_owner(&answer.owner, OWNER_EXACT, 1, getpid());
	ends = ends_of(SOCKET_UDP, HERE, 5556, HERE, 40000);
	answer = found(owners, &ends, clock_utc());
	assert_owner(&answer.owner, OWNER_UNKNOWN, 0, 0);
	ends = ends_of(SOCKET_UDP, "::1", 5556, "::1", 40000);
	answer = found(owners, &ends, clock_utc());
	assert_owner(&answer.owner, OWNER_EXACT, 1, getpid());
	owners_free(owners);
	close(dual);
	close(only);
}

/* The packet came before anybody looked: it may have been another's. */
static void seen_only_afterwards(void **state)
{
	struct owners *owners = owners_made();
	int64_t before = clock_utc();
	int fd = socket_at(SOCK_DGRAM, "0.0.0.0", 5555);
	struct socket_ends ends = ends_of(SOCKET_UDP, HERE, 5555, HERE, 40000);
	struct owners_answer answer = found(owners, &ends, before);

	(void)state;
	assert_owner(&answer.before, OWNER_REMEMBERED, 1, getpid());
	assert_owner(&answer.owner, OWNER_EXACT, 1, getpid());
	assert_true(answer.since > before);
	answer = found(owners, &ends, clock_utc());
	assert_owner(&answer.owner, OWNER_EXACT, 1, getpid());
	assert_true(answer.since < clock_utc());
	owners_free(owners);
	close(fd);
}

static void not_of_this_machine(void **state)
{
	int fd = socket_at(SOCK_DGRAM, "0.0.0.0", 5555);
	struct owners *owners = owners_made();
	struct socket_ends ends = ends_of(SOCKET_UDP, "192.0.2.1", 5555, HERE, 40000);

	(void)state;
	assert_false(found(owners, &ends, clock_utc()).here);
	ends = ends_of(SOCKET_UDP, "2001:db8::1", 5555, "::1", 40000);
	assert_false(found(owners, &ends, clock_utc()).here);
	ends = ends_of(SOCKET_UDP, "0.0.0.0", 5555, HERE, 40000);
	assert_false(found(owners, &ends, clock_utc()).here);
	owners_free(owners);
	close(fd);
}

/* ------------------------------------------------------------------------------------------------ several */

static void inherited_by_others(void **state)
{
	int fd = socket_at(SOCK_DGRAM, "0.0.0.0", 5555);
	struct program child = program_new("inheritor", nothing);
	struct owners *owners = owners_made();
	struct socket_ends ends = ends_of(SOCKET_UDP, HERE, 5555, HERE, 40000);
	struct owners_answer answer = found(owners, &ends, clock_utc());

	(void)state;
	assert_owner(&answer.owner, OWNER_EXACT, 2, getpid());
	assert_int_equal(answer.owner.processes[1]->pid, child.pid);
	assert_string_equal(answer.owner.processes[1]->name, "inheritor");
	end(&child);
	assert_false(owners_still(owners, &ends, answer.cookie, clock_utc()));
	answer = found(owners, &ends, clock_utc());
	assert_int_equal(answer.owner.count, 1);
	owners_free(owners);
	close(fd);
}

static void share_port(unsigned step)
{
	if (step == 0)
		socket_at(SOCK_DGRAM, "0.0.0.0", 5555);
}

static void several_on_one_port(void **state)
{
	struct program other = program_new("sharer", share_port);
	struct owners *owners = owners_made();
	struct socket_ends ends = ends_of(SOCKET_UDP, HERE, 5555, HERE, 40000);
	struct owners_answer answer;
	int first = socket_at(SOCK_DGRAM, "0.0.0.0", 5555), second = socket_at(SOCK_DGRAM, HERE, 5555);

	(void)state;
	/* It does not matter which, for both are ours. */
	answer = found(owners, &ends, clock_utc());
	assert_owner(&answer.owner, OWNER_EXACT, 1, getpid());
	assert_int_equal(answer.cookie, 0);
	go(&other);
	answer = found(owners, &ends, clock_utc());
	assert_int_equal(answer.owner.certainty, OWNER_PORT);
	assert_int_equal(answer.owner.count, 2);
	end(&other);
	close(second);
	close(first);
	owners_free(owners);
}

static void connected_first(void **state)
{
	struct program other = program_new("sharer", share_port);
	int mine = socket_at(SOCK_DGRAM, HERE, 5555);
	struct address peer = at(HERE, 40000);
	struct socket_ends ends = ends_of(SOCKET_UDP, HERE, 5555, HERE, 40000);
	struct owners *owners;
	struct owners_answer answer;

	(void)state;
	assert_int_equal(connect(mine, (struct sockaddr *)&peer.storage, peer.length), 0);
	go(&other);
	owners = owners_made();
	answer = found(owners, &ends, clock_utc());
	/* The other may send from there as well. */
	assert_owner(&answer.owner, OWNER_PORT, 2, getpid());
	/* From another peer it is not for the one that is connected. */
	ends = ends_of(SOCKET_UDP, HERE, 5555, HERE, 40001);
	answer = found(owners, &ends, clock_utc());
	assert_owner(&answer.owner, OWNER_EXACT, 1, other.pid);
	end(&other);
	close(mine);
	owners_free(owners);
}

static void heard_by_several(void **state)
{
	struct program other = program_new("sharer", share_port);
	int mine = socket_at(SOCK_DGRAM, "0.0.0.0", 5555);
	struct socket_ends ends = ends_of(SOCKET_UDP, "239.1.2.3", 5555, HERE, 40000);
	struct owners *owners;
	struct owners_answer answer;

	(void)state;
	go(&other);
	owners = owners_made();
	answer = found(owners, &ends, clock_utc());
	assert_true(answer.here);
	assert_int_equal(answer.owner.certainty, OWNER_PORT);
	assert_int_equal(answer.owner.count, 2);
	ends = ends_of(SOCKET_UDP, "255.255.255.255", 5555, HERE, 40000);
	answer = found(owners, &ends, clock_utc());
	assert_int_equal(answer.owner.certainty, OWNER_PORT);
	assert_int_equal(answer.owner.count, 2);
	end(&other);
	close(mine);
	owners_free(owners);
}

/* ------------------------------------------------------------------------------------------------ TCP */

static void a_connection_and_its_listener(void **state)
{
	struct owners *owners = owners_made();
	int listener = socket_at(SOCK_STREAM, "0.0.0.0", 5555), client = connected(SOCK_STREAM, HERE, 5555), accepted;
	uint16_t port = port_of(client);
	struct socket_ends server_end = ends_of(SOCKET_TCP, HERE, 5555, HERE, port);
	struct socket_ends client_end = ends_of(SOCKET_TCP, HERE, port, HERE, 5555);
	struct owners_answer answer = found(owners, &server_end, clock_utc());

	(void)state;
	assert_owner(&answer.owner, OWNER_EXACT, 1, getpid());
	assert_true(answer.unsettled);
	accepted = accept(listener, NULL, NULL);
	answer = found(owners, &server_end, clock_utc());
	assert_owner(&answer.owner, OWNER_EXACT, 1, getpid());
	assert_false(answer.unsettled);
	answer = found(owners, &client_end, clock_utc());
	assert_owner(&answer.owner, OWNER_EXACT, 1, getpid());
	/* It waits out its time, and is remembered. */
	close(client);
	close(accepted);
	collect_end(owners);
	answer = found(owners, &client_end, clock_utc());
	assert_owner(&answer.owner, OWNER_REMEMBERED, 1, getpid());
	answer = found(owners, &server_end, clock_utc());
	assert_owner(&answer.owner, OWNER_REMEMBERED, 1, getpid());
	/* Of a connection that was never seen only the port is known. */
	server_end = ends_of(SOCKET_TCP, HERE, 5555, HERE, 9);
	answer = found(owners, &server_end, clock_utc());
	assert_owner(&answer.owner, OWNER_PORT, 1, getpid());
	close(listener);
	owners_free(owners);
}

/* ------------------------------------------------------------------------------------------------ coming and going */

static void take_port(unsigned step)
{
	static int fd;

	if (step == 0)
		fd = socket_at(SOCK_DGRAM, "0.0.0.0", 5555);
	else if (step == 1)
		close(fd);
}

/* Who took the port over is not told to be the sender of what the first one sent, in whatever order it is asked. */
static void another_takes_the_port(void **state)
{
	for (unsigned known = 0; known < 2; known++) {
		struct program first = program_new("first", take_port), second = program_new("second", take_port);
		struct owners *owners = owners_made();
		struct socket_ends ends = ends_of(SOCKET_UDP, HERE, 5555, HERE, 40000);
		struct owners_answer answer;
		int64_t sent, later;

		go(&first);
		if (known) {
			answer = found(owners, &ends, clock_utc());
			assert_owner(&answer.owner, OWNER_EXACT, 1, first.pid);
		}
		sent = clock_utc();
		go(&first);
		go(&second);
		later = clock_utc();
		answer = found(owners, &ends, sent);
		assert_true(sent < answer.since);
		assert_int_equal(answer.before.certainty, OWNER_REMEMBERED);
		if (known)
			assert_int_equal(answer.before.processes[0]->pid, first.pid);
		assert_owner(&answer.owner, OWNER_EXACT, 1, second.pid);
		/* What came before it was seen is not certain either. */
		assert_true(later < answer.since);
		end(&second);
		end(&first);
		owners_free(owners);
	}
	(void)state;
}

static void remembered_for_a_time(void **state)
{
	struct program first = program_new("first", take_port);
	struct owners *owners = owners_made();
	struct socket_ends ends = ends_of(SOCKET_UDP, HERE, 5555, HERE, 40000);
	struct owners_answer answer;
	int64_t was;

	(void)state;
	go(&first);
	was = clock_utc();
	answer = found(owners, &ends, was);
	go(&first);
	end(&first);
	collect_end(owners);
	answer = found(owners, &ends, clock_utc());
	assert_owner(&answer.owner, OWNER_REMEMBERED, 1, first.pid);
	assert_string_equal(answer.owner.processes[0]->name, "first");
	owners_find(owners, &ends, clock_utc(), clock_utc() + 2 * OWNERS_REMEMBER, &answer);
	assert_true(answer.here);
	assert_owner(&answer.owner, OWNER_UNKNOWN, 0, 0);
	owners_free(owners);
}

/* ------------------------------------------------------------------------------------------------ births */

static void born_before_its_first_packet(void **state)
{
	struct program client = program_new("client", nothing);
	struct owners *owners = owners_made();
	int fd = socket_at(SOCK_DGRAM, "0.0.0.0", 0);
	uint16_t port = port_of(fd);
	struct socket_ends born = { .kind = SOCKET_UDP, .local = at("0.0.0.0", port) };
	struct socket_ends ends = ends_of(SOCKET_UDP, HERE, port, HERE, 5555);
	struct owners_answer answer;
	uint64_t cookie = 0;
	socklen_t size = sizeof cookie;
	int64_t sent;

	(void)state;
	assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size), 0);
	assert_true(owners_born(owners, &born, (uint32_t)client.pid, 77, cookie, clock_utc()));
	sent = clock_utc();
	close(fd);
	end(&client);
	collect_end(owners);
	/* All is over when its packet is asked for: somebody may have had the port, until the kernel says no. */
	answer = found(owners, &ends, sent);
	assert_owner(&answer.owner, OWNER_REMEMBERED, 1, client.pid);
	assert_true(answer.untold);
	assert_true(owners_fence(owners, NULL, NULL));
	answer = found(owners, &ends, sent);
	assert_owner(&answer.owner, OWNER_EXACT, 1, client.pid);
	assert_true(answer.proven >= sent);
	assert_int_equal(answer.owner.processes[0]->thread, 77);
	answer = found(owners, &ends, clock_utc());
	assert_owner(&answer.owner, OWNER_REMEMBERED, 1, client.pid);
	assert_false(owners_born(owners, &born, (uint32_t)client.pid, 77, cookie, clock_utc()));
	owners_free(owners);
}

/* Somebody else takes the port at once; `stays`: he has it still when the packet is asked for. */
static void taken_over(bool stays)
{
	struct program client = program_new("client", nothing);
	struct owners *owners = owners_made();
	int fd = socket_at(SOCK_DGRAM, "0.0.0.0", 0);
	uint16_t port = port_of(fd);
	struct socket_ends born = { .kind = SOCKET_UDP, .local = at("0.0.0.0", port) };
	struct socket_ends ends = ends_of(SOCKET_UDP, HERE, port, HERE, 5555);
	struct owners_answer answer;
	uint64_t cookie = 0;
	socklen_t size = sizeof cookie;
	int64_t birth, sent;

	assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size), 0);
	birth = clock_utc();
	assert_true(owners_born(owners, &born, (uint32_t)client.pid, 0, cookie, birth));
	close(fd);
	fd = socket_at(SOCK_DGRAM, HERE, port);
	sent = clock_utc();
	if (!stays)
		close(fd);
	/* Whatever is known by then, and however often it is asked. */
	for (unsigned i = 0; i < 3; i++) {
		answer = found(owners, &ends, sent);
		assert_int_not_equal((sent < answer.since ? answer.before : answer.owner).certainty, OWNER_EXACT);
		assert_true(owners_fence(owners, NULL, NULL));
	}
	answer = found(owners, &ends, birth);
	assert_int_equal((birth < answer.since ? answer.before : answer.owner).certainty, OWNER_EXACT);
	if (stays)
		close(fd);
	end(&client);
	owners_free(owners);
}

static void taken_over_by_one_who_stays(void **state)
{
	(void)state;
	taken_over(true);
}

static void taken_over_by_one_who_is_gone(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 20; i++)
		taken_over(false);
}

static void born_and_followed_by_another(void **state)
{
	struct program one = program_new("one", nothing), two = program_new("two", nothing);
	struct owners *owners = owners_made();
	struct socket_ends born = { .kind = SOCKET_TCP, .local = at("0.0.0.0", 4444) };
	struct socket_ends ends = ends_of(SOCKET_TCP, HERE, 4444, HERE, 5555);
	struct owners_answer answer;
	int64_t first, second;

	(void)state;
	assert_true(owners_born(owners, &born, (uint32_t)one.pid, 0, 0, clock_utc()));
	first = clock_utc();
	assert_true(owners_born(owners, &born, (uint32_t)two.pid, 0, 0, clock_utc()));
	second = clock_utc();
	answer = found(owners, &ends, first);
	assert_owner(&answer.owner, OWNER_EXACT, 1, one.pid);
	answer = found(owners, &ends, second);
	assert_owner(&answer.owner, OWNER_EXACT, 1, two.pid);
	end(&two);
	end(&one);
	owners_free(owners);
}

/* ------------------------------------------------------------------------------------------------ processes */

/* From the shell to what it executes: the number is the same, the program is not. */
static void executing_makes_another_of_it(void **state)
{
	int fd = socket_at(SOCK_DGRAM, "0.0.0.0", 5555), gate[2], said[2];
	struct owners *owners;
	struct socket_ends ends = ends_of(SOCKET_UDP, HERE, 5555, HERE, 40000);
	struct owners_answer answer;
	const struct process *shell;
	char octet;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(gate), 0);
	assert_int_equal(pipe(said), 0);
	assert_int_equal(fcntl(fd, F_SETFD, 0), 0);
	child = fork();
	if (!child) {
		dup2(gate[0], 0);
		dup2(said[1], 1);
		close(gate[1]);
		close(said[0]);
		execl("/bin/sh", "sh", "-c", "echo; read line; exec cat", NULL);
		_exit(99);
	}
	close(fd);
	close(said[1]);
	assert_int_equal(read(said[0], &octet, 1), 1);
	owners = owners_made();
	answer = found(owners, &ends, clock_utc());
	assert_owner(&answer.owner, OWNER_EXACT, 1, child);
	shell = answer.owner.processes[0];
	assert_string_equal(shell->name, "sh");
	assert_int_equal(write(gate[1], "\nx", 2), 2);
	assert_int_equal(read(said[0], &octet, 1), 1);
	assert_int_equal(octet, 'x');
	assert_false(owners_still(owners, &ends, answer.cookie, clock_utc()));
	answer = found(owners, &ends, clock_utc());
	assert_owner(&answer.owner, OWNER_EXACT, 1, child);
	assert_string_equal(answer.owner.processes[0]->name, "cat");
	assert_string_equal(shell->name, "sh");
	close(gate[1]);
	close(gate[0]);
	close(said[0]);
	assert_int_equal(waitpid(child, NULL, 0), child);
	owners_free(owners);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bound_to_the_wildcard_and_known_before),
		cmocka_unit_test(ipv6_that_takes_ipv4),
		cmocka_unit_test(seen_only_afterwards),
		cmocka_unit_test(not_of_this_machine),
		cmocka_unit_test(inherited_by_others),
		cmocka_unit_test(several_on_one_port),
		cmocka_unit_test(connected_first),
		cmocka_unit_test(heard_by_several),
		cmocka_unit_test(a_connection_and_its_listener),
		cmocka_unit_test(another_takes_the_port),
		cmocka_unit_test(remembered_for_a_time),
		cmocka_unit_test(born_before_its_first_packet),
		cmocka_unit_test(taken_over_by_one_who_stays),
		cmocka_unit_test(taken_over_by_one_who_is_gone),
		cmocka_unit_test(born_and_followed_by_another),
		cmocka_unit_test(executing_makes_another_of_it),
	};

	own_namespace();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
