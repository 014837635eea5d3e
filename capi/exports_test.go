package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEveryExportRecoversPanics parses the sources: each exported function
// must begin by deferring the recovery, unless it does nothing.
func TestEveryExportRecoversPanics(t *testing.T) {
	found := 0
	for _, f := range exports(t) {
		found++
		if len(f.Body.List) > 0 && !defersRecovery(f.Body.List[0]) {
			t.Errorf("%s does not begin with defer recoverPanic() or defer recoverErrno(&result)", f.Name.Name)
		}
	}
	if found < 20 {
		t.Errorf("found only %d exported functions; has the way to look for them become wrong?", found)
	}
}

// TestEveryCallOfGoBlocksSignals searches the sources in C: a call that does not
// would run the host's signal handlers on the stack of a goroutine.
func TestEveryCallOfGoBlocksSignals(t *testing.T) {
	files, err := filepath.Glob("*.c")
	if err != nil {
		t.Fatal(err)
	}
	bare := regexp.MustCompile(`.*(?:\bns_go_\w+|\b(?:filler|getter))\(.*`)
	calls := 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range bare.FindAllString(string(text), -1) {
			calls++
			if !strings.Contains(line, "NS_GO(") {
				t.Errorf("%s calls Go without NS_GO: %s", name, strings.TrimSpace(line))
			}
		}
	}
	if calls < 20 {
		t.Errorf("found only %d calls; has the way to look for them become wrong?", calls)
	}
}

func exports(t *testing.T) []*ast.FuncDecl {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var list []*ast.FuncDecl
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && isExported(f) {
				list = append(list, f)
			}
		}
	}
	return list
}

func isExported(f *ast.FuncDecl) bool {
	if f.Doc == nil {
		return false
	}
	for _, line := range f.Doc.List {
		if strings.HasPrefix(line.Text, "//export ") {
			return true
		}
	}
	return false
}

func defersRecovery(s ast.Stmt) bool {
	d, ok := s.(*ast.DeferStmt)
	if !ok {
		return false
	}
	name, ok := d.Call.Fun.(*ast.Ident)
	return ok && (name.Name == "recoverPanic" || name.Name == "recoverErrno")
}
