/* tun.h - a TUN link such as a VPN program makes, for tests. */
#ifndef TUN_H
#define TUN_H

#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>

/* Makes a TUN link. It exists until the returned descriptor is closed. */
static inline int tun_open(const char *name)
{
    struct ifreq r = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    const int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    snprintf(r.ifr_name, sizeof r.ifr_name, "%s", name);
    if (fd < 0 || ioctl(fd, TUNSETIFF, &r) < 0) {
        perror("# /dev/net/tun");
        exit(1);
    }
    return fd;
}

#endif
