package rtnetlink

import (
	"os"
	"strconv"
	"strings"
)

// identify determines the device class of a link by name and index. The
// snapshot calls it for a new link and after a rename, for hardware links only:
// virtual links name their kind in netlink. udev may rename a link before the
// call.
type identify func(name string, index int) device

// sysfsDevice reads the DEVTYPE that the driver set. Without sysfs the class is
// unknown. The index must match because /sys may show another network namespace
// with a different link of the same name.
func sysfsDevice(name string, index int) device {
	text, err := os.ReadFile("/sys/class/net/" + name + "/uevent")
	if err != nil {
		return deviceUnknown
	}
	return parseUevent(string(text), index)
}

func parseUevent(text string, index int) device {
	sort, same := deviceOther, false
	for _, line := range strings.Split(text, "\n") {
		key, value, _ := strings.Cut(line, "=")
		switch key {
		case "DEVTYPE":
			if d, ok := devices[value]; ok {
				sort = d
			}
		case "IFINDEX":
			same = value == strconv.Itoa(index)
		}
	}
	if !same {
		return deviceUnknown
	}
	return sort
}
