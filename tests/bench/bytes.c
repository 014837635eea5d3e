/* bytes.c - bytes LINK: the time in ns to read the counters of a link from the kernel, by
 * the cheapest request that has the link's index: one request and its reply. */
#include "bench.h"
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

enum { COUNT = 50000 };

int main(int argc, char **argv)
{
    char answer[8192];
    struct {
        struct nlmsghdr header;
        struct if_stats_msg stats;
    } question = {
        {.nlmsg_len = sizeof question, .nlmsg_type = RTM_GETSTATS, .nlmsg_flags = NLM_F_REQUEST},
        {.ifindex = argc > 1 ? if_nametoindex(argv[1]) : 0,
         .filter_mask = IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64)},
    };
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    int64_t begin = bench_now();
    for (int i = 0; i < COUNT; i++)
        if (write(fd, &question, sizeof question) < 0 || read(fd, answer, sizeof answer) < 0)
            return 1;
    printf("%.2f\n", (double)(bench_now() - begin) / COUNT);
    return 0;
}
