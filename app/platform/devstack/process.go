package devstack

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// process is a server this stack started, or took over from a killed run.
type process struct {
	pid      int
	interact syscall.Signal // asks it to end in good order
	done     chan struct{}  // closed when it has ended
}

// spawn starts cmd so that it dies with us: the kernel signals it when the thread that started it ends,
// hence the locked thread that waits for it.
func spawn(cmd *exec.Cmd, end syscall.Signal) (*process, error) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Pdeathsig = end
	cmd.SysProcAttr.Setpgid = true // Ctrl-C is for us: we stop it, in order
	p := &process{interact: end, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
			close(p.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	p.pid = cmd.Process.Pid
	return p, nil
}

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

func (p *process) stop(patience time.Duration) {
	if p == nil || p.ended() {
		return
	}
	_ = syscall.Kill(p.pid, p.interact)
	select {
	case <-p.done:
	case <-time.After(patience):
		_ = syscall.Kill(p.pid, syscall.SIGKILL)
		<-p.done
	}
}

// endStranger stops a process that is not our child, and waits until it is gone.
func endStranger(pid int, end syscall.Signal, patience time.Duration) error {
	if err := syscall.Kill(pid, end); errors.Is(err, syscall.ESRCH) {
		return nil
	}
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if err := syscall.Kill(pid, 0); errors.Is(err, syscall.ESRCH) {
			return nil
		}
	}
	return fmt.Errorf("process %d did not stop", pid)
}

// tail is the end of a log, for the one sentence a person needs of it.
func tail(path string, lines int) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	all := strings.Split(strings.TrimSpace(string(b)), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
