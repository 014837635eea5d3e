package store

import (
	"sync"
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/roam"
)

// Store is the snapshot of the network.
type Store struct {
	publisher Publisher // nil without readers outside Go; never changes

	// mu guards everything below, against readers. The writer holds it to change
	// something, and need not hold it to read: it alone changes everything, except
	// the subscriptions, and the entries of configurations that do not exist, which
	// any goroutine may add (Refer) and drop (Reap).
	mu            sync.RWMutex
	registry      *bearer.Registry
	ranking       *roam.Ranking
	entries       map[string]*Entry // by identifier; also of configurations that do not exist, while something refers to them
	aliases       map[string]string // identifiers, by the aliases of their configurations
	names         names
	accessPoints  []*Entry // sorted by identifier
	groups                 // of access points
	layers        layers   // of links that run over others
	counts        counts
	subscriptions []*Subscription // never written in place: an Update has the slice of its time
}

// New returns a store that knows no access point.
func New(publisher Publisher) *Store {
	s := &Store{
		publisher: publisher, registry: bearer.NewRegistry(), ranking: roam.NewRanking(),
		entries: make(map[string]*Entry), aliases: make(map[string]string), names: make(names), layers: newLayers(),
	}
	s.addBuiltin(time.Now())
	if publisher != nil {
		publisher.NetworkStateChanged(s.networkState())
	}
	return s
}
