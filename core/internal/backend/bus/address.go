package bus

import (
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"
)

// usual is where the system bus listens when nobody says otherwise.
const usual = "unix:path=/run/dbus/system_bus_socket;unix:path=/var/run/dbus/system_bus_socket"

// resolve returns the address to use: an empty one stands for the usual one.
func resolve(address string) string {
	if address == "" {
		return usual
	}
	return address
}

// Check says what is wrong with the address of a bus, if it can never be one.
func Check(address string) error {
	_, err := parseAddress(resolve(address))
	return err
}

// Name names the bus of an address, the same for all ways to write it that lead to
// one socket.
func Name(address string) string {
	sockets, err := parseAddress(resolve(address))
	if err != nil {
		return address
	}
	folder, name := filepath.Split(sockets[0])
	if real, err := filepath.EvalSymlinks(folder); err == nil {
		folder = real
	}
	return filepath.Join(folder, name)
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
		return nil, fmt.Errorf("The bus address %q cannot be used: %w.", address, problem)
	}
	return nil, fmt.Errorf("The bus address %q is empty.", address)
}

func parseEntry(entry string) (string, error) {
	transport, list, found := strings.Cut(entry, ":")
	if !found {
		return "", fmt.Errorf("%q names no transport, as unix:path=… does", entry)
	}
	if transport != "unix" {
		return "", fmt.Errorf("the transport %q is not supported, only unix is", transport)
	}
	path, err := valueOf(list, "path")
	if err != nil || path != "" {
		return plainPath(path), err
	}
	abstract, err := valueOf(list, "abstract")
	if err != nil {
		return "", err
	}
	if abstract == "" {
		return "", fmt.Errorf("%q has neither path= nor abstract=", entry)
	}
	return "@" + abstract, nil
}

// plainPath makes a path be taken for one: a name that begins with @, or with a zero
// byte, would be taken for an abstract one.
func plainPath(path string) string {
	if strings.HasPrefix(path, "@") || strings.HasPrefix(path, "\x00") {
		return "./" + path
	}
	return path
}

// valueOf returns a key's value in a list such as "path=/run/bus,guid=12".
func valueOf(list, key string) (string, error) {
	for _, pair := range strings.Split(list, ",") {
		name, value, _ := strings.Cut(pair, "=")
		if name == key {
			return unescape(value)
		}
	}
	return "", nil
}

// unescape replaces %XX by the byte that it stands for.
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
