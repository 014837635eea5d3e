package main

// #include <errno.h>
import "C"

import (
	"strings"
	"unsafe"
)

// contain is deferred by every exported function: a panic would end the host's
// process. The function then returns zero values.
func contain() {
	_ = recover()
}

// failing is contain for functions that return a negative errno on failure.
func failing(result *C.int) {
	if recover() != nil {
		*result = -C.EIO
	}
}

// put writes a text to a buffer in C memory, cut to size bytes with its final
// NUL, and returns its whole length.
func put(text string, buffer *C.char, size C.int) C.int {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if size <= 0 {
		return C.int(len(text))
	}
	fit := text
	if len(fit) >= int(size) {
		fit = strings.ToValidUTF8(fit[:size-1], "")
	}
	out := unsafe.Slice((*byte)(unsafe.Pointer(buffer)), int(size))
	out[copy(out, fit)] = 0
	return C.int(len(text))
}

// lend returns a text as C can read it during a call. It is not terminated.
func lend(text string) (*C.char, C.size_t) {
	if text == "" {
		return nil, 0
	}
	bytes := []byte(text)
	return (*C.char)(unsafe.Pointer(&bytes[0])), C.size_t(len(bytes))
}
