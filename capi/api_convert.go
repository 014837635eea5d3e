package main

// #include <stddef.h>
import "C"

import (
	"errors"
	"strings"
	"syscall"
	"unsafe"
)

// copyString copies s to a buffer in C memory, cut to size bytes with its final
// NUL, and returns the length of the whole string.
func copyString(s string, buffer *C.char, size C.int) C.int {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if size <= 0 {
		return C.int(len(s))
	}
	fit := s
	if len(fit) >= int(size) {
		fit = strings.ToValidUTF8(fit[:size-1], "")
	}
	out := unsafe.Slice((*byte)(unsafe.Pointer(buffer)), int(size))
	out[copy(out, fit)] = 0
	return C.int(len(s))
}

// sentence returns an error as a sentence for people: errors of Go begin in lower case,
// and have no full stop. An error that begins with a place in a file stays as it is.
func sentence(err error) string {
	text := err.Error()
	first, _, _ := strings.Cut(text, " ")
	if first == "" || strings.ContainsAny(first, ":/.") {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// borrowString returns a string for C to read during one call: its bytes, which
// are not terminated, and their number.
func borrowString(s string) (*C.char, C.size_t) {
	if s == "" {
		return nil, 0
	}
	bytes := []byte(s)
	return (*C.char)(unsafe.Pointer(&bytes[0])), C.size_t(len(bytes))
}

func boolToInt(b bool) C.int {
	if b {
		return 1
	}
	return 0
}

// errnoOf returns the errno for an error of a backend that could not be made.
func errnoOf(err error) syscall.Errno {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno
	}
	return syscall.EPROTO
}
