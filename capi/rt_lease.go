package main

// #include <stdlib.h>
// #include "rt_lease.h"
import "C"

import (
	"syscall"
	"unsafe"
)

// descriptors implements host.Descriptors: a forked child closes them.
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
