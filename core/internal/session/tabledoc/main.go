// Command tabledoc writes docs/session-machine.md and its diagrams from the
// session machine's table. Run it at the top of the tree:
// go run ./core/internal/session/tabledoc
package main

import (
	"fmt"
	"os"
)

// files are the paths of the documents, relative to the top of the tree.
var files = []struct {
	path string
	made func() string
}{
	{"docs/session-machine.md", document},
	{"docs/session-states.svg", func() string { return stateDiagram().svg() }},
	{"docs/session-roaming.svg", func() string { return roamingDiagram().svg() }},
}

func main() {
	for _, f := range files {
		if err := os.WriteFile(f.path, []byte(f.made()), 0o644); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
