// The attributes of access points.

package script

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
)

// setting changes one attribute of an access point.
type setting func(*accessPoint)

// attribute is one attribute in the language of scripts.
type attribute struct {
	name  string
	parse func(value string) (setting, error)
}

// attributes has all of them, in the order of the manual.
var attributes = []attribute{
	{"name", text(func(c *bearer.Configuration, s string) { c.Name = s })},
	{"bearer", oneOf(bearers, func(c *bearer.Configuration, v uint8) { c.Bearer = bearer.BearerType(v) })},
	{"purpose", oneOf(purposes, func(c *bearer.Configuration, v uint8) { c.Purpose = bearer.Purpose(v) })},
	{"role", oneOf(roles, func(c *bearer.Configuration, v uint8) { c.Role = bearer.Role(v) })},
	{"over", over},
	{"state", oneOf(states, func(c *bearer.Configuration, v uint8) {
		c.State, c.Progress = bearer.State(v), bearer.Settled
	})},
	{"progress", oneOf(progresses, func(c *bearer.Configuration, v uint8) { c.Progress = bearer.Progress(v) })},
	{"address", addresses},
	{"default-route", oneOf(yesNo, func(c *bearer.Configuration, v uint8) { c.DefaultRoute = v == 1 })},
	{"metric", upTo(1<<32-1, func(c *bearer.Configuration, n uint64) { c.Metric = uint32(n) })},
	{"interface", interfaceName},
	{"index", upTo(1<<31-1, func(c *bearer.Configuration, n uint64) { c.Index = int(n) })},
	{"priority", priority},
	{"strength", upTo(100, func(c *bearer.Configuration, n uint64) { c.Strength = uint8(n) })},
	{"metered", oneOf(metering, func(c *bearer.Configuration, v uint8) { c.Metered = bearer.Metered(v) })},
	{"abroad", oneOf(yesNo, func(c *bearer.Configuration, v uint8) { c.Abroad = v == 1 })},
	{"reach", oneOf(reaches, func(c *bearer.Configuration, v uint8) { c.Reach = bearer.Reach(v) })},
	{"captive-portal", oneOf(yesNo, func(c *bearer.Configuration, v uint8) { c.Portal = v == 1 })},
	{"connect-timeout", span(func(c *bearer.Configuration, d time.Duration) { c.ConnectTimeout = d })},
	{"received", counting(func(a *accessPoint) *meter { return &a.received })},
	{"written", counting(func(a *accessPoint) *meter { return &a.written })},
	{"denied", text(func(c *bearer.Configuration, s string) { c.Denied = s })},
}

var attributesByName = func() map[string]attribute {
	m := make(map[string]attribute, len(attributes))
	for _, a := range attributes {
		m[a.name] = a
	}
	return m
}()

func attributeNames() string {
	names := make([]string, len(attributes))
	for i, a := range attributes {
		names[i] = a.name
	}
	return either(names)
}

func text(set func(*bearer.Configuration, string)) func(string) (setting, error) {
	return func(s string) (setting, error) {
		if len(s) > maxTextBytes {
			return nil, fmt.Errorf("the text %s is too long; expected at most %d bytes", quote(s), maxTextBytes)
		}
		return func(a *accessPoint) { set(&a.config, s) }, nil
	}
}

func oneOf(from []choice, set func(*bearer.Configuration, uint8)) func(string) (setting, error) {
	return func(s string) (setting, error) {
		v, err := choose(s, from)
		return func(a *accessPoint) { set(&a.config, v) }, err
	}
}

func upTo(most uint64, set func(*bearer.Configuration, uint64)) func(string) (setting, error) {
	return func(s string) (setting, error) {
		n, err := number(s, most)
		return func(a *accessPoint) { set(&a.config, n) }, err
	}
}

func span(set func(*bearer.Configuration, time.Duration)) func(string) (setting, error) {
	return func(s string) (setting, error) {
		d, err := duration(s)
		return func(a *accessPoint) { set(&a.config, d) }, err
	}
}

func addresses(s string) (setting, error) {
	list, err := prefixes(s)
	return func(a *accessPoint) { a.config.Addresses = list }, err
}

func over(s string) (setting, error) {
	list, err := linkNames(s)
	return func(a *accessPoint) { a.config.Lower = list }, err
}

func interfaceName(s string) (setting, error) {
	return func(a *accessPoint) { a.config.Interface = s }, linkName(s)
}

func priority(s string) (setting, error) {
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("%s is not possible; expected a whole number from -2147483648 to 2147483647", quote(s))
	}
	return func(a *accessPoint) { a.config.Priority = int(n) }, nil
}

// counting parses a number of bytes, or a number that grows, such as
// 5000+100/s.
func counting(which func(*accessPoint) *meter) func(string) (setting, error) {
	return func(s string) (setting, error) {
		base, rate := s, "0"
		if i := strings.IndexByte(s, '+'); i >= 0 && strings.HasSuffix(s, "/s") {
			base, rate = s[:i], s[i+1:len(s)-len("/s")]
		}
		b, err := number(base, maxBytes)
		if err != nil {
			return nil, fmt.Errorf("%w, or one that grows with each second, such as 5000+100/s", err)
		}
		r, err := number(rate, maxRate)
		return func(a *accessPoint) { *which(a) = meter{base: b, rate: r} }, err
	}
}
