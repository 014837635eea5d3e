// Command tabledoc writes docs/session-machine.md from the session machine's
// table. Run it at the top of the tree: go run ./core/session/internal/tabledoc
package main

import (
	"fmt"
	"os"
)

// page is where the document is kept, seen from the top of the tree.
const page = "docs/session-machine.md"

func main() {
	if err := os.WriteFile(page, []byte(document()), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
