/* SPDX-License-Identifier: MIT
 *
 * netsession_private.h - functions that libnetsession exports for the Qt classes only
 *
 * This is not a public interface: the header is not installed, the functions have the
 * symbol version LIBNETSESSION_PRIVATE, and both may change with each release. The Qt
 * classes, which are built from the same sources, read states through these addresses
 * without a call, as Qt's own getters read a member.
 */
#ifndef NETSESSION_PRIVATE_H
#define NETSESSION_PRIVATE_H

#include <netsession.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The values that the numeric getters of a session return. The library writes the
 * members, each of which is atomic by itself, and any thread may read them. In a
 * forked child they have the values of a session that does not exist. */
typedef struct netsession_view {
    uint8_t state;          /* netsession_state_t */
    uint8_t is_open;        /* 1 or 0 */
    uint8_t error;          /* netsession_error_t */
    uint8_t usage_policies; /* a set of netsession_policy_t */
} netsession_view;

/* The address of a session's view, valid until the session is freed. Never NULL: a
 * bad handle gets the view of an invalid session. */
NETSESSION_API const volatile netsession_view *netsession_view_of(netsession *session);

/* The values that the numeric getters of a configuration return; as above. */
typedef struct netsession_configuration_view {
    uint8_t type;                 /* netsession_configuration_type_t */
    uint8_t state;                /* netsession_configuration_state_t */
    uint8_t purpose;              /* netsession_purpose_t */
    uint8_t bearer_type;          /* netsession_bearer_t */
    uint8_t is_roaming_available; /* 1 or 0 */
    uint8_t signal_strength;      /* percent */
} netsession_configuration_view;

/* The address of a configuration's view, valid until the handle is freed. Never
 * NULL: a bad handle gets the view of a configuration that does not exist. */
NETSESSION_API const volatile netsession_configuration_view *
netsession_configuration_view_of(netsession_configuration *configuration);

#ifdef __cplusplus
}
#endif

#endif /* NETSESSION_PRIVATE_H */
