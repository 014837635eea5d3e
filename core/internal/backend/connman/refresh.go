// The execution of refreshes: a scan, then a read of everything.

package connman

import (
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

// scanTimeout is how long a scan may take. A radio scans all channels of all bands in five
// to ten seconds.
const scanTimeout = 15 * time.Second

// refresher carries out refreshes in rounds: a scan if there is something to scan,
// then a read of everything, because ConnMan signals what it found a little later.
type refresher struct {
	monitor *monitor
	waiting int // refreshes for the next round
	current int // refreshes of this round; 0: no round is under way
	scans   int // of this round that have not ended
}

// refresh starts a round, or adds to the next round if one is under way.
func (r *refresher) refresh() {
	r.waiting++
	if r.current == 0 {
		r.startRound()
	}
}

func (r *refresher) startRound() {
	r.current, r.waiting = r.waiting, 0
	if !r.monitor.present {
		r.answerRound()
		return
	}
	r.scans = 1 // for this function itself, so that the round does not end before it returns
	for _, path := range r.monitor.state.scannableTechnologies() {
		r.scans++
		scan := bus.Call{Path: path, Interface: "net.connman.Technology", Method: "Scan", Timeout: scanTimeout}
		r.monitor.call(scan, func(reply bus.Reply) { r.scanned(reply.Err) })
	}
	r.scanned(nil)
}

func (r *refresher) scanned(err error) {
	if err == bus.ErrGone {
		return // abort follows
	}
	if err != nil {
		r.monitor.sink.Log(backend.LevelInfo, "ConnMan could not scan: "+err.Error())
	}
	if r.scans--; r.scans == 0 {
		r.monitor.readAll(r.answerRound)
	}
}

// answerRound answers the refreshes of a round, and starts the next one if there are more.
func (r *refresher) answerRound() {
	for ; r.current > 0; r.current-- {
		r.monitor.sink.Done(backend.Answer{Op: backend.OpRefresh, ID: "", Err: nil})
	}
	if r.waiting > 0 {
		r.startRound()
	}
}

// abort ends a round, because ConnMan does not run any more.
func (r *refresher) abort() {
	if r.current > 0 {
		r.answerRound()
	}
}
