package connman

import (
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

// scanLimit is how long a scan may take. A radio looks at all channels of all
// bands in five to ten seconds.
const scanLimit = 15 * time.Second

// refresher carries out Refresh: scan where there is something to scan, then
// read everything, because what was found is announced a little later.
type refresher struct {
	f       *follower
	asked   int // not taken up yet
	serving int // answered by the round that is under way
	scans   int // not over yet
}

// refresh takes a command. Those that come while a round is under way are
// answered by the next one.
func (r *refresher) refresh() {
	r.asked++
	if r.serving == 0 {
		r.begin()
	}
}

func (r *refresher) begin() {
	r.serving, r.asked = r.asked, 0
	if !r.f.present {
		r.finish()
		return
	}
	r.scans = 1 // this call's own, so that the round does not end within
	for _, path := range r.f.picture.scannable() {
		r.scans++
		scan := bus.Call{Path: path, Interface: "net.connman.Technology", Method: "Scan", Timeout: scanLimit}
		r.f.call(scan, func(reply bus.Reply) { r.scanned(reply.Err) })
	}
	r.scanned(nil)
}

func (r *refresher) scanned(err error) {
	if err == bus.ErrGone {
		return // vanish follows
	}
	if err != nil {
		r.f.sink.Log(backend.LevelInfo, "ConnMan could not scan: "+err.Error())
	}
	if r.scans--; r.scans == 0 {
		r.f.read(r.finish)
	}
}

// finish answers the commands of a round.
func (r *refresher) finish() {
	for ; r.serving > 0; r.serving-- {
		r.f.sink.Done(backend.Answer{Op: backend.OpRefresh, ID: "", Err: nil})
	}
	if r.asked > 0 {
		r.begin()
	}
}

// vanish ends a round whose answers will not come.
func (r *refresher) vanish() {
	if r.serving > 0 {
		r.finish()
	}
}
