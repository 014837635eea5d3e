//go:build netsession_hooks

/* hooks.c - for the tests of the C interface only; not part of the library. */
#include <netsession.h>

#include "_cgo_export.h"
#include "handle_table.h"
#include "rt_signals.h"

/* How many handles are in use. */
NETSESSION_API unsigned netsession_hook_live_handles(void);

/* What an exported function returns when Go panics in it. */
NETSESSION_API int netsession_hook_panic(void);

/* The same, when its code accesses unmapped memory. */
NETSESSION_API int netsession_hook_fault(void);

unsigned netsession_hook_live_handles(void)
{
    return ns_live_slots();
}

int netsession_hook_panic(void)
{
    return NS_GO(ns_go_panic());
}

int netsession_hook_fault(void)
{
    return NS_GO(ns_go_fault());
}
