/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of a descriptor, in whatever pieces they come. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "play/lines.h"

struct pipe_of_lines {
	int in;
	struct lines lines;
};

static void begin(struct pipe_of_lines *p)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	p->in = ends[1];
	p->lines = (struct lines){ .fd = ends[0] };
}

static void type(struct pipe_of_lines *p, const char *text)
{
	struct error err;

	assert_int_equal(write(p->in, text, strlen(text)), strlen(text));
	assert_int_equal(lines_read(&p->lines, &err), 0);
}

static void end(struct pipe_of_lines *p)
{
	struct error err;

	close(p->in);
	p->in = -1;
	assert_int_equal(lines_read(&p->lines, &err), 0);
}

static void expect(struct pipe_of_lines *p, enum lines_answer answer, const char *text)
{
	const char *line = NULL;
	size_t length = 0;

	assert_int_equal(lines_next(&p->lines, &line, &length), answer);
	if (answer != LINES_LINE)
		return;
	assert_int_equal(length, strlen(text));
	assert_memory_equal(line, text, length);
}

static void finish(struct pipe_of_lines *p)
{
	int fd = p->lines.fd;

	if (p->in >= 0)
		close(p->in);
	lines_release(&p->lines);
	assert_int_equal(close(fd), 0); /* it was left open */
}

static void pieces(void **state)
{
	struct pipe_of_lines p;

	(void)state;
	begin(&p);
	expect(&p, LINES_NONE, NULL);
	type(&p, "he");
	expect(&p, LINES_NONE, NULL);
	type(&p, "llo\nsecond\r\n\nthi");
	expect(&p, LINES_LINE, "hello");
	expect(&p, LINES_LINE, "second");
	expect(&p, LINES_LINE, "");
	expect(&p, LINES_NONE, NULL);
	type(&p, "rd\r");
	expect(&p, LINES_NONE, NULL);
	type(&p, "\nlast");
	expect(&p, LINES_LINE, "third");
	expect(&p, LINES_NONE, NULL);
	end(&p);
	expect(&p, LINES_LINE, "last");
	expect(&p, LINES_END, NULL);
	expect(&p, LINES_END, NULL);
	finish(&p);
}

static void nothing_at_all(void **state)
{
	struct pipe_of_lines p;

	(void)state;
	begin(&p);
	end(&p);
	expect(&p, LINES_END, NULL);
	finish(&p);
}

static void type_many(struct pipe_of_lines *p, char c, size_t count)
{
	struct error err;
	char *octets = mem_new(count, 1);

	memset(octets, c, count);
	for (size_t at = 0; at < count;) {
		size_t piece = count - at < 4096 ? count - at : 4096;

		assert_int_equal(write(p->in, octets + at, piece), piece);
		assert_int_equal(lines_read(&p->lines, &err), 0);
		at += piece;
	}
	free(octets);
}

static void longest(void **state)
{
	struct pipe_of_lines p;
	const char *line;
	size_t length;

	(void)state;
	begin(&p);
	type_many(&p, 'x', LINES_MOST);
	expect(&p, LINES_NONE, NULL);
	type(&p, "\r\n");
	assert_int_equal(lines_next(&p.lines, &line, &length), LINES_LINE);
	assert_int_equal(length, LINES_MOST);
	type_many(&p, 'x', LINES_MOST + 1);
	type(&p, "\nshort\n");
	expect(&p, LINES_LONG, NULL);
	expect(&p, LINES_LINE, "short");
	finish(&p);
}

/* A line without end takes no more memory the longer it gets, and is told of once. */
static void endless(void **state)
{
	struct pipe_of_lines p;
	unsigned told = 0;

	(void)state;
	begin(&p);
	for (int i = 0; i < 100; i++) {
		const char *line;
		size_t length;
		enum lines_answer answer;

		type_many(&p, 'x', 4096);
		while ((answer = lines_next(&p.lines, &line, &length)) != LINES_NONE)
			told += answer == LINES_LONG;
	}
	assert_int_equal(told, 1);
	assert_true(p.lines.kept.size < 4 * LINES_MOST);
	type(&p, "rest\nnext\n");
	expect(&p, LINES_LINE, "next");
	expect(&p, LINES_NONE, NULL);
	finish(&p);
}

static void endless_to_the_end(void **state)
{
	struct pipe_of_lines p;

	(void)state;
	begin(&p);
	type_many(&p, 'x', LINES_MOST + 1);
	end(&p);
	expect(&p, LINES_LONG, NULL);
	expect(&p, LINES_END, NULL);
	finish(&p);
}

static void refusal(void **state)
{
	struct lines lines = { .fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC) };
	struct error err = { "" };

	(void)state;
	assert_int_equal(lines_read(&lines, &err), -1);
	assert_non_null(strstr(err.text, "directory"));
	close(lines.fd);
	lines_release(&lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces),  cmocka_unit_test(nothing_at_all),     cmocka_unit_test(longest),
		cmocka_unit_test(endless), cmocka_unit_test(endless_to_the_end), cmocka_unit_test(refusal),
	};

	return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
