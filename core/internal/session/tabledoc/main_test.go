package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/netsession/netsession/core/internal/session"
)

func TestTheFilesAreUpToDate(t *testing.T) {
	for _, f := range files {
		kept, err := os.ReadFile(filepath.Join("../../../..", f.path))
		if err != nil {
			t.Fatal(err)
		}
		if string(kept) != f.made() {
			t.Errorf("%s is not what the table says: run go run ./core/internal/session/tabledoc", f.path)
		}
	}
}

func TestEveryRowIsOnThePage(t *testing.T) {
	doc := document()
	for i := range session.Table {
		r := &session.Table[i]
		cells := "| " + events(r.On) + " | " + conditions(r.If) + " | " + actions(r.Then) + " |"
		if n := strings.Count(doc, cells); n < len(r.From) {
			t.Errorf("row %d is %d times on the page, for %d phases", i, n, len(r.From))
		}
	}
}

func TestEveryPhaseHasAMeaningAndADrawing(t *testing.T) {
	diagram := drawing()
	for _, p := range phases() {
		if meanings[p] == "" {
			t.Errorf("%v has no meaning", p)
		}
		if !strings.Contains(diagram, " --> "+p.String()) {
			t.Errorf("nothing leads to %v in the drawing", p)
		}
	}
	if len(phases()) != len(meanings) {
		t.Errorf("%d phases, but %d meanings", len(phases()), len(meanings))
	}
}
