package script

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/backendtest"
)

var _ backend.Backend = (*Backend)(nil)

// fakeClock stands still until advanced by the test.
type fakeClock struct {
	mu     sync.Mutex // guards the fields below
	time   time.Time
	timers map[chan time.Time]time.Time
}

func newFakeClock() *fakeClock {
	return &fakeClock{time: time.Unix(1000, 0), timers: make(map[chan time.Time]time.Time)}
}

func (c *fakeClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.time
}

func (c *fakeClock) timer(d time.Duration) (<-chan time.Time, func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ch := make(chan time.Time, 1)
	c.timers[ch] = c.time.Add(d)
	c.fire()
	return ch, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.timers, ch)
	}
}

func (c *fakeClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.time = c.time.Add(d)
	c.fire()
}

// fire fires the timers that are due. The lock is held.
func (c *fakeClock) fire() {
	for ch, due := range c.timers {
		if !due.After(c.time) {
			ch <- c.time
			delete(c.timers, ch)
		}
	}
}

// recorder has what a backend reported, as a transcript.
type recorder struct{ *backendtest.Recorder }

func (r recorder) transcript() (text string) {
	r.View(func(rec *backendtest.Record) { text = strings.Join(transcript(rec), " | ") })
	return text
}

// await waits until the transcript is want.
func (r recorder) await(t *testing.T, want string) {
	t.Helper()
	r.Await(want, func(rec *backendtest.Record) bool { return strings.Join(transcript(rec), " | ") == want })
}

// run starts a backend that ends with the test.
func run(t *testing.T, text string) (*Backend, *fakeClock, recorder) {
	t.Helper()
	c := newFakeClock()
	b := newBackend(mustParse(t, text), c)
	r := recorder{backendtest.NewRecorder(t)}
	backendtest.Start(t, b, r)
	return b, c, r
}

func TestRunPlaysInTime(t *testing.T) {
	b, c, r := run(t, one+"start a takes 5ms\nafter 1h\nset a strength=1\nafter 1h\nset a strength=2")
	r.await(t, "all: a=discovered")
	c.advance(time.Hour)
	r.await(t, "all: a=discovered | a=discovered 1%")
	b.Start("a")
	r.await(t, "all: a=discovered | a=discovered 1% | a=discovered+connecting 1%")
	c.advance(5 * time.Millisecond)
	r.await(t, "all: a=discovered | a=discovered 1% | a=discovered+connecting 1% | a=active 1% | start a: done")
	b.Stop("a")
	b.Refresh()
	const so = "all: a=discovered | a=discovered 1% | a=discovered+connecting 1% | a=active 1% | start a: done | a=discovered 1% | stop a: done | refresh: done"
	r.await(t, so)
	c.advance(time.Hour)
	r.await(t, so+" | a=discovered 2%")
}

// Commands are answered after the last step too.
func TestRunGoesOnAfterTheLastStep(t *testing.T) {
	b, _, r := run(t, one)
	b.Start("a")
	b.Refresh()
	r.await(t, "all: a=discovered | a=active | start a: done | refresh: done")
}

// Commands from many goroutines are answered once each.
func TestCommandsFromManyGoroutines(t *testing.T) {
	b, _, r := run(t, ap)
	const each = 50
	var all sync.WaitGroup
	for _, f := range []func(){
		func() { b.Start("a") }, func() { b.Stop("a") }, func() { b.Start("b") }, b.Refresh,
		func() { b.Capabilities() }, func() { _, _ = b.Counters("a") },
	} {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := 0; i < each; i++ {
				f()
			}
		}()
	}
	all.Wait()
	if n := len(r.AwaitAnswers(4 * each)); n != 4*each {
		t.Errorf("%d answers to %d commands", n, 4*each)
	}
}

// An endless script ends with its context, even if its steps are always overdue.
func TestRunEndsWhileItIsBehind(t *testing.T) {
	c := newFakeClock()
	b := newBackend(mustParse(t, one+"repeat forever\nafter 1us\nset a strength=1\nend\n"), c)
	r := backendtest.NewRecorder(t)
	stop := backendtest.Start(t, b, r)
	r.AwaitComplete(1)
	c.advance(24 * time.Hour)
	r.Await("a step", func(rec *backendtest.Record) bool { return len(rec.Batches) > 1 })
	stop()
}

func TestCounters(t *testing.T) {
	b, c, r := run(t, one+"set a received=1000+100/s written=7\non refresh\nset a written=50+1/s\non refresh\nremove a")
	expect := func(received, written uint64) {
		t.Helper()
		n, err := b.Counters("a")
		if err != nil || n.Received != received || n.Written != written {
			t.Errorf("%+v, %v; want %d and %d", n, err, received, written)
		}
	}
	r.await(t, "all: a=discovered")
	c.advance(10 * time.Second)
	expect(1000, 7)
	b.Start("a")
	r.await(t, "all: a=discovered | a=active | start a: done")
	c.advance(1999 * time.Millisecond)
	expect(1100, 7)
	b.Refresh()
	r.await(t, "all: a=discovered | a=active | start a: done | a=active | refresh: done")
	expect(1100, 50)
	c.advance(time.Millisecond)
	expect(1200, 50)
	c.advance(999 * time.Millisecond)
	expect(1200, 51)
	b.Stop("a")
	r.await(t, "all: a=discovered | a=active | start a: done | a=active | refresh: done | a=discovered | stop a: done")
	c.advance(time.Hour)
	expect(1200, 51)
	if n, err := b.Counters("z"); err == nil || backend.ReasonOf(err) != backend.ReasonNoConfiguration {
		t.Errorf("counters of an access point that does not exist: %+v, %v", n, err)
	}
	b.Refresh()
	r.await(t, r.transcript()[:strings.LastIndex(r.transcript(), "stop a: done")]+"stop a: done | no a | refresh: done")
	if n, err := b.Counters("a"); err == nil {
		t.Errorf("counters of a removed access point: %+v", n)
	}
}

func TestMeterNeverOverflows(t *testing.T) {
	for _, m := range []meter{
		{base: maxBytes}, {base: maxBytes, rate: 1, ran: time.Second}, {rate: maxRate, ran: 1<<63 - 1},
		{base: 1, rate: 1<<63 - 1, ran: time.Second}, {rate: 1 << 63, ran: 2 * time.Second},
	} {
		if n := m.read(0); n != maxBytes {
			t.Errorf("%+v reads %d", m, n)
		}
	}
	if n := (meter{base: 5, rate: 2, ran: 900 * time.Millisecond}).read(200 * time.Millisecond); n != 7 {
		t.Errorf("%d", n)
	}
}

func TestCapabilities(t *testing.T) {
	const all = backend.CanStartAndStop | backend.HasStatistics
	b, _, r := run(t, "on refresh\naccess-point a denied=\"Ask.\"\non refresh\naccess-point b\non refresh\nset b denied=\"Ask.\"")
	for i, want := range []backend.Capabilities{all, backend.HasStatistics, all, backend.HasStatistics} {
		if i > 0 {
			b.Refresh()
		}
		r.AwaitComplete(1)
		r.AwaitAnswers(i)
		if got := b.Capabilities(); got != want {
			t.Errorf("step %d: %b", i, got)
		}
	}
}

func TestSystemClock(t *testing.T) {
	var c systemClock
	before := c.now()
	passed, stop := c.timer(time.Millisecond)
	defer stop()
	if got := <-passed; got.Sub(before) < time.Millisecond {
		t.Errorf("a timer of 1 ms fired after %v", got.Sub(before))
	}
}

func TestNew(t *testing.T) {
	b, err := New("testdata/laptop.play")
	if err != nil || b.program.file != "testdata/laptop.play" {
		t.Errorf("%+v, %v", b, err)
	}
}

func TestNewSaysWhatIsWrong(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	pipe := filepath.Join(folder, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]error{
		filepath.Join(folder, "missing"): fs.ErrNotExist,
		folder:                           syscall.EISDIR,
		pipe:                             syscall.EINVAL,
		"/dev/zero":                      syscall.EINVAL,
		"a\x00b":                         syscall.EINVAL,
		"":                               fs.ErrNotExist,
	} {
		if b, err := New(path); b != nil || !errors.Is(err, want) || !strings.HasPrefix(err.Error(), "the script cannot be read: ") {
			t.Errorf("New(%q): %v", path, err)
		}
	}
	for path, want := range map[string]string{
		write("elf", "\x7fELF\x02\x01\x01\x00"):            ":1: There is a control character (U+007F)",
		write("latin1", "# caf\xe9\n"):                     ":1: The line is not valid UTF-8",
		write("utf16", "\xff\xfea\x00"):                    ":1: The line is not valid UTF-8",
		write("large", strings.Repeat("# 10 MB\n", 1<<21)): ": The file is too large",
		write("wrong", "access-point a\n\nset b x=1\n"):    ":3: There is no access point \"b\" here",
	} {
		var syntax *SyntaxError
		if b, err := New(path); b != nil || !errors.As(err, &syntax) || !strings.HasPrefix(err.Error(), path+want) {
			t.Errorf("New(%q): %v", path, err)
		}
	}
}

func TestNewWithoutTheRight(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, nil, 0o000); err != nil {
		t.Fatal(err)
	}
	if _, err := New(path); !errors.Is(err, fs.ErrPermission) {
		t.Error(err)
	}
}

// The largest file that is accepted is parsed fast.
func TestNewReadsAFullFile(t *testing.T) {
	line := fmt.Sprintf("access-point %%07d name=%q\n", strings.Repeat("x", 100))
	var text strings.Builder
	for i := 0; text.Len() < maxFile-200; i++ {
		fmt.Fprintf(&text, line, i)
	}
	path := filepath.Join(t.TempDir(), "full")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := New(path)
	if err != nil {
		t.Fatal(err)
	}
	newPlayer(b.program, backendtest.NewRecorder(t), newStatsTable()).begin()
}
