//go:build netsession_hooks

/* hooks.c - for the tests of the C interface only; no part of the library. */
#include <netsession.h>

#include "_cgo_export.h"
#include "handles.h"

/* How many handles are in use. */
NETSESSION_API unsigned netsession_hook_live_handles(void);

/* What an exported function returns when Go panics in it. */
NETSESSION_API int netsession_hook_panic(void);

unsigned netsession_hook_live_handles(void)
{
    return ns_live_slots();
}

int netsession_hook_panic(void)
{
    return ns_go_panic();
}
