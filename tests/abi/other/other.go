// Package main is a library in Go that has nothing to do with this one, for the test
// of both in one process.
package main

import "C"

import (
	"runtime"
	"strings"
	"time"
)

// other_work does what a program in Go does: goroutines, timers, garbage. It returns
// how many goroutines came back.
//
//export other_work
func other_work(n C.int) C.int {
	back := make(chan string)
	for i := 0; i < int(n); i++ {
		go func() {
			time.Sleep(time.Millisecond)
			back <- strings.Repeat("x", 1000)
		}()
	}
	count := 0
	for ; count < int(n); count++ {
		<-back
	}
	runtime.GC()
	return C.int(count)
}

// other_panic makes the runtime handle a fault, and recovers from it.
//
//export other_panic
func other_panic() (recovered C.int) {
	defer func() {
		if recover() != nil {
			recovered = 1
		}
	}()
	var nothing *int
	*nothing = 1
	return 0
}

func main() {}
