/* SPDX-License-Identifier: BSD-2-Clause */
#include "render/report.h"

#include "base/utf8.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* What a row is about: a hop, or one of its responders. */
struct row {
	const struct hop *hop;
	const struct hop_responder *responder; /* NULL: the hop */
	const struct hop_times *times;
};

/* ------------------------------------------------------------------------------------------------ cells */

/* Nothing is known of those that fly. */
static uint64_t decided(const struct hop *hop)
{
	return hop->sent - hop->flying;
}

static uint64_t lost(const struct hop *hop)
{
	uint64_t sent = decided(hop);

	return sent > hop->answered ? sent - hop->answered : 0;
}

static void add_time(struct text *out, const struct row *row, double ns)
{
	(void)row;
	/* What is cut behind a tenth of a millisecond is rounded before. */
	text_seconds(out, ((int64_t)ns + 50000) * 1000, 1);
}

/* mtr has no room for 100 and the sign: whoever reads its reports knows 100.0. */
static void add_loss(struct text *out, const struct row *row)
{
	uint64_t sent = decided(row->hop), tenths = sent ? (lost(row->hop) * 1000 + sent / 2) / sent : 0;

	text_format(out, "%llu.%llu%s", (unsigned long long)tenths / 10, (unsigned long long)tenths % 10,
		    tenths < 1000 ? "%" : "");
}

static void add_lost(struct text *out, const struct row *row)
{
	text_uint(out, lost(row->hop));
}

static void add_sent(struct text *out, const struct row *row)
{
	text_uint(out, row->hop->sent);
}

static void add_received(struct text *out, const struct row *row)
{
	text_uint(out, row->responder ? row->times->count : row->hop->answered);
}

static void add_last(struct text *out, const struct row *row)
{
	add_time(out, row, (double)row->times->last);
}

static void add_best(struct text *out, const struct row *row)
{
	add_time(out, row, (double)row->times->best);
}

static void add_mean(struct text *out, const struct row *row)
{
	add_time(out, row, row->times->mean);
}

static void add_worst(struct text *out, const struct row *row)
{
	add_time(out, row, (double)row->times->worst);
}

static void add_deviation(struct text *out, const struct row *row)
{
	add_time(out, row, hop_deviation(row->times));
}

static void add_geometric(struct text *out, const struct row *row)
{
	add_time(out, row, hop_geometric(row->times));
}

static void add_jitter(struct text *out, const struct row *row)
{
	add_time(out, row, (double)row->times->jitter);
}

static void add_jitter_mean(struct text *out, const struct row *row)
{
	add_time(out, row, row->times->jitter_mean);
}

static void add_jitter_worst(struct text *out, const struct row *row)
{
	add_time(out, row, (double)row->times->jitter_worst);
}

static void add_interarrival(struct text *out, const struct row *row)
{
	add_time(out, row, row->times->interarrival);
}

static void add_percentile(struct text *out, const struct row *row, double percent)
{
	int64_t ns = hop_percentile(row->times, percent);

	add_time(out, row, ns == PROBE_NO_TIME ? 0 : (double)ns);
}

static void add_median(struct text *out, const struct row *row)
{
	add_percentile(out, row, 50);
}

static void add_p99(struct text *out, const struct row *row)
{
	add_percentile(out, row, 99);
}

static void add_blank(struct text *out, const struct row *row)
{
	(void)out, (void)row;
}

/* Widths, titles and letters are mtr's. */
static const struct {
	char letter;
	bool of_hop; /* nobody knows a responder's share of it */
	unsigned char width;
	const char *title;
	const char *words; /* for who did not find the letter */
	void (*add)(struct text *out, const struct row *row);
} columns[] = {
	{ 'L', true, 6, "Loss%", "L loss", add_loss },
	{ 'D', true, 5, "Drop", "D dropped", add_lost },
	{ 'R', false, 6, "Rcv", "R received", add_received },
	{ 'S', true, 6, "Snt", "S sent", add_sent },
	{ 'N', false, 6, "Last", "N last", add_last },
	{ 'B', false, 6, "Best", "B best", add_best },
	{ 'A', false, 6, "Avg", "A average", add_mean },
	{ 'W', false, 6, "Wrst", "W worst", add_worst },
	{ 'V', false, 6, "StDev", "V deviation", add_deviation },
	{ 'G', false, 6, "Gmean", "G geometric mean", add_geometric },
	{ 'J', false, 5, "Jttr", "J M X I jitter", add_jitter },
	{ 'M', false, 5, "Javg", NULL, add_jitter_mean },
	{ 'X', false, 5, "Jmax", NULL, add_jitter_worst },
	{ 'I', false, 5, "Jint", NULL, add_interarrival },
	{ '5', false, 6, "p50", "5 and 9 percentiles", add_median },
	{ '9', false, 6, "p99", NULL, add_p99 },
	{ ' ', false, 1, "", NULL, add_blank },
};

/* ------------------------------------------------------------------------------------------------ orders */

static int no_such(const char *letter, struct error *err)
{
	struct text out = { 0 };
	size_t length = strlen(letter);
	uint32_t code;
	unsigned octets = utf8_next((const uint8_t *)letter, length, &code);

	text_visible(&out, letter, octets ? octets : 1);
	text_string(&out, ": no column is called that");
	for (unsigned i = 0; i < COUNT(columns); i++)
		if (columns[i].words)
			text_format(&out, "%s %s", i ? "," : ";", columns[i].words);
	error_set(err, "-o %.*s", (int)out.length, out.data);
	text_release(&out);
	return -1;
}

int report_order_parse(const char *letters, struct report_order *order, struct error *err)
{
	*order = (struct report_order){ 0 };
	if (!*letters)
		return error_set(err, "-o: no columns; give letters, as in -o '%s'", REPORT_ORDER);
	for (const char *letter = letters; *letter; letter++) {
		unsigned i = 0;

		while (i < COUNT(columns) && columns[i].letter != *letter)
			i++;
		if (i == COUNT(columns))
			return no_such(letter, err);
		if (order->count == REPORT_COLUMNS)
			return error_set(err, "-o: at most %u columns", REPORT_COLUMNS);
		order->columns[order->count++] = (unsigned char)i;
	}
	return 0;
}

/* ------------------------------------------------------------------------------------------------ rows */

static void add_right(struct text *out, const struct text *cell, size_t width)
{
	/* What is too wide for its column is not to be taken for a part of the one before. */
	text_fill(out, ' ', cell->length < width ? width - cell->length : 1);
	if (cell->length)
		text_add(out, cell->data, cell->length);
}

void report_titles(struct text *out, const struct report_order *order)
{
	for (unsigned i = 0; i < order->count; i++)
		text_format(out, "%*s", columns[order->columns[i]].width, columns[order->columns[i]].title);
}

void report_cells(struct text *out, const struct report_order *order, const struct hop *hop,
		  const struct hop_responder *responder)
{
	const struct row row = { hop, responder, responder ? &responder->times : &hop->times };
	struct text cell = { 0 };

	for (unsigned i = 0; i < order->count; i++) {
		unsigned column = order->columns[i];

		text_clear(&cell);
		if (responder && columns[column].of_hop)
			text_char(&cell, '-');
		else
			columns[column].add(&cell, &row);
		add_right(out, &cell, columns[column].width);
	}
	text_release(&cell);
}

/* ------------------------------------------------------------------------------------------------ the report */

#define BEFORE_HOP 8        /* "  1.|-- " */
#define BEFORE_RESPONDER 12 /* "    |  `+-- " */
#define LEAST_WIDTH 25      /* mtr's */

static void add_name(struct text *out, const struct path *path, const struct address *address)
{
	const char *name = !path->numeric && path->name ? path->name(path->context, address) : NULL;
	char number[ADDRESS_TEXT];

	if (!name)
		name = address_host_text(address, number);
	text_escaped(out, name, strlen(name));
}

static void add_hop_name(struct text *out, const struct path *path, const struct hop *hop)
{
	if (hop->responder_count == 1)
		add_name(out, path, &hop->responders[0].address);
	else
		text_string(out, hop->responder_count ? "(several)" : "???");
}

static size_t width_of(const struct path *path, const struct address *address, struct text *scratch)
{
	size_t width = 0;

	text_clear(scratch);
	add_name(scratch, path, address);
	for (size_t i = 0; i < scratch->length; i++)
		width += ((unsigned char)scratch->data[i] & 0xc0) != 0x80;
	return width;
}

size_t report_width(const struct path *path, const struct hops *hops)
{
	struct text scratch = { 0 };
	size_t widest = LEAST_WIDTH;

	for (size_t i = 0; i < hops->count; i++)
		for (size_t k = 0; k < hops->list[i].responder_count; k++) {
			const struct hop *hop = &hops->list[i];
			size_t width = width_of(path, &hop->responders[k].address, &scratch);

			if (hop->responder_count > 1)
				width += BEFORE_RESPONDER - BEFORE_HOP;
			widest = width > widest ? width : widest;
		}
	text_release(&scratch);
	return widest;
}

void report_start(struct text *out, time_t time)
{
	struct tm local;
	char date[64];

	if (localtime_r(&time, &local) && strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S%z", &local))
		text_format(out, "Start: %s\n", date);
}

static void end_line(struct text *out)
{
	while (out->length && out->data[out->length - 1] == ' ')
		out->length--;
	text_char(out, '\n');
}

void report_names(struct text *out, const struct report *report, const char *host)
{
	size_t start = out->length;

	text_string(out, "HOST: ");
	text_escaped(out, host, strlen(host));
	text_pad(out, start, BEFORE_HOP + report->width);
	report_titles(out, report->order);
	end_line(out);
}

static void add_responder(struct text *out, const struct report *report, const struct hop *hop, size_t at)
{
	size_t start = out->length;

	text_string(out, at ? "    |   +-- " : "    |  `+-- ");
	add_name(out, report->path, &hop->responders[at].address);
	text_pad(out, start, BEFORE_HOP + report->width);
	report_cells(out, report->order, hop, &hop->responders[at]);
	end_line(out);
}

void report_hop(struct text *out, const struct report *report, const struct hop *hop)
{
	size_t start = out->length;

	text_format(out, "%3u.|-- ", hop->ttl);
	add_hop_name(out, report->path, hop);
	text_pad(out, start, BEFORE_HOP + report->width);
	report_cells(out, report->order, hop, NULL);
	end_line(out);
	for (size_t i = 0; hop->responder_count > 1 && i < hop->responder_count; i++)
		add_responder(out, report, hop, i);
}

void report_print(struct text *out, const struct path *path, const struct report_order *order, const char *host,
		  const struct hops *hops)
{
	const struct report report = { path, order, report_width(path, hops) };

	report_names(out, &report, host);
	for (size_t i = 0; i < hops->count; i++)
		report_hop(out, &report, &hops->list[i]);
}
