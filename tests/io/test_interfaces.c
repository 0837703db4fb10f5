/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of interfaces, in a network whose interfaces are known. */
#include "net.h"

#include <linux/if_arp.h>

#include "io/interfaces.h"

static bool has_address(const struct interface_info *info, const char *address)
{
	for (size_t i = 0; i < info->address_count; i++)
		if (!strcmp(info->addresses[i], address))
			return true;
	return false;
}

static void all_are_listed(void **state)
{
	struct interfaces interfaces;
	const struct interface_info *info;
	struct error err = { "" };

	(void)state;
	net_need();
	assert_true(net_run("ip address add 10.1.2.3/20 dev left label left:7 && ip link set dev left mtu 1400 && "
			    "ip link set dev left address 02:00:00:00:00:11"));
	assert_int_equal(interfaces_read(&interfaces, &err), 0);
	info = interfaces_find(&interfaces, "lo", &err);
	assert_non_null(info);
	assert_int_equal(info->index, if_nametoindex("lo"));
	assert_int_equal(info->hardware, ARPHRD_LOOPBACK);
	assert_true(info->flags & IFF_LOOPBACK);
	assert_int_equal(info->link, 1);
	assert_int_equal(info->shape, TAP_ETHERNET);
	assert_true(has_address(info, "127.0.0.1/8"));
	info = interfaces_find(&interfaces, "left", &err);
	assert_non_null(info);
	assert_int_equal(info->mtu, 1400);
	assert_int_equal(info->address_count, 2);
	assert_string_equal(info->addresses[0], "02:00:00:00:00:11");
	assert_string_equal(info->addresses[1], "10.1.2.3/20");
	info = &interfaces.list[interfaces.count - 1];
	assert_string_equal(info->name, "any");
	assert_int_equal(info->index, 0);
	assert_int_equal(info->link, 276);
	assert_int_equal(info->shape, TAP_COOKED);
	interfaces_release(&interfaces);
	interfaces_release(&interfaces);
}

static void unknown_ones_are_refused(void **state)
{
	struct interfaces interfaces;
	struct error err = { "" };

	(void)state;
	net_need();
	assert_int_equal(interfaces_read(&interfaces, &err), 0);
	assert_null(interfaces_find(&interfaces, "lefd", &err));
	assert_non_null(strstr(err.text, "lefd: no such interface; did you mean left?"));
	assert_null(interfaces_find(&interfaces, "", &err));
	interfaces_release(&interfaces);
}

static void losses_are_known_or_not(void **state)
{
	(void)state;
	net_need();
	assert_int_equal(interface_missed(if_nametoindex("left")), 0);
	assert_true(interface_missed(99999) == COUNTER_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_are_listed),
		cmocka_unit_test(unknown_ones_are_refused),
		cmocka_unit_test(losses_are_known_or_not),
	};

	return cmocka_run_group_tests_name("interfaces", tests, net_setup, NULL);
}
