// Package devrivet starts and stops a throw-away Rivet on this machine: a real
// engine with its data in a temporary folder, and a registry of actors in
// JavaScript that is connected to it. It serves `riveter dev` and every test
// that wants the real thing:
//
//	func TestMain(m *testing.M) { os.Exit(run(m)) }
//
//	func run(m *testing.M) int {
//		rivet, err := devrivet.Start(context.Background(), devrivet.Options{
//			Registry: filepath.Join("..", "examples", "registry"),
//			Progress: os.Stderr,
//		})
//		if err != nil {
//			fmt.Fprintln(os.Stderr, err)
//			return 1
//		}
//		defer func() { _ = rivet.Stop() }()
//		endpoint = rivet.Endpoint()
//		return m.Run()
//	}
//
// [Start] installs the registry's npm packages if they are missing, which brings
// the engine's binary too, finds free ports, starts the engine, then the registry,
// and returns when actors can really be created.
//
// While it runs, a Rivet has goroutines of its own; a test that looks for leaks
// ignores those that were there before it (goleak.IgnoreCurrent).
//
// # Nothing stays behind
//
// Each program runs on a leash (leash.sh): a shell that is its parent, in a
// process group of its own, and that ends it when a pipe closes whose other end
// only we hold. [Rivet.Stop] lets go of the leash, and the kernel does the same
// for a process that panics, is killed or loses its terminal; so there is one way
// to stop, and none to forget it. The data folder is removed in the same manner
// (sweep.sh), when neither we nor any of the programs hold on to it any more, and so
// ends a program that shares our terminal, which a leash would take it away from (tether.sh).
// Parent-death signals would be shorter, but they follow the thread that
// started the program, not the process, and only Linux has them.
//
// The terminal's Ctrl-C reaches only us, so that the registry says goodbye to an
// engine that is still there.
//
// # What it does not do
//
// It manages no Rivet that is meant to last, speaks only of the default
// namespace, and does not run on Windows outside WSL.
package devrivet
