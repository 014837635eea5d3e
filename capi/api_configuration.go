package main

// #include <netsession.h>
// #include "snapshot_config.h"
import "C"

import (
	"time"
	"unsafe"

	"github.com/netsession/netsession/core/host"
)

//export ns_go_config_release
func ns_go_config_release(key unsafe.Pointer) {
	defer recoverPanic()
	refOf(key).release()
}

//export ns_go_config_string
func ns_go_config_string(key unsafe.Pointer, which C.int, _, buffer *C.char, size C.int) C.int {
	defer recoverPanic()
	c := refOf(key).entry.Configuration()
	if which == C.NS_CONFIG_INTERFACE {
		return copyString(c.Interface(), buffer, size)
	}
	return copyString(c.Name(), buffer, size)
}

//export ns_go_config_set_timeout
func ns_go_config_set_timeout(key unsafe.Pointer, ms C.int) {
	defer recoverPanic()
	r := refOf(key)
	r.entry.SetConnectTimeout(time.Duration(ms) * time.Millisecond)
	r.publishTimeout()
}

//export ns_go_config_children
func ns_go_config_children(key unsafe.Pointer, _ C.uint, refs **C.struct_ns_config_ref, room C.int) C.int {
	defer recoverPanic()
	r := refOf(key)
	return fillRefs(refs, room, func(f func(host.Entry)) { r.snapshot.engine.Children(r.entry.ID(), f) })
}

//export ns_go_config_underlying
func ns_go_config_underlying(key unsafe.Pointer, _ C.uint, refs **C.struct_ns_config_ref, room C.int) C.int {
	defer recoverPanic()
	r := refOf(key)
	return fillRefs(refs, room, func(f func(host.Entry)) { r.snapshot.engine.Underlying(r.entry.ID(), f) })
}
