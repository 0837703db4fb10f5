/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde filter: what a display filter means, and how it is worked through. */
#include "cmd/command.h"
#include "packet/filter.h"

struct filter_arguments {
	bool quiet;
};

static const struct option_row rows[] = {
	{ 'q', "quiet", NULL, OPTION_FLAG, offsetof(struct filter_arguments, quiet),
	  "print nothing: the exit status says whether it is a filter", NULL, NULL },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

static const struct option_group groups[] = { { "How", rows, 0 }, { NULL, NULL, 0 } };

static void join(const struct words *words, struct text *out)
{
	for (size_t i = 0; i < words->count; i++) {
		text_string(out, i ? " " : "");
		text_string(out, words->list[i]);
	}
	text_char(out, '\0');
}

static int explain(const char *expression, bool quiet, struct error *err)
{
	struct filter *filter = filter_compile(expression, err);
	struct text out = { 0 };
	int status;

	if (!filter)
		return -1;
	if (!quiet)
		filter_explain(filter, &out);
	status = command_print(&out, err);
	text_release(&out);
	filter_free(filter);
	return status;
}

static int filter_command_run(void *arguments, const struct words *words, struct error *err)
{
	const struct filter_arguments *args = arguments;
	struct text expression = { 0 };
	int status;

	if (!words->count)
		return error_set(err, "which filter? for example: sonde filter 'udp.port == 5555'");
	join(words, &expression);
	status = explain(expression.data, args->quiet, err);
	text_release(&expression);
	return status;
}

static const char *const examples[] = {
	"sonde filter 'udp.port == 5555 && ip.src == 10.0.0.0/8'",
	"which packets pass, and the steps that find it out",
	"sonde filter 'udp.port = 5555'",
	"where the mistake is, and the right form",
	"sonde filter 'chat.user in {\"alice\", \"bob\"} and not chat.kind == \"join\"'",
	"texts stand in double quotes, the whole filter in single ones",
	"sonde read lab.pcapng -Y 'date.response_time > 0.01'",
	"a filter at work",
	NULL,
};

const struct command filter_command = {
	.name = "filter",
	.summary = "explain a display filter",
	.synopsis = "EXPRESSION...",
	.complete = "",
	.description =
		"Says in words which packets a display filter lets pass, and shows its compiled form. A display filter "
		"follows -Y and is written in the language of Wireshark; what stands before the capture (-f) is "
		"written "
		"in another one, that of pcap-filter(7).\n\n"
		"The name of a field or protocol asks whether it is there. Fields are compared with == != < <= > >= "
		"(or "
		"eq ne lt le gt ge), contains, matches (a regular expression, any case) and in {80, 443, 8000..8010}. "
		"and, "
		"or, xor and not join conditions, parentheses group them. Of a field that occurs several times, == is "
		"true "
		"when any value is equal, and != when all of them differ; any and all in front of a comparison choose. "
		"Octets and texts have slices, as udp.payload[0:2]; numbers have + - * / % & and {} to group; len "
		"count "
		"upper lower string min max abs vals dec hex are functions. ip.src#2 is the field of the second "
		"layer.\n\n"
		"sonde list fields says which fields there are. Exit status 2 when it is no filter.",
	.examples = examples,
	.groups = groups,
	.size = sizeof(struct filter_arguments),
	.run = filter_command_run,
};
