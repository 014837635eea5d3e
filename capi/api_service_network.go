package main

// #include <errno.h>
// #include "snapshot_config.h"
import "C"

import (
	"errors"
	"strings"
	"unsafe"

	netsession "github.com/netsession/netsession/core"
	"github.com/netsession/netsession/core/host"
)

// The configuration is stored in found, with a reference for the caller.
//
//export ns_go_manager_define
func ns_go_manager_define(key unsafe.Pointer, identifier, name *C.char, purpose C.int,
	children *unsafe.Pointer, count C.int, found **C.struct_ns_config_ref, errorText *C.char, errorSize C.int) (result C.int) {
	defer recoverErrno(&result)
	n := netsession.ServiceNetwork{
		Identifier: C.GoString(identifier), Name: C.GoString(name), Purpose: netsession.Purpose(purpose),
	}
	for _, child := range unsafe.Slice(children, int(count)) {
		n.Children = append(n.Children, refOf(child).entry.ID())
	}
	err := managerOf(key).engine.DefineServiceNetwork(n, func(e host.Entry) { *found = acquireRef(e) })
	switch {
	case err != nil:
		copyString(sentence(err), errorText, errorSize)
		return -C.EINVAL
	case *found == nil:
		return -C.ENOMEM
	}
	return 0
}

//export ns_go_manager_undefine
func ns_go_manager_undefine(key, network unsafe.Pointer) (result C.int) {
	defer recoverErrno(&result)
	id := refOf(network).entry.ID()
	if !strings.HasPrefix(id, netsession.ServiceNetworkPrefix) {
		return -C.EINVAL
	}
	err := managerOf(key).engine.RemoveServiceNetwork(id)
	switch {
	case errors.Is(err, netsession.ErrNoServiceNetwork):
		return -C.ENOENT
	case err != nil:
		return -C.int(errnoOf(err))
	}
	return 0
}
