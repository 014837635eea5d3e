/* snapshot_network.h - what Go publishes about the network as a whole, as one engine
 * sees it. The memory is never freed.
 */
#ifndef NS_SNAPSHOT_NETWORK_H
#define NS_SNAPSHOT_NETWORK_H

#include <stdint.h>

struct ns_network_state_view {
    uint8_t is_online, reachability, is_behind_captive_portal, transport, is_metered;
    uint8_t unused[3];
};

union ns_network_state {
    struct ns_network_state_view view;
    uint64_t whole __attribute__((aligned(8))); /* atomic */
};

#endif
