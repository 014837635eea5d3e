package main

// #include <stdlib.h>
// #include "leases.h"
import "C"

import (
	"syscall"
	"unsafe"

	"github.com/netsession/netsession/core/backend/system"
	"github.com/netsession/netsession/core/lease"
)

// share is how the sessions of all processes on the real networks are counted. A
// network that is played from a file is nobody else's.
func share(o options) func() (*lease.Directory, error) {
	if o.backend == playing {
		return nil
	}
	return func() (*lease.Directory, error) {
		network, err := system.Network(o.bus)
		if err != nil {
			return nil, err
		}
		return lease.OpenDirectory(lease.Sharing{Runtime: o.runtime, Network: network, Descriptors: descriptors{}})
	}
}

// descriptors implements lease.Descriptors for a process that may fork.
type descriptors struct{}

func (descriptors) OpenAt(dir int, name string, flags int, mode uint32) (int, error) {
	text := C.CString(name)
	defer C.free(unsafe.Pointer(text))
	fd := C.ns_lease_open(C.int(dir), text, C.int(flags), C.uint(mode))
	if fd < 0 {
		return -1, syscall.Errno(-fd)
	}
	return int(fd), nil
}

func (descriptors) Close(fd int) error {
	if err := C.ns_lease_close(C.int(fd)); err < 0 {
		return syscall.Errno(-err)
	}
	return nil
}
