package links

// Holders is the number of sessions here that hold an access point.
func (t *Table) Holders(id string) int { return t.counter.Holders(id) }

// Hold adds a session that holds an access point.
func (t *Table) Hold(id string) {
	t.counter.Acquire(id, t.raised(id) && !t.lost[id])
	delete(t.lost, id)
}

// Release ends a session's hold on an access point. The last release of all processes
// stops a link that sessions have started.
func (t *Table) Release(id string) {
	if t.counter.Release(id) {
		t.Stop(id)
	} else {
		t.cancelDeferred(id)
	}
}

// Lose ends a session's hold on an access point that was lost. If sessions had brought
// the link up, and no process has taken it down, they own it again when it becomes
// usable.
func (t *Table) Lose(id string) {
	if c := t.store.GetUnlocked(id); c != nil && c.Up && t.counter.Started(id) {
		t.lost[id] = true
	}
	t.counter.Forget(id)
}

// Forget ends a session's hold on an access point that did not come up, or is being
// stopped.
func (t *Table) Forget(id string) { t.counter.Forget(id) }

// BeginStop records that an access point is about to be stopped, even if other sessions or
// processes hold it: Stop has to follow.
func (t *Table) BeginStop(id string) { t.counter.BeginStop(id) }

// Claim reports whether the Release that follows will stop the link, because the
// session that is about to release is the last holder of all processes.
func (t *Table) Claim(id string) bool { return t.counter.Claim(id) }
