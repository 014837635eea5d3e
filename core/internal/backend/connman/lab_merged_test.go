package connman

import (
	"context"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend/bus/bustest"
	"github.com/netsession/netsession/core/internal/backend/merged"
	"github.com/netsession/netsession/core/internal/backend/rtnetlink"
	"github.com/netsession/netsession/core/internal/bearer"
)

// Together with the kernel's links: a link is listed once, as ConnMan's while
// that is there, and with the kernel's facts.
func TestLabWithTheKernelsLinks(t *testing.T) {
	l := newLab(t)
	c := l.cable(true)
	r := newRecorder(t, l.bus.Address)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- merged.New(rtnetlink.New(), merged.Daemon{Name: "ConnMan", Backend: r.Backend}).Run(ctx, r)
	}()
	t.Cleanup(func() {
		cancel()
		select {
		case <-ended:
		case <-time.After(bustest.Wait):
			t.Error("Run does not end")
		}
	})
	link := "link:" + c.name
	r.await(link, func() bool { return r.world.Get(link) != nil })
	l.start()
	r.await("a default route of "+c.id, func() bool {
		got := r.world.Get(c.id)
		return got != nil && got.State == bearer.Active && got.DefaultRoute && len(got.Addresses) > 0
	})
	r.awaitState(link, "")
	l.kill()
	r.awaitState(c.id, "")
	r.await(link, func() bool { return r.world.Get(link) != nil })
}
