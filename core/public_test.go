package netsession_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// face checks the exported declarations of one file of a public package: no type of an
// internal package and no unexported type may be in a signature, in an exported field or
// in the type of a variable, and everything has a documentation comment.
type face struct {
	*testing.T
	positions *token.FileSet
	internal  map[string]bool // names of the internal packages that the file imports
}

func TestNoInternalTypeIsPublic(t *testing.T) {
	checked := 0
	for _, folder := range public {
		files, err := filepath.Glob(filepath.Join("..", folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			positions := token.NewFileSet()
			file, err := parser.ParseFile(positions, path, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			f := face{t, positions, internalImports(file)}
			for _, d := range file.Decls {
				checked += f.declaration(d)
			}
		}
	}
	if checked < 150 {
		t.Errorf("only %d public declarations are found; is the search for them right?", checked)
	}
}

// internalImports returns the local names of the internal packages that a file imports.
func internalImports(file *ast.File) map[string]bool {
	names := map[string]bool{}
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		name := path[strings.LastIndex(path, "/")+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if strings.Contains(path, "/internal/") {
			names[name] = true
		}
	}
	return names
}

func (f *face) complain(at ast.Node, format string, args ...any) {
	f.Helper()
	f.Errorf(f.positions.Position(at.Pos()).String()+": "+format, args...)
}

// declaration returns how many exported things it found.
func (f *face) declaration(d ast.Decl) (found int) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && (d.Recv == nil || receiver(d).IsExported()) {
			found++
			f.documented(d, d.Name, d.Doc)
			f.visible(d.Type)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() {
					found++
					f.documented(s, s.Name, d.Doc, s.Doc)
					f.visible(s.Type)
				}
			case *ast.ValueSpec:
				found += f.values(d, s)
			}
		}
	}
	return found
}

func receiver(d *ast.FuncDecl) *ast.Ident {
	t := d.Recv.List[0].Type
	if star, is := t.(*ast.StarExpr); is {
		t = star.X
	}
	return t.(*ast.Ident)
}

func (f *face) documented(at ast.Node, name *ast.Ident, comments ...*ast.CommentGroup) {
	for _, c := range comments {
		if c.Text() != "" {
			return
		}
	}
	f.complain(at, "%s has no documentation", name)
}

// values checks variables and constants. A variable without a type has the type of its value,
// which may be an internal one unless the value is an error.
func (f *face) values(d *ast.GenDecl, s *ast.ValueSpec) (found int) {
	for i, name := range s.Names {
		if !name.IsExported() {
			continue
		}
		found++
		f.documented(s, name, d.Doc, s.Doc, s.Comment)
		if s.Type != nil {
			f.visible(s.Type)
		} else if d.Tok == token.VAR && !isNewError(s.Values[i]) {
			f.complain(s, "%s has no type", name)
		}
	}
	return found
}

func isNewError(value ast.Expr) bool {
	call, is := value.(*ast.CallExpr)
	if !is {
		return false
	}
	function, is := call.Fun.(*ast.SelectorExpr)
	return is && function.Sel.Name == "New" && function.X.(*ast.Ident).Name == "errors"
}

// visible checks a type as a reader of the documentation sees it.
func (f *face) visible(t ast.Node) {
	ast.Inspect(t, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field: // of a struct, an interface or a signature
			if _, is := t.(*ast.FuncType); !is && len(n.Names) > 0 && !n.Names[0].IsExported() {
				return false
			}
			f.visible(n.Type)
			return false
		case *ast.SelectorExpr:
			if f.internal[n.X.(*ast.Ident).Name] {
				f.complain(n, "%s.%s is internal", n.X, n.Sel)
			}
			return false
		case *ast.Ident:
			if !n.IsExported() && !predeclared[n.Name] {
				f.complain(n, "%s is not exported", n)
			}
		}
		return true
	})
}

var predeclared = map[string]bool{
	"any": true, "bool": true, "error": true, "int": true, "string": true,
	"uint8": true, "uint32": true, "uint64": true,
}
