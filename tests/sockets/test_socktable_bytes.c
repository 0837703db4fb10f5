/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel answers, cut and changed: nothing is read that is not there, and the rest is told. */
#include "tabling.h"

#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>

#include "sockets/socktable_parts.h"
#include "sound.h"

/* ------------------------------------------------------------------------------------------------ messages */

struct datagram {
	_Alignas(8) char octets[4096];
	size_t length;
};

static struct nlmsghdr *begin(struct datagram *d, uint16_t type, uint16_t flags, const void *body, size_t size)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(d->octets + d->length);

	message->nlmsg_type = type;
	message->nlmsg_flags = flags;
	message->nlmsg_seq = 1;
	memcpy(mnl_nlmsg_put_extra_header(message, size), body, size);
	return message;
}

static void add(struct datagram *d, const struct nlmsghdr *message)
{
	d->length += MNL_ALIGN(message->nlmsg_len);
}

/* A connection with all that may be asked for. */
static void add_inet(struct datagram *d, uint16_t port, size_t info)
{
	static const uint32_t memory[SK_MEMINFO_VARS] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	const struct inet_diag_msg body = { .idiag_family = AF_INET6,
					    .idiag_state = SOCKET_ESTABLISHED,
					    .id = { .idiag_sport = htons(port), .idiag_dport = htons(9) },
					    .idiag_inode = port };
	uint8_t zeros[1024] = { SOCKET_ESTABLISHED };
	struct nlmsghdr *message = begin(d, SOCK_DIAG_BY_FAMILY, NLM_F_MULTI, &body, sizeof body);

	mnl_attr_put_u8(message, INET_DIAG_SKV6ONLY, 1);
	mnl_attr_put(message, INET_DIAG_SKMEMINFO, sizeof memory, memory);
	mnl_attr_put(message, INET_DIAG_INFO, info, zeros);
	mnl_attr_put(message, INET_DIAG_CONG, 5, "cubic"); /* without its NUL */
	mnl_attr_put_u64(message, INET_DIAG_CGROUP_ID, 42);
	mnl_attr_put_u8(message, INET_DIAG_TCLASS, 7);
	mnl_attr_put(message, 99, 8, "whatever");
	add(d, message);
}

static void add_end(struct datagram *d, uint16_t type, int error)
{
	add(d, begin(d, type, NLM_F_MULTI, &error, sizeof error));
}

/* From memory that ends where the datagram does, but for the padding of a message. */
static bool take(struct socktable *table, enum socket_kind kind, const void *octets, size_t length, int *error)
{
	struct answers answers = { .kind = kind, .states = ~0u, .sequence = 1, .table = table };
	char *copy = malloc((length + 3) / 4 * 4 + 1);
	bool ended;

	memcpy(copy, octets, length);
	ended = answers_take(&answers, copy, length);
	free(copy);
	*error = answers.error;
	for (size_t i = 0; i < table->count; i++)
		sound_socket(&table->list[i], kind);
	return ended;
}

static void all_that_may_be_told(void **state)
{
	struct socktable table = { 0 };
	struct datagram d = { .length = 0 };
	const struct socket *first;
	int error;

	(void)state;
	add_inet(&d, 5555, sizeof(struct tcp_info));
	add_end(&d, NLMSG_DONE, 0);
	assert_true(take(&table, SOCKET_TCP, d.octets, d.length, &error));
	assert_int_equal(error, 0);
	assert_int_equal(table.count, 1);
	first = &table.list[0];
	assert_int_equal(address_port(&first->local), 5555);
	assert_int_equal(address_port(&first->remote), 9);
	assert_true(first->has_v6only && first->v6only && first->has_memory && first->has_cgroup && first->has_class);
	assert_int_equal(first->memory.receive, 1);
	assert_int_equal(first->memory.drops, 9);
	assert_int_equal(first->cgroup, 42);
	assert_int_equal(first->traffic_class, 7);
	assert_string_equal(first->congestion, "cubic");
	assert_int_equal(first->info->tcpi_state, SOCKET_ESTABLISHED);
	socktable_release(&table);
}

/* Kernels are older and younger than the header. */
static void information_of_any_length(void **state)
{
	static const size_t lengths[] = { 0, 1, 3, 104, sizeof(struct tcp_info), 1024 };

	(void)state;
	for (size_t i = 0; i < COUNT(lengths); i++) {
		struct socktable table = { 0 };
		struct datagram d = { .length = 0 };
		int error;

		add_inet(&d, 1, lengths[i]);
		assert_false(take(&table, SOCKET_TCP, d.octets, d.length, &error));
		assert_int_equal(table.list[0].info->tcpi_state, lengths[i] ? SOCKET_ESTABLISHED : 0);
		assert_int_equal(table.list[0].info->tcpi_bytes_acked, 0);
		socktable_release(&table);
	}
}

static void cut_anywhere(void **state)
{
	struct datagram d = { .length = 0 };

	(void)state;
	add_inet(&d, 1, 300);
	add_inet(&d, 2, 300);
	for (size_t length = 0; length <= d.length; length++) {
		struct socktable table = { 0 };
		int error;

		assert_false(take(&table, SOCKET_TCP, d.octets, length, &error));
		assert_int_equal(table.count, length / (d.length / 2));
		socktable_release(&table);
	}
}

static void changed_anywhere(void **state)
{
	static const enum socket_kind kinds[] = { SOCKET_TCP, SOCKET_RAW, SOCKET_PACKET, SOCKET_UNIX };

	(void)state;
	for (size_t kind = 0; kind < COUNT(kinds); kind++) {
		struct datagram d = { .length = 0 };

		add_inet(&d, 1, 250);
		add_inet(&d, 2, 250);
		for (size_t i = 0; i < 2 * d.length; i++) {
			struct socktable table = { 0 };
			char before = d.octets[i / 2];
			int error;

			d.octets[i / 2] = i & 1 ? '\xff' : '\1';
			take(&table, kinds[kind], d.octets, d.length, &error);
			d.octets[i / 2] = before;
			socktable_release(&table);
		}
	}
}

static void of_another_question(void **state)
{
	struct socktable table = { 0 };
	struct datagram d = { .length = 0 };
	size_t second;
	int error;

	(void)state;
	add_inet(&d, 1, 0);
	second = d.length;
	add_inet(&d, 2, 0);
	((struct nlmsghdr *)d.octets)->nlmsg_seq = 7;
	((struct nlmsghdr *)d.octets)->nlmsg_flags |= NLM_F_DUMP_INTR;
	assert_false(take(&table, SOCKET_TCP, d.octets, d.length, &error));
	assert_int_equal(table.count, 1);
	assert_int_equal(address_port(&table.list[0].local), 2);
	assert_false(table.interrupted);
	((struct nlmsghdr *)(d.octets + second))->nlmsg_flags |= NLM_F_DUMP_INTR;
	take(&table, SOCKET_TCP, d.octets, d.length, &error);
	assert_true(table.interrupted);
	socktable_release(&table);
}

static void how_it_ends(void **state)
{
	static const struct {
		uint16_t type;
		int said, error;
	} rows[] = {
		{ NLMSG_DONE, 0, 0 },
		{ NLMSG_DONE, -EINVAL, EINVAL },
		{ NLMSG_ERROR, 0, 0 },
		{ NLMSG_ERROR, -ENOENT, ENOENT },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct socktable table = { 0 };
		struct datagram d = { .length = 0 };
		int error;

		add_end(&d, rows[i].type, rows[i].said);
		add_inet(&d, 1, 0);
		assert_true(take(&table, SOCKET_TCP, d.octets, d.length, &error));
		assert_int_equal(error, rows[i].error);
		assert_int_equal(table.count, 0);
		socktable_release(&table);
	}
}

static void states_that_are_none(void **state)
{
	static const struct {
		uint8_t said;
		size_t count;
		enum socket_state told;
	} rows[] = {
		{ 0, 0, 0 }, { 1, 1, SOCKET_ESTABLISHED }, { 12, 1, SOCKET_SYN_RECV }, { 13, 0, 0 }, { 255, 0, 0 }
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct inet_diag_msg body = { .idiag_family = AF_INET, .idiag_state = rows[i].said };
		struct socktable table = { 0 };
		struct datagram d = { .length = 0 };
		int error;

		add(&d, begin(&d, SOCK_DIAG_BY_FAMILY, 0, &body, sizeof body));
		take(&table, SOCKET_TCP, d.octets, d.length, &error);
		assert_int_equal(table.count, rows[i].count);
		if (table.count)
			assert_int_equal(table.list[0].state, rows[i].told);
		socktable_release(&table);
	}
}

/* A name as long as it may be, and longer than that. */
static void long_names(void **state)
{
	static const struct unix_diag_msg body = { .udiag_family = AF_UNIX, .udiag_state = SOCKET_CLOSE };
	char name[3000];

	(void)state;
	memset(name, 'x', sizeof name);
	for (size_t length = 0; length < sizeof name; length += 999) {
		struct socktable table = { 0 };
		struct datagram d = { .length = 0 };
		struct nlmsghdr *message = begin(&d, SOCK_DIAG_BY_FAMILY, 0, &body, sizeof body);
		int error;

		mnl_attr_put(message, UNIX_DIAG_NAME, length, name);
		add(&d, message);
		take(&table, SOCKET_UNIX, d.octets, d.length, &error);
		assert_int_equal(table.count, 1);
		assert_int_equal(table.list[0].name ? strlen(table.list[0].name) : 0, length);
		socktable_release(&table);
	}
}

/* ------------------------------------------------------------------------------------------------ /proc/net */

static const struct proc_file *file_of(const char *name)
{
	const struct proc_file *file = proc_files;

	while (strcmp(file->name, name) != 0)
		file++;
	return file;
}

static void lines(void **state)
{
	static const struct {
		const char *file, *text;
		size_t count;
	} rows[] = {
		{ "tcp", "", 0 },
		{ "tcp", "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when\n", 0 },
		{ "tcp",
		  " 0: 0100007F:15B3 00000000:0000 0A 00000000:00000000 00:00000000 00000000  0  0 77 1 0 100 0 0 10 "
		  "0\n",
		  1 },
		/* As far as it is needed; columns missing; no end; another family's; a number that is none. */
		{ "tcp", " 0: 0100007F:15B3 00000000:0000 0A 00000000:00000000 00:00000000 00000000  0  0 77\n", 1 },
		{ "tcp", " 0: 0100007F:15B3 00000000:0000 0A 00000000:00000000 00:00000000 00000000  0  0\n", 0 },
		{ "tcp", " 0: 0100007F:15B3 00000000:0000 0A 00000000:00000000 00:00000000 00000000  0  0 77", 0 },
		{ "tcp6", " 0: 0100007F:15B3 00000000:0000 0A 00000000:00000000 00:00000000 00000000  0  0 77\n", 0 },
		{ "tcp", " 0: 0100007G:15B3 00000000:0000 0A 00000000:00000000 00:00000000 00000000  0  0 77\n", 0 },
		{ "tcp", " 0: 0100007F:15B3 00000000:0000 FF 00000000:00000000 00:00000000 00000000  0  0 77\n", 0 },
		{ "unix", "0000000000000000: 00000002 00000000 00010000 0001 01 42\n", 1 },
		{ "unix", "0000000000000000: 00000002 00000000 00010000 0001 01 42 \n", 1 },
		{ "unix", "0000000000000000: 00000002 00000000 00010000 0001 01\n", 0 },
		{ "packet", "0000000000000000 3      3    0003   0     1 0      0      42\n", 1 },
		{ "packet", "0000000000000000 3      3    0003   0     1 0      0\n", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[256];
		struct socktable table = { 0 };
		FILE *in;

		snprintf(text, sizeof text, "%s", rows[i].text);
		in = fmemopen(text, strlen(text) + 1, "r");
		proc_take(&table, file_of(rows[i].file), in, ~0u);
		fclose(in);
		if (table.count != rows[i].count)
			fail_msg("row %zu: %zu", i, table.count);
		if (table.count)
			assert_true(table.list[0].inode == 77 || table.list[0].inode == 42);
		socktable_release(&table);
	}
}

/* A line that is too long for one reading is left out, and so is the rest of it. */
static void a_line_without_end(void **state)
{
	static const char good[] = "0000000000000000: 00000002 00000000 00000000 0001 01 42 @name\n";
	struct socktable table = { 0 };
	char text[4096];
	FILE *in;

	(void)state;
	memset(text, 'x', sizeof text);
	memcpy(text, good, sizeof good - 2);
	memcpy(text + 2000, good, sizeof good - 1);
	memcpy(text + 3000, good, sizeof good - 1);
	text[2999] = '\n';
	text[sizeof text - 1] = '\n';
	in = fmemopen(text, sizeof text, "r");
	proc_take(&table, file_of("unix"), in, ~0u);
	fclose(in);
	assert_int_equal(table.count, 1);
	assert_string_equal(table.list[0].name, "@name");
	socktable_release(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_may_be_told),
		cmocka_unit_test(information_of_any_length),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(changed_anywhere),
		cmocka_unit_test(of_another_question),
		cmocka_unit_test(how_it_ends),
		cmocka_unit_test(states_that_are_none),
		cmocka_unit_test(long_names),
		cmocka_unit_test(lines),
		cmocka_unit_test(a_line_without_end),
	};

	return cmocka_run_group_tests_name("sockets/socktable_bytes", tests, NULL, NULL);
}
