package options

import "testing"

func TestPool(t *testing.T) {
	var p Pool[struct{ key string }]
	made := 0
	get := func(key string) *struct{ key string } {
		return p.Get(key, func() *struct{ key string } { made++; return &struct{ key string }{key} })
	}
	a, b := get("a"), get("b")
	if a == b || get("a") != a || get("b") != b || made != 2 {
		t.Errorf("not one engine for each key; made %d", made)
	}
}
