/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON: types, order, repeated fields and protocols, verdicts, totals. */
#include "packets.h"

#define UDP_OBJECT                                                                                                     \
	"\"udp\":{\"udp.srcport\":40000,\"udp.dstport\":4242,\"udp.length\":15,"

static void every_type_has_its_form(void **unused)
{
	struct bench *b = bench_new("json");

	(void)unused;
	bench_start(b);
	bench_udp(b, TOY_PORT, "\x02\xff\xfe\x32\x02hi", 7);
	bench_show(b);
	assert_shows(b, "{\"frame\":{");
	assert_shows(b, "\"frame.number\":1,");
	assert_shows(b, "},\"eth\":{\"eth.dst\":\"02:00:00:00:00:02\","
			"\"eth.src\":\"02:00:00:00:00:01\",\"eth.type\":2048},\"ip\":{");
	assert_shows(b, "\"ip.flags.df\":true,\"ip.flags.mf\":false,");
	assert_shows(b, "\"ip.src\":\"10.0.0.2\",\"ip.dst\":\"10.0.0.1\"}," UDP_OBJECT);
	assert_shows(b, "\"udp.payload\":\"02fffe32026869\"},\"toy\":{\"toy.kind\":2,\"toy.level\":-2,\"toy.flags\":50,"
			"\"toy.flags.loud\":true,\"toy.flags.size\":3,\"toy.mark\":true,"
			"\"toy.time\":\"1000000000.000000001\",\"toy.wait\":\"-1.500000000\",\"toy.text\":\"hi\"}}\n");
	bench_free(b);
}

static void repeated_fields_are_arrays(void **unused)
{
	struct bench *b = bench_new("json");

	(void)unused;
	bench_start(b);
	bench_udp(b, TOY_PORT, "\x02\0\0\0\x01" "a\x01" "b\x01\"", 10);
	for (int i = 0; i < 2; i++) {
		bench_show(b);
		assert_shows(b, "\"toy.wait\":\"-1.500000000\",\"toy.text\":[\"a\",\"b\",\"\\\"\"]}}\n");
		text_clear(&b->out);
	}
	bench_udp(b, TOY_PORT, "\x02\0\0\0\x01" "c", 6);
	bench_show(b);
	assert_shows(b, "\"toy.text\":\"c\"}}\n");
	bench_free(b);
}

static void repeated_protocols_are_arrays(void **unused)
{
	struct bench *b = bench_new("json");
	uint8_t inner[20];

	(void)unused;
	bench_start(b);
	bench_udp(b, PLAIN_PORT, "", 0);
	memcpy(inner, b->data + 14, sizeof inner);
	bench_udp(b, PLAIN_PORT, "abcdefghijkl", 12);
	memcpy(b->data + 34, inner, sizeof inner);
	b->data[23] = 4; /* IPv4 in IPv4 */
	b->data[34 + 9] = 253;
	bench_show(b);
	assert_shows(b, "},\"ip\":[{\"ip.version\":4,");
	assert_shows(b, "\"ip.proto\":4,");
	assert_shows(b, "\"ip.dst\":\"10.0.0.1\"},{\"ip.version\":4,");
	assert_shows(b, "\"ip.proto\":253,");
	text_char(&b->out, '\0');
	assert_null(strstr(strstr(b->out.data, "\"ip\":") + 1, "\"ip\":"));
	bench_free(b);
}

static void strings_are_json(void **unused)
{
	static const uint8_t hostile[] = "\x01\0\0\0\x0c\"\\\n\033\xff\xc2\x9b\xe2\x80\xae\xc3\xa9";
	struct bench *b = bench_new("json");

	(void)unused;
	bench_start(b);
	bench_udp(b, TOY_PORT, hostile, sizeof hostile - 1);
	bench_show(b);
	assert_shows(b, "\"toy.text\":\"\\\"\\\\\\n\\u001b\xef\xbf\xbd\\u009b\\u202e\xc3\xa9\"}}\n");
	bench_free(b);
}

static void verdicts_stand_in_their_layer(void **unused)
{
	struct bench *b = bench_new("json");

	(void)unused;
	bench_start(b);
	bench_udp(b, TOY_PORT, "\x01\0\0\0\x09" "a", 6);
	bench_show(b);
	assert_shows(b, "\"_state\":\"malformed\",\"_problem\":\"the packet ends before the field does\"}}\n");
	text_clear(&b->out);
	bench_udp(b, TOY_PORT, "\x01\0\0\0", 4);
	b->frame.cap_length = 35;
	bench_show(b);
	assert_shows(b, "\"udp\":{\"_state\":\"cut\",\"_problem\":\"the capture ends here\"}");
	bench_free(b);
}

static void the_last_object_counts(void **unused)
{
	struct bench *b = bench_new("json");
	struct render_totals totals = { .packets = 7, .shown = 5, .received = 9, .interface_dropped = UINT64_MAX };

	(void)unused;
	bench_start(b);
	b->renderer->finish(b->state, &b->options, &totals, &b->out);
	assert_output(b, "{\"summary\":{\"packets\":7,\"shown\":5,\"received\":9,\"dropped\":0,"
			 "\"interface_dropped\":null}}\n");
	bench_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_has_its_form),       cmocka_unit_test(repeated_fields_are_arrays),
		cmocka_unit_test(repeated_protocols_are_arrays), cmocka_unit_test(strings_are_json),
		cmocka_unit_test(verdicts_stand_in_their_layer), cmocka_unit_test(the_last_object_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
