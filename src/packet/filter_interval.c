/* SPDX-License-Identifier: BSD-2-Clause */
/* Comparisons of a field with numbers, as intervals of uint64_t: one subtraction decides. */
#include <stdlib.h>

#include "base/mem.h"
#include "packet/filter_parts.h"

/* Values from `from` to `to`, among those that a field can have. */
static struct filter_interval interval(const struct field_def *def, __int128 from, __int128 to, uint64_t *bias,
				       bool *empty)
{
	bool has_sign = def->type == FIELD_INT || def->type == FIELD_TIME || def->type == FIELD_DURATION;
	__int128 least = has_sign ? INT64_MIN : 0, most = has_sign ? (__int128)INT64_MAX : (__int128)UINT64_MAX;

	if (def->type == FIELD_BOOL && to >= 1)
		to = most; /* every number but 0 is true */
	from = from < least ? least : from;
	to = to > most ? most : to;
	*empty = from > to;
	*bias = has_sign ? UINT64_C(1) << 63 : 0;
	return (struct filter_interval){ (uint64_t)from ^ *bias, (uint64_t)(to - from) };
}

void filter_set_within(struct filter_step *step, const struct field_def *def, enum relation relation,
		       const struct filter_node *constant)
{
	const __int128 beyond = (__int128)1 << 100, low = constant->low.number, high = constant->high.number;
	bool empty;
	static const struct {
		int from, to; /* -1: open; 0: low; 1: high; 2: below low; 3: above high */
		bool negate;
	} ends[] = {
		[RELATION_EQ] = { 0, 1, false },  [RELATION_NE] = { 0, 1, true },   [RELATION_LT] = { -1, 2, false },
		[RELATION_LE] = { -1, 1, false }, [RELATION_GT] = { 3, -1, false }, [RELATION_GE] = { 0, -1, false },
	};
	const __int128 values[] = { low, high, low - 1, high + 1 };
	int from = ends[relation].from, to = ends[relation].to;

	step->within =
		interval(def, from < 0 ? -beyond : values[from], to < 0 ? beyond : values[to], &step->bias, &empty);
	step->negate = ends[relation].negate;
	if (empty) {
		step->within = (struct filter_interval){ 0, UINT64_MAX };
		step->negate = !step->negate;
	}
}

static int by_start(const void *a, const void *b)
{
	const struct filter_interval *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

/* Sorted, and those that touch joined. */
void filter_set_among(struct filter_step *step, const struct field_def *def, const struct filter_node *set)
{
	unsigned count = 0, kept = 0;
	struct filter_interval *list;
	bool empty;

	for (const struct filter_node *e = set->right; e; e = e->next)
		count++;
	list = mem_new(count, sizeof *list);
	count = 0;
	for (const struct filter_node *e = set->right; e; e = e->next) {
		const struct filter_node *from = e->kind == NODE_RANGE ? e->left : e;
		const struct filter_node *to = e->kind == NODE_RANGE ? e->right : e;

		list[count] = interval(def, from->low.number, to->high.number, &step->bias, &empty);
		count += !empty;
	}
	qsort(list, count, sizeof *list, by_start);
	for (unsigned i = 0; i < count; i++) {
		struct filter_interval *last = kept ? &list[kept - 1] : NULL;

		if (last && list[i].from - last->from <= last->span) {
			uint64_t reach = list[i].from - last->from + list[i].span;

			last->span = reach > last->span ? reach : last->span;
		} else {
			list[kept++] = list[i];
		}
	}
	step->among = list;
	step->among_count = kept;
}
