package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryExportContainsPanics looks at the sources: each exported function
// must begin with a deferred call of the boundary, unless it does nothing.
func TestEveryExportContainsPanics(t *testing.T) {
	found := 0
	for _, f := range exports(t) {
		found++
		if len(f.Body.List) > 0 && !defersBoundary(f.Body.List[0]) {
			t.Errorf("%s does not begin with defer contain() or defer failing(&result)", f.Name.Name)
		}
	}
	if found < 20 {
		t.Errorf("found only %d exported functions; has the way to look for them become wrong?", found)
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

func defersBoundary(s ast.Stmt) bool {
	d, ok := s.(*ast.DeferStmt)
	if !ok {
		return false
	}
	name, ok := d.Call.Fun.(*ast.Ident)
	return ok && (name.Name == "contain" || name.Name == "failing")
}
