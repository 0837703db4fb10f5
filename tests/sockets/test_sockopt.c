/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rows of the option table against the running kernel: each number that it knows has a row, each row that can be
 * read is answered, with the size of its type, on the sockets that the row names, and with the value that a new socket
 * is said to have.
 */
#include "walking.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <stdlib.h>

#define BUFFER 65536 /* octets; SO_GET_FILTER and its like count larger things than octets */
static _Alignas(16) char buffer[BUFFER];

/* What the kernel says to a number that it does not know at this level, or not for this kind of socket. */
static bool is_unknown(int error)
{
	return error == ENOPROTOOPT || error == EOPNOTSUPP;
}

static int ask(int fd, int level, int option, socklen_t *length)
{
	*length = 1024;
	memset(buffer, 0, 1024);
	return getsockopt(fd, level, option, buffer, length) < 0 ? errno : 0;
}

static const struct sockopt *row_of(const struct sockopt_level *level, int option)
{
	const struct sockopt *row;

	for (size_t i = 0; (row = sockopt_at(level, i)); i++)
		if (row->option == option)
			return row;
	return NULL;
}

/* Numbers that are not of the protocols, but of what sits beside them, and change with the modules that are loaded. */
static const struct {
	int level, from, until;
	const char *reason;
} others[] = {
	{ IPPROTO_IP, 64, 68, "IPT_SO_GET_: the tables of the firewall, for iptables alone" },
	{ IPPROTO_IP, 83, 84, "SO_IP_SET: the sets of the firewall, for ipset alone" },
	{ IPPROTO_IP, 96, 100, "ARPT_SO_GET_: the tables of the firewall, for arptables alone" },
	{ IPPROTO_IP, 128, 132, "EBT_SO_GET_: the tables of the firewall, for ebtables alone" },
	{ IPPROTO_IP, 200, 213, "MRT_: of the daemon that routes multicast" },
	{ IPPROTO_IPV6, 48, 49, "MCAST_MSFILTER: the row of IPPROTO_IP tells of both" },
	{ IPPROTO_IPV6, 64, 66, "IP6T_SO_GET_INFO and _ENTRIES: for ip6tables alone" },
	{ IPPROTO_IPV6, 68, 70, "IP6T_SO_GET_REVISION_: for ip6tables alone" },
	{ IPPROTO_IPV6, 200, 213, "MRT6_: of the daemon that routes multicast" },
};

static bool is_other(int level, int option)
{
	for (size_t i = 0; i < COUNT(others); i++)
		if (others[i].level == level && option >= others[i].from && option < others[i].until)
			return true;
	return false;
}

static bool numbers_have_rows(const struct sockopt_level *level, int from, int until)
{
	bool all = true;
	socklen_t length;

	for (int option = from; option < until; option++)
		for (size_t i = 0; i < COUNT(walked); i++) {
			int error = walked[i].fd < 0 ? ENOPROTOOPT : ask(walked[i].fd, level->level, option, &length);

			if (is_unknown(error) || is_other(level->level, option) || row_of(level, option))
				continue;
			print_message("# %s has no row of number %d: a %s socket answers %s\n", level->name, option,
				      walked[i].name, error ? strerror(error) : "it");
			all = false;
			break;
		}
	return all;
}

static void every_answer_has_a_row(void **state)
{
	bool all = true;

	(void)state;
	for (const struct sockopt_level *level = sockopt_levels; level->name; level++) {
		all &= numbers_have_rows(level, 0, 256);
		all &= numbers_have_rows(level, 10000, 10100);
	}
	assert_true(all);
}

/* 1: some socket answers; 0: none does; -1: none that fits could be made here. */
static int is_answered(const struct sockopt *row)
{
	int answer = -1;

	for (size_t i = 0; i < COUNT(walked); i++) {
		char value[SOCKOPT_VALUE];
		size_t length;

		if (walked[i].fd < 0 || !sockopt_fits(row, walked[i].on))
			continue;
		if (!sockopt_get(walked[i].fd, row, value, &length))
			return 1;
		answer = 0;
	}
	return answer;
}

static void every_row_is_answered(void **state)
{
	struct row_walk walk = { 0 };
	const struct sockopt *row;
	bool all = true;

	(void)state;
	while ((row = row_next(&walk))) {
		if (!(row->access & SOCKOPT_GET) || row->flags & SOCKOPT_EFFECT || is_answered(row) != 0)
			continue;
		print_message("# %s: not answered%s%s\n", row->name, row->lacking ? "; may lack " : "",
			      row->lacking ? row->lacking : "");
		all &= row->lacking != NULL;
	}
	assert_true(all);
}

/* A row that cannot be read is told by no socket. */
static void what_is_not_to_be_read_does_not_answer(void **state)
{
	struct row_walk walk = { 0 };
	const struct sockopt *row;
	bool none = true;
	socklen_t length;

	(void)state;
	while ((row = row_next(&walk)))
		for (size_t i = 0; i < COUNT(walked) && !(row->access & SOCKOPT_GET); i++)
			if (walked[i].fd >= 0 && !ask(walked[i].fd, row->level, row->option, &length)) {
				print_message("# %s can be read on a %s socket\n", row->name, walked[i].name);
				none = false;
			}
	assert_true(none);
}

/* ------------------------------------------------------------------------------------------------ sizes and values */

static bool size_is_of_type(const struct sockopt *row, size_t length)
{
	static const size_t sizes[] = {
		[SOCKOPT_INT] = sizeof(int),
		[SOCKOPT_BOOL] = sizeof(int),
		[SOCKOPT_OCTET] = sizeof(int),
		[SOCKOPT_UINT64] = sizeof(uint64_t),
		[SOCKOPT_TIMEVAL] = sizeof(struct timeval),
		[SOCKOPT_LINGER] = sizeof(struct linger),
	};

	if (row->type > SOCKOPT_LINGER || row->flags & SOCKOPT_COUNT)
		return true;
	return length == sizes[row->type] || (row->type == SOCKOPT_OCTET && length == 1);
}

static void sizes_are_those_of_the_types(void **state)
{
	struct row_walk walk = { 0 };
	const struct sockopt *row;
	bool all = true;
	socklen_t length;

	(void)state;
	while ((row = row_next(&walk)))
		for (size_t i = 0; i < COUNT(walked) && row->access & SOCKOPT_GET; i++) {
			if (row->flags & SOCKOPT_EFFECT || walked[i].fd < 0 ||
			    ask(walked[i].fd, row->level, row->option, &length) || size_is_of_type(row, length))
				continue;
			print_message("# %s of a %s socket has %u octets, which is not the size of %s\n", row->name,
				      walked[i].name, length, row->type_name);
			all = false;
		}
	assert_true(all);
}

/* "the sysctl net.ipv4.ip_default_ttl (64)": what it is here. */
static bool read_sysctl(const char *initial, char *out, size_t size)
{
	char path[128] = "/proc/sys/", *at = path + strlen(path);
	ssize_t length;
	int fd;

	if (sscanf(initial, "the sysctl %100s", at) != 1)
		return false;
	for (; *at; at++)
		*at = *at == '.' ? '/' : *at;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	length = read(fd, out, size - 1);
	close(fd);
	assert_true(length > 0);
	out[length] = '\0';
	out[strcspn(out, "\n")] = '\0';
	return true;
}

/* What stands before the parentheses; with the unit where it is a number of the sysctl. */
static void expected_of(const struct sockopt *row, struct text *out)
{
	const char *end = strstr(row->initial, " (");
	char value[128];

	if (!strncmp(row->initial, "the sysctl ", 11) && read_sysctl(row->initial, value, sizeof value)) {
		text_string(out, value);
		if (row->unit)
			text_format(out, " %s", row->unit);
	} else {
		text_add(out, row->initial, end ? (size_t)(end - row->initial) : strlen(row->initial));
	}
	text_char(out, '\0');
}

static bool initial_is(const struct sockopt *row, const struct walked *at)
{
	struct text expected = { 0 }, seen = { 0 };
	char value[SOCKOPT_VALUE];
	size_t length;
	bool same = true;

	if (at->fd < 0 || !sockopt_fits(row, at->on) || sockopt_get(at->fd, row, value, &length))
		return true;
	expected_of(row, &expected);
	sockopt_show(row, value, length, &seen);
	text_char(&seen, '\0');
	/* What is told in words alone cannot be compared. */
	if (strncmp(expected.data, "the ", 4))
		same = !strcmp(expected.data, seen.data);
	if (!same)
		print_message("# %s of a new %s socket is '%s', not '%s'\n", row->name, at->name, seen.data,
			      row->initial);
	text_release(&expected);
	text_release(&seen);
	return same;
}

static void new_sockets_have_the_initial_values(void **state)
{
	const unsigned used = ON_LISTENER | ON_CONNECTED | ON_RAW | ON_PACKET;
	struct row_walk walk = { 0 };
	const struct sockopt *row;
	bool all = true;

	(void)state;
	while ((row = row_next(&walk))) {
		if (row->flags & SOCKOPT_STATE || !(row->access & SOCKOPT_GET)) {
			assert_string_equal(row->initial, "none");
			continue;
		}
		for (size_t i = 0; i < COUNT(walked); i++)
			if (!(walked[i].on & used))
				all &= initial_is(row, &walked[i]);
	}
	assert_true(all);
}

/* A filter is longer than any buffer that is given for its octets: the kernel must not fill one with it. */
static void a_long_filter_is_counted(void **state)
{
	enum { LONG = 1100 };
	static struct sock_filter program[LONG];
	const struct sock_fprog filter = { LONG, program };
	struct {
		char value[SOCKOPT_VALUE], behind[64 * 1024];
	} *room = calloc(1, sizeof *room);
	struct text shown = { 0 };
	const struct sockopt *row;
	struct error err;
	size_t length;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0); /* TCP asks for a right */

	(void)state;
	assert_non_null(room);
	for (size_t i = 0; i < LONG; i++)
		program[i] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0xffff);
	row = sockopt_find("SO_GET_FILTER", &err);
	assert_non_null(row);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter), 0);
	assert_int_equal(sockopt_get(fd, row, room->value, &length), 0);
	sockopt_show(row, room->value, length, &shown);
	text_char(&shown, '\0');
	assert_string_equal(shown.data, "1100 instructions");
	for (size_t i = 0; i < sizeof room->behind; i++)
		assert_int_equal(room->behind[i], 0);
	close(fd);
	text_release(&shown);
	free(room);
}

/* ------------------------------------------------------------------------------------------------ */

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_answer_has_a_row),
		cmocka_unit_test(every_row_is_answered),
		cmocka_unit_test(what_is_not_to_be_read_does_not_answer),
		cmocka_unit_test(sizes_are_those_of_the_types),
		cmocka_unit_test(new_sockets_have_the_initial_values),
		cmocka_unit_test(a_long_filter_is_counted),
	};

	return cmocka_run_group_tests(tests, walked_open, walked_close);
}
