/* SPDX-License-Identifier: BSD-2-Clause */
/* What goes wrong between programs: requests without answers, echoes that are none, private lines, connections. */
#include <string.h>

#include "analyse/health.h"
#include "base/clock.h"

static bool is_asked_for(const struct health *health, const struct dialogue *dialogue)
{
	return passing_has(&health->passing, dialogue->request) || passing_has(&health->passing, dialogue->response);
}

static enum health_kind unanswered_kind(const struct health *health, const struct dialogue *dialogue)
{
	int64_t left = time_between(dialogue->request_time, health->last_time);

	if (dialogue->end == DIALOGUE_NOT_EXPECTED)
		return HEALTH_UNANSWERED_EMPTY;
	if (dialogue->broadcast)
		return HEALTH_UNANSWERED_ALL;
	/* With a filter nobody here knows when the capture ended. */
	return !health->filtered && left < DIALOGUE_LATE ? HEALTH_UNANSWERED_END : HEALTH_UNANSWERED;
}

static void answered(struct health *health, const struct dialogue *dialogue)
{
	struct talk_key subject = health_end(&dialogue->server, dialogue->address_length, dialogue->protocol);

	if (dialogue->late)
		health_add(health, HEALTH_LATE, &subject, dialogue->response, 0);
	/* A broadcast is answered by everybody, by right. */
	if (dialogue->answers > 1 && !dialogue->broadcast)
		health_add(health, HEALTH_AGAIN, &subject, dialogue->request, 0);
	if (!dialogue->compared || dialogue->identical)
		return;
	subject.number = (uintptr_t)dialogue->transform;
	health_add(health, dialogue->transform ? HEALTH_ECHO_CHANGED : HEALTH_ECHO_DIFFERS, &subject,
		   dialogue->response, 0);
}

void health_dialogue(void *state, const struct dialogue *dialogue, bool over)
{
	struct health *health = state;
	struct talk_key subject;

	if (!over || !is_asked_for(health, dialogue))
		return;
	if (dialogue->end == DIALOGUE_ANSWERED) {
		answered(health, dialogue);
	} else if (dialogue->end != DIALOGUE_REFUSED) { /* that is told by the packet that refuses */
		subject = health_end(&dialogue->server, dialogue->address_length, dialogue->protocol);
		health_add(health, unanswered_kind(health, dialogue), &subject, dialogue->request, 0);
	}
}

void health_said(void *state, const struct chat_said *said)
{
	struct health *health = state;
	struct talk_key subject;

	if (!said->leaked || !passing_has(&health->passing, said->frame))
		return;
	subject = health_user(said->user);
	health_add(health, HEALTH_LEAK, &subject, said->frame, said->receivers);
}

void health_connections(struct health *health, const struct flows *flows)
{
	for (const struct flow *flow = flows_next(flows, NULL); flow; flow = flows_next(flows, flow)) {
		enum tcp_state state = flow->tcp ? tcp_flow_state(flow) : TCP_STATE_MIDDLE;
		struct talk_key subject;

		if ((state != TCP_STATE_SYN && state != TCP_STATE_SYN_ACK) || flow->server == FLOW_NOBODY ||
		    !passing_has(&health->passing, flow->first_frame))
			continue;
		subject = health_end(&flow->ends[flow->server], flow->address_length, NULL);
		health_add(health, state == TCP_STATE_SYN ? HEALTH_SYN_UNANSWERED : HEALTH_HANDSHAKE, &subject,
			   flow->first_frame, 0);
	}
}
