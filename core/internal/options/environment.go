package options

import (
	"os"
	"unsafe"
)

// Environment is what the process was started with, as far as it can be trusted.
// The zero value trusts nothing.
type Environment struct {
	Options   string // NETSESSION_OPTIONS, a list such as "backend=script,script=net.play"
	SystemBus string // DBUS_SYSTEM_BUS_ADDRESS
	Runtime   string // XDG_RUNTIME_DIR
}

// ReadEnvironment returns the zero value if the process has rights that its
// starter lacks: by a set-uid bit, or by capabilities of its file.
func ReadEnvironment() Environment {
	if isSecure() {
		return Environment{}
	}
	return Environment{
		Options:   os.Getenv("NETSESSION_OPTIONS"),
		SystemBus: os.Getenv("DBUS_SYSTEM_BUS_ADDRESS"),
		Runtime:   os.Getenv("XDG_RUNTIME_DIR"),
	}
}

// isSecure reports whether the kernel started the process in secure execution mode
// (AT_SECURE). A process that cannot read its auxiliary vector counts as secure.
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
