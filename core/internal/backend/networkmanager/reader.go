package networkmanager

import (
	"sort"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
	"github.com/netsession/netsession/core/internal/bearer"
)

// retryPause is how long a NetworkManager that cannot be asked is left alone.
const retryPause = time.Minute

// phase is how far the reader's picture is.
type phase uint8

const (
	asking   phase = iota // it is not known yet whether NetworkManager is there
	absent                // it is not there
	loading               // the picture is being put together
	complete              // the picture was reported, and is kept up to date
)

// reader follows NetworkManager. All of it runs on the goroutine of the bus.
type reader struct {
	backend  *Backend
	bus      *bus.Bus
	sink     backend.Sink
	commands *commands

	phase   phase
	known   bool // the objects are in the picture
	missing int  // profiles whose settings were asked for
	picture *picture
	managed []bearer.Interface // as reported
}

func newReader(b *Backend) *reader {
	r := &reader{backend: b, bus: b.bus, picture: newPicture()}
	r.commands = &commands{reader: r}
	return r
}

// Connected is that of bus.Owner.
func (r *reader) Connected() { r.sink.Loading() }

// Appeared is that of bus.Owner.
func (r *reader) Appeared(name string) {
	if name == modemsName {
		r.askModems()
		return
	}
	r.picture = r.picture.anew()
	r.phase, r.known, r.missing = loading, false, 0
	r.ask()
}

// Vanished is that of bus.Owner.
func (r *reader) Vanished(name string) {
	if name == modemsName {
		r.picture.forgetModems()
		r.changed()
		return
	}
	r.leave()
	r.commands.failAll()
}

// leave reports that NetworkManager is not there.
func (r *reader) leave() {
	r.phase, r.known = absent, false
	r.backend.allow(0)
	r.picture, r.managed = r.picture.anew(), bearer.Interfaces()
	r.sink.Report(bearer.Batch{
		Complete: true, Managed: bearer.Interfaces(),
		Why: "NetworkManager has gone away or does not answer; it returns when NetworkManager does",
	})
	r.commands.release()
}

// ask asks for everything. The answer is waited for as long as it takes: there
// is no other way to go on.
func (r *reader) ask() {
	r.bus.Call(bus.Call{
		Name: daemonName, Path: rootPath, Interface: objectsInterface, Method: "GetManagedObjects", Timeout: -1,
	}, r.begin)
	r.askPermissions()
}

func (r *reader) begin(reply bus.Reply) {
	if reply.Err == bus.ErrGone {
		return // Vanished follows
	}
	objects, ok := bus.ManagedObjects(reply.Body)
	if reply.Err != nil || !ok {
		r.giveUp(reply.Err)
		return
	}
	r.known = true
	r.missing = 1                           // so that no answer completes the picture before all were asked for
	for _, path := range inOrder(objects) { // the manager comes before its devices
		r.picture.add(path, objects[path])
	}
	for _, path := range inOrder(r.picture.profiles) {
		r.load(path)
	}
	r.loaded()
}

// giveUp is for a NetworkManager that does not say what it has.
func (r *reader) giveUp(err error) {
	why := "it sent something else"
	if err != nil {
		why = err.Error()
	}
	r.sink.Log(backend.LevelWarning, "NetworkManager cannot be asked for its networks: "+why+".")
	r.leave()
	r.bus.After(retryPause, func() {
		if r.phase == absent {
			r.ask()
		}
	})
}

// inOrder are the paths of objects in an order that is the same each time.
func inOrder[T any](objects map[dbus.ObjectPath]T) []dbus.ObjectPath {
	paths := make([]dbus.ObjectPath, 0, len(objects))
	for path := range objects {
		paths = append(paths, path)
	}
	sort.Slice(paths, func(i, j int) bool { return paths[i] < paths[j] })
	return paths
}

// load asks for the settings of a profile.
func (r *reader) load(path dbus.ObjectPath) {
	r.missing++
	picture := r.picture
	r.bus.Call(bus.Call{
		Name: daemonName, Path: path, Interface: profileInterface, Method: "GetSettings", Timeout: -1,
	}, func(reply bus.Reply) {
		if r.picture != picture || reply.Err == bus.ErrGone {
			return
		}
		r.store(path, reply)
		r.loaded()
	})
}

// store takes in the settings of a profile. One that was removed meanwhile, or
// that this user may not see, has none.
func (r *reader) store(path dbus.ObjectPath, reply bus.Reply) {
	if r.picture.profiles[path] == nil {
		return
	}
	if reply.Err != nil {
		r.sink.Log(backend.LevelDebug, "The profile "+string(path)+" cannot be read: "+reply.Err.Error()+".")
		r.picture.closeSettings(path)
		return
	}
	s, problems, ok := settingsOf(reply.Body)
	for _, problem := range problems {
		r.picture.complain("settings of %s: %s", path, problem)
	}
	r.picture.setSettings(path, s, ok)
}

// loaded counts the answers to load.
func (r *reader) loaded() {
	r.missing--
	if r.missing == 0 && r.phase != complete {
		r.publish()
		return
	}
	r.changed()
}

// publish reports the first picture.
func (r *reader) publish() {
	r.phase = complete
	r.allow()
	r.managed = r.picture.managed()
	changed, _ := r.picture.changes()
	r.sink.Report(bearer.Batch{Complete: true, Changed: changed, Managed: r.managed})
	r.complain()
	r.commands.release()
}

// changed reports what looks different now, and answers commands.
func (r *reader) changed() {
	switch r.phase {
	case asking, loading:
		return
	case complete:
		r.report()
	}
	r.complain()
	r.commands.settle()
}

func (r *reader) report() {
	var batch bearer.Batch
	batch.Changed, batch.Gone = r.picture.changes()
	batch.Why = r.picture.why(batch.Gone)
	if r.picture.renamed {
		if managed := r.picture.managed(); !equal(managed, r.managed) {
			r.managed, batch.Managed = managed, managed
		}
	}
	if len(batch.Changed)+len(batch.Gone) > 0 || batch.Managed != nil {
		r.sink.Report(batch)
	}
}

// complain logs what was wrong with what NetworkManager said.
func (r *reader) complain() {
	if text := r.picture.takeProblems(); text != "" {
		r.sink.Log(backend.LevelWarning, "NetworkManager said something that cannot be understood: "+text+".")
	}
}

func equal(a, b []bearer.Interface) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// Log is that of bus.Owner.
func (r *reader) Log(level backend.Level, text string) { r.sink.Log(level, text) }
