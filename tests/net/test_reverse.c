/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of addresses: asked for once, beside the program, and never waited for longer than is said. */
#include <poll.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "net/reverse.h"
#include "numbered.h"

static atomic_uint asked;
static sem_t gate; /* of name servers that let people wait */

/* All addresses have a name but those that end in 9. */
static int quick(const struct address *address, char *name, size_t size)
{
	char number[ADDRESS_TEXT];

	asked++;
	address_host_text(address, number);
	snprintf(name, size, "host-%s.example", number);
	return number[strlen(number) - 1] == '9' ? -1 : 0;
}

static int slow(const struct address *address, char *name, size_t size)
{
	while (sem_wait(&gate) < 0)
		;
	return quick(address, name, size);
}

static int nasty(const struct address *address, char *name, size_t size)
{
	(void)address;
	snprintf(name, size, "\033[31mred");
	return 0;
}

static struct reverse *make(reverse_lookup *lookup)
{
	struct error err;
	struct reverse *reverse = reverse_new_asking(lookup, &err);

	assert_non_null(reverse);
	asked = 0;
	return reverse;
}

static bool wait_long(struct reverse *reverse)
{
	return reverse_wait(reverse, clock_deadline(60 * NS_PER_S));
}

static void is_named(struct reverse *reverse, const struct address *address, const char *expected)
{
	const char *name = NULL;

	assert_int_equal(reverse_get(reverse, address, &name), REVERSE_KNOWN);
	if (expected)
		assert_string_equal(name, expected);
}

static void the_system_knows_this_host(void **unused)
{
	struct address v4 = numbered("127.0.0.1", 0);
	struct error err;
	struct reverse *reverse = reverse_new(&err);

	(void)unused;
	assert_non_null(reverse);
	reverse_ask(reverse, &v4);
	assert_true(wait_long(reverse));
	is_named(reverse, &v4, NULL);
	reverse_free(reverse);
}

static void asked_once_whatever_the_port(void **unused)
{
	struct reverse *reverse = make(quick);
	struct address plain = numbered("192.0.2.1", 0), ported = numbered("192.0.2.1", 33434);
	struct address v6 = numbered("2001:db8::1", 80);

	(void)unused;
	for (unsigned i = 0; i < 10; i++) {
		reverse_ask(reverse, &ported);
		reverse_ask(reverse, &plain);
		reverse_ask(reverse, &v6);
	}
	assert_true(wait_long(reverse));
	assert_int_equal(asked, 2);
	is_named(reverse, &plain, "host-192.0.2.1.example");
	is_named(reverse, &ported, "host-192.0.2.1.example");
	is_named(reverse, &v6, "host-2001:db8::1.example");
	reverse_free(reverse);
}

static void no_name(void **unused)
{
	struct reverse *reverse = make(quick);
	struct address nameless = numbered("192.0.2.9", 0), other = numbered("192.0.2.2", 0);
	const char *name = "untouched";

	(void)unused;
	reverse_ask(reverse, &nameless);
	reverse_ask(reverse, &(struct address){ 0 });
	assert_true(wait_long(reverse));
	assert_int_equal(asked, 1);
	assert_int_equal(reverse_get(reverse, &nameless, &name), REVERSE_NONE);
	assert_int_equal(reverse_get(reverse, &other, &name), REVERSE_NONE);
	assert_string_equal(name, "untouched");
	reverse_free(reverse);
}

static bool readable(const struct reverse *reverse)
{
	return poll(&(struct pollfd){ .fd = reverse_fd(reverse), .events = POLLIN }, 1, 0) == 1;
}

static void the_descriptor_tells(void **unused)
{
	struct reverse *reverse = make(slow);
	struct address address = numbered("192.0.2.1", 0);
	const char *name;

	(void)unused;
	reverse_ask(reverse, &address);
	assert_int_equal(reverse_get(reverse, &address, &name), REVERSE_PENDING);
	assert_int_equal(reverse_pending(reverse), 1);
	assert_false(readable(reverse));
	assert_false(reverse_wait(reverse, clock_monotonic()));
	sem_post(&gate);
	assert_int_equal(poll(&(struct pollfd){ .fd = reverse_fd(reverse), .events = POLLIN }, 1, 60000), 1);
	reverse_collect(reverse);
	assert_false(readable(reverse));
	assert_int_equal(reverse_pending(reverse), 0);
	is_named(reverse, &address, "host-192.0.2.1.example");
	reverse_free(reverse);
}

static struct address nth(unsigned number)
{
	char text[ADDRESS_TEXT];

	snprintf(text, sizeof text, "10.0.%u.%u", number / 256, number % 256);
	return numbered(text, 0);
}

/* Four questions are with name servers, 256 wait, and no more: but later there is room again. */
static void the_queue_is_bounded(void **unused)
{
	struct reverse *reverse = make(slow);
	unsigned most = REVERSE_THREADS + REVERSE_WAITING;
	struct address last = nth(2000);
	const char *name;

	(void)unused;
	for (unsigned i = 0; i < 1000; i++)
		reverse_ask(reverse, &(struct address){ nth(i).storage, nth(i).length });
	assert_in_range(reverse_pending(reverse), REVERSE_WAITING, most);
	reverse_ask(reverse, &last);
	for (unsigned i = 0; i <= most; i++)
		sem_post(&gate);
	assert_true(wait_long(reverse));
	assert_in_range(asked, REVERSE_WAITING, most + 1);
	reverse_ask(reverse, &last);
	sem_post(&gate);
	assert_true(wait_long(reverse));
	assert_int_equal(reverse_get(reverse, &last, &name), REVERSE_KNOWN);
	reverse_free(reverse);
	while (sem_trywait(&gate) == 0)
		;
}

/* Nobody answers any more, and still the program can end. */
static void ends_in_the_middle_of_questions(void **unused)
{
	struct reverse *reverse = make(slow);

	(void)unused;
	for (unsigned i = 0; i < 20; i++)
		reverse_ask(reverse, &(struct address){ nth(i).storage, nth(i).length });
	assert_false(reverse_wait(reverse, clock_monotonic() + NS_PER_MS));
	reverse_free(reverse);
	for (unsigned i = 0; i < REVERSE_THREADS; i++)
		sem_post(&gate);
}

static void names_are_what_was_answered(void **unused)
{
	struct reverse *reverse = make(nasty);
	struct address address = numbered("192.0.2.1", 0);

	(void)unused;
	reverse_ask(reverse, &address);
	assert_true(wait_long(reverse));
	is_named(reverse, &address, "\033[31mred");
	reverse_free(reverse);
	reverse_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_system_knows_this_host),
		cmocka_unit_test(asked_once_whatever_the_port),
		cmocka_unit_test(no_name),
		cmocka_unit_test(the_descriptor_tells),
		cmocka_unit_test(the_queue_is_bounded),
		cmocka_unit_test(names_are_what_was_answered),
		cmocka_unit_test(ends_in_the_middle_of_questions),
	};

	sem_init(&gate, 0, 0);
	return cmocka_run_group_tests_name("reverse", tests, NULL, NULL);
}
