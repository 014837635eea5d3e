package bus

import (
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"
)

// defaultAddress is the address of the system bus unless it is configured otherwise.
const defaultAddress = "unix:path=/run/dbus/system_bus_socket;unix:path=/var/run/dbus/system_bus_socket"

// orDefault returns the address to use: an empty address means defaultAddress.
func orDefault(address string) string {
	if address == "" {
		return defaultAddress
	}
	return address
}

// CheckAddress returns why an address can never be the address of a bus, or nil.
func CheckAddress(address string) error {
	_, err := parseAddress(orDefault(address))
	return err
}

// SocketPath returns the path of the first socket of a bus address, with symbolic links
// resolved, so that all spellings of one address give the same path. Of an address that
// cannot be parsed it returns the address itself.
func SocketPath(address string) string {
	sockets, err := parseAddress(orDefault(address))
	if err != nil {
		return address
	}
	dir, name := filepath.Split(sockets[0])
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	return filepath.Join(dir, name)
}

// parseAddress returns the names of the Unix sockets that a bus address lists;
// abstract ones begin with @. It fails if none can be used.
func parseAddress(address string) ([]string, error) {
	var sockets []string
	var problem error
	for _, entry := range strings.Split(address, ";") {
		if entry == "" {
			continue
		}
		socket, err := parseEntry(entry)
		if err != nil {
			problem = err
			continue
		}
		sockets = append(sockets, socket)
	}
	switch {
	case len(sockets) > 0:
		return sockets, nil
	case problem != nil:
		return nil, fmt.Errorf("the bus address %q cannot be used: %w", address, problem)
	}
	return nil, fmt.Errorf("the bus address %q is empty", address)
}

func parseEntry(entry string) (string, error) {
	transport, list, found := strings.Cut(entry, ":")
	if !found {
		return "", fmt.Errorf("%q names no transport, as unix:path=… does", entry)
	}
	if transport != "unix" {
		return "", fmt.Errorf("the transport %q is not supported, only unix is", transport)
	}
	path, err := param(list, "path")
	if err != nil || path != "" {
		return plainPath(path), err
	}
	abstract, err := param(list, "abstract")
	if err != nil {
		return "", err
	}
	if abstract == "" {
		return "", fmt.Errorf("%q has neither path= nor abstract=", entry)
	}
	return "@" + abstract, nil
}

// plainPath prevents the net package from treating a path as the name of an abstract
// socket, which begins with @ or with a zero byte.
func plainPath(path string) string {
	if strings.HasPrefix(path, "@") || strings.HasPrefix(path, "\x00") {
		return "./" + path
	}
	return path
}

// param returns the value of a key in a list such as "path=/run/bus,guid=12".
func param(list, key string) (string, error) {
	for _, pair := range strings.Split(list, ",") {
		name, value, _ := strings.Cut(pair, "=")
		if name == key {
			return unescape(value)
		}
	}
	return "", nil
}

// unescape replaces %XX by its byte.
func unescape(s string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b.WriteByte(s[i])
			continue
		}
		if i+2 >= len(s) {
			return "", fmt.Errorf("%q ends within an escape", s)
		}
		c, err := hex.DecodeString(s[i+1 : i+3])
		if err != nil {
			return "", fmt.Errorf("%q has an escape that is not %%XX", s)
		}
		b.Write(c)
		i += 2
	}
	return b.String(), nil
}
