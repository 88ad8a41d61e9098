// The small program of hack/cluster: the sandbox and the pods of tests, the way to the API from outside, and the
// registry that asks for a password.
//
//	lab                          ends when it is asked to, as the container of a sandbox or of a tenant
//	lab agent --after 10s        the same; answers /readyz on port 8080 once that time has passed
//	lab dial ADDRESS             succeeds if it gets a connection to ADDRESS within five seconds
//	lab guard FILE ADDRESS TO    listens on ADDRESS and hands requests with the user:password of FILE over to the
//	                             server TO; others get 401
//	lab relay PID TO FILE        listens on loopback, writes the port to FILE and hands each connection over to the
//	                             address TO in the network of the process PID, with whose PID namespace it ends
package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "lab:", err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) == 0 {
		return pause()
	}
	switch command, rest := arguments[0], arguments[1:]; {
	case command == "agent":
		return agent(rest)
	case command == "dial" && len(rest) == 1:
		return dial(rest[0])
	case command == "guard" && len(rest) == 3:
		return guard(rest[0], rest[1], rest[2])
	case command == "relay" && len(rest) >= 3:
		return relay(rest[0], rest[1], rest[2])
	case command == "serve" && len(rest) == 3:
		return serve(rest[0], rest[1])
	default:
		return fmt.Errorf("unknown arguments %q", arguments)
	}
}

// As the first process of a PID namespace it also takes in the ended children of others.
func pause() error {
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM, syscall.SIGINT)
	children := make(chan os.Signal, 1)
	signal.Notify(children, syscall.SIGCHLD)
	for {
		select {
		case <-ended:
			return nil
		case <-children:
			for {
				if pid, _ := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); pid <= 0 {
					break
				}
			}
		}
	}
}

func agent(arguments []string) error {
	flags := flag.NewFlagSet("agent", flag.ContinueOnError)
	after := flags.Duration("after", 10*time.Second, "the time until it is ready")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	ready := time.Now().Add(*after)
	http.HandleFunc("/readyz", func(w http.ResponseWriter, _ *http.Request) {
		if time.Now().Before(ready) {
			http.Error(w, "not yet", http.StatusServiceUnavailable)
		}
	})
	failed := make(chan error, 1)
	go func() { failed <- http.ListenAndServe(":8080", nil) }()
	go func() { failed <- pause() }()
	return <-failed
}

func dial(address string) error {
	connection, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err != nil {
		return err
	}
	return connection.Close()
}

func guard(file, address, to string) error {
	credentials, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	user, password, _ := strings.Cut(strings.TrimSpace(string(credentials)), ":")
	server, err := url.Parse(to)
	if err != nil {
		return err
	}
	proxy := httputil.NewSingleHostReverseProxy(server)
	return http.ListenAndServe(address, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if u, p, ok := r.BasicAuth(); !ok || u != user || p != password {
			w.Header().Set("WWW-Authenticate", `Basic realm="lab"`)
			http.Error(w, "no credentials", http.StatusUnauthorized)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
}

// The socket stays that of the network in which it was opened, also in a process that moves on to another.
func relay(pid, to, file string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	socket, err := listener.(*net.TCPListener).File()
	if err != nil {
		return err
	}
	if _, _, e := syscall.Syscall(syscall.SYS_FCNTL, socket.Fd(), syscall.F_SETFD, 0); e != 0 {
		return e
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	nsenter, err := exec.LookPath("nsenter")
	if err != nil {
		return err
	}
	port := listener.Addr().(*net.TCPAddr).Port
	if err := os.WriteFile(file+".new", []byte(strconv.Itoa(port)+"\n"), 0o600); err != nil {
		return err
	}
	if err := os.Rename(file+".new", file); err != nil {
		return err
	}
	return syscall.Exec(nsenter, []string{"nsenter", "-t", pid, "-n", "-p", "--", self, "serve",
		strconv.Itoa(int(socket.Fd())), to, file}, os.Environ())
}

// Beside its two arguments it has the file's name, by which hack/cluster knows it.
func serve(descriptor, to string) error {
	number, err := strconv.Atoi(descriptor)
	if err != nil {
		return err
	}
	listener, err := net.FileListener(os.NewFile(uintptr(number), "listener"))
	if err != nil {
		return err
	}
	for {
		client, err := listener.Accept()
		if err != nil {
			return err
		}
		go hand(client.(*net.TCPConn), to)
	}
}

func hand(client *net.TCPConn, to string) {
	defer client.Close()
	connection, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	server := connection.(*net.TCPConn)
	defer server.Close()
	ended := make(chan struct{})
	go func() {
		_, _ = io.Copy(server, client)
		_ = server.CloseWrite()
		close(ended)
	}()
	_, _ = io.Copy(client, server)
	_ = client.CloseWrite()
	<-ended
}
