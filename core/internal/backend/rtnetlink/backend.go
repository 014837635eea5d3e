package rtnetlink

import (
	"context"
	"io"
	"strings"
	"sync"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

// Backend is the source of the kernel's links. It looks at the network
// namespace of the thread that called New.
type Backend struct {
	// subscribe, ask and identify reach the system; tests put their own there.
	subscribe     func() (*subscription, error)
	openRequester func() (io.ReadWriteCloser, error)
	identify      identify
	release       func() // gives up what the two need

	first     *subscription // opened by New for Run
	requester requester     // for the host's threads
	setter    requester     // for commands
	worker    worker
	acks      ackQueue

	mu       sync.Mutex         // guards what follows
	current  *subscription      // what Run reads from
	ended    bool               // Run is over, or about to be
	linkRefs map[string]linkRef // the links behind the identifiers that were reported
}

var _ backend.Backend = (*Backend)(nil)

// New makes a backend for the network namespace of the calling thread. What
// cannot be opened now is tried again by Run.
func New() *Backend { return open(currentNamespace()) }

func open(n *namespace) *Backend {
	b := newBackend(n.subscribe, n.requestSocket, sysfsDevice)
	b.release = n.close
	b.first, _ = n.subscribe()
	b.requester.openNow()
	b.setter.openNow()
	return b
}

func newBackend(subscribe func() (*subscription, error), ask func() (io.ReadWriteCloser, error), identify identify) *Backend {
	b := &Backend{
		subscribe: subscribe, openRequester: ask, identify: identify, release: func() {},
		linkRefs: make(map[string]linkRef),
	}
	b.requester.open, b.setter.open = ask, ask
	b.worker.execute = b.execute
	return b
}

// Run follows the kernel until ctx ends. It fails only where the system offers
// no route netlink at all.
func (b *Backend) Run(ctx context.Context, sink backend.Sink) error {
	defer b.close()
	closed := make(chan struct{})
	defer func() { <-closed }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		defer close(closed)
		<-ctx.Done()
		b.end()
	}()
	mon := &monitor{backend: b, sink: sink, buffer: make([]byte, datagram)}
	return mon.run(ctx)
}

// end wakes the reader for the last time.
func (b *Backend) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = true
	if b.current != nil {
		_ = b.current.Close()
	}
}

// close gives back everything that New and Run opened.
func (b *Backend) close() {
	b.worker.stop()
	b.requester.close()
	b.setter.close()
	if b.first != nil {
		_ = b.first.Close()
	}
	b.release()
}

// connect opens the subscription, or takes the one that New opened.
func (b *Backend) connect() (*subscription, error) {
	s := b.first
	b.first = nil
	if s == nil {
		var err error
		if s, err = b.subscribe(); err != nil {
			return nil, err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended {
		_ = s.Close()
		return nil, context.Canceled
	}
	b.current = s
	b.acks.attach(s)
	return s, nil
}

func (b *Backend) disconnect(s *subscription) {
	b.acks.attach(nil)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.current = nil
	_ = s.Close()
}

// note remembers which links the identifiers of a batch stand for.
func (b *Backend) recordLinks(batch *bearer.Batch) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if batch.Complete {
		b.linkRefs = make(map[string]linkRef, len(batch.Changed))
	}
	for _, id := range batch.Gone {
		delete(b.linkRefs, id)
	}
	for i := range batch.Changed {
		c := &batch.Changed[i]
		b.linkRefs[c.ID] = linkRef{c.Index, c.Name}
	}
}

// named is a link as the kernel knows it, and as people do.
type linkRef struct {
	index int
	name  string
}

// find looks up the link of a configuration.
func (b *Backend) findLink(id string) (linkRef, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n, ok := b.linkRefs[id]; ok {
		return n, nil
	}
	return linkRef{}, backend.Refuse(backend.ReasonNoConfiguration, "There is no network link %s: it was removed or renamed, or cannot carry IP.", strings.TrimPrefix(id, "link:"))
}

// Capabilities says what this process may do here now.
func (b *Backend) Capabilities() backend.Capabilities {
	const always = backend.HasStatistics | backend.HasLinks
	if b.denied() != "" {
		return always
	}
	return always | backend.CanStartAndStop
}
