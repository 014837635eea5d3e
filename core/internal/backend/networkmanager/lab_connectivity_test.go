package networkmanager

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/netsession/netsession/core/internal/backend/backendtest"
	"github.com/netsession/netsession/core/internal/bearer"
)

// TestHelperRelay is no test: it is run in the network of a router, and relays requests
// to a server that listens at a path.
func TestHelperRelay(t *testing.T) {
	path := os.Getenv("NETSESSION_RELAY_TO")
	if path == "" {
		t.Skip("it helps other tests")
	}
	relay := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: "relay"})
	relay.Transport = &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return net.Dial("unix", path) }}
	listener, err := net.Listen("tcp", "198.51.100.1:80")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("listening")
	t.Fatal(http.Serve(listener, relay))
}

// serve answers requests to the router of eth0.
func (l *lab) serve(handle http.HandlerFunc) {
	l.t.Helper()
	path := filepath.Join(l.folder, "http")
	listener, err := net.Listen("unix", path)
	if err != nil {
		l.t.Fatal(err)
	}
	server := &http.Server{Handler: handle}
	go func() { _ = server.Serve(listener) }()
	relay := exec.Command("ip", "netns", "exec", "router-eth0", os.Args[0], "-test.run", "^TestHelperRelay$")
	relay.Env = append(os.Environ(), "NETSESSION_RELAY_TO="+path)
	out, err := relay.StdoutPipe()
	if err == nil {
		err = relay.Start()
	}
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() {
		_ = server.Close()
		_ = relay.Process.Kill()
		_ = relay.Wait()
	})
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "listening\n" {
		l.t.Fatalf("the router does not listen: %q, %v", line, err)
	}
}

// checked is a lab whose NetworkManager checks connectivity at an address.
func checked(t *testing.T, at string) (l *lab, id string) {
	l = newLab(t)
	l.cable("eth0")
	l.router("eth0")
	if err := os.MkdirAll(filepath.Join(l.folder, "conf.d"), 0o700); err != nil {
		t.Fatal(err)
	}
	text := "[connectivity]\nenabled=true\nuri=http://" + at + "/check\nresponse=fine\ninterval=300\n"
	if err := os.WriteFile(filepath.Join(l.folder, "conf.d", "check.conf"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return l, l.write("hotel", "eth0", "autoconnect=false\n[ipv4]\nmethod=manual\naddress1=198.51.100.7/24,198.51.100.1\n[ipv6]\nmethod=disabled")
}

// While the check is under way, NetworkManager says "none".
func TestLabNothingIsSaidBeforeACheckHasEnded(t *testing.T) {
	asked, answer := make(chan struct{}), make(chan struct{})
	l, id := checked(t, "198.51.100.1")
	l.serve(func(w http.ResponseWriter, _ *http.Request) {
		asked <- struct{}{}
		<-answer
		fmt.Fprint(w, "fine")
	})
	l.boot()
	r := l.record()
	r.AwaitLine(id + " discovered")
	r.backend.Start(id)
	r.AwaitLine("done start " + id)
	<-asked
	l.nmcli("general status")
	r.roundTrip()
	if c := r.Configuration(id); c.State != bearer.Active || c.Reach != bearer.ReachUnknown {
		t.Errorf("before the answer: %s, reach %d", backendtest.Describe(&c), c.Reach)
	}
	close(answer)
	r.AwaitConfiguration(id, "the properties", func(c bearer.Configuration) bool { return c.Reach == bearer.ReachOnline && !c.Portal })
}

func TestLabACaptivePortal(t *testing.T) {
	l, id := checked(t, "198.51.100.1")
	l.serve(func(w http.ResponseWriter, request *http.Request) {
		http.Redirect(w, request, "http://198.51.100.1/login", http.StatusFound)
	})
	l.boot()
	r := l.record()
	r.AwaitLine(id + " discovered")
	r.backend.Start(id)
	r.AwaitConfiguration(id, "the properties", func(c bearer.Configuration) bool { return c.Reach == bearer.ReachSite && c.Portal })
}

func TestLabAnInternetThatDoesNotAnswer(t *testing.T) {
	l, id := checked(t, "198.51.100.1:81") // no server listens there
	l.boot()
	r := l.record()
	r.AwaitLine(id + " discovered")
	r.backend.Start(id)
	r.AwaitConfiguration(id, "the properties", func(c bearer.Configuration) bool { return c.Reach == bearer.ReachSite && !c.Portal })
}
