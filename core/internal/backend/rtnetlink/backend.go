package rtnetlink

import (
	"context"
	"io"
	"strings"
	"sync"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

// Backend is the backend for the kernel's links, in the network namespace of
// the thread that called New.
type Backend struct {
	// The functions that reach the system; tests replace them.
	subscribe     func() (*subscription, error)
	openRequester func() (io.ReadWriteCloser, error)
	identify      identify
	release       func() // closes what subscribe and openRequester use

	first     *subscription // opened by New; Run takes it, and it is nil from then on
	requester requester     // for queries from the host's threads
	setter    requester     // for commands
	worker    worker
	acks      ackQueue

	mu       sync.Mutex         // guards the fields below
	current  *subscription      // the subscription that the monitor reads; nil while there is none
	ended    bool               // the context of Run has ended
	linkRefs map[string]linkRef // the link of each reported identifier
}

var _ backend.Backend = (*Backend)(nil)

// New returns a backend for the network namespace of the calling thread. Run
// opens again what cannot be opened now.
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

// Run follows the kernel's notifications until ctx ends. It returns an error
// only if the system has no route netlink at all.
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

// end closes the subscription, which ends the monitor's read.
func (b *Backend) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = true
	if b.current != nil {
		_ = b.current.Close()
	}
}

// close closes everything that New and Run opened.
func (b *Backend) close() {
	b.worker.stop()
	b.requester.close()
	b.setter.close()
	if b.first != nil {
		_ = b.first.Close()
	}
	b.release()
}

// connect opens the subscription, or takes the subscription that New opened.
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

// recordLinks records the link of each identifier in a batch.
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

// linkRef is a link's index for the kernel and its name for people.
type linkRef struct {
	index int
	name  string
}

// findLink returns the link of a configuration.
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
