package main

// #include <netsession.h>
// #include "records.h"
import "C"

import (
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/mattn/go-pointer"

	"github.com/netsession/netsession/core/host"
)

//export ns_go_record_drop
func ns_go_record_drop(key unsafe.Pointer) {
	defer contain()
	pointer.Restore(key).(*record).drop()
}

//export ns_go_record_text
func ns_go_record_text(key unsafe.Pointer, which C.int, _, buffer *C.char, size C.int) C.int {
	defer contain()
	c := pointer.Restore(key).(*record).entry.Configuration()
	if which == C.NS_RECORD_INTERFACE {
		return put(c.Interface(), buffer, size)
	}
	return put(c.Name(), buffer, size)
}

//export ns_go_record_set_timeout
func ns_go_record_set_timeout(key unsafe.Pointer, ms C.int) {
	defer contain()
	r := pointer.Restore(key).(*record)
	r.entry.SetConnectTimeout(time.Duration(ms) * time.Millisecond)
	r.showTimeout()
}

//export ns_go_record_children
func ns_go_record_children(key unsafe.Pointer, _ C.uint, records **C.struct_ns_record, room C.int) C.int {
	defer contain()
	r := pointer.Restore(key).(*record)
	return fill(records, room, func(f func(host.Entry)) { r.mirror.engine.Children(r.entry.ID(), f) })
}

//export ns_go_record_underlying
func ns_go_record_underlying(key unsafe.Pointer, _ C.uint, records **C.struct_ns_record, room C.int) C.int {
	defer contain()
	r := pointer.Restore(key).(*record)
	return fill(records, room, func(f func(host.Entry)) { r.mirror.engine.Underlying(r.entry.ID(), f) })
}

// fill writes the records of the entries that each calls it with, referred to,
// to an array in C memory, and returns how many there are. If they do not fit,
// none is written.
func fill(records **C.struct_ns_record, room C.int, each func(func(host.Entry))) C.int {
	out := unsafe.Slice(records, int(room))
	count := 0
	each(func(e host.Entry) {
		r := recordOf(e)
		if r == nil {
			return
		}
		if count < len(out) {
			out[count] = r.ref()
		}
		count++
	})
	if count > len(out) {
		for _, c := range out {
			C.ns_record_unref(c)
		}
	}
	return C.int(count)
}

// referred returns the record of an entry with a reference to it, or nil.
func referred(e host.Entry) *C.struct_ns_record {
	if r := recordOf(e); r != nil {
		return r.ref()
	}
	return nil
}

// interested reports whether a kind of event has a callback.
func interested(set *C.uint32_t, kind C.int) bool {
	return atomic.LoadUint32((*uint32)(unsafe.Pointer(set)))>>uint(kind)&1 != 0
}

func truth(b bool) C.int {
	if b {
		return 1
	}
	return 0
}
