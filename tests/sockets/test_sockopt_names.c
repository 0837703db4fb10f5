/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of the option table as they stand: well formed, found by name, and complete for the installed headers. */
#include "rows.h"

#include <fnmatch.h>
#include <stdlib.h>

/* ------------------------------------------------------------------------------------------------ their form */

static unsigned lines_of(const char *text)
{
	unsigned lines = 1;

	while ((text = strchr(text, '\n'))) {
		lines++;
		text++;
	}
	return lines;
}

/* Words parted by blanks, one by one; false at the end. */
static bool next_word(const char **words, char *out, size_t size)
{
	size_t length = *words ? strcspn(*words, " ") : 0;

	if (!length)
		return false;
	assert_true(length < size);
	memcpy(out, *words, length);
	out[length] = '\0';
	*words += length + strspn(*words + length, " ");
	return true;
}

static const char *fault_of(const struct sockopt *row)
{
	const char *also = row->also;
	struct error err = { "" };
	char name[64];

	if (!row->type_name || !row->initial || !row->who || !row->summary || !row->meaning || !row->use)
		return "a text is missing";
	if (strlen(row->summary) > 60 || row->summary[strlen(row->summary) - 1] == '.')
		return "its summary is longer than 60 characters, or a sentence";
	if (strlen(row->meaning) < 60 || row->meaning[strlen(row->meaning) - 1] != '.')
		return "its meaning is shorter than a paragraph, or ends without a full stop";
	if (lines_of(row->use) != 3)
		return "its use is not three lines";
	if (!row->access || row->type > SOCKOPT_BYTES || row->size > SOCKOPT_VALUE)
		return "its access, type or size is none";
	while (next_word(&also, name, sizeof name))
		if (!sockopt_find(name, &err) || !strcmp(name, row->name))
			return "it names itself, or what is no option, to be read next";
	return NULL;
}

static void every_row_is_whole(void **state)
{
	struct row_walk walk = { 0 };
	const struct sockopt *row;
	bool all = true;

	(void)state;
	while ((row = row_next(&walk))) {
		const char *fault = fault_of(row);

		if (!fault && row->level != sockopt_levels[walk.level].level)
			fault = "it is of another level";
		if (!fault)
			continue;
		print_message("# %s: %s\n", row->name, fault);
		all = false;
	}
	assert_true(all);
}

/* The multicast options of protocols (MCAST_JOIN_GROUP) have one name at two levels. */
static void names_and_numbers_are_used_once(void **state)
{
	struct row_walk walk = { 0 };
	const struct sockopt *row, *other;
	bool all = true;

	(void)state;
	while ((row = row_next(&walk))) {
		struct row_walk rest = walk;

		while ((other = row_next(&rest))) {
			if (strcmp(row->name, other->name) &&
			    (row->level != other->level || row->option != other->option))
				continue;
			if (row->level != other->level && !strncmp(row->name, "MCAST_", 6))
				continue;
			print_message("# %s and %s\n", row->name, other->name);
			all = false;
		}
	}
	assert_true(all);
}

/* ------------------------------------------------------------------------------------------------ by name */

static void finds(void **state)
{
	static const struct {
		const char *word, *name;
	} rows[] = {
		{ "SO_REUSEADDR", "SO_REUSEADDR" },      { "so_reuseaddr", "SO_REUSEADDR" },
		{ "ReuseAddr", "SO_REUSEADDR" },         { "SO_GET_FILTER", "SO_ATTACH_FILTER" },
		{ "so_detach_bpf", "SO_DETACH_FILTER" }, { "SO_RCVTIMEO", "SO_RCVTIMEO" },
		{ "UDP_SEGMENT", "UDP_SEGMENT" },        { "gro", "UDP_GRO" },
	};
	struct error err = { "" };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct sockopt *row = sockopt_find(rows[i].word, &err);

		assert_non_null(row);
		assert_string_equal(row->name, rows[i].name);
	}
}

static void refuses(void **state)
{
	static const struct {
		const char *word, *says;
	} rows[] = {
		{ "SO_REUSEADR", "no option 'SO_REUSEADR'; did you mean SO_REUSEADDR?" },
		{ "rcvbuff", "no option 'rcvbuff'; did you mean RCVBUF?" },
		{ "xyzzyxyzzyxyzzy", "no option 'xyzzyxyzzyxyzzy'; sonde sockopts lists all of them" },
		{ "", "no option ''; sonde sockopts lists all of them" },
	};
	struct error err;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_null(sockopt_find(rows[i].word, &err));
		assert_string_equal(err.text, rows[i].says);
	}
}

/* ------------------------------------------------------------------------------------------------ values */

static void shows(void **state)
{
	static const int one = 1, minus = -1, bits = 0x18, domain = AF_INET6, odd = 77;
	static const struct linger off = { 0, 7 }, on = { 1, 5 };
	static const struct timeval never = { 0, 0 }, late = { 3, 250000 };
	static const uint64_t most = UINT64_MAX, rate = 1000;
	static const struct {
		const char *name;
		const void *value;
		size_t length;
		const char *words;
	} rows[] = {
		{ "SO_REUSEADDR", &one, 4, "1" },
		{ "SO_RCVLOWAT", &one, 4, "1 octet" },
		{ "SO_PEEK_OFF", &minus, 4, "-1" },
		{ "SO_LINGER", &off, 8, "off" },
		{ "SO_LINGER", &on, 8, "on, 5 seconds" },
		{ "SO_RCVTIMEO", &never, 16, "no limit" },
		{ "SO_RCVTIMEO", &late, 16, "3.250000 seconds" },
		{ "SO_MAX_PACING_RATE", &most, 8, "no limit" },
		{ "SO_MAX_PACING_RATE", &rate, 8, "1000 octets per second" },
		{ "SO_TIMESTAMPING", &bits, 4, "rx software, software" },
		{ "SO_DOMAIN", &domain, 4, "AF_INET6 (10)" },
		{ "SO_DOMAIN", &odd, 4, "77" },
		{ "SO_BINDTODEVICE", "eth0\33[2J", 9, "eth0\\x1b[2J" },
		{ "SO_BINDTODEVICE", "", 0, "empty" },
		/* Of another size than the type has: the octets. */
		{ "SO_REUSEADDR", "ab", 2, "6162" },
	};
	struct error err = { "" };
	struct text out = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct sockopt *row = sockopt_find(rows[i].name, &err);

		assert_non_null(row);
		text_clear(&out);
		sockopt_show(row, rows[i].value, rows[i].length, &out);
		text_char(&out, '\0');
		assert_string_equal(out.data, rows[i].words);
	}
	text_release(&out);
}

/* ------------------------------------------------------------------------------------------------ the headers */

/* Macros with the prefix of an option that are none. */
static const struct {
	const char *pattern, *reason;
} others[] = {
	{ "SO_SECURITY_*", "Linux has never had these three" },
	{ "IP_DEFAULT_MULTICAST_*", "a value" },
	{ "IP_MAX_MEMBERSHIPS", "a value" },
	{ "IP_PMTUDISC_*", "a value of IP_MTU_DISCOVER" },
	{ "IPV6_PMTUDISC_*", "a value of IPV6_MTU_DISCOVER" },
	{ "IPV6_FLOWINFO_FLOWLABEL", "a mask" },
	{ "IPV6_FLOWINFO_PRIORITY", "a mask" },
	{ "IPV6_FL_*", "a value of IPV6_FLOWLABEL_MGR" },
	{ "IPV6_PREFER_SRC_*", "a value of IPV6_ADDR_PREFERENCES" },
	{ "IPV6_PRIORITY_*", "a value of an old header field" },
	{ "IPV6_NEXTHOP", "Linux has the name alone" },
	{ "IPV6_AUTHHDR", "Linux has the name alone" },
	{ "IPV6_HOPLIMIT", "a control message; IPV6_UNICAST_HOPS sets it" },
	{ "IPV6_RTHDR_*", "a value of a routing header" },
	{ "IPV6_TLV_*", "an option of packets" },
	{ "MCAST_EXCLUDE", "a value of MCAST_MSFILTER" },
	{ "MCAST_INCLUDE", "a value of MCAST_MSFILTER" },
	{ "TCP_COOKIE_*", "of an option that Linux has given up" },
	{ "TCP_S_DATA_*", "of an option that Linux has given up" },
	{ "TCP_ENCAP_ESPINTCP", "a value" },
	{ "TCP_FASTOPEN_KEY_LENGTH", "a value" },
	{ "TCP_MAXWIN", "a value" },
	{ "TCP_MAX_WINSHIFT", "a value" },
	{ "TCP_MD5SIG_FLAG_*", "a value of TCP_MD5SIG" },
	{ "TCP_MD5SIG_MAXKEYLEN", "a value of TCP_MD5SIG" },
	{ "TCP_MSS", "a value" },
	{ "TCP_MSS_D*", "a value" },
	{ "TCP_RECEIVE_ZEROCOPY_*", "a value of TCP_ZEROCOPY_RECEIVE" },
	{ "TCP_REPAIR_O[NF]*", "a value of TCP_REPAIR" },
	{ "UDP_ENCAP_*", "a value of UDP_ENCAP" },
};

static bool is_other(const char *name)
{
	for (size_t i = 0; i < COUNT(others); i++)
		if (!fnmatch(others[i].pattern, name, 0))
			return true;
	return false;
}

static bool is_option_name(const char *name)
{
	static const char *const prefixes[] = { "SO_", "IP_", "IPV6_", "TCP_", "UDP_", "MCAST_" };

	for (size_t i = 0; i < COUNT(prefixes); i++)
		if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
			return true;
	return false;
}

/* In full or as an alias; sockopt_find() would also take a name whose prefix is that of another level. */
static bool is_in_table(const char *name)
{
	struct row_walk walk = { 0 };
	const struct sockopt *row;
	char alias[64];

	while ((row = row_next(&walk))) {
		const char *words = row->alias;

		if (!strcmp(row->name, name))
			return true;
		while (next_word(&words, alias, sizeof alias))
			if (!strcmp(alias, name))
				return true;
	}
	return false;
}

/* The header by itself, as the preprocessor has it: some of them cannot be included together. */
static unsigned options_of(const char *header, unsigned *missing)
{
	char command[256], line[1024], name[256];
	unsigned count = 0;
	FILE *macros;

	snprintf(command, sizeof command, "echo '#include <%s>' | cpp -D_GNU_SOURCE -dM 2>/dev/null", header);
	macros = popen(command, "r");
	assert_non_null(macros);
	while (fgets(line, sizeof line, macros)) {
		if (sscanf(line, "#define %255s", name) != 1 || strchr(name, '(') || !is_option_name(name))
			continue;
		count++;
		if (is_in_table(name) || is_other(name))
			continue;
		print_message("# %s of %s is in no row\n", name, header);
		++*missing;
	}
	pclose(macros);
	return count;
}

static void every_macro_of_the_headers_is_known(void **state)
{
	static const char *const headers[] = { "sys/socket.h", "netinet/in.h", "netinet/tcp.h", "netinet/udp.h",
					       "linux/in.h",   "linux/in6.h",  "linux/tcp.h",   "linux/udp.h" };
	unsigned missing = 0;

	(void)state;
	if (system("command -v cpp >/dev/null"))
		skip(); /* there is no preprocessor to ask */
	for (size_t i = 0; i < COUNT(headers); i++)
		assert_true(options_of(headers[i], &missing) > 3);
	assert_int_equal(missing, 0);
}

static void no_row_is_among_the_others(void **state)
{
	struct row_walk walk = { 0 };
	const struct sockopt *row;

	(void)state;
	while ((row = row_next(&walk)))
		assert_false(is_other(row->name));
}

/* ------------------------------------------------------------------------------------------------ */

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_whole),
		cmocka_unit_test(names_and_numbers_are_used_once),
		cmocka_unit_test(finds),
		cmocka_unit_test(refuses),
		cmocka_unit_test(shows),
		cmocka_unit_test(every_macro_of_the_headers_is_known),
		cmocka_unit_test(no_row_is_among_the_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
