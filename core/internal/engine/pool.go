package engine

import "sync"

// Pool keeps one engine for each set of options. Engines stay in it, parked
// while nobody uses them, so that configurations keep their identity.
type Pool struct {
	mu      sync.Mutex // guards engines
	engines map[string]*Engine
}

// Get returns the engine for a key, making it with options the first time.
func (p *Pool) Get(key string, options func() Options) *Engine {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.engines[key]
	if e == nil {
		if p.engines == nil {
			p.engines = make(map[string]*Engine)
		}
		e = New(options())
		p.engines[key] = e
	}
	return e
}
