package main

import (
	"errors"
	"syscall"

	"github.com/netsession/netsession/core/host"
)

// engines are those of the process: one for each set of options.
var engines = host.Pool{Descriptors: descriptors{}, NewMirror: newMirror}

// errnoOf is the number for an error of a backend that could not be made.
func errnoOf(err error) syscall.Errno {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno
	}
	return syscall.EPROTO
}
