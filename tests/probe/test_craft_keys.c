/* SPDX-License-Identifier: BSD-2-Clause */
/* Every key gives a probe of its own in the same flow; and what building needs: no right and no descriptor. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "crafting.h"

/* NULL when the probe is as probe.h promises, else what is wrong. flow: the same for all probes of the flow. */
typedef const char *judge(const struct crafted *crafted, const struct probe_packet *packet, const uint8_t *flow);

static const char *judge_udp(const struct crafted *crafted, const struct probe_packet *packet, const uint8_t *flow)
{
	const uint8_t *udp = crafted->data + crafted->header;

	if (memcmp(udp, flow, 4) != 0)
		return "another flow";
	if (get16(udp + 6) != packet->key)
		return "the checksum is not the key";
	return get16(udp + 10) == packet->key ? NULL : "the payload does not repeat the key";
}

static const char *judge_icmp(const struct crafted *crafted, const struct probe_packet *packet, const uint8_t *flow)
{
	const uint8_t *icmp = crafted->data + crafted->header;

	if (memcmp(icmp, flow, 2) != 0 || get16(icmp + 2) != packet->checksum || get16(icmp + 4) != IDENT)
		return "another flow";
	return get16(icmp + 6) == packet->key ? NULL : "the sequence number is not the key";
}

static const char *judge_tcp(const struct crafted *crafted, const struct probe_packet *packet, const uint8_t *flow)
{
	const uint8_t *tcp = crafted->data + crafted->header;
	uint32_t sequence = (uint32_t)(get16(tcp + 4) << 16 | get16(tcp + 6));

	if (memcmp(tcp, flow, 4) != 0)
		return "another flow";
	return sequence == (uint32_t)(SEQUENCE + packet->key) ? NULL : "the sequence number is not the key's";
}

static const struct method {
	enum probe_method method;
	judge *judge;
} methods[] = { { PROBE_UDP, judge_udp }, { PROBE_ICMP, judge_icmp }, { PROBE_TCP, judge_tcp } };

static const char *judge_all(const struct crafted *crafted, const struct probe_packet *packet, const uint8_t *flow,
			     judge *by)
{
	if (header_sum(crafted) != 0xffff || transport_sum(crafted) != 0xffff)
		return "a checksum is wrong";
	if (crafted->data[0] >> 4 == 4 && get16(crafted->data + 4) != packet->key)
		return "the identification is not the key";
	return by(crafted, packet, flow);
}

static void craft_all(const struct method *method, int version, uint16_t checksum, unsigned step)
{
	struct probe_base base = base_of(version, method->method);
	struct error err;
	struct craft *craft = craft_new(&base, &err);
	uint8_t flow[4] = { 0 };

	assert_non_null(craft);
	for (unsigned key = 1; key <= PROBE_MOST; key += step) {
		struct probe_packet packet = packet_of((uint16_t)key, checksum, 68);
		struct crafted out;
		const char *wrong;

		assert_int_equal(craft_probe(craft, &packet, &out, &err), 0);
		if (key == 1)
			memcpy(flow, out.data + out.header, sizeof flow);
		wrong = judge_all(&out, &packet, flow, method->judge);
		if (wrong)
			fail_msg("IPv%d, method %u, key %u: %s", version, method->method, key, wrong);
	}
	craft_free(craft);
}

static void every_key(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(methods); i++) {
		craft_all(&methods[i], 4, 0xbeef, 1);
		craft_all(&methods[i], 6, 0xbeef, 1);
	}
}

static void every_checksum_of_icmp(void **state)
{
	(void)state;
	for (unsigned checksum = 0; checksum <= UINT16_MAX; checksum += checksum < 0xff ? 1 : 0xff) {
		craft_all(&methods[PROBE_ICMP], 4, (uint16_t)checksum, 0x1111);
		craft_all(&methods[PROBE_ICMP], 6, (uint16_t)checksum, 0x1111);
	}
	craft_all(&methods[PROBE_ICMP], 4, UINT16_MAX, 1);
}

/* ------------------------------------------------------------------------------------------------ what is refused */

static void too_small(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2 * COUNT(methods); i++) {
		struct probe_base base = base_of(i % 2 ? 6 : 4, methods[i / 2].method);
		struct probe_packet packet = packet_of(1, 1, (uint16_t)(probe_least(&base) - 1));
		struct error err = { "" };
		struct craft *craft = craft_new(&base, &err);
		struct crafted out;

		assert_int_equal(craft_probe(craft, &packet, &out, &err), -1);
		assert_non_null(strstr(err.text, "octets are too few for a probe"));
		packet.size = 0;
		assert_int_equal(craft_probe(craft, &packet, &out, &err), -1);
		packet.size = probe_least(&base);
		assert_int_equal(craft_probe(craft, &packet, &out, &err), 0);
		craft_free(craft);
	}
	craft_free(NULL);
}

static void bad_options(void **state)
{
	static const uint8_t lengths[] = { 1, 39, 44, 255 };
	struct probe_base base = base_of(4, PROBE_UDP);

	(void)state;
	for (size_t i = 0; i < COUNT(lengths); i++) {
		struct error err = { "" };

		base.options_length = lengths[i];
		assert_null(craft_new(&base, &err));
		assert_non_null(strstr(err.text, "IPv4 options of "));
	}
}

/* ------------------------------------------------------------------------------------------------ what it needs */

static unsigned descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	unsigned count = 0;

	if (!directory)
		return 0;
	while (readdir(directory))
		count++;
	closedir(directory);
	return count;
}

static bool craft_one(void)
{
	struct probe_base base = base_of(4, PROBE_UDP);
	struct probe_packet packet = packet_of(1, 0, 60);
	unsigned before = descriptors();
	struct crafted out;
	struct error err;
	struct craft *craft = craft_new(&base, &err);
	bool good = craft && craft_probe(craft, &packet, &out, &err) == 0 && descriptors() == before;

	craft_free(craft);
	return good && descriptors() == before;
}

static void opens_nothing(void **state)
{
	(void)state;
	assert_true(craft_one());
}

static void needs_no_right(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	if (child == 0)
		_exit(geteuid() == 0 && (setgid(65534) < 0 || setuid(65534) < 0) ? 2 : !craft_one());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key),
		cmocka_unit_test(every_checksum_of_icmp),
		cmocka_unit_test(too_small),
		cmocka_unit_test(bad_options),
		cmocka_unit_test(opens_nothing),
		cmocka_unit_test(needs_no_right),
	};

	return cmocka_run_group_tests_name("probe/craft keys", tests, NULL, NULL);
}
