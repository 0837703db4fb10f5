/* SPDX-License-Identifier: BSD-2-Clause */
/* The process beside ours, and what is kept of its answers. */
#include "owning.h"

#include "sockets/registrar_parts.h"

#define HERE "127.0.0.1"

static struct registrar *registrar_made(const struct registrar_guest *guest)
{
	const struct registrar_options options = { .guest = guest };
	struct error err = { "" };
	struct registrar *registrar = registrar_start(&options, &err);

	if (!registrar)
		fail_msg("%s", err.text);
	return registrar;
}

static struct registrar_packet packet_of(uint8_t kind, const char *from, uint16_t port, const char *to,
					 uint16_t to_port)
{
	struct registrar_packet packet = { .kind = kind, .time = clock_utc() };
	struct address source = at(from, port), destination = at(to, to_port);

	place_from(&packet.ends[OWNER_SOURCE], &source);
	place_from(&packet.ends[OWNER_DESTINATION], &destination);
	return packet;
}

static void both_ends_in_both_directions(void **state)
{
	int server = socket_at(SOCK_DGRAM, "0.0.0.0", 5555), client = connected(SOCK_DGRAM, HERE, 5555);
	struct registrar *registrar = registrar_made(NULL);
	struct registrar_packet packet = packet_of(SOCKET_UDP, HERE, port_of(client), HERE, 5555);
	const struct owner *owners[OWNER_ENDS], *again[OWNER_ENDS];

	(void)state;
	registrar_ask(registrar, &packet, owners);
	assert_owner(owners[OWNER_SOURCE], OWNER_EXACT, 1, getpid());
	assert_owner(owners[OWNER_DESTINATION], OWNER_EXACT, 1, getpid());
	assert_string_equal(owners[OWNER_SOURCE]->processes[0]->name, "test_registrar");
	packet = packet_of(SOCKET_UDP, HERE, 5555, HERE, port_of(client));
	registrar_ask(registrar, &packet, again);
	/* One answer is kept once. */
	assert_ptr_equal(again[OWNER_SOURCE], owners[OWNER_DESTINATION]);
	assert_ptr_equal(owners[OWNER_SOURCE], owners[OWNER_DESTINATION]);
	assert_false(registrar_is_ours(registrar, owners[OWNER_SOURCE]));
	assert_int_equal(registrar_way(registrar), WAY_NONE);
	packet = packet_of(SOCKET_UDP, "192.0.2.1", 5555, HERE, 9);
	registrar_ask(registrar, &packet, owners);
	assert_null(owners[OWNER_SOURCE]);
	assert_owner(owners[OWNER_DESTINATION], OWNER_UNKNOWN, 0, 0);
	registrar_free(registrar);
	close(server);
	close(client);
}

static void take_port(unsigned step)
{
	static int fd;

	if (step % 2 == 0)
		fd = socket_at(SOCK_DGRAM, "0.0.0.0", 5555);
	else
		close(fd);
}

/* What was kept of the first is gone with the first packet after a pause. */
static void an_end_changes_hands(void **state)
{
	struct program first = program_new("first", take_port), second = program_new("second", take_port);
	struct registrar *registrar;
	struct registrar_packet packet;
	const struct owner *owners[OWNER_ENDS];
	int64_t time = clock_utc() + 3600 * NS_PER_S; /* later than any look of this test */

	(void)state;
	go(&first);
	registrar = registrar_made(NULL);
	packet = packet_of(SOCKET_UDP, HERE, 40000, HERE, 5555);
	for (unsigned i = 0; i < 20; i++) {
		const struct program *has = i % 2 ? &second : &first, *next = i % 2 ? &first : &second;

		packet.time = time += REGISTRAR_GAP + 1;
		registrar_ask(registrar, &packet, owners);
		assert_owner(owners[OWNER_DESTINATION], OWNER_EXACT, 1, has->pid);
		go(has);
		go(next);
	}
	/* What came before anybody looked may have been anybody's. */
	packet.time = clock_utc();
	go(&first);
	go(&second);
	packet.ends[OWNER_SOURCE].port = 40001;
	registrar_ask(registrar, &packet, owners);
	assert_int_equal(owners[OWNER_DESTINATION]->certainty, OWNER_REMEMBERED);
	registrar_free(registrar);
	end(&second);
	end(&first);
}

static void many_conversations(void **state)
{
	int server = socket_at(SOCK_DGRAM, "0.0.0.0", 5555);
	struct registrar *registrar = registrar_made(NULL);
	struct registrar_packet packet = packet_of(SOCKET_UDP, HERE, 1, "192.0.2.1", 1);
	const struct owner *owners[OWNER_ENDS];

	(void)state;
	/* More than are kept, and more than are asked for in the time that they take. */
	for (unsigned i = 0; i < 2 * REGISTRAR_CONVERSATIONS; i++) {
		packet.ends[OWNER_SOURCE].address[10] = packet.ends[OWNER_SOURCE].address[11] = 0;
		packet.ends[OWNER_SOURCE].address[0] = 0x20;
		packet.ends[OWNER_SOURCE].address[14] = (uint8_t)(i >> 8);
		packet.ends[OWNER_SOURCE].address[13] = (uint8_t)(i >> 16);
		packet.ends[OWNER_SOURCE].address[15] = (uint8_t)i;
		registrar_ask(registrar, &packet, owners);
	}
	assert_owner(owners[OWNER_SOURCE], OWNER_UNKNOWN, 0, 0);
	assert_true(owners[OWNER_SOURCE]->more);
	packet = packet_of(SOCKET_UDP, HERE, 40000, HERE, 5555);
	packet.time += 3600 * NS_PER_S;
	registrar_ask(registrar, &packet, owners);
	assert_owner(owners[OWNER_DESTINATION], OWNER_EXACT, 1, getpid());
	registrar_free(registrar);
	close(server);
}

static void a_connection_and_then_another(void **state)
{
	int listener = socket_at(SOCK_STREAM, "0.0.0.0", 5555);
	struct registrar *registrar = registrar_made(NULL);
	int client = connected(SOCK_STREAM, HERE, 5555), accepted = accept(listener, NULL, NULL);
	struct registrar_packet packet = packet_of(SOCKET_TCP, HERE, port_of(client), HERE, 5555);
	const struct owner *owners[OWNER_ENDS];

	(void)state;
	/* The packet had come before anybody looked. */
	packet.opens = true;
	registrar_ask(registrar, &packet, owners);
	assert_owner(owners[OWNER_SOURCE], OWNER_REMEMBERED, 1, getpid());
	packet.opens = false;
	packet.time = clock_utc();
	registrar_ask(registrar, &packet, owners);
	assert_owner(owners[OWNER_SOURCE], OWNER_EXACT, 1, getpid());
	assert_owner(owners[OWNER_DESTINATION], OWNER_EXACT, 1, getpid());
	close(client);
	close(accepted);
	close(listener);
	registrar_free(registrar);
}

/* ------------------------------------------------------------------------------------------------ a guest */

enum { ORDER_BORN, ORDER_ENDED, ORDER_REFUSED };

static void *guest_start(struct registrar_server *server, struct error *err)
{
	(void)err;
	atomic_store(&server->shared->way, WAY_SUPERVISED);
	return server;
}

static unsigned guest_wait(void *guest, int *fds, unsigned most, int64_t *deadline)
{
	(void)guest, (void)fds, (void)most, (void)deadline;
	return 0;
}

static void guest_serve(void *guest, struct registrar_server *server)
{
	(void)guest, (void)server;
}

static int guest_order(void *guest, struct registrar_server *server, const struct registrar_order *order,
		       int32_t *value, struct error *err)
{
	struct socket_ends born = { .kind = SOCKET_UDP, .local = at("0.0.0.0", 7777) };

	(void)guest;
	*value = 11;
	if (order->order == ORDER_BORN)
		registrar_tell_born(server, &born, (uint32_t)order->value, 0, 0);
	else if (order->order == ORDER_ENDED)
		registrar_tell_ended(server, order->value);
	else
		return error_set(err, "the guest refuses");
	return 0;
}

static bool guest_ours(void *guest, uint32_t pid)
{
	(void)guest, (void)pid;
	return false;
}

static void guest_stop(void *guest)
{
	(void)guest;
}

static const struct registrar_guest guest = { guest_start, guest_wait, guest_serve, guest_order,
					      guest_ours,  guest_stop, 0 };

static void births_are_told_before_their_packets(void **state)
{
	struct program client = program_new("client", take_port);
	struct registrar *registrar = registrar_made(&guest);
	struct registrar_packet packet = packet_of(SOCKET_UDP, HERE, 7777, HERE, 9);
	struct registrar_order order = { ORDER_BORN, client.pid };
	const struct owner *owners[OWNER_ENDS];
	struct error err = { "" };
	int32_t value = 0;
	int status = 0;

	(void)state;
	registrar_ask(registrar, &packet, owners);
	assert_owner(owners[OWNER_SOURCE], OWNER_UNKNOWN, 0, 0);
	assert_int_equal(registrar_order(registrar, &order, &value, &err), 0);
	assert_int_equal(value, 11);
	packet.time = clock_utc();
	registrar_ask(registrar, &packet, owners);
	assert_owner(owners[OWNER_SOURCE], OWNER_EXACT, 1, client.pid);
	assert_true(registrar_is_ours(registrar, owners[OWNER_SOURCE]));
	assert_int_equal(registrar_way(registrar), WAY_SUPERVISED);
	assert_false(registrar_ended(registrar, &status));
	order = (struct registrar_order){ ORDER_ENDED, 42 };
	assert_int_equal(registrar_order(registrar, &order, &value, &err), 0);
	assert_true(registrar_ended(registrar, &status));
	assert_int_equal(status, 42);
	order.order = ORDER_REFUSED;
	assert_int_equal(registrar_order(registrar, &order, &value, &err), -1);
	assert_string_equal(err.text, "the guest refuses");
	end(&client);
	registrar_free(registrar);
}

static pid_t only_child(struct registrar *registrar)
{
	char path[64];
	FILE *children;
	int child = 0;

	snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
	children = fopen(path, "re");
	if (!children) {
		registrar_free(registrar);
		print_message("skipped: this kernel does not tell of children\n");
		skip();
	}
	assert_int_equal(fscanf(children, "%d", &child), 1);
	fclose(children);
	return child;
}

static void the_other_process_dies(void **state)
{
	struct registrar *registrar = registrar_made(NULL);
	struct registrar_packet packet = packet_of(SOCKET_UDP, HERE, 7777, HERE, 9);
	const struct owner *owners[OWNER_ENDS];
	pid_t child = only_child(registrar);

	(void)state;
	assert_int_equal(kill(child, SIGKILL), 0);
	registrar_ask(registrar, &packet, owners);
	assert_true(registrar_lost(registrar));
	assert_owner(owners[OWNER_SOURCE], OWNER_UNKNOWN, 0, 0);
	assert_owner(owners[OWNER_DESTINATION], OWNER_UNKNOWN, 0, 0);
	registrar_free(registrar);
}

/* It keeps two rights at most, and no descriptor that is not its own. */
static void nothing_more_is_kept(void **state)
{
	int extra = open("/dev/zero", O_RDONLY);
	struct registrar *registrar = registrar_made(NULL);
	pid_t child = only_child(registrar);
	unsigned long long rights = ~0ull;
	char path[64], line[256];
	FILE *file;

	(void)state;
	snprintf(path, sizeof path, "/proc/%d/status", (int)child);
	file = fopen(path, "re");
	while (fgets(line, sizeof line, file))
		sscanf(line, "CapPrm: %llx", &rights);
	fclose(file);
	assert_int_equal(rights & ~(1ull << 2 | 1ull << 19), 0); /* CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE */
	snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)child, extra);
	memset(line, 0, sizeof line);
	assert_true(readlink(path, line, sizeof line - 1) <= 0 || !strstr(line, "/dev/zero"));
	registrar_free(registrar);
	close(extra);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ends_in_both_directions),
		cmocka_unit_test(an_end_changes_hands),
		cmocka_unit_test(many_conversations),
		cmocka_unit_test(a_connection_and_then_another),
		cmocka_unit_test(births_are_told_before_their_packets),
		cmocka_unit_test(the_other_process_dies),
		cmocka_unit_test(nothing_more_is_kept),
	};

	own_namespace();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
