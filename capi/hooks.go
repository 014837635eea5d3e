//go:build netsession_hooks

package main

import "C"

//export ns_go_panic
func ns_go_panic() (result C.int) {
	defer recoverErrno(&result)
	panic("as the test wants it")
}

//export ns_go_fault
func ns_go_fault() (result C.int) {
	defer recoverErrno(&result)
	var nothing *C.int
	return *nothing
}
