package main

// #include <stdint.h>
import "C"

import (
	"sync/atomic"
	"unsafe"
)

// hasCallback reports whether the host has a callback for a kind of event. set
// is an interest mask in C memory, which the host's threads write.
func hasCallback(set *C.uint32_t, kind C.int) bool {
	return atomic.LoadUint32((*uint32)(unsafe.Pointer(set)))>>uint(kind)&1 != 0
}
