package options

import "sync"

// Pool keeps one engine of type E for each set of options. Engines stay in it,
// parked while they are unused, so that configurations keep their identity. The
// zero value is an empty pool.
type Pool[E any] struct {
	mu      sync.Mutex // guards engines; held while an engine is made, so that no caller gets an incomplete engine
	engines map[string]*E
}

// Get returns the engine for a key, made the first time.
func (p *Pool[E]) Get(key string, make func() *E) *E {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.engines[key]
	if e == nil {
		if p.engines == nil {
			p.engines = map[string]*E{}
		}
		e = make()
		p.engines[key] = e
	}
	return e
}
