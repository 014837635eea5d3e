package netsession

// Options say how a manager works. A field that is empty is taken from the environment
// variable NETSESSION_OPTIONS, a list such as "backend=script,script=net.play", whose
// names are backend, script, dbus, default and close; otherwise it has its default. A
// set-uid program ignores the variable, and so does a program with file capabilities.
type Options struct {
	// Backend is the source of the configurations: "auto" (the default:
	// NetworkManager while it runs, else ConnMan while that does, else the kernel's
	// links alone), "networkmanager", "connman", "rtnetlink" or "script".
	Backend string
	// Script is the file that the backend "script" plays.
	Script string
	// DBusAddress is the address of the system bus, such as
	// "unix:path=/run/dbus/bus". The default is DBUS_SYSTEM_BUS_ADDRESS.
	DBusAddress string
	// DefaultConfiguration is "access-point" (the default: the best one),
	// "service-network" ("Internet") or "user-choice".
	DefaultConfiguration string
	// Close is what the last close of a link does: "counted" (the default) stops
	// the link only if a session had started it, "literal" always.
	Close string
}
