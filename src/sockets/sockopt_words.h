/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of options in words, for the rows' show(). A value whose length is not that of its type is shown as octets. */
#pragma once

#include <stddef.h>

#include "base/text.h"

typedef void sockopt_words(const void *value, size_t length, struct text *out);

sockopt_words sockopt_show_class;       /* "0", "184 (DSCP 46, ECN 0)" */
sockopt_words sockopt_show_discovery;   /* "WANT": IP_PMTUDISC_ and IPV6_PMTUDISC_, which have the same numbers */
sockopt_words sockopt_show_range;       /* "20000 to 20999" */
sockopt_words sockopt_show_index;       /* of an interface, in network byte order: "interface 2" */
sockopt_words sockopt_show_host;        /* struct in_addr: "192.0.2.1" */
sockopt_words sockopt_show_peer;        /* struct sockaddr_in, sockaddr_in6: "192.0.2.1:80" */
sockopt_words sockopt_show_path;        /* struct ip6_mtuinfo: "1500 octets" */
sockopt_words sockopt_show_preferences; /* "TMP, NONCGA" */
sockopt_words sockopt_show_family;      /* "AF_INET6" */
sockopt_words sockopt_show_tcp_info;    /* "ESTAB, round trip 0.1 ms, ..." */
