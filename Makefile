# libnetsession: network sessions for Linux. `make help` lists the targets.

# The one place that says the version is the header.
VERSION := $(shell awk '/define NETSESSION_VERSION_/ { printf "%s%s", dot, $$3; dot = "." }' include/netsession.h)
comma   := ,
SONAME  := libnetsession.so.$(firstword $(subst ., ,$(VERSION)))
BUILD   := build
GO      ?= go
CC      ?= cc
DESTDIR ?=
PREFIX  ?= /usr/local
LIBDIR  ?= lib# below PREFIX
CFLAGS  ?= -O2 -g
WARN    := -Wall -Wextra -pedantic

LIBRARY  := $(BUILD)/libnetsession.so
HOOKS    := $(BUILD)/hooks
EXAMPLES := $(patsubst examples/c/%.c,$(BUILD)/examples/%,$(wildcard examples/c/*.c))
SOURCES  := go.mod go.sum include/netsession.h include/netsession_private.h capi/libnetsession.map \
            $(shell find core capi -name '*.go' ! -name '*_test.go' -o -name '*.[ch]')
LINK     := -Iinclude -L$(BUILD) -Wl,-rpath,$(CURDIR)/$(BUILD) -lnetsession -pthread

LDFLAGS_SO := -Wl,-soname,$(SONAME) -Wl,-z,nodelete \
              -Wl,--version-script=$(CURDIR)/capi/libnetsession.map

.PHONY: all lib examples run monitor $(BUILD)/monitor/monitor roam images test test-long bench deps wheel deb install uninstall version generate faults docs vuln format clean help

all: lib man examples ## Build the library, its manual pages and the examples

lib: $(LIBRARY) $(BUILD)/NOTICES ## Build build/libnetsession.so

BUILD_SO   := build -trimpath -buildmode=c-shared
# Without asynchronous preemption, Go sends no signals to the host's threads, where
# they would end a poll with EINTR. The setting is of the runtime, which neither go.mod
# nor //go:debug accepts; it is added to those that go.mod's version of Go implies, so
# that the library behaves as its tests do.
GODEBUG_IMPLIED = $(shell $(GO) list -f '{{with .DefaultGODEBUG}}{{.}},{{end}}' ./capi)
LDFLAGS_GO = -w -X runtime.godebugDefault=$(GODEBUG_IMPLIED)asyncpreemptoff=1 -extldflags '$(LDFLAGS_SO)'

$(LIBRARY): $(SOURCES) | check-go
	@mkdir -p $(BUILD)
	$(GO) $(BUILD_SO) -ldflags "-s $(LDFLAGS_GO)" -o $(LIBRARY).$(VERSION) ./capi
	@rm -f $(BUILD)/*.h
	@ln -sf libnetsession.so.$(VERSION) $(BUILD)/$(SONAME)
	@ln -sf $(SONAME) $(LIBRARY)
	@touch $(LIBRARY)

$(BUILD)/NOTICES: $(LIBRARY) packaging/notices
	@GO="$(GO)" packaging/notices $(LIBRARY) >$@.new
	@mv $@.new $@

.PHONY: man
man: $(BUILD)/man ## Build the manual pages: man -l build/man/man3/libnetsession.3

# Says so, and succeeds, where Python is missing.
$(BUILD)/man: include/netsession.h CHANGELOG.md bindings/python/README.md $(wildcard docs/man/* bindings/python/src/netsession/cli/*.py)
	@if python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then \
		docs/man/make $@; \
	else \
		echo "The manual pages are not built: Python 3.10 or later is missing. On Debian and Ubuntu: apt install python3"; \
	fi

# The library with what the tests of the C interface look at besides, and with
# the names of its functions.
$(HOOKS)/$(SONAME): $(SOURCES) | check-go
	@mkdir -p $(HOOKS)
	$(GO) $(BUILD_SO) -ldflags "$(LDFLAGS_GO)" -tags netsession_hooks -o $@ ./capi
	@rm -f $(HOOKS)/*.h
	@ln -sf $(SONAME) $(HOOKS)/libnetsession.so

# Those that look for mistakes: see tests/variant.
VARIANT_BUILD = $(GO) $(BUILD_SO) -ldflags "$(LDFLAGS_GO)" -tags netsession_hooks$(VARIANT_TAG) -o $@ ./capi
$(BUILD)/tsan/$(SONAME): export CGO_CFLAGS = -g -O1 -fsanitize=thread -Wno-tsan
$(BUILD)/tsan/$(SONAME): export CGO_LDFLAGS = -fsanitize=thread
$(BUILD)/cgocheck2/$(SONAME): export GOEXPERIMENT = cgocheck2
$(BUILD)/valgrind/$(SONAME): VARIANT_TAG = ,valgrind
$(BUILD)/tsan/$(SONAME) $(BUILD)/cgocheck2/$(SONAME) $(BUILD)/valgrind/$(SONAME): $(SOURCES) | check-go
	@mkdir -p $(@D)
	$(VARIANT_BUILD)
	@rm -f $(@D)/*.h
	@ln -sf $(SONAME) $(@D)/libnetsession.so

# The library with the types of its functions, for libabigail to read.
$(BUILD)/types/$(SONAME): $(SOURCES) | check-go
	@mkdir -p $(@D)
	$(GO) $(BUILD_SO) -ldflags "$(filter-out -w,$(LDFLAGS_GO))" -o $@ ./capi
	@rm -f $(@D)/*.h

.PHONY: baseline
baseline: $(BUILD)/types/$(SONAME) ## Write the present interface as the baseline for comparison
	@tests/abi/baseline/write

# Another library in Go, for the test of both in one process.
OTHER := $(BUILD)/other/libother.so
$(OTHER): tests/abi/other/other.go | check-go
	$(GO) build -buildmode=c-shared -o $@ ./tests/abi/other
	@rm -f $(@D)/*.h

.PHONY: qt qt6 qt5
qt: qt6 qt5 ## Build the Qt classes for Qt 6 and Qt 5, where those are installed

# Says so, and succeeds, where that Qt is not installed.
qt6 qt5: qt%: $(LIBRARY)
	@if ! command -v cmake >/dev/null; then \
		echo "The Qt classes are not built: cmake is missing. On Debian and Ubuntu: apt install cmake"; \
	elif ! cmake -S bindings/qt-shim -B $(BUILD)/qt$* -DNETSESSION_QT=$* $(QT_FLAGS) >$(BUILD)/qt$*.log 2>&1; then \
		echo "The classes for Qt $* are not built: see $(BUILD)/qt$*.log. On Debian and Ubuntu: apt install" \
			$(if $(filter 6,$*),qt6-base-dev,qtbase5-dev); \
	else \
		cmake --build $(BUILD)/qt$* -j 2; \
	fi

.PHONY: check-go
check-go:
	@command -v $(GO) >/dev/null || { echo "Go is missing. On Debian and Ubuntu: apt install golang-go"; exit 1; }
	@$(GO) version | awk '{ split(substr($$3, 3), v, "."); exit v[1] == 1 && v[2] < 24 }' || { \
		echo "Go 1.24 or later is needed; this is $$($(GO) version). Newer ones: https://go.dev/dl"; exit 1; }

examples: $(EXAMPLES) ## Build the C examples

$(BUILD)/examples/%: examples/c/%.c $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(WARN) $< -o $@ $(LINK)

run: all ## Show this machine's networks and open a session; MONITOR=1 goes on printing events
	@echo
	@$(BUILD)/examples/list
	@echo
	@$(BUILD)/examples/session || { [ $$? = 2 ] && echo "So there is no session to show."; }
	@if [ -n "$(MONITOR)" ]; then echo; $(BUILD)/examples/monitor; fi

# The monitor is built as its users build it: against an installed library.
INSTALLED := $(CURDIR)/$(BUILD)/prefix

$(BUILD)/monitor/monitor: qt6
	@[ -e $(BUILD)/qt6/libnetsession-qt6.so ] || { echo "The monitor needs the classes for Qt 6."; exit 1; }
	@$(MAKE) -s install DESTDIR= PREFIX=$(INSTALLED) LIBDIR=lib
	@cmake -S examples/qt/monitor -B $(@D) -DCMAKE_PREFIX_PATH=$(INSTALLED) -DCMAKE_UNITY_BUILD=ON >$(BUILD)/monitor.log || \
		{ cat $(BUILD)/monitor.log; exit 1; }
	@cmake --build $(@D)

monitor: $(BUILD)/monitor/monitor ## Watch this machine's networks in a window, and play with sessions (Qt 6)
	@LD_LIBRARY_PATH=$(INSTALLED)/lib$${LD_LIBRARY_PATH:+:$$LD_LIBRARY_PATH} $<

roam: examples ## Watch a program move between two cables, in a network of its own
	@tests/lab/tools/enter tests/lab/tools/roam

# The monitor is part of it where there is a display for it.
lab: lib $(if $(DISPLAY)$(WAYLAND_DISPLAY),lab-monitor) ## A shell with NetworkManager and cables to plug, in a network of its own; with the monitor
	@tests/lab/tools/playground

.PHONY: lab lab-monitor
lab-monitor:
	@$(MAKE) -s $(BUILD)/monitor/monitor || true

deps: ## Install what the tests need, or name what is missing
	@tests/deps

# The library for valgrind, if that is installed and Go can tell it of its memory.
FOR_VALGRIND := $(if $(and $(shell command -v valgrind),$(wildcard $(shell $(GO) env GOROOT)/src/runtime/valgrind.go)),$(BUILD)/valgrind/$(SONAME))

test: deps all $(HOOKS)/$(SONAME) $(OTHER) $(FOR_VALGRIND) ## Run every test suite; changes nothing outside the build folder; ONLY="WORD..." chooses, FAILED=1 runs again what failed, JUNIT=FILE writes XML
	@FAILED="$(FAILED)" JUNIT="$(JUNIT)" tests/run $(ONLY)

.PHONY: deps-long
deps-long:
	@tests/deps --long

test-long: deps-long all qt6 $(HOOKS)/$(SONAME) $(OTHER) ## Run the suites that take minutes each, such as fuzzing; ONLY="WORD..." chooses
	@FAILED="$(FAILED)" JUNIT="$(JUNIT)" tests/run --long $(ONLY)

bench: all qt ## Compare speed, memory and size with Qt 5 and with plain C; GROWTH=1 with growing numbers
	@tests/bench/run

wheel: lib man ## Build the wheel of the Python package, with the library in it
	@bindings/python/wheel $(BUILD)/wheel

deb: ## Build the Debian packages into build/deb
	@GO="$(GO)" packaging/deb $(BUILD)/deb $(VERSION)

install: $(if $(wildcard $(LIBRARY)),,lib) $(if $(wildcard $(BUILD)/man),,man) ## Install what was built into DESTDIR/PREFIX (by default /usr/local)
	@DESTDIR="$(DESTDIR)" bindings/install "$(PREFIX)" "$(LIBDIR)" $(VERSION)

uninstall: ## Remove it again
	@DESTDIR="$(DESTDIR)" bindings/install --remove "$(PREFIX)"

version: ## Print the version
	@echo $(VERSION)

generate: ## Write the generated documentation again
	$(GO) run ./core/internal/session/tabledoc
	@sed -i 's/^VERSION = .*/VERSION = ($(subst .,$(comma) ,$(VERSION)))/' bindings/python/src/netsession/_version.py

docs: ## Build the references and the guides: build/docs/index.html
	@docs/site/make

images: all qt6 ## Take the pictures of the monitor in docs/images again
	@NETSESSION_IMAGES=$(CURDIR)/docs/images tests/monitor/run pictures

faults: lib ## Write the tables of docs/faults.md again, which takes half an hour
	FAULTS=write tests/lab/tools/enter tests/lab/tools/nm tests/run-c-test tests/lab/nm/fault_table.c
	FAULTS=write tests/lab/tools/enter tests/lab/tools/connman tests/run-c-test tests/lab/connman/fault_table.c

vuln: ## Look for known vulnerabilities in Go and the modules, where the database can be reached
	@GO="$(GO)" tests/vuln

format: ## Format the Go sources
	gofmt -w core capi examples

clean: ## Remove everything that was built
	rm -rf $(BUILD)

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
