package netsession

import (
	"os"
	"unsafe"
)

// environment is what the process was started with, as far as it can be trusted.
type environment struct{ options, systemBus, runtime string }

// readEnvironment trusts nothing where the process has rights that who started it
// has not: by a set-uid bit, or by capabilities of its file.
func readEnvironment() environment {
	if isSecure() {
		return environment{}
	}
	return environment{
		options:   os.Getenv("NETSESSION_OPTIONS"),
		systemBus: os.Getenv("DBUS_SYSTEM_BUS_ADDRESS"),
		runtime:   os.Getenv("XDG_RUNTIME_DIR"),
	}
}

// isSecure reports whether the kernel marked the process so (AT_SECURE). Where that
// cannot be read, it is taken for so.
func isSecure() bool {
	vector, err := os.ReadFile("/proc/self/auxv")
	if err != nil {
		return true
	}
	const atNull, atSecure = 0, 23
	words := unsafe.Slice((*uintptr)(unsafe.Pointer(&append(vector, 0)[0])), len(vector)/int(unsafe.Sizeof(uintptr(0))))
	for i := 0; i+1 < len(words) && words[i] != atNull; i += 2 {
		if words[i] == atSecure {
			return words[i+1] != 0
		}
	}
	return true
}
