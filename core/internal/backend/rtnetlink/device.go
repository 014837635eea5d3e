package rtnetlink

import (
	"os"
	"strconv"
	"strings"
)

// identify tells what sort of device a link is. It is asked when a link appears
// and when it is renamed, which udev may do before the link is looked at, and only
// for those that no software made: these name their kind in netlink already.
type identify func(name string, index int) device

// bySysfs reads the mark that the driver put on the device. Without sysfs
// it is not known. The index is compared because /sys may show another network
// namespace, in which a link of the same name is another one.
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
