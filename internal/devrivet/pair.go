package devrivet

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A Pair is a Rivet of two engines on one PostgreSQL, with NATS between them. The registry is connected to the first one; what
// is asked of the second one goes through both.
type Pair struct {
	First, Second *Rivet

	folder         *Folder
	database, nats *process
}

// StartPair starts a Pair. It needs the programs initdb, postgres and nats-server, in the PATH or where Debian puts them, and
// where it runs as root, the user postgres.
func StartPair(ctx context.Context, options Options) (*Pair, error) {
	packages, err := findPackages(ctx, options)
	if err != nil {
		return nil, err
	}
	p := &Pair{First: &Rivet{options: options, packages: packages}, Second: &Rivet{options: options, packages: packages}}
	if err := p.start(ctx); err != nil {
		return nil, errors.Join(err, p.Stop())
	}
	return p, nil
}

func (p *Pair) start(ctx context.Context) (err error) {
	if p.folder, err = NewFolder(ctx); err != nil {
		return err
	}
	ports, err := freePorts(ctx)
	if err != nil {
		return err
	}
	if err := p.startDatabase(ctx, ports.public); err != nil {
		return err
	}
	if p.nats, err = p.launch(ctx, "nats-server", nil, "-a", "127.0.0.1", "-p", strconv.Itoa(ports.peer)); err != nil {
		return err
	}
	if err := errors.Join(p.database.serves(ctx, p.isDatabaseReady), p.nats.serves(ctx, func() bool { return isListening(ctx, ports.peer) })); err != nil {
		return err
	}
	storage := object{
		"postgres": object{"url": fmt.Sprintf("postgres://rivet@127.0.0.1:%d/postgres", ports.public)},
		"nats":     object{"addresses": []string{fmt.Sprintf("127.0.0.1:%d", ports.peer)}},
	}
	p.First.storage, p.Second.storage = storage, storage
	if err := p.First.start(ctx); err != nil {
		return err
	}
	p.Second.leader = p.First.ports
	return p.Second.startNode(ctx)
}

// startNode starts an engine without a registry of its own.
func (r *Rivet) startNode(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.begin(ctx); err != nil {
		return err
	}
	return r.await(ctx, r.createsActors)
}

// startDatabase makes a PostgreSQL in the folder, which only this machine reaches, and that lets everybody in.
func (p *Pair) startDatabase(ctx context.Context, port int) error {
	data := p.data()
	if err := os.Mkdir(data, 0o700); err != nil {
		return err
	}
	as, err := p.unprivileged(data)
	if err != nil {
		return err
	}
	initialized, err := p.launch(ctx, "initdb", as, "-D", data, "-U", "rivet", "--auth=trust", "--no-sync")
	if err != nil {
		return err
	}
	<-initialized.ended
	if initialized.err != nil {
		return initialized.failure()
	}
	p.database, err = p.launch(ctx, "postgres", as, "-D", data, "-p", strconv.Itoa(port), "-c", "listen_addresses=127.0.0.1",
		"-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "max_connections=300")
	return err
}

// unprivileged returns the command that runs others as a user whom PostgreSQL accepts, which root is not, and gives that user a folder.
func (p *Pair) unprivileged(data string) ([]string, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	other, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL does not run as root: %w", err)
	}
	uid, _ := strconv.Atoi(other.Uid)
	gid, _ := strconv.Atoi(other.Gid)
	return []string{"setpriv", "--reuid=" + other.Uid, "--regid=" + other.Gid, "--clear-groups"},
		errors.Join(os.Chown(data, uid, gid), os.Chmod(p.folder.path, 0o711))
}

func (p *Pair) launch(ctx context.Context, name string, as []string, args ...string) (*process, error) {
	path, err := findProgram(name)
	if err != nil {
		return nil, err
	}
	return launch(ctx, program{name: name, argv: append(append(as, path), args...), dir: p.folder.path, env: os.Environ(), hold: p.folder.hold})
}

// findProgram finds a program in the PATH, or where Debian puts those that users do not start.
func findProgram(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) == 0 {
		return "", fmt.Errorf("%s is not installed; on Debian: apt-get install postgresql nats-server", name)
	}
	return found[len(found)-1], nil
}

// serves waits until a program does what it is for, or has ended.
func (p *process) serves(ctx context.Context, isReady func() bool) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startTimeout, fmt.Errorf("a program is not ready after %v", startTimeout))
	defer cancel()
	for !isReady() {
		if failure := p.failure(); failure != nil {
			return failure
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(pollInterval):
		}
	}
	return nil
}

func isListening(ctx context.Context, port int) bool {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", "127.0.0.1:"+strconv.Itoa(port))
	return err == nil && conn.Close() == nil
}

// isDatabaseReady reads what PostgreSQL says of itself: it listens before it lets anybody in.
func (p *Pair) isDatabaseReady() bool {
	status, err := os.ReadFile(filepath.Join(p.data(), "postmaster.pid"))
	return err == nil && strings.Contains(string(status), "\nready")
}

// data is the folder of PostgreSQL.
func (p *Pair) data() string { return filepath.Join(p.folder.path, "postgres") }

// Stop ends everything, and removes the data.
func (p *Pair) Stop() error {
	err := errors.Join(p.Second.Stop(), p.First.Stop())
	for _, program := range []*process{p.nats, p.database} {
		if program != nil {
			program.stop()
		}
	}
	if p.folder != nil {
		err = errors.Join(err, p.folder.Remove())
	}
	return err
}
