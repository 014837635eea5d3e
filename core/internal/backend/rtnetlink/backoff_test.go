package rtnetlink

import (
	"context"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend/backendtest"
)

func TestBackoffGrowsAndResets(t *testing.T) {
	var b backoff
	now := time.Unix(1000, 0)
	want := []time.Duration{0, 10, 20, 40, 80, 160, 320, 640, 1000, 1000, 1000}
	for i, w := range want {
		if got := b.next(now); got != w*time.Millisecond {
			t.Errorf("backoff %d is %v, want %v", i, got, w*time.Millisecond)
		}
		now = now.Add(resetAfter)
	}
	if got := b.next(now.Add(time.Millisecond)); got != 0 {
		t.Errorf("after a calm while the backoff is %v", got)
	}
}

func TestBackoffEndsWithTheContext(t *testing.T) {
	b := backoff{last: time.Now(), delay: time.Hour}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	begin := time.Now()
	b.wait(ctx)
	if time.Since(begin) > backendtest.Wait {
		t.Error("the wait did not end with its context")
	}
}
