package lease

import (
	"strings"
	"testing"
	"time"
)

func TestARecordReadsWhatItWrites(t *testing.T) {
	for _, r := range []record{
		{state: system},
		{state: started, stops: 7, when: time.Unix(1732181234, 5), network: "net 3", id: "link:eth0"},
		{state: stopping, stops: 1<<32 - 1, network: "net 3 bus /run/bus", id: "nm:a\nb\x00\"ü\xff"},
		{state: system, id: strings.Repeat("x", 100)},
		{state: stopped},
	} {
		got, err := parseRecord(r.text())
		if err != nil || got != r {
			t.Errorf("%+v became %+v, %v", r, got, err)
		}
	}
}

// Each field is written at its place in the whole text.
func TestTheFieldsOfARecord(t *testing.T) {
	r := record{state: started, stops: 0xabc, starts: 2, when: time.Unix(1, 2), network: "net", id: "id"}
	text := r.text()
	for at, line := range map[int64]string{stateAt: r.state.line(), stopsAt: lineOfStops(r.stops), startsAt: lineOfStarts(r.starts), whenAt: lineOfTime(r.when)} {
		if !strings.HasPrefix(text[at:], line) {
			t.Errorf("at %d: got %q, want %q", at, text[at:], line)
		}
	}
	for _, s := range []state{system, starting, started, stopping, stopped} {
		if len(s.line()) != len(r.state.line()) {
			t.Errorf("%q has another length", s.line())
		}
	}
}

func TestDamagedRecords(t *testing.T) {
	good := (&record{state: started, network: "net", id: "id"}).text()
	for _, text := range []string{
		"", "\x00", header, good[:len(good)-1], good + "\n", strings.Replace(good, "started", "starred", 1),
		strings.Replace(good, "lease 1", "lease 2", 1), strings.Replace(good, "00000000", "0000000g", 1),
		strings.Replace(good, `"id"`, `id`, 1), strings.Replace(good, `"id"`, `'i'`, 1),
		strings.Replace(good, "stopped  0", "stopped  -", 1), strings.Repeat("\n", 6), strings.Repeat("x", 5000),
	} {
		if r, err := parseRecord(text); err == nil {
			t.Errorf("%q was read as %+v", text, r)
		}
	}
}

func FuzzRecord(f *testing.F) {
	f.Add((&record{state: started, stops: 3, when: time.Unix(5, 6), network: "net 1", id: "link:eth0"}).text())
	f.Add(header)
	f.Fuzz(func(t *testing.T, text string) {
		r, err := parseRecord(text)
		if err == nil && r.text() != text {
			t.Errorf("%q was read, but is written as %q", text, r.text())
		}
	})
}

// FuzzName looks for identifiers whose files would be in another directory, be
// the same file, or have an impossible name.
func FuzzName(f *testing.F) {
	f.Add("", "link:eth0", "link:eth1")
	f.Add("4026531833", "../../etc/passwd", "nm:a/b")
	f.Add("n", strings.Repeat("x", 300), strings.Repeat("x", 301))
	f.Add("1", "a\x00b", "a")
	f.Fuzz(func(t *testing.T, network, a, b string) {
		one, other := nameOf(network, a), nameOf(network, b)
		if (a == b) != (one == other) {
			t.Errorf("%q and %q have the files %q and %q", a, b, one, other)
		}
		if strings.ContainsAny(one, "/\x00") || len(one) > 255 || !strings.HasPrefix(one, "lease-") {
			t.Errorf("%q has the file %q", a, one)
		}
	})
}
