/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests of an io_uring: carried out, cancelled, chained, told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "net/uring.h"

#define GUARD_MS 60000 /* nothing takes so long unless it hangs */

/* A ring, and two ends of a stream: ours and the peer's. */
struct scene {
	struct text story;
	struct narrator narrator;
	struct uring *ring;
	int ours, theirs;
};

struct asked {
	struct uring_request request;
	int result, times;
};

static void hear(void *context, const char *text, size_t length)
{
	text_add(context, text, length);
}

static int begin(void **state)
{
	struct scene *scene = mem_new(1, sizeof *scene);
	struct error err;
	int ends[2];

	scene->narrator = (struct narrator){ .say = hear, .context = &scene->story };
	*state = scene;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	scene->ours = ends[0];
	scene->theirs = ends[1];
	scene->ring = uring_open(&scene->narrator, &err);
	text_clear(&scene->story);
	if (!scene->ring)
		print_message("%s\n", err.text);
	return 0;
}

static int end(void **state)
{
	struct scene *scene = *state;

	uring_close(scene->ring);
	text_release(&scene->story);
	close(scene->ours);
	close(scene->theirs);
	free(scene);
	return 0;
}

static struct scene *scene_of(void **state)
{
	struct scene *scene = *state;

	if (!scene->ring)
		skip(); /* begin() has said why */
	return scene;
}

static void note(struct uring_request *request, int result)
{
	struct asked *asked = request->owner;

	asked->result = result;
	asked->times++;
}

static void prepare(struct asked *asked)
{
	*asked = (struct asked){ .request = { .done = note, .owner = asked } };
}

static void wait_once(struct scene *scene, int timeout_ms)
{
	struct error err;

	assert_int_equal(uring_wait(scene->ring, timeout_ms, &err), 0);
}

static void wait_until_done(struct scene *scene, const struct asked *asked)
{
	while (asked->request.busy)
		wait_once(scene, GUARD_MS);
}

/* ------------------------------------------------------------------------------------------------ calls */

/* What it finds must not be in the way of what the process does next. */
static void being_allowed_leaves_nothing_behind(void **state)
{
	struct scene *scene = scene_of(state);
	int first = dup(scene->ours), second;
	struct error err;

	close(first);
	assert_int_equal(uring_allowed(&err), 0);
	second = dup(scene->ours);
	close(second);
	assert_int_equal(first, second);
}

static void octets_are_sent_and_received(void **state)
{
	struct scene *scene = scene_of(state);
	struct asked send, recv;
	char room[16] = "";

	prepare(&send);
	prepare(&recv);
	uring_recv(scene->ring, &recv.request, scene->theirs, room, sizeof room, NULL);
	uring_send(scene->ring, &send.request, scene->ours, "hello", 5, NULL);
	assert_int_equal(uring_busy(scene->ring), 2);
	wait_until_done(scene, &recv);
	wait_until_done(scene, &send);
	assert_int_equal(recv.result, 5);
	assert_int_equal(send.result, 5);
	assert_string_equal(room, "hello");
	assert_int_equal(uring_busy(scene->ring), 0);
}

static void a_wait_has_an_end(void **state)
{
	struct scene *scene = scene_of(state);
	struct asked recv;
	char room[16];

	prepare(&recv);
	uring_recv(scene->ring, &recv.request, scene->ours, room, sizeof room, NULL);
	wait_once(scene, 0);
	wait_once(scene, 1);
	assert_true(recv.request.busy);
	assert_int_equal(write(scene->theirs, "x", 1), 1);
	wait_until_done(scene, &recv);
	assert_int_equal(recv.result, 1);
}

static void more_requests_than_the_ring_holds_are_kept(void **state)
{
	enum { MANY = 3000 };
	struct scene *scene = scene_of(state);
	struct asked *polls = mem_new(MANY, sizeof *polls);

	for (size_t i = 0; i < MANY; i++) {
		prepare(&polls[i]);
		uring_poll(scene->ring, &polls[i].request, scene->ours, POLLIN, NULL);
	}
	assert_int_equal(write(scene->theirs, "x", 1), 1);
	for (size_t i = 0; i < MANY; i++) {
		wait_until_done(scene, &polls[i]);
		assert_int_equal(polls[i].result, POLLIN);
		assert_int_equal(polls[i].times, 1);
	}
	free(polls);
}

/* ------------------------------------------------------------------------------------------------ cancelling */

static void what_is_cancelled_is_completed(void **state)
{
	struct scene *scene = scene_of(state);
	struct asked early, late;
	char room[16];

	prepare(&early);
	uring_recv(scene->ring, &early.request, scene->ours, room, sizeof room, NULL);
	uring_cancel(scene->ring, &early.request);
	wait_until_done(scene, &early);
	assert_int_equal(early.result, -ECANCELED);
	prepare(&late);
	uring_recv(scene->ring, &late.request, scene->ours, room, sizeof room, NULL);
	wait_once(scene, 0);
	assert_true(late.request.busy);
	uring_cancel(scene->ring, &late.request);
	uring_cancel(scene->ring, &late.request);
	wait_until_done(scene, &late);
	assert_int_equal(late.result, -ECANCELED);
	assert_int_equal(early.times + late.times, 2);
	uring_cancel(scene->ring, &late.request);
	wait_once(scene, 0);
	assert_int_equal(late.times, 1);
}

/* Nothing of what was in the list may be looked at after it was freed. */
static void what_ends_before_its_cancelling_is_left_alone(void **state)
{
	struct scene *scene = scene_of(state);
	struct asked *poll = mem_new(1, sizeof *poll);

	prepare(poll);
	uring_poll(scene->ring, &poll->request, scene->ours, POLLIN, NULL);
	wait_once(scene, 0);
	assert_int_equal(write(scene->theirs, "x", 1), 1);
	uring_cancel(scene->ring, &poll->request);
	wait_until_done(scene, poll);
	assert_int_equal(poll->times, 1);
	free(poll);
	wait_once(scene, 0);
}

/* ------------------------------------------------------------------------------------------------ chains */

static void *answer_from(void *context)
{
	struct scene *scene = context;
	char octet;

	if (read(scene->theirs, &octet, 1) != 1 || write(scene->theirs, "!", 1) != 1)
		abort();
	return NULL;
}

static void an_answer_and_the_next_request_take_one_round(void **state)
{
	struct scene *scene = scene_of(state);
	struct asked send, recv;
	pthread_t peer;
	char room[16];

	prepare(&send);
	prepare(&recv);
	assert_int_equal(pthread_create(&peer, NULL, answer_from, scene), 0);
	uring_send_recv(scene->ring, &send.request, &recv.request, scene->ours, "?", 1, room, sizeof room, NULL, NULL);
	wait_until_done(scene, &recv);
	assert_int_equal(pthread_join(peer, NULL), 0);
	assert_int_equal(send.result, 1);
	assert_int_equal(recv.result, 1);
	assert_int_equal(room[0], '!');
}

/* More than the socket takes: we hear of it although nobody sends us anything, and nothing is sent twice. */
static void a_send_that_does_not_go_wakes_us(void **state)
{
	enum { MUCH = 8 << 20 };
	struct scene *scene = scene_of(state);
	struct asked answer, next;
	uint8_t *data = mem_new(MUCH, 1), *taken = mem_new(MUCH, 1);
	char room[16];
	ssize_t got = 0, n;

	prepare(&answer);
	prepare(&next);
	uring_send_recv(scene->ring, &answer.request, &next.request, scene->ours, data, MUCH, room, sizeof room, NULL,
			NULL);
	wait_once(scene, GUARD_MS);
	if (answer.request.busy) { /* an older kernel: it waits until the peer reads */
		uring_cancel(scene->ring, &answer.request);
		uring_cancel(scene->ring, &next.request);
	}
	wait_until_done(scene, &answer);
	wait_until_done(scene, &next);
	assert_int_equal(next.result, -ECANCELED);
	assert_true(answer.result < MUCH);
	while ((n = recv(scene->theirs, taken, MUCH, MSG_DONTWAIT)) > 0)
		got += n;
	assert_int_equal(got, answer.result < 0 ? 0 : answer.result);
	free(data);
	free(taken);
}

static void half_a_chain_can_be_cancelled(void **state)
{
	struct scene *scene = scene_of(state);
	struct asked send, recv;
	char room[16];

	for (int first = 0; first < 2; first++) {
		prepare(&send);
		prepare(&recv);
		uring_send_recv(scene->ring, &send.request, &recv.request, scene->ours, "?", 1, room, sizeof room, NULL,
				NULL);
		uring_cancel(scene->ring, first ? &send.request : &recv.request);
		wait_until_done(scene, first ? &send : &recv);
		assert_int_equal((first ? &send : &recv)->result, -ECANCELED);
		if (first)
			uring_cancel(scene->ring, &recv.request);
		wait_until_done(scene, first ? &recv : &send);
	}
	assert_int_equal(recv.result, -ECANCELED);
}

/* ------------------------------------------------------------------------------------------------ the story */

static void requests_and_completions_are_told(void **state)
{
	struct scene *scene = scene_of(state);
	char room[16], expected[400];
	struct asked recv;

	prepare(&recv);
	scene->narrator.reasons = true;
	uring_recv(scene->ring, &recv.request, scene->ours, room, sizeof room, "Because.");
	assert_int_equal(write(scene->theirs, "a\n\x1b", 3), 3);
	snprintf(expected, sizeof expected, "io_uring recv(%d, data, 16, 0) ...\n    Because.\n", scene->ours);
	assert_int_equal(scene->story.length, strlen(expected));
	assert_memory_equal(scene->story.data, expected, strlen(expected));
	scene->narrator.reasons = false;
	wait_until_done(scene, &recv);
	snprintf(expected, sizeof expected, "... io_uring recv(%d, \"a\\n\\x1b\", 16, 0) = 3\n", scene->ours);
	text_char(&scene->story, '\0');
	assert_non_null(strstr(scene->story.data, expected));
	assert_non_null(strstr(scene->story.data, "io_uring_enter("));
	scene->story.length--;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(being_allowed_leaves_nothing_behind, begin, end),
		cmocka_unit_test_setup_teardown(octets_are_sent_and_received, begin, end),
		cmocka_unit_test_setup_teardown(a_wait_has_an_end, begin, end),
		cmocka_unit_test_setup_teardown(more_requests_than_the_ring_holds_are_kept, begin, end),
		cmocka_unit_test_setup_teardown(what_is_cancelled_is_completed, begin, end),
		cmocka_unit_test_setup_teardown(what_ends_before_its_cancelling_is_left_alone, begin, end),
		cmocka_unit_test_setup_teardown(an_answer_and_the_next_request_take_one_round, begin, end),
		cmocka_unit_test_setup_teardown(a_send_that_does_not_go_wakes_us, begin, end),
		cmocka_unit_test_setup_teardown(half_a_chain_can_be_cancelled, begin, end),
		cmocka_unit_test_setup_teardown(requests_and_completions_are_told, begin, end),
	};

	return cmocka_run_group_tests_name("uring", tests, NULL, NULL);
}
