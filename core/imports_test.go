package netsession_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/netsession/netsession"

// public are the folders of the packages that other modules can import.
var public = []string{"core", "core/host"}

// rules say which packages may import what: an import that begins with the name of a rule
// is allowed only in the folders of the rule.
var rules = []struct {
	what    string
	folders []string
}{
	{"C", []string{"capi", "tests/abi/other"}}, // a second library in Go, for a test
	{"github.com/mattn/go-pointer", []string{"capi"}},
	{"github.com/vishvananda/netlink", []string{"core/internal/backend/rtnetlink"}},
	{"github.com/vishvananda/netns", []string{"core/internal/backend/rtnetlink"}},
	{"golang.org/x/sys", []string{"core/internal/backend/rtnetlink", "core/internal/lease"}}, // sockets; locks of open files
	{"github.com/fsnotify/fsnotify", []string{"core/internal/backend/bus"}},
	{"github.com/godbus/dbus", []string{"core/internal/backend/networkmanager", "core/internal/backend/connman", "core/internal/backend/bus"}},
}

// pure are the folders that import the standard library only.
var pure = []string{"core/internal/bearer", "core/internal/session", "core/internal/roam", "core/internal/coalesce"}

// layers say which packages of core a package may import, apart from its tests. The
// backends differ in nothing but their sources, and only system chooses among them; the
// state of the network (store), the coordination with other processes (links) and the steps
// of sessions (engine) are separate packages.
var layers = map[string][]string{
	"core":                                 {"backend", "bearer", "coalesce", "engine", "options", "session"},
	"core/host":                            {"", "backend", "bearer", "engine", "options", "session"},
	"core/internal/options":                {"backend", "backend/script", "backend/system", "bearer", "engine", "lease"},
	"core/internal/engine":                 {"backend", "bearer", "lease", "links", "roam", "session", "store"},
	"core/internal/links":                  {"backend", "bearer", "lease", "session", "store"},
	"core/internal/store":                  {"bearer", "roam"},
	"core/internal/store/storetest":        {"bearer"},
	"core/internal/session/tabledoc":       {"session"},
	"core/internal/backend":                {"bearer"},
	"core/internal/backend/backendtest":    {"backend", "bearer"},
	"core/internal/backend/bus":            {"backend"},
	"core/internal/backend/commands":       {"backend", "backend/bus"},
	"core/internal/backend/connman":        {"backend", "backend/bus", "backend/commands", "bearer"},
	"core/internal/backend/networkmanager": {"backend", "backend/bus", "backend/commands", "bearer"},
	"core/internal/backend/rtnetlink":      {"backend", "bearer"},
	"core/internal/backend/script":         {"backend", "bearer"},
	"core/internal/backend/merged":         {"backend", "bearer"},
	"core/internal/backend/system":         {"backend", "backend/bus", "backend/connman", "backend/merged", "backend/networkmanager", "backend/rtnetlink", "lease"},
}

// source is one Go file of the tree.
type source struct {
	folder, path string
	syntax       *ast.File // without function bodies and declarations
}

// sources reads the imports of every Go file of the tree, for all build tags.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	root := ".."
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "build" || d.Name() == "testdata" || len(d.Name()) > 2 && d.Name()[0] == '.') {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		all = append(all, source{filepath.ToSlash(folder), path, file})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// imported is one import of one file.
type imported struct{ folder, file, path string }

// imports returns every import of every Go file of the tree.
func imports(t *testing.T) []imported {
	t.Helper()
	var all []imported
	for _, s := range sources(t) {
		for _, spec := range s.syntax.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			all = append(all, imported{s.folder, s.path, name})
		}
	}
	return all
}

func within(folder string, folders []string) bool {
	for _, f := range folders {
		if folder == f || strings.HasPrefix(folder, f+"/") {
			return true
		}
	}
	return false
}

func isPath(path, prefix string) bool {
	return path == prefix || strings.HasPrefix(path, prefix+"/")
}

// helper reports whether the import is in a test, which may read the kernel's state
// itself.
func helper(i imported) bool { return strings.HasSuffix(i.file, "_test.go") }

func TestImportRules(t *testing.T) {
	for _, i := range imports(t) {
		for _, r := range rules {
			if isPath(i.path, r.what) && !within(i.folder, r.folders) && !(helper(i) && strings.Contains(r.what, "vishvananda")) {
				t.Errorf("%s imports %s, which is for %v only", i.file, i.path, r.folders)
			}
		}
	}
}

func TestOnlyThePublicPackagesCanBeImported(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range sources(t) {
		if strings.HasSuffix(s.path, "_test.go") || s.syntax.Name.Name == "main" {
			continue
		}
		seen[s.folder] = true
		if !slices.Contains(public, s.folder) && !slices.Contains(strings.Split(s.folder, "/"), "internal") {
			t.Errorf("%s can be imported; only %v should", s.folder, public)
		}
	}
	for _, folder := range public {
		if !seen[folder] {
			t.Errorf("%s has no package", folder)
		}
	}
}

func TestPackagesImportTheLayersBelow(t *testing.T) {
	for _, i := range imports(t) {
		if helper(i) || !within(i.folder, []string{"core"}) || !isPath(i.path, module) {
			continue
		}
		below := strings.TrimPrefix(strings.TrimPrefix(i.path, module+"/core"), "/internal/")
		if !slices.Contains(layers[i.folder], below) {
			t.Errorf("%s imports %s; the layers below %s are %q", i.file, i.path, i.folder, layers[i.folder])
		}
	}
}

// The C interface needs what any other host could import.
func TestTheCInterfaceUsesThePublicPackages(t *testing.T) {
	for _, i := range imports(t) {
		if within(i.folder, []string{"capi"}) && isPath(i.path, module) && !slices.Contains(public, strings.TrimPrefix(i.path, module+"/")) {
			t.Errorf("%s imports %s; only %v are for hosts", i.file, i.path, public)
		}
	}
}

// A package of the standard library has no dot in the first part of its path. The
// examples of a package stand outside it, and import it.
func TestPurePackagesImportTheStandardLibraryOnly(t *testing.T) {
	for _, i := range imports(t) {
		if !within(i.folder, pure) {
			continue
		}
		own := isPath(i.path, module) && within(strings.TrimPrefix(i.path, module+"/"), []string{i.folder, "core/internal/session"}) &&
			within(i.folder, []string{"core/internal/session/tabledoc"})
		own = own || helper(i) && i.path == module+"/"+i.folder
		first := strings.SplitN(i.path, "/", 2)[0]
		if strings.Contains(first, ".") && !own {
			t.Errorf("%s imports %s: %v import the standard library only", i.file, i.path, pure)
		}
	}
}

// Nothing in core imports the C interface or needs a C compiler.
func TestCoreNeedsNoC(t *testing.T) {
	for _, i := range imports(t) {
		if within(i.folder, []string{"core"}) && (i.path == "C" || i.path == "runtime/cgo" || isPath(i.path, module+"/capi")) {
			t.Errorf("%s imports %s", i.file, i.path)
		}
	}
	for _, pattern := range []string{"*.c", "*.h", "*.s", "*/*.c", "*/*.s", "*/*/*.c", "*/*/*.s"} {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			t.Errorf("core has %v", found)
		}
	}
}

// Without sources the rules would pass without a check.
func TestTheTreeIsFound(t *testing.T) {
	seen := map[string]bool{}
	for _, i := range imports(t) {
		seen[i.folder] = true
	}
	for _, folder := range append(append([]string{"core/internal/engine", "core/internal/lease"}, public...), pure...) {
		if _, err := os.Stat(filepath.Join("..", folder)); err != nil || !seen[folder] {
			t.Errorf("nothing was read in %s: %v", folder, err)
		}
	}
}
