/* SPDX-License-Identifier: BSD-2-Clause */
/* TCP_INFO as ss(8) prints it: what is zero is left out, and so is what has no meaning in that state. */
#include <linux/tcp.h>

#include "render/sockets_parts.h"
#include "sockets/socket.h"

#define US_PER_MS 1000.0
#define NO_TIMEOUT 3000000  /* the timeout of a connection that has sent nothing */
#define NO_THRESHOLD 0xffff /* and above: slow start has no end yet */
#define USUAL_REORDERING 3
#define NO_RTT UINT32_MAX

static void count(struct text *out, const char *word, uint64_t value)
{
	if (value)
		text_format(out, " %s:%llu", word, (unsigned long long)value);
}

static void milliseconds(struct text *out, const char *word, uint64_t us)
{
	if (us)
		text_format(out, " %s:%g", word, (double)us / US_PER_MS);
}

/* Given in octets a second. */
static void rate(struct text *out, const char *word, double octets)
{
	if (octets > 0)
		text_format(out, " %s %.0fbps", word, octets * 8);
}

static void agreed(struct text *out, const struct tcp_info *info, bool all)
{
	static const struct {
		unsigned bit;
		const char *word;
	} words[] = { { TCPI_OPT_TIMESTAMPS, " ts" },
		      { TCPI_OPT_SACK, " sack" },
		      { TCPI_OPT_ECN, " ecn" },
		      { TCPI_OPT_ECN_SEEN, " ecnseen" },
		      { TCPI_OPT_SYN_DATA, " fastopen" } };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (all && info->tcpi_options & words[i].bit)
			text_string(out, words[i].word);
}

static void control(struct text *out, const struct socket *socket, const struct tcp_info *info)
{
	if (socket->congestion) {
		text_char(out, ' ');
		text_escaped(out, socket->congestion, strlen(socket->congestion));
	}
	if (info->tcpi_options & TCPI_OPT_WSCALE)
		text_format(out, " wscale:%u,%u", info->tcpi_snd_wscale, info->tcpi_rcv_wscale);
}

static void sizes(struct text *out, const struct tcp_info *info)
{
	milliseconds(out, "rto", info->tcpi_rto == NO_TIMEOUT ? 0 : info->tcpi_rto);
	count(out, "backoff", info->tcpi_backoff);
	if (info->tcpi_rtt)
		text_format(out, " rtt:%g/%g", info->tcpi_rtt / US_PER_MS, info->tcpi_rttvar / US_PER_MS);
	milliseconds(out, "ato", info->tcpi_ato);
	count(out, "mss", info->tcpi_snd_mss);
	count(out, "pmtu", info->tcpi_pmtu);
	count(out, "rcvmss", info->tcpi_rcv_mss);
	count(out, "advmss", info->tcpi_advmss);
	count(out, "cwnd", info->tcpi_snd_cwnd);
	count(out, "ssthresh", info->tcpi_snd_ssthresh < NO_THRESHOLD ? info->tcpi_snd_ssthresh : 0);
}

static void counts(struct text *out, const struct tcp_info *info)
{
	count(out, "bytes_sent", info->tcpi_bytes_sent);
	count(out, "bytes_retrans", info->tcpi_bytes_retrans);
	count(out, "bytes_acked", info->tcpi_bytes_acked);
	count(out, "bytes_received", info->tcpi_bytes_received);
	count(out, "segs_out", info->tcpi_segs_out);
	count(out, "segs_in", info->tcpi_segs_in);
	count(out, "data_segs_out", info->tcpi_data_segs_out);
	count(out, "data_segs_in", info->tcpi_data_segs_in);
}

static void rates(struct text *out, const struct tcp_info *info)
{
	if (info->tcpi_rtt && info->tcpi_snd_mss && info->tcpi_snd_cwnd)
		rate(out, "send", (double)info->tcpi_snd_cwnd * info->tcpi_snd_mss * 1000000 / info->tcpi_rtt);
	count(out, "lastsnd", info->tcpi_last_data_sent);
	count(out, "lastrcv", info->tcpi_last_data_recv);
	count(out, "lastack", info->tcpi_last_ack_recv);
	if (info->tcpi_pacing_rate && info->tcpi_pacing_rate != UINT64_MAX) {
		rate(out, "pacing_rate", (double)info->tcpi_pacing_rate);
		if (info->tcpi_max_pacing_rate && info->tcpi_max_pacing_rate != UINT64_MAX)
			text_format(out, "/%.0fbps", (double)info->tcpi_max_pacing_rate * 8);
	}
	rate(out, "delivery_rate", (double)info->tcpi_delivery_rate);
	count(out, "delivered", info->tcpi_delivered);
	count(out, "delivered_ce", info->tcpi_delivered_ce);
	if (info->tcpi_delivery_rate_app_limited)
		text_string(out, " app_limited");
}

static void share(struct text *out, const char *word, uint64_t us, uint64_t whole)
{
	if (us)
		text_format(out, " %s:%llums(%.1f%%)", word, (unsigned long long)(us / 1000),
			    100.0 * (double)us / (double)whole);
}

static void losses(struct text *out, const struct socket *socket, const struct tcp_info *info)
{
	if (info->tcpi_busy_time) {
		text_format(out, " busy:%llums", (unsigned long long)(info->tcpi_busy_time / 1000));
		share(out, "rwnd_limited", info->tcpi_rwnd_limited, info->tcpi_busy_time);
		share(out, "sndbuf_limited", info->tcpi_sndbuf_limited, info->tcpi_busy_time);
	}
	count(out, "unacked", info->tcpi_unacked);
	if (info->tcpi_retrans || info->tcpi_total_retrans)
		text_format(out, " retrans:%u/%u", info->tcpi_retrans, info->tcpi_total_retrans);
	count(out, "lost", info->tcpi_lost);
	count(out, "sacked", socket->state == SOCKET_LISTEN ? 0 : info->tcpi_sacked);
	count(out, "dsack_dups", info->tcpi_dsack_dups);
	count(out, "fackets", info->tcpi_fackets);
	if (info->tcpi_reordering != USUAL_REORDERING)
		text_format(out, " reordering:%u", info->tcpi_reordering);
	count(out, "reord_seen", info->tcpi_reord_seen);
}

static void windows(struct text *out, const struct tcp_info *info)
{
	milliseconds(out, "rcv_rtt", info->tcpi_rcv_rtt);
	count(out, "rcv_space", info->tcpi_rcv_space);
	count(out, "rcv_ssthresh", info->tcpi_rcv_ssthresh);
	count(out, "notsent", info->tcpi_notsent_bytes);
	milliseconds(out, "minrtt", info->tcpi_min_rtt == NO_RTT ? 0 : info->tcpi_min_rtt);
	count(out, "rcv_ooopack", info->tcpi_rcv_ooopack);
	count(out, "snd_wnd", info->tcpi_snd_wnd);
}

void sockets_information(struct text *out, const struct sockets_look *look, const struct socket *socket)
{
	const struct tcp_info *info = socket->info;

	if (!info)
		return;
	agreed(out, info, look->timers);
	control(out, socket, info);
	sizes(out, info);
	counts(out, info);
	rates(out, info);
	losses(out, socket, info);
	windows(out, info);
}
