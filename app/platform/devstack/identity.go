package devstack

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// identity is who the database runs as. PostgreSQL refuses to run as root.
type identity struct {
	attr syscall.SysProcAttr
	uid  int // owner of its files, as seen from here
	gid  int
}

const (
	nobody         = 65534
	capDacOverride = 1 // the Linux capability that lets the database's user reach a checkout in root's home
)

// chooseIdentity keeps an ordinary user as it is. Root becomes "nobody" in a user namespace, where the
// files stay root's own; where namespaces are forbidden (containers), root becomes another user.
func chooseIdentity(dir string) (identity, error) {
	if os.Geteuid() != 0 {
		return identity{uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	inNamespace := identity{attr: syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: nobody, HostID: 0, Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: nobody, HostID: 0, Size: 1}},
	}}
	if inNamespace.works(dir) {
		return inNamespace, nil
	}
	uid, gid := nobody, nobody
	if u, err := user.Lookup("postgres"); err == nil {
		uid, _ = strconv.Atoi(u.Uid)
		gid, _ = strconv.Atoi(u.Gid)
	}
	for _, caps := range [][]uintptr{{capDacOverride}, nil} {
		other := identity{uid: uid, gid: gid, attr: syscall.SysProcAttr{
			Credential:  &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)},
			AmbientCaps: caps,
		}}
		if other.works(dir) {
			return other, nil
		}
	}
	return identity{}, fmt.Errorf("PostgreSQL refuses to run as root, and user %d cannot reach %s: "+
		"run as an ordinary user, or move the checkout out of root's home", uid, dir)
}

// works runs a harmless program that way, in the directory that matters.
func (id identity) works(dir string) bool {
	cmd := exec.Command("/bin/sh", "-c", "cd \"$1\"", "sh", dir)
	id.apply(cmd)
	return cmd.Run() == nil
}

func (id identity) apply(cmd *exec.Cmd) {
	attr := id.attr
	cmd.SysProcAttr = &attr
}

// own gives the files to the identity when they are another's: a checkout may move between machines that
// allow namespaces and machines that do not.
func (id identity) own(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok && int(st.Uid) == id.uid {
		return nil
	}
	return filepath.WalkDir(path, func(p string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(p, id.uid, id.gid)
	})
}
