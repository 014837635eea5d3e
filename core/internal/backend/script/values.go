// Parsing of values.

package script

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/netsession/netsession/core/internal/bearer"
)

// The limits of a script.
const (
	maxDuration  = 24 * time.Hour
	maxCount     = 1000000
	maxTextBytes = 1024
	maxIDBytes   = 256
	maxAddresses = 64
	maxLinkName  = 15 // the kernel's IFNAMSIZ, less its final zero
	maxLinks     = 64
	maxBytes     = 1<<63 - 1
	maxRate      = 1000000000000
)

var units = []struct {
	name string
	span time.Duration
}{{"us", time.Microsecond}, {"ms", time.Millisecond}, {"s", time.Second}, {"min", time.Minute}, {"h", time.Hour}}

// duration parses a whole number with its unit, such as 100ms.
func duration(s string) (time.Duration, error) {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	for _, u := range units {
		if u.name != s[i:] || i == 0 {
			continue
		}
		n, err := strconv.ParseUint(s[:i], 10, 64)
		if err != nil || n > uint64(maxDuration/u.span) {
			return 0, fmt.Errorf("%s is too long; expected at most 24h", quote(s))
		}
		return time.Duration(n) * u.span, nil
	}
	return 0, fmt.Errorf("%s is no duration; expected a whole number with us, ms, s, min or h, such as 100ms", quote(s))
}

// number parses a whole number from 0 to most.
func number(s string, most uint64) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || n > most {
		return 0, fmt.Errorf("%s is not possible; expected a whole number from 0 to %d", quote(s), most)
	}
	return n, nil
}

// identifier checks the identifier of an access point.
func identifier(s string) error {
	switch {
	case len(s) > maxIDBytes:
		return fmt.Errorf("the identifier %s is too long; expected at most %d bytes", quote(s), maxIDBytes)
	case bearer.Reserved(s):
		return fmt.Errorf("the identifier %s is the library's own; expected one that does not begin with netsession: or network:", quote(s))
	}
	for _, r := range s {
		if strings.ContainsRune(`#,\`, r) || !unicode.IsPrint(r) {
			return fmt.Errorf("the identifier %s has the character %q; expected letters, digits and marks other than # , \\ = and quotation marks", quote(s), r)
		}
	}
	return nil
}

// linkName checks the name of a link.
func linkName(s string) error {
	if len(s) > maxLinkName || s == "." || s == ".." || strings.ContainsAny(s, "/: \t") {
		return fmt.Errorf("%s is no name of a link; expected at most %d bytes without spaces, colons and slashes", quote(s), maxLinkName)
	}
	return nil
}

// linkNames parses link names, separated by commas.
func linkNames(s string) ([]string, error) {
	if s == "none" {
		return nil, nil
	}
	list := strings.Split(s, ",")
	if len(list) > maxLinks {
		return nil, fmt.Errorf("there are %d links; expected at most %d", len(list), maxLinks)
	}
	slices.Sort(list)
	for i, name := range list {
		if name == "" {
			return nil, fmt.Errorf("%s names no link in one place; expected names with commas between, such as eth0,eth1, or none", quote(s))
		}
		if err := linkName(name); err != nil {
			return nil, err
		}
		if i > 0 && name == list[i-1] {
			return nil, fmt.Errorf("the link %s is there twice", name)
		}
	}
	return list, nil
}

// prefixes parses addresses with their prefix lengths, separated by commas.
func prefixes(s string) ([]netip.Prefix, error) {
	if s == "none" {
		return nil, nil
	}
	parts := strings.Split(s, ",")
	if len(parts) > maxAddresses {
		return nil, fmt.Errorf("there are %d addresses; expected at most %d", len(parts), maxAddresses)
	}
	list := make([]netip.Prefix, 0, len(parts))
	for _, part := range parts {
		p, err := netip.ParsePrefix(part)
		if err != nil {
			return nil, fmt.Errorf("%s is no address; expected one with the length of its prefix, such as 192.0.2.5/24, or none", quote(part))
		}
		list = append(list, p)
	}
	slices.SortFunc(list, comparePrefixes)
	for i := 1; i < len(list); i++ {
		if list[i] == list[i-1] {
			return nil, fmt.Errorf("the address %v is there twice", list[i])
		}
	}
	return list, nil
}

func comparePrefixes(a, b netip.Prefix) int {
	return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()))
}

// choice is one of several words, and its value.
type choice struct {
	name  string
	value uint8
}

// choose parses one of the words of a list.
func choose(s string, from []choice) (uint8, error) {
	names := make([]string, len(from))
	for i, c := range from {
		if c.name == s {
			return c.value, nil
		}
		names[i] = c.name
	}
	return 0, fmt.Errorf("%s is not known; expected %s", quote(s), either(names))
}

// either joins words with commas and "or".
func either(names []string) string {
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

var (
	states = []choice{
		{"undefined", uint8(bearer.Undefined)}, {"defined", uint8(bearer.Defined)},
		{"discovered", uint8(bearer.Discovered)}, {"active", uint8(bearer.Active)},
	}
	progresses = []choice{
		{"settled", uint8(bearer.Settled)}, {"connecting", uint8(bearer.Connecting)}, {"closing", uint8(bearer.Closing)},
	}
	purposes = []choice{
		{"unknown", uint8(bearer.UnknownPurpose)}, {"public", uint8(bearer.PublicPurpose)},
		{"private", uint8(bearer.PrivatePurpose)}, {"service-specific", uint8(bearer.ServiceSpecificPurpose)},
	}
	roles = []choice{
		{"uplink", uint8(bearer.Uplink)}, {"tunnel", uint8(bearer.Tunnel)}, {"downlink", uint8(bearer.Downlink)},
	}
	metering = []choice{
		{"unknown", uint8(bearer.MeteredUnknown)}, {"no", uint8(bearer.MeteredNo)},
		{"guessed", uint8(bearer.MeteredGuessed)}, {"yes", uint8(bearer.MeteredYes)},
	}
	reaches = []choice{
		{"unknown", uint8(bearer.ReachUnknown)}, {"none", uint8(bearer.ReachNone)},
		{"local", uint8(bearer.ReachLocal)}, {"site", uint8(bearer.ReachSite)},
		{"online", uint8(bearer.ReachOnline)},
	}
	yesNo   = []choice{{"no", 0}, {"yes", 1}}
	bearers = bearerChoices()
)

// bearerChoices are the names of the bearers in lower case.
func bearerChoices() []choice {
	var all []choice
	for b := bearer.BearerUnknown; b <= bearer.Bearer4G; b++ {
		all = append(all, choice{strings.ToLower(b.String()), uint8(b)})
	}
	return all
}
