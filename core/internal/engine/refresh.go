package engine

import "time"

// refresh is one call of Client.Refresh. The backend answers them in order.
type refresh struct {
	client   *Client
	limit    *time.Timer
	finished bool // Updated was called
}

// refresh asks the backend to rescan. A backend that does not answer does
// not keep the client waiting for ever.
func (l *loop) refresh(c *Client) {
	r := &refresh{client: c}
	if l.failed {
		r.finish()
		return
	}
	l.refreshes = append(l.refreshes, r)
	r.limit = time.AfterFunc(l.engine.opts.RefreshTimeout, func() {
		l.engine.post(func(*loop) { r.finish() })
	})
	l.callBackend(l.backend.Refresh)
}

// refreshed handles the backend's answer to the oldest refresh.
func (l *loop) refreshed() {
	if len(l.refreshes) == 0 {
		return
	}
	r := l.refreshes[0]
	l.refreshes = l.refreshes[1:]
	r.finish()
}

// failBackend finishes the refreshes of a backend that has failed for good, and
// answers no more.
func (l *loop) failBackend() {
	l.failed = true
	for len(l.refreshes) > 0 {
		l.refreshed()
	}
}

func (r *refresh) finish() {
	if r.limit != nil {
		r.limit.Stop()
	}
	if r.finished {
		return
	}
	r.finished = true
	if r.client.attached() {
		r.client.listener.Updated()
	}
}
