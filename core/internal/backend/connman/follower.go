package connman

import (
	"fmt"
	"reflect"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
	"github.com/netsession/netsession/core/internal/bearer"
)

const (
	daemon           = "net.connman"
	vpnDaemon        = "net.connman.vpn" // has its own name, and need not run
	managerPath      = "/"
	managerInterface = "net.connman.Manager"
)

// How long to wait before a list is read again that could not be read, or that
// a signal has cast doubt on.
const (
	shortestPause = time.Second
	longestPause  = time.Minute
	doubtPause    = 200 * time.Millisecond
)

// follower keeps the picture of ConnMan. It is the bus.Owner, and all of it
// happens on the goroutine that runs the backend.
type follower struct {
	sink   backend.Sink
	notice func(present bool) // told when ConnMan can be used, and when not
	// call asks ConnMan, after sets a timer; tests put their own there.
	call  func(bus.Call, func(bus.Reply))
	after func(time.Duration, func()) *bus.Timer

	picture *picture
	managed []bearer.Interface // as last reported
	desk    *desk
	refresh refresher
	tunnels tunnels
	// present: the list of services was read from the ConnMan that runs now.
	present bool
	pause   time.Duration
	retry   *bus.Timer // of a read that is to come
	last    string     // the last warning
}

var _ bus.Handler = (*follower)(nil)

func newFollower(sink backend.Sink, b *bus.Bus, notice func(bool)) *follower {
	f := &follower{sink: sink, notice: notice, after: b.After, picture: newPicture()}
	f.call = func(c bus.Call, done func(bus.Reply)) {
		if c.Name == "" {
			c.Name = daemon
		}
		b.Call(c, done)
	}
	f.desk = newDesk(f)
	f.refresh.f = f
	f.tunnels = newTunnels(f)
	return f
}

// Connected is that of bus.Owner.
func (f *follower) Connected() { f.sink.Loading() }

// Appeared is that of bus.Owner.
func (f *follower) Appeared(name string) {
	if name != daemon {
		return
	}
	f.pause = 0
	f.read(func() {})
}

// Vanished is that of bus.Owner.
func (f *follower) Vanished(name string) {
	if name != daemon {
		return
	}
	f.retry.Stop()
	f.retry = nil
	f.clear()
	f.desk.vanish()
	f.refresh.vanish()
	f.tunnels.vanish()
}

// clear reports that there is nothing.
func (f *follower) clear() {
	f.picture = newPicture()
	f.setPresent(false)
	f.managed = bearer.Interfaces()
	f.sink.Report(bearer.Batch{
		Complete: true, Managed: f.managed,
		Why: "ConnMan has gone away or does not answer; it returns when ConnMan does",
	})
}

func (f *follower) setPresent(present bool) {
	f.present = present
	f.notice(present)
}

// Log is that of bus.Owner.
func (f *follower) Log(level backend.Level, text string) { f.sink.Log(level, text) }

// read asks for everything, and calls then when it has been reported or cannot
// be had; not if ConnMan goes away before.
func (f *follower) read(then func()) {
	f.call(bus.Call{Path: managerPath, Interface: managerInterface, Method: "GetProperties"}, f.readManager)
	f.call(bus.Call{Path: managerPath, Interface: managerInterface, Method: "GetTechnologies"}, f.readTechnologies)
	f.call(bus.Call{Path: managerPath, Interface: managerInterface, Method: "GetServices"}, func(r bus.Reply) {
		if r.Err == bus.ErrGone {
			return
		}
		f.readServices(r)
		then()
	})
}

// readManager takes in what ConnMan says of itself.
func (f *follower) readManager(r bus.Reply) {
	p, ok := bus.Arg(r.Body, 0).(properties)
	switch {
	case r.Err == bus.ErrGone:
		return
	case r.Err != nil:
		f.complain(problems{fmt.Sprintf("its properties could not be read: %v", r.Err)})
		return
	case !ok:
		f.complain(problems{fmt.Sprintf("its properties are of type %T", bus.Arg(r.Body, 0))})
		return
	}
	var wrong problems
	f.picture.setManager(p, &wrong)
	f.complain(wrong)
}

func (f *follower) readTechnologies(r bus.Reply) {
	var wrong problems
	list, err := listOf(r, &wrong)
	switch {
	case err == bus.ErrGone:
		return
	case err != nil:
		wrong.add("the list of technologies could not be read: %v", err)
	default:
		f.picture.replaceTechnologies(list, &wrong)
	}
	f.complain(wrong)
}

func (f *follower) readServices(r bus.Reply) {
	var wrong problems
	list, err := listOf(r, &wrong)
	if err != nil {
		f.unreadable(err)
		return
	}
	f.pause = 0
	f.picture.replace(list, &wrong)
	f.complain(wrong)
	if f.present {
		f.report()
		return
	}
	f.setPresent(true)
	f.reportAll()
}

// listOf is the list of objects in a reply.
func listOf(r bus.Reply, wrong *problems) ([]record, error) {
	if r.Err != nil {
		return nil, r.Err
	}
	return records(bus.Arg(r.Body, 0), wrong)
}

// unreadable is for a ConnMan that is there, but does not tell its services.
func (f *follower) unreadable(err error) {
	f.warn(fmt.Sprintf("The services of ConnMan could not be read: %v.", err))
	if !f.present {
		f.clear()
	}
	if f.pause *= 2; f.pause < shortestPause {
		f.pause = shortestPause
	} else if f.pause > longestPause {
		f.pause = longestPause
	}
	f.readLater(f.pause)
}

// readLater reads everything after a pause, unless that is going to happen
// anyway.
func (f *follower) readLater(pause time.Duration) {
	if f.retry != nil {
		return
	}
	f.retry = f.after(pause, func() {
		f.retry = nil
		f.read(func() {})
	})
}

// complain logs what was wrong with a message.
func (f *follower) complain(wrong problems) {
	for _, text := range wrong {
		f.warn("ConnMan said what could not be understood: " + text + ".")
	}
}

// warn logs a warning, unless it is the same as the one before.
func (f *follower) warn(text string) {
	if text != f.last {
		f.last = text
		f.sink.Log(backend.LevelWarning, text)
	}
}

// report tells what changed, then goes on with the commands.
func (f *follower) report() {
	f.tell()
	f.tunnels.look()
	f.desk.pumpAll()
}

// tell tells what changed.
func (f *follower) tell() {
	changed, gone := f.picture.changes()
	managed := f.newlyManaged()
	if len(changed) > 0 || len(gone) > 0 || managed != nil {
		f.sink.Report(bearer.Batch{Changed: changed, Gone: gone, Managed: managed})
	}
}

// reportAll tells everything.
func (f *follower) reportAll() {
	f.picture.touchAll()
	changed, _ := f.picture.changes()
	f.managed = f.picture.managed()
	f.sink.Report(bearer.Batch{Complete: true, Changed: changed, Managed: f.managed})
	f.tunnels.look()
	f.desk.pumpAll()
}

// newlyManaged are the interfaces that ConnMan speaks for, nil if those are the
// same as before.
func (f *follower) newlyManaged() []bearer.Interface {
	if !f.picture.links.changed {
		return nil
	}
	now := f.picture.managed()
	if reflect.DeepEqual(now, f.managed) {
		return nil
	}
	f.managed = now
	return now
}
