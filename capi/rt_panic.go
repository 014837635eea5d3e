package main

// #include <errno.h>
import "C"

// recoverPanic is deferred by every exported function: a panic would end the
// host's process. The function then returns zero values.
func recoverPanic() {
	_ = recover()
}

// recoverErrno is recoverPanic for functions that return a negative errno on
// failure.
func recoverErrno(result *C.int) {
	if recover() != nil {
		*result = -C.EIO
	}
}
