package main

// #include <errno.h>
// #include "records.h"
import "C"

import (
	"errors"
	"strings"
	"unsafe"

	"github.com/mattn/go-pointer"

	netsession "github.com/netsession/netsession/core"
	"github.com/netsession/netsession/core/host"
)

// The record that is stored is referred to.
//
//export ns_go_manager_define
func ns_go_manager_define(key unsafe.Pointer, identifier, name *C.char, purpose C.int,
	children *unsafe.Pointer, count C.int, found **C.struct_ns_record, why *C.char, size C.int) (result C.int) {
	defer failing(&result)
	n := netsession.ServiceNetwork{
		Identifier: C.GoString(identifier), Name: C.GoString(name), Purpose: netsession.Purpose(purpose),
	}
	for _, child := range unsafe.Slice(children, int(count)) {
		n.Children = append(n.Children, pointer.Restore(child).(*record).entry.ID())
	}
	err := managerOf(key).engine.DefineServiceNetwork(n, func(e host.Entry) { *found = referred(e) })
	switch {
	case err != nil:
		put(err.Error(), why, size)
		return -C.EINVAL
	case *found == nil:
		return -C.ENOMEM
	}
	return 0
}

//export ns_go_manager_undefine
func ns_go_manager_undefine(key, network unsafe.Pointer) (result C.int) {
	defer failing(&result)
	id := pointer.Restore(network).(*record).entry.ID()
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
