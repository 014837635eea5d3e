package connman

import (
	"testing"

	"github.com/netsession/netsession/core/internal/backend/backendtest"
	"github.com/netsession/netsession/core/internal/backend/merged"
	"github.com/netsession/netsession/core/internal/backend/rtnetlink"
	"github.com/netsession/netsession/core/internal/bearer"
)

// Together with the kernel's links: a link is listed once, as ConnMan's service while
// ConnMan runs, with the kernel's facts.
func TestLabWithTheKernelsLinks(t *testing.T) {
	l := newLab(t)
	c := l.cable(true)
	r := newRecorder(t, l.bus.Address)
	backendtest.Start(t, merged.New(rtnetlink.New(), merged.Daemon{Name: "ConnMan", Backend: r.Backend}), r.Recorder)
	link := "link:" + c.name
	r.AwaitConfiguration(link, "any state", func(bearer.Configuration) bool { return true })
	l.start()
	r.AwaitConfiguration(c.id, "a default route", func(got bearer.Configuration) bool {
		return got.State == bearer.Active && got.DefaultRoute && len(got.Addresses) > 0
	})
	r.AwaitState(link, "")
	l.kill()
	r.AwaitState(c.id, "")
	r.AwaitConfiguration(link, "any state", func(bearer.Configuration) bool { return true })
}
